// Windows, withdrawals and the ends of tasks. A thing is over when the clock has reached its end; there is no skew.
import type { History, Moment } from './history.ts'
import { isBefore } from './history.ts'

export function isOver(exp: number | undefined, at: Moment): boolean {
  return exp !== undefined && at.t >= exp
}

/** True if it was made later than that second. Within one second the clock cannot tell. */
export function isNotYet(made: Moment, at: Moment): boolean {
  return made.t > at.t
}

export function taskHasEnded(h: History, task: string, at: Moment): boolean {
  return h.all('task_end').some((end) => end.task === task && isBefore(end, at))
}

/**
 * Withdrawn before that moment by somebody who may. An agent may withdraw only what it gave or holds
 * (`entitled`); principals may, and so may a party that is no agent, which is a configured transmitter.
 */
export function isRevoked(
  h: History,
  what: 'link' | 'approval' | 'credential',
  id: string,
  entitled: readonly string[],
  at: Moment,
): boolean {
  return h
    .all('revoke')
    .some(
      (r) =>
        r.what === what &&
        r.id === id &&
        isBefore(r, at) &&
        (!h.isAgent(r.by) || entitled.includes(r.by)),
    )
}
