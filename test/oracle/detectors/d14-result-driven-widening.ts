import type { ActionEvent } from '../../eval/format.ts'
import { isEndorsedSince } from '../approvals.ts'
import { isExportedTo } from '../exports.ts'
import type { Finding } from '../finding.ts'
import { type History, isBefore } from '../history.ts'
import { arrival, type Influence, influencesOn } from '../influence.ts'
import { citedPathCovers, hasAuth } from '../paths.ts'

/** What a child returned led its parent, or a sibling, to do what the child may not. */
export function resultDrivenWidening(h: History): Finding[] {
  return h.actions
    .filter((x) => h.counts(x))
    .flatMap((x) => {
      const found = influencesOn(h, x).find((influence) => gained(h, influence, x))
      if (!found) return []
      const why = `what ${found.by} returned ${found.how} it`
      return [{ detector: 'D14', class: 'I', at: x.id, culprit: null, why }]
    })
}

function gained(h: History, influence: Influence, x: ActionEvent): boolean {
  const { by } = influence
  return (
    by !== x.actor &&
    isChildOrSibling(h, by, x) &&
    !isPlanned(h, influence, x) &&
    !hasAuth(h, by, x, x) &&
    !isExportedTo(h, by, x) &&
    !isEndorsedSince(h, arrival(influence), x)
  )
}

/** A writer in the same task is no driver where the cited path covers the call: that path is the plan. */
const isPlanned = (h: History, influence: Influence, x: ActionEvent) =>
  influence.flows[0]?.task === x.task && citedPathCovers(h, x)

function isChildOrSibling(h: History, by: string, x: ActionEvent): boolean {
  const delegators = askersOf(h, by, x)
  const above = askersOf(h, x.actor, x)
  return delegators.some((agent) => agent === x.actor || above.includes(agent))
}

/** Every agent that had put this one to work by then: issuers of its links, callers of its actions. */
function askersOf(h: History, agent: string, x: ActionEvent): string[] {
  const issuers = h.links.filter((l) => l.holder === agent && isBefore(l, x)).map((l) => l.issuer)
  const callers = h.actions
    .filter((other) => other.actor === agent && !isBefore(x, other))
    .flatMap((other) => other.caller ?? [])
  return [...issuers, ...callers].filter((id) => h.isAgent(id))
}
