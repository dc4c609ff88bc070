import {
  type GraphNode,
  type GraphStore,
  type PageQuery,
  pagesOf,
  type Scalar,
} from '../graph/index.ts'
import { knownColumns } from '../project/nodes.ts'
import { filterOf } from './matcher.ts'
import type { Suppress, TriageRecord, Word } from './record.ts'
import { type ActiveRule, activeRules, standingColumns, suppressionColumns } from './standing.ts'
import { needsReason, type TriageState } from './states.ts'

/** A finding on which people stand in another way than before. */
export interface Moved {
  /** The finding's node before and after. */
  readonly before: GraphNode
  readonly after: GraphNode
}

/** A part of what a record brings: all of it is written in one batch. */
export interface TriageStep {
  readonly nodes: readonly GraphNode[]
  readonly moved: readonly Moved[]
}

const PAGE = 500

/**
 * What a record brings to the graph. A word about findings is one step, so that it counts once even
 * where a stop comes in between; a rule may hide many findings, a page at a time, and each step may be
 * done twice.
 */
export async function* takeTriage(
  store: GraphStore,
  record: TriageRecord,
  seq: number,
): AsyncGenerator<TriageStep> {
  if (record.type === 'triage') {
    yield await takeWord(store, record, seq)
    return
  }
  const rules = await activeRules(store)
  if (record.type === 'suppress') {
    yield { nodes: [ruleNode(record)], moved: [] }
    const { id, matcher } = record
    const others = rules.filter((rule) => rule.id !== id)
    // What an older rule hides stays its business.
    const where = filterOf(matcher)
    yield* sweep(store, { ...where, equals: { ...where.equals, suppressed: [false] } }, [
      ...others,
      { id, matcher },
    ])
    return
  }
  const { id, at, by, request } = record
  const columns = knownColumns({
    ...{ id, state: 'ended', endedAt: at, endedBy: by },
    ...{ endRequest: request?.id, endRequestDigest: request?.digest },
  })
  yield { nodes: [{ kind: 'Suppression', key: id, columns }], moved: [] }
  const others = rules.filter((rule) => rule.id !== id)
  yield* sweep(store, { equals: { suppressedBy: [id] } }, others)
}

async function takeWord(store: GraphStore, word: Word, seq: number): Promise<TriageStep> {
  const ids = word.findings.map(({ id }) => id)
  const before = new Map((await store.find('Triage', 'finding', ids)).map((n) => [n.key, n]))
  const findings = new Map((await store.find('Finding', 'id', ids)).map((n) => [n.key, n]))
  const rules = await activeRules(store)
  const nodes: GraphNode[] = []
  const moved: Moved[] = []
  for (const { id, severity } of word.findings) {
    const triage = triageNode(id, before.get(id)?.columns ?? {}, word, severity, seq)
    nodes.push(triage, eventNode(triage, word))
    const finding = findings.get(id)
    // It may settle later: then it is written with where people stand.
    if (finding?.columns['state'] === undefined) continue
    const columns = standingColumns(finding.columns, triage, rules)
    nodes.push({ kind: 'Finding', key: id, columns })
    moved.push({ before: finding, after: withColumns(finding, columns) })
  }
  return { nodes, moved }
}

function triageNode(
  finding: string,
  old: Readonly<Record<string, Scalar>>,
  word: Word,
  severity: number,
  seq: number,
): GraphNode {
  const state = word.state ?? (old['state'] as TriageState | undefined) ?? 'new'
  const kept = word.state === undefined
  const columns: Record<string, Scalar | undefined> = {
    finding,
    state,
    version: Number(old['version'] ?? 0) + 1,
    assignee: word.assignee ?? old['assignee'] ?? '',
    reason: needsReason(state) ? (word.reason ?? (kept ? old['reason'] : undefined)) : undefined,
    until: state === 'accepted' ? (word.until ?? (kept ? old['until'] : undefined)) : undefined,
    note: word.comment ?? old['note'],
    severity: kept ? (old['severity'] ?? severity) : severity,
    updatedAt: word.at,
    updatedBy: word.by,
    recordedAs: seq,
  }
  return { kind: 'Triage', key: finding, columns: knownColumns(columns), whole: true }
}

function eventNode({ key, columns: now }: GraphNode, word: Word): GraphNode {
  const version = Number(now['version'])
  const id = `${key} ${version}`
  const columns = {
    id,
    finding: key,
    version,
    at: word.at,
    by: word.by,
    state: now['state'],
    assignee: now['assignee'],
    reason: now['reason'],
    until: now['until'],
    comment: word.comment,
    request: word.request?.id,
    requestDigest: word.request?.digest,
  }
  return { kind: 'TriageEvent', key: id, columns: knownColumns(columns) }
}

function ruleNode({ id, matcher, reason, by, at, until, request }: Suppress): GraphNode {
  const columns = knownColumns({
    id,
    matcher: JSON.stringify(matcher),
    reason,
    owner: by,
    createdAt: at,
    until,
    state: 'active',
    request: request?.id,
    requestDigest: request?.digest,
  })
  return { kind: 'Suppression', key: id, columns }
}

/** Goes through findings and says anew which of these rules hides each. */
async function* sweep(
  store: GraphStore,
  where: PageQuery['where'],
  rules: readonly ActiveRule[],
): AsyncGenerator<TriageStep> {
  const byId = { orderBy: 'id', direction: 'asc', limit: PAGE } as const
  for await (const page of pagesOf(store, { kind: 'Finding', where, ...byId })) {
    const moved = page.map((before) => {
      const columns = suppressionColumns(before.columns, rules)
      return { before, after: withColumns(before, columns), columns }
    })
    yield {
      nodes: moved.map(({ before, columns }) => ({ kind: 'Finding', key: before.key, columns })),
      moved,
    }
  }
}

function withColumns(node: GraphNode, columns: GraphNode['columns']): GraphNode {
  return { ...node, columns: { ...node.columns, ...columns } }
}
