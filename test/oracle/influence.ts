// Whose data came to an action. Only flows carry data, and each must come before the next. A flow into the action
// drove it; one into its agent, before the action, merely reached it, and counts only where the path that the
// action cites does not account for it.
import type { ActionEvent, FlowEvent } from '../eval/format.ts'
import type { History, Moment } from './history.ts'
import { isBefore } from './history.ts'
import { citedPathCovers } from './paths.ts'

export interface Influence {
  /** The agent whose data came. */
  by: string
  how: 'drives' | 'reaches'
  /** The flows in order, from the writer to the action or its agent. */
  flows: FlowEvent[]
}

/** Whatever came to the action or its agent before, counted or not. */
export function routesTo(h: History, x: ActionEvent): Influence[] {
  return [
    ...routesInto(h, x.id, x).map((route) => ({ ...route, how: 'drives' as const })),
    ...routesInto(h, x.actor, x).map((route) => ({ ...route, how: 'reaches' as const })),
  ]
}

/** Every writer, near or far, by every route. */
export function influencesOn(h: History, x: ActionEvent): Influence[] {
  return citedPathCovers(h, x) ? driversByData(h, x) : routesTo(h, x)
}

export const driversByData = (h: History, x: ActionEvent) =>
  routesTo(h, x).filter((influence) => influence.how === 'drives')

interface Route {
  by: string
  flows: FlowEvent[]
}

function routesInto(
  h: History,
  place: string,
  until: Moment,
  later: readonly FlowEvent[] = [],
): Route[] {
  return h
    .all('flow')
    .filter((flow) => flow.dst === place && isBefore(flow, until) && !later.includes(flow))
    .flatMap((flow) => {
      const flows = [flow, ...later]
      const writer = h.action(flow.src)?.actor ?? (h.isAgent(flow.src) ? flow.src : undefined)
      const here = writer === undefined ? [] : [{ by: writer, flows }]
      return [...here, ...routesInto(h, flow.src, flow, flows)]
    })
}

/** The resources that were written in one task and read in another. */
export function crossings(h: History, flows: readonly FlowEvent[]): string[] {
  return flows.flatMap((write, i) => {
    const read = flows[i + 1]
    const isResource = !h.isAgent(write.dst) && h.action(write.dst) === undefined
    return read && isResource && read.task !== write.task ? [write.dst] : []
  })
}

/** When the influence arrived: its last flow. */
export function arrival(influence: Influence): FlowEvent {
  const last = influence.flows.at(-1)
  if (!last) throw new Error('an influence has at least one flow')
  return last
}
