import type { GraphEdge, GraphNode, Scalar } from '@delegraph/graph-schema'
import { canonicalize, type Json } from '@delegraph/link'
import { urgencyOf } from '../findings/definition/headline.ts'
import type { Finding } from '../findings/finding.ts'
import { UNKNOWN_AGENT } from '../verify/action.ts'
import { knownColumns } from './nodes.ts'

export type FindingChange = 'opened' | 'updated' | 'withdrawn' | 'reopened'

export interface ChangedFinding {
  readonly change: FindingChange
  readonly id: string
  readonly node: GraphNode
  /** Absent for a withdrawal: the node keeps what it said. */
  readonly finding?: Finding
  /** What the graph said before; absent where it said nothing. */
  readonly before?: GraphNode
}

/**
 * What changes when the subjects judged now have these findings and the graph had those. A finding
 * that no longer holds is withdrawn, never removed: what was known when stays on record.
 */
export function compareFindings(
  existing: readonly GraphNode[],
  current: readonly Finding[],
  learnedAt: number,
): ChangedFinding[] {
  const before = new Map(existing.map((node) => [node.key, node]))
  const changes: ChangedFinding[] = []
  for (const finding of current) {
    const old = before.get(finding.id)
    before.delete(finding.id)
    const node = findingNode(finding, learnedAt)
    if (old === undefined) changes.push({ change: 'opened', id: finding.id, node, finding })
    else if (old.columns['state'] !== 'open') {
      changes.push({ change: 'reopened', id: finding.id, node, finding, before: old })
    } else if (differs(old, node)) {
      changes.push({ change: 'updated', id: finding.id, node, finding, before: old })
    }
  }
  for (const old of before.values()) {
    if (old.columns['state'] !== 'open') continue
    const columns = { id: old.key, state: 'withdrawn', updatedAt: learnedAt }
    changes.push({
      change: 'withdrawn',
      id: old.key,
      node: { kind: 'Finding', key: old.key, columns },
      before: old,
    })
  }
  return changes.sort(withdrawalsLast)
}

/** What takes the place of a finding is told before the finding is gone: its alert stays one. */
function withdrawalsLast(a: ChangedFinding, b: ChangedFinding): number {
  const [x, y] = [a, b].map(({ change }) => Number(change === 'withdrawn'))
  return (x ?? 0) - (y ?? 0) || (a.id < b.id ? -1 : 1)
}

export function findingNode(finding: Finding, learnedAt: number): GraphNode {
  const columns: Record<string, Scalar | undefined> = {
    id: finding.id,
    rule: finding.rule,
    class: finding.class,
    title: finding.body.title,
    severity: finding.severity,
    state: 'open',
    certainty: finding.certainty,
    grade: finding.grade,
    pages: finding.pages,
    incident: finding.incident,
    fingerprint: finding.fingerprint,
    series: finding.series,
    action: finding.action,
    link: finding.link,
    chain: finding.chain,
    task: finding.task,
    agent: finding.agent,
    from: finding.from,
    tool: finding.tool,
    resource: finding.resource,
    hops: finding.hops,
    culpritKind: finding.culprit?.kind,
    culprit: finding.culprit?.id,
    at: finding.at,
    urgency: urgencyOf(finding),
    body: canonicalize(finding.body as unknown as Json),
    raisedAt: learnedAt,
    updatedAt: learnedAt,
  }
  return { kind: 'Finding', key: finding.id, columns: knownColumns(columns), whole: true }
}

/** The kinds of relationship that a finding has: a newer judgement replaces them. */
export const FINDING_EDGES = [
  'GAINED_BY',
  'ABOUT_ACTION',
  'ABOUT_LINK',
  'BLAMES_APPROVAL',
  'BLAMES_LINK',
] as const

/** What a finding hangs on in the graph. */
export function findingEdges(finding: Finding): GraphEdge[] {
  const edges: GraphEdge[] =
    finding.agent === UNKNOWN_AGENT
      ? []
      : [{ kind: 'GAINED_BY', from: finding.id, to: finding.agent }]
  if (finding.action !== undefined) {
    edges.push({ kind: 'ABOUT_ACTION', from: finding.id, to: finding.action })
  }
  if (finding.link !== undefined) {
    edges.push({ kind: 'ABOUT_LINK', from: finding.id, to: finding.link })
  }
  if (finding.culprit?.kind === 'approval') {
    edges.push({ kind: 'BLAMES_APPROVAL', from: finding.id, to: finding.culprit.id })
  }
  if (finding.culprit?.kind === 'link') {
    edges.push({ kind: 'BLAMES_LINK', from: finding.id, to: finding.culprit.id })
  }
  return edges
}

const NOT_COMPARED = new Set(['raisedAt', 'updatedAt', 'state'])

function differs(old: GraphNode, now: GraphNode): boolean {
  return Object.entries(now.columns).some(
    ([name, value]) => !NOT_COMPARED.has(name) && old.columns[name] !== value,
  )
}
