import type { GraphNode } from '@delegraph/graph-schema'
import { type AlertChange, isEnd } from './cloud-event.ts'

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
 * what it was never told. `superseded`: something newer was delivered already, so that the state is
 * to be read again: this alert has its place before that.
 */
export type Step = 'send' | 'merged' | 'superseded'

/**
 * How things stand by all alerts of a group. What holds is by those that are no longer owed, in the order
 * learned; what was told is in the order of the journal's records of it, since of some deliveries a
 * rebuilt graph knows nothing else. What was told stays told where the same alert is owed anew.
 */
export function groupState(history: readonly GraphNode[]): GroupState {
  const state: GroupState = { open: new Set(), told: undefined, occurrences: 0, last: '' }
  const over = history.filter((alert) => alert.columns['state'] !== 'owed')
  const learned = over.filter((alert) => alert.columns['cursor'] !== undefined)
  for (const alert of learned.toSorted(by('cursor'))) {
    settle(state, alert, String(alert.columns['state']))
  }
  state.told = undefined
  const recorded = history.filter((alert) => alert.columns['recordedAs'] !== undefined)
  for (const alert of recorded.toSorted(by('recordedAs'))) {
    const { recordedState, state: now } = alert.columns
    state.told = toldBy(state.told, alert, String(recordedState ?? now))
  }
  return state
}

/** What a channel is told of beside beginnings and ends. */
export interface TellsOf {
  /** Each new state of a finding, or only a graver one. */
  readonly updates: 'all' | 'worse'
  /** That somebody took it on. */
  readonly acknowledges?: boolean
}

/** What is to be done with the next alert of a group. */
export function nextStep(
  state: GroupState,
  alert: GraphNode,
  { updates, acknowledges = false }: TellsOf,
): Step {
  const { finding, cursor } = alert.columns
  if (String(cursor) < state.last) return 'superseded'
  if (acknowledging(alert)) {
    const heard = state.told !== undefined && state.open.has(String(finding))
    return heard && (acknowledges || updates === 'all') ? 'send' : 'merged'
  }
  if (closing(alert)) {
    const others = state.open.size - (state.open.has(String(finding)) ? 1 : 0)
    return state.told === undefined || others > 0 ? 'merged' : 'send'
  }
  if (state.told === undefined || worse(gravityOf(alert), state.told)) return 'send'
  return updates === 'all' && state.open.has(String(finding)) ? 'send' : 'merged'
}

/** Takes in what became of the next alert of its group. */
export function settle(state: GroupState, alert: GraphNode, became: string): void {
  const finding = String(alert.columns['finding'])
  if (closing(alert)) state.open.delete(finding)
  else if (!acknowledging(alert)) {
    if (!state.open.has(finding)) state.occurrences += 1
    state.open.add(finding)
  }
  if (state.open.size === 0) state.occurrences = 0
  if (became === 'delivered') state.last = String(alert.columns['cursor'])
  state.told = toldBy(state.told, alert, became)
}

/** What the receiver believes after it: a closing that was given up counts as told. */
function toldBy(
  before: Gravity | undefined,
  alert: GraphNode,
  became: string,
): Gravity | undefined {
  if (acknowledging(alert)) return before
  if (became !== 'delivered' && !(became === 'dead' && closing(alert))) return before
  return closing(alert) ? undefined : gravest(before, gravityOf(alert))
}

export function closing(alert: GraphNode): boolean {
  return isEnd(String(alert.columns['change']) as AlertChange)
}

function acknowledging(alert: GraphNode): boolean {
  return alert.columns['change'] === 'acknowledged'
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

function by(column: 'cursor' | 'recordedAs'): (a: GraphNode, b: GraphNode) => number {
  const value = ({ columns }: GraphNode) => columns[column] ?? 0
  return (a, b) => (value(a) === value(b) ? (a.key < b.key ? -1 : 1) : value(a) < value(b) ? -1 : 1)
}
