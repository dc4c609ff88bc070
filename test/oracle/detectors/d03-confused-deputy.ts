import type { ActionEvent } from '../../eval/format.ts'
import { citedApprovalStands, isEndorsedSince } from '../approvals.ts'
import { askedAt, callersOf } from '../drivers.ts'
import { isExportedTo } from '../exports.ts'
import type { Finding } from '../finding.ts'
import type { History, Moment } from '../history.ts'
import { arrival, driversByData } from '../influence.ts'
import { hasAuth, mayByStanding, pathsThatHold } from '../paths.ts'

/** Somebody without the right had it done on the standing permission of another. */
export function confusedDeputy(h: History): Finding[] {
  return h.actions
    .filter((x) => h.counts(x) && restsOnStanding(h, x))
    .flatMap((x) => {
      const gained = driversOf(h, x).filter(
        ({ by, since }) =>
          by !== x.actor &&
          !hasAuth(h, by, x, x) &&
          !isExportedTo(h, by, x) &&
          !(since ? isEndorsedSince(h, since, x) : citedApprovalStands(h, x)),
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

/** Its support is the standing grant: no path of the actor gives it the call, and it cites no yes that does. */
function restsOnStanding(h: History, x: ActionEvent): boolean {
  return (
    mayByStanding(h, x.actor, x) &&
    pathsThatHold(h, x.actor, x, x).length === 0 &&
    !citedApprovalStands(h, x)
  )
}

function driversOf(h: History, x: ActionEvent): { by: string; since?: Moment }[] {
  const callers = callersOf(h, x).map((by) => {
    const since = askedAt(h, by, x)
    return since ? { by, since } : { by }
  })
  const writers = driversByData(h, x).map((one) => ({ by: one.by, since: arrival(one) }))
  return [...callers, ...writers]
}
