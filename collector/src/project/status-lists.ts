import { type GraphNode, outcomeText } from '@delegraph/graph-schema'
import type { StatusAnswer, Trust } from '@delegraph/link'
import { evidenceOfNode } from '../evidence/node.ts'
import type { Evidence, StatusEvidence } from '../evidence/types.ts'
import { type GraphStore, pagesOf } from '../graph/index.ts'
import type { PathLink } from '../verify/path.ts'
import { answersFor, type RootStatus } from '../verify/status.ts'
import { isStatusHost, judgeStatusList } from '../verify/status-list.ts'
import type { Projected } from './artefacts.ts'
import { MAX_DESCENDANTS } from './links.ts'
import { distinct, knownColumns } from './nodes.ts'

/** One answer as the graph keeps it: when it held and for whom, without the list itself. */
export interface StatusRow {
  readonly id: string
  readonly uri: string
  readonly issuers: readonly string[]
  readonly from: number
  readonly until: number
}

/** The node of an answer, whatever its verdict. */
export function projectStatusList(
  evidence: StatusEvidence,
  trust: Trust,
  learnedAt: number,
): Projected {
  const { outcome, answer, issuers } = judgeStatusList(evidence, trust)
  const columns = knownColumns({
    hash: evidence.id,
    uri: evidence.uri,
    issuers: JSON.stringify(issuers),
    bits: answer?.bits,
    from: answer?.from,
    until: answer?.until,
    askedAt: evidence.askedAt,
    outcome: outcomeText(outcome),
    learnedAt,
  })
  return { nodes: [{ kind: 'StatusList', key: evidence.id, columns }], edges: [] }
}

/** The answers of these lists that verify. */
export async function statusRows(store: GraphStore, uris: readonly string[]): Promise<StatusRow[]> {
  const nodes = await store.find('StatusList', 'uri', distinct(uris))
  return nodes.flatMap(({ key, columns }) => {
    if (columns['outcome'] !== 'ok') return []
    return {
      id: key,
      uri: String(columns['uri']),
      issuers: JSON.parse(String(columns['issuers'])) as string[],
      from: Number(columns['from']),
      until: Number(columns['until']),
    }
  })
}

/** What is known of the list that each root names, by the hash of the root. */
export async function statusOfRoots(
  store: GraphStore,
  links: Iterable<PathLink>,
  trust: Trust,
): Promise<Map<string, RootStatus>> {
  const roots = [...links].flatMap((root) =>
    root.status === undefined ? [] : [{ root, uri: root.status.uri }],
  )
  const rows = Map.groupBy(await statusRows(store, distinct(roots.map(({ uri }) => uri))), byUri)
  const wanted = roots.map(({ root, uri }) => ({
    root,
    uri,
    rows: answersFor(
      root,
      (rows.get(uri) ?? []).filter(({ issuers }) => issuers.includes(root.issuer ?? '')),
    ),
  }))
  const ids = distinct(wanted.flatMap((entry) => entry.rows.map(({ id }) => id)))
  const answers = new Map<string, StatusAnswer>()
  for (const node of await store.find('Evidence', 'id', ids)) {
    const evidence = evidenceOfNode(node)
    const answer = isStatus(evidence) ? judgeStatusList(evidence, trust).answer : undefined
    if (answer !== undefined) answers.set(node.key, answer)
  }
  return new Map(
    wanted.map((entry) => [
      entry.root.hash,
      {
        hostListed: isStatusHost(trust, entry.root.issuer, entry.uri),
        answers: entry.rows.flatMap(({ id }) => answers.get(id) ?? []),
      },
    ]),
  )
}

/**
 * The links, with everything below them, whose verdict a new answer can change: of roots that lived
 * while it held, and of those that ended before it and have no earlier answer behind their end.
 */
export async function linksUnderAnswers(
  store: GraphStore,
  learned: readonly Evidence[],
): Promise<string[]> {
  const ids = new Set(learned.filter(isStatus).map(({ id }) => id))
  if (ids.size === 0) return []
  const uris = distinct(learned.filter(isStatus).map(({ uri }) => uri))
  const rows = await statusRows(store, uris)
  const touched: string[] = []
  for (const row of rows.filter(({ id }) => ids.has(id))) {
    const known = rows.filter((other) => other.uri === row.uri && isFor(other, row.issuers))
    const before = known.map(({ from }) => from).filter((from) => from < row.from)
    for await (const page of rootsNaming(store, row.uri, Math.max(0, ...before))) {
      const roots = page.filter((node) => Number(node.columns['issuedAt']) < row.until)
      const keys = roots.map((node) => node.key)
      const below = await store.descendants(keys, MAX_DESCENDANTS)
      touched.push(...keys, ...below.map((node) => node.key))
    }
  }
  return distinct(touched)
}

function isFor(row: StatusRow, issuers: readonly string[]): boolean {
  return issuers.every((issuer) => row.issuers.includes(issuer))
}

/** Verified roots that name a list and end no earlier than `endsFrom`, NumericDate. */
function rootsNaming(
  store: GraphStore,
  uri: string,
  endsFrom: number,
): AsyncGenerator<GraphNode[]> {
  return pagesOf(store, {
    kind: 'Link',
    where: { equals: { status: [uri] }, min: { expiresAt: endsFrom } },
    orderBy: 'expiresAt',
    direction: 'asc',
    limit: PAGE,
  })
}

const PAGE = 500

function byUri({ uri }: StatusRow): string {
  return uri
}

function isStatus(evidence: Evidence): evidence is StatusEvidence {
  return evidence.kind === 'status'
}
