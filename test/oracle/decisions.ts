// What an enforcement point said about a call before it happened.
import type { ActionEvent, DecisionEvent } from '../eval/format.ts'
import { callersOf } from './drivers.ts'
import type { History } from './history.ts'
import { isBefore } from './history.ts'
import { covers } from './permission.ts'

/**
 * The decision that stands for this call: about this agent, for this task, covering the call, the latest before it.
 * Where the call names one, only that; a decision about somebody else, or made for another caller, is none.
 */
export function ownDecision(h: History, x: ActionEvent): DecisionEvent | undefined {
  const callers = callersOf(h, x)
  const about = (d: DecisionEvent) =>
    d.agent === x.actor &&
    d.task === x.task &&
    (d.for === undefined || callers.length === 0 || callers.includes(d.for)) &&
    isBefore(d, x) &&
    covers(d, x)
  if (x.decision !== undefined) {
    const named = h.decision(x.decision)
    return named && about(named) ? named : undefined
  }
  return h.all('decision').filter(about).at(-1)
}
