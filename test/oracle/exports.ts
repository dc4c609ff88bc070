// What the owner of an agent offers to callers.
import type { ActionEvent } from '../eval/format.ts'
import type { History } from './history.ts'
import { isBefore } from './history.ts'
import { covers } from './permission.ts'
import { isOver } from './time.ts'

/** True if the owner of the actor offers this call to that agent. */
export function isExportedTo(h: History, caller: string, x: ActionEvent): boolean {
  return h
    .all('export')
    .some(
      (e) =>
        e.agent === x.actor &&
        e.owner === h.ownerOf(x.actor) &&
        (e.to === '*' || e.to === caller) &&
        isBefore(e, x) &&
        !isOver(e.exp, x) &&
        covers(e, x),
    )
}

/** True if somebody accountable declared the resource itself open to that writer: a governed queue. */
export function isGoverned(h: History, resource: string, writer: string, x: ActionEvent): boolean {
  return h
    .all('export')
    .some(
      (e) =>
        e.agent === resource &&
        h.isPrincipal(e.owner) &&
        (e.to === '*' || e.to === writer) &&
        isBefore(e, x) &&
        !isOver(e.exp, x),
    )
}
