import type { GraphNode } from '@delegraph/graph-schema'

/** How things stand with one group of findings on one channel. */
export interface GroupState {
  /** Findings of it that hold, as far as its alerts were gone through. */
  readonly open: Set<string>
  /** The gravest that the receiver was told, where it believes the group to be open. */
  told: Gravity | undefined
  /** Findings since it was opened. */
  occurrences: number
  /** Cursor of the last alert that was delivered. */
  last: string
}

interface Gravity {
  readonly severity: number
  readonly pages: boolean
}

/**
 * `merged`: nothing that the receiver does not know: one more occurrence, one fewer, or the end of
 * what it was never told. `superseded`: something newer was delivered instead.
 */
export type Step = 'send' | 'merged' | 'superseded'

/** How things stand by all alerts of a group that are no longer owed. */
export function groupState(history: readonly GraphNode[]): GroupState {
  const state: GroupState = { open: new Set(), told: undefined, occurrences: 0, last: '' }
  for (const alert of history.toSorted(inOrder)) {
    const became = String(alert.columns['state'])
    if (became !== 'owed') settle(state, alert, became)
  }
  return state
}

/** What is to be done with the next alert of a group. */
export function nextStep(state: GroupState, alert: GraphNode, updates: 'all' | 'worse'): Step {
  const { finding, cursor } = alert.columns
  if (String(cursor) < state.last) return 'superseded'
  if (closing(alert)) {
    const others = state.open.size - (state.open.has(String(finding)) ? 1 : 0)
    return state.told === undefined || others > 0 ? 'merged' : 'send'
  }
  if (state.told === undefined || worse(gravityOf(alert), state.told)) return 'send'
  return updates === 'all' && state.open.has(String(finding)) ? 'send' : 'merged'
}

/** Takes in what became of an alert. */
export function settle(state: GroupState, alert: GraphNode, became: string): void {
  const finding = String(alert.columns['finding'])
  if (became === 'superseded') return
  const { cursor } = alert.columns
  if (became === 'delivered' && typeof cursor === 'string') state.last = cursor
  if (closing(alert)) {
    state.open.delete(finding)
    if (state.open.size === 0) state.occurrences = 0
    if (state.open.size === 0 || became === 'delivered') state.told = undefined
    return
  }
  if (!state.open.has(finding)) state.occurrences += 1
  state.open.add(finding)
  if (became === 'delivered') state.told = gravest(state.told, gravityOf(alert))
}

export function closing(alert: GraphNode): boolean {
  return alert.columns['change'] === 'withdrawn'
}

function gravityOf({ columns }: GraphNode): Gravity {
  return { severity: Number(columns['severity'] ?? 0), pages: columns['pages'] === true }
}

function worse(now: Gravity, told: Gravity): boolean {
  return now.severity > told.severity || (now.pages && !told.pages)
}

function gravest(a: Gravity | undefined, b: Gravity): Gravity {
  if (a === undefined) return b
  return { severity: Math.max(a.severity, b.severity), pages: a.pages || b.pages }
}

/** Deliveries of which nothing but the journal's record is known come first, in its order. */
function inOrder(a: GraphNode, b: GraphNode): number {
  const [x, y] = [String(a.columns['cursor'] ?? ''), String(b.columns['cursor'] ?? '')]
  if (x !== y) return x < y ? -1 : 1
  const when = Number(a.columns['deliveredAt'] ?? 0) - Number(b.columns['deliveredAt'] ?? 0)
  return when || (a.key < b.key ? -1 : 1)
}
