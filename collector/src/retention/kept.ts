import type { GraphNode } from '@delegraph/graph-schema'

/** Why something that is old enough stays, the strongest reason first. */
export const KEPT = [
  'held',
  'finding_open',
  'finding_closed',
  'not_expired',
  'not_settled',
  'newer_evidence',
] as const
export type Kept = (typeof KEPT)[number]

export interface KeepRules {
  /** Evidence received before this is old enough, epoch milliseconds. */
  readonly before: number
  readonly now: number
  /** Open notes do not keep what they rest on. */
  readonly trimNotes: boolean
  /** Findings that were closed before `before` do not, either. */
  readonly trimClosed: boolean
}

/** Why this node keeps its case, if it does; holds and newer evidence are not of a node. */
export function keptBy(node: GraphNode, rules: KeepRules): Kept | undefined {
  const { kind, columns } = node
  if (kind === 'Finding' && columns['state'] === 'open') {
    if (columns['triage'] === 'closed') return 'finding_closed'
    if (!(rules.trimNotes && isNote(node))) return 'finding_open'
  }
  if (Number(columns['expiresAt'] ?? 0) > rules.now / 1000) return 'not_expired'
  if (kind === 'Action' && columns['settled'] === false) return 'not_settled'
  return undefined
}

function isNote({ columns }: GraphNode): boolean {
  return columns['class'] === 'exposure' && columns['pages'] === false
}
