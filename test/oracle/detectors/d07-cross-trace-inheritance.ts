import type { ActionEvent } from '../../eval/format.ts'
import { isEndorsedSince } from '../approvals.ts'
import { isExportedTo, isGoverned } from '../exports.ts'
import type { Finding } from '../finding.ts'
import type { History } from '../history.ts'
import { arrival, crossings, type Influence, influencesOn } from '../influence.ts'
import { hasAuth } from '../paths.ts'

/** What an agent without the right wrote in one task was read in another and led to the action there. */
export function crossTraceInheritance(h: History): Finding[] {
  return h.actions
    .filter((x) => h.counts(x))
    .flatMap((x) => {
      const found = influencesOn(h, x).find((influence) => gained(h, influence, x))
      if (!found) return []
      return [
        {
          detector: 'D7',
          class: 'I',
          at: x.id,
          culprit: null,
          why: `what ${found.by} wrote in another task ${found.how} it`,
        },
      ]
    })
}

function gained(h: History, influence: Influence, x: ActionEvent): boolean {
  const { by, flows } = influence
  const shared = crossings(h, flows)
  return (
    by !== x.actor &&
    flows[0]?.task !== x.task &&
    shared.length > 0 &&
    !shared.every((resource) => isGoverned(h, resource, by, x)) &&
    !hasAuth(h, by, x, x) &&
    !isExportedTo(h, by, x) &&
    !isEndorsedSince(h, arrival(influence), x)
  )
}
