import type { ActionEvent } from '../../eval/format.ts'
import { citedApprovalStands, isEndorsedSince } from '../approvals.ts'
import { askedAt, callersOf } from '../drivers.ts'
import { isExportedTo, isGoverned } from '../exports.ts'
import type { Finding } from '../finding.ts'
import type { History, Moment } from '../history.ts'
import { arrival, crossings, driversByData, type Influence } from '../influence.ts'
import { hasAuth, mayByStanding, pathsThatHold } from '../paths.ts'

/** Somebody without the right had it done on the standing permission of another. */
export function confusedDeputy(h: History): Finding[] {
  return h.actions
    .filter((x) => h.counts(x) && restsOnStanding(h, x))
    .flatMap((x) => {
      const gained = driversOf(h, x).filter(
        ({ by, asked, since }) =>
          by !== x.actor &&
          !hasAuth(h, by, x, x) &&
          !isExportedTo(h, by, x) &&
          !(since !== undefined && isEndorsedSince(h, since, x)) &&
          !(asked && citedApprovalStands(h, x)),
      )
      return gained.slice(0, 1).map(({ by }) => ({
        detector: 'D3',
        class: 'I',
        at: x.id,
        culprit: null,
        why: `${by} had it done on the standing permission of ${x.actor}`,
      }))
    })
}

/** Its support is the standing grant: no path of the actor gives it the call. */
function restsOnStanding(h: History, x: ActionEvent): boolean {
  return mayByStanding(h, x.actor, x) && pathsThatHold(h, x.actor, x, x).length === 0
}

/** A yes that is cited was given to whoever would ask; what was written after it, it cannot have known. */
function driversOf(
  h: History,
  x: ActionEvent,
): { by: string; asked: boolean; since: Moment | undefined }[] {
  const callers = callersOf(h, x).map((by) => ({ by, asked: true, since: askedAt(h, by, x) }))
  const writers = driversByData(h, x)
    .filter((one) => !isByGovernedQueue(h, one, x))
    .map((one) => ({ by: one.by, asked: false, since: arrival(one) }))
  return [...callers, ...writers]
}

/** From another task by way of queues alone that are open to that writer. */
function isByGovernedQueue(h: History, { by, flows }: Influence, x: ActionEvent): boolean {
  const queues = crossings(h, flows)
  return queues.length > 0 && queues.every((queue) => isGoverned(h, queue, by, x))
}
