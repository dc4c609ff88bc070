import { configLeaves, type Leaf } from './leaves.ts'

const INTRODUCTION = `# Configuration

Written from the schema by \`npm run generate\`; a test holds it there. Do not edit.

Each value is taken from the first place that has it: a flag, the environment, the file, the default. The file is
JSON: \`delegraph.json\` in the working folder, or the one that \`--config\` or \`DELEGRAPH_CONFIG\` names. A key that is
not listed here is refused. \`delegraph config\` prints every value in force and where it came from, with secrets
masked. \`required\`: where the object around it is given. Secrets are never flags: they are in files that the configuration names, or in the environment.

\`\`\`json
{
  "data": "/var/lib/delegraph",
  "store": { "kind": "neo4j", "uri": "neo4j://127.0.0.1:7687", "user": "neo4j", "passwordFile": "/etc/delegraph/neo4j" },
  "trust": "/etc/delegraph/trust.json",
  "channels": [{ "name": "on-call", "kind": "pagerduty", "routingKeyFile": "/etc/delegraph/pagerduty", "match": { "pages": true } }]
}
\`\`\`
`

const BESIDE = `
## Beside the schema

| variable | |
|---|---|
| \`DELEGRAPH_CONFIG\` | path of the file |
| \`DELEGRAPH_LOG\` | level of the service log on standard error: trace, debug, info, warn (where absent), error, fatal, silent |
| \`DELEGRAPH_TOKEN\` | bearer token that commands show to a running collector |
| \`DELEGRAPH_DEBUG\` | \`1\`: a command that fails prints where |
| \`NEO4J_PASSWORD\` | the password of \`store.user\` |
| \`NO_COLOR\` | plain text on a terminal |
`

/** The reference of every key, in Markdown. */
export function configReference(): string {
  const leaves = configLeaves()
  const isMember = ({ path }: Leaf): boolean => path.includes('[]')
  const own = table(withOneKind(leaves.filter((leaf) => !isMember(leaf))))
  const lists = Map.groupBy(leaves.filter(isMember), ({ path }) => path.split('[]')[0] ?? '')
  const parts = [...lists].map(([list, members]) => membersOf(list, members))
  return `${INTRODUCTION}\n## Keys\n\n${own}${parts.join('')}${BESIDE}`
}

/** What all kinds have is said once. */
function membersOf(list: string, members: readonly Leaf[]): string {
  const rows = members.filter(({ path }) => path !== `${list}[].kind`)
  const kinds = [...Map.groupBy(rows, ({ kind }) => kind ?? '')]
  const common = new Set(
    rows
      .map(same)
      .filter((row) => kinds.every(([, own]) => own.some((leaf) => same(leaf) === row))),
  )
  const [[, first = []] = []] = kinds
  const shared = table(first.filter((leaf) => common.has(same(leaf))))
  const others = kinds.map(([kind, own]) => {
    const rest = own.filter((leaf) => !common.has(same(leaf)))
    return rest.length === 0 ? '' : `\nOf kind \`${kind}\`:\n\n${table(rest)}`
  })
  return `\n## Members of \`${list}\`\n\n${shared}${others.join('')}`
}

/** The word that tells the kinds of a union apart, once with all that it may be. */
function withOneKind(leaves: readonly Leaf[]): Leaf[] {
  const byPath = Map.groupBy(leaves, ({ path }) => path)
  return [...byPath.values()].flatMap(([leaf, ...others]) => {
    if (leaf === undefined) return []
    const takes = [leaf, ...others].map((one) => one.takes).join(', ')
    return others.length === 0 ? [leaf] : [{ ...leaf, takes, required: false }]
  })
}

function same({ kind: _, ...leaf }: Leaf): string {
  return JSON.stringify(leaf)
}

function table(leaves: readonly Leaf[]): string {
  const rows = leaves.map((leaf) => {
    const { path, env, flag, description = '' } = leaf
    const about = [description, condition(leaf)].filter((text) => text !== '').join('. ')
    const cells = [code(path), leaf.takes, fallback(leaf), code(env), code(flag), about]
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`
  })
  return `| key | takes | default | environment | flag | |\n|---|---|---|---|---|---|\n${rows.join('\n')}\n`
}

function condition({ kind, path }: Leaf): string {
  return kind === undefined || path.includes('[]') || path.endsWith('.kind')
    ? ''
    : `Only where \`kind\` is \`${kind}\``
}

function fallback({ fallback: value, required }: Leaf): string {
  if (value !== undefined) return code(JSON.stringify(value))
  return required ? 'required' : ''
}

function code(text: string | undefined): string {
  return text === undefined ? '' : `\`${text}\``
}
