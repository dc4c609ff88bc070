import { CollectorError } from '../errors.ts'
import { configOfTenant } from '../tenants/tenant-config.ts'
import { configLeaves } from './leaves.ts'
import { type Problem, problemsOf } from './problems.ts'
import { type Config, configSchema } from './sections.ts'
import {
  type ConfigFlags,
  type ConfigSource,
  configSources,
  type Environment,
  isTree,
  type Tree,
} from './sources.ts'

/** A value in force and the place that it is from: a file, a variable, a flag or `default`. */
export interface ExplainedValue {
  readonly key: string
  /** As text; masked where it is or holds a secret. */
  readonly value: string
  readonly from: string
}

const MOST_PROBLEMS = 10

/**
 * Reads the configuration: `delegraph.json` (or `--config`), then the environment, then flags. Secrets
 * come from files or the environment, never from flags.
 *
 * @throws CollectorError `config_invalid` naming each key and where it was set, `file_unreadable`
 */
export function readConfig(flags: ConfigFlags, env: Environment): Config {
  return readAll(flags, env).config
}

/** Every value in force with the place that it is from, secrets masked. @throws CollectorError */
export function explainConfig(flags: ConfigFlags, env: Environment): ExplainedValue[] {
  const { config, origins } = readAll(flags, env)
  const rows = flatten(config, '').map(([key, value]) => ({
    key,
    value: masked(key, value),
    from: setAt(key, origins) ?? 'default',
  }))
  if (env['NEO4J_PASSWORD'] === undefined || config.store.kind !== 'neo4j') return rows
  return [...rows, { key: 'store.password', value: MASK, from: 'NEO4J_PASSWORD' }]
}

function readAll(flags: ConfigFlags, env: Environment) {
  const { tree, origins } = joined(configSources(flags, env))
  const parsed = configSchema.safeParse(tree)
  if (!parsed.success) {
    const problems = parsed.error.issues
      .flatMap(problemsOf)
      .map((problem) => sentence(problem, origins))
    const [only = ''] = problems
    if (problems.length === 1) throw new CollectorError('config_invalid', only)
    const more = problems.length - MOST_PROBLEMS
    const lines = [
      'the configuration is wrong in several places:',
      ...problems.slice(0, MOST_PROBLEMS),
      ...(more > 0 ? [`and ${more} more`] : []),
    ]
    throw new CollectorError('config_invalid', lines.join('\n  '))
  }
  const { data } = parsed
  const config = flags.tenant === undefined ? data : configOfTenant(data, flags.tenant)
  return { config, origins }
}

/** One tree of all, the later ones over the earlier, and where each of its values came from. */
function joined(sources: readonly ConfigSource[]): {
  readonly tree: Tree
  readonly origins: ReadonlyMap<string, string>
} {
  const origins = new Map<string, string>()
  let tree: Tree = {}
  for (const source of sources) {
    tree = merge(tree, source.tree)
    for (const [path] of flatten(source.tree, '')) origins.set(path, source.originOf(path))
  }
  return { tree: withoutServer(tree), origins }
}

/** Who writes to a server, and where in it, says nothing as long as no server is named. */
function withoutServer(tree: Tree): Tree {
  const { store, ...others } = tree
  return isTree(store) && !('kind' in store) ? others : tree
}

function merge(a: Tree, b: Tree): Tree {
  const result: Record<string, unknown> = { ...a }
  for (const [name, value] of Object.entries(b)) {
    const old = result[name]
    result[name] = isTree(old) && isTree(value) ? merge(old, value) : value
  }
  return result
}

/** `[path, value]` of everything that is no object; a list of objects member by member. */
function flatten(value: unknown, path: string): [string, unknown][] {
  const inner = (entries: readonly (readonly [string, unknown])[]): [string, unknown][] =>
    entries.flatMap(([name, one]) => flatten(one, path === '' ? name : `${path}.${name}`))
  if (Array.isArray(value) && value.some(isTree)) {
    return inner(value.map((one, i) => [String(i), one] as const))
  }
  if (isTree(value)) return inner(Object.entries(value))
  return value === undefined ? [] : [[path, value]]
}

function sentence({ key, says }: Problem, origins: ReadonlyMap<string, string>): string {
  const origin = originOf(key, origins)
  return `${key || 'the configuration'}${origin === undefined ? '' : ` (${origin})`}: ${says}`
}

/** Where a value was set, or the list that it is in. */
function setAt(key: string, origins: ReadonlyMap<string, string>): string | undefined {
  return origins.get(key) ?? origins.get(key.replace(/\.\d+(\..*)?$/, ''))
}

/** Where a value was set; else something in it, or the nearest object around it. */
function originOf(key: string, origins: ReadonlyMap<string, string>): string | undefined {
  for (let at = key; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('.')))) {
    const own = origins.get(at) ?? [...origins].find(([path]) => path.startsWith(`${at}.`))?.[1]
    if (own !== undefined) return own
  }
  return undefined
}

const MASK = '***'

function masked(key: string, value: unknown): string {
  const path = key.replace(/\.\d+(?=\.|$)/g, '[]')
  if (configLeaves().some((leaf) => leaf.path === path && leaf.secret)) return MASK
  return typeof value === 'string' ? withoutSecrets(value) : JSON.stringify(value)
}

/** An address may hold a user's password, or a key in its query. */
function withoutSecrets(text: string): string {
  if (!/^[a-z][a-z+.-]*:\/\//i.test(text) || !URL.canParse(text)) return text
  return text.replace(/\/\/[^/?#]*@/, `//${MASK}@`).replace(/\?[^#]*/, `?${MASK}`)
}
