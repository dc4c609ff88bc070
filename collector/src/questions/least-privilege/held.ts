import type { GraphNode, Outcome } from '@delegraph/graph-schema'
import { type ArgumentMap, type Json, parseTools } from '@delegraph/link'
import { isForeign, pathLinkOf } from '../../verify/path.ts'
import type { Registry } from '../../verify/registry.ts'
import { limits } from '../../verify/words.ts'

/** One tool that an agent was granted: by a link that it holds, or by its owner's standing word. */
export interface HeldGrant {
  readonly tool: string
  readonly map: ArgumentMap
  readonly source: 'link' | 'standing'
  readonly state: Outcome['state']
  readonly link?: GraphNode
  /** NumericDate; absent where it has no such end. */
  readonly from?: number
  readonly until?: number
}

/** A link that fails grants nothing, nor does one of another kind; one whose chain is not whole may, and says so. */
export function heldByLinks(
  held: readonly GraphNode[],
  endOf: (link: string) => number | undefined = () => undefined,
): HeldGrant[] {
  return held.flatMap((node) => {
    const link = pathLinkOf(node)
    if (link.outcome.state === 'failed' || isForeign(link)) return []
    const until = endOf(link.hash) ?? link.expiresAt
    return Object.entries(link.tools).map(
      ([tool, map]): HeldGrant => ({
        tool,
        map,
        source: 'link',
        state: link.outcome.state,
        link: node,
        ...(link.issuedAt === undefined ? {} : { from: link.issuedAt }),
        ...(until === undefined ? {} : { until }),
      }),
    )
  })
}

export function heldByStanding(agent: string, registry: Registry): HeldGrant[] {
  return registry.entries.flatMap((entry) => {
    if (entry.type !== 'standing' || entry.agent !== agent) return []
    const { tools } = parseTools(entry.tools as Json)
    return Object.entries(tools).map(
      ([tool, map]): HeldGrant => ({
        tool,
        map,
        source: 'standing',
        state: 'ok',
        ...(entry.from === undefined ? {} : { from: entry.from }),
        ...(entry.until === undefined ? {} : { until: entry.until }),
      }),
    )
  })
}

/** Equal grants of many links are one permission; the first of them stands for all. */
export interface Permission extends HeldGrant {
  readonly limits: readonly string[]
  /** How many links grant exactly this; 0 for a standing permission. */
  readonly links: number
}

/** By tool; of equal grants the end of the last counts. */
export function permissionsOf(held: readonly HeldGrant[]): Permission[] {
  const equal = Map.groupBy(held, ({ tool, map, source, state }) =>
    JSON.stringify([tool, source, state, ...limits(map)]),
  )
  return [...equal.values()]
    .flatMap((group): Permission[] => {
      const [one] = group
      if (one === undefined) return []
      const ends = group.flatMap(({ until }) => until ?? [])
      const { until: _, ...rest } = one
      return [
        {
          ...rest,
          limits: limits(one.map),
          links: one.source === 'link' ? group.length : 0,
          ...(ends.length < group.length ? {} : { until: Math.max(...ends) }),
        },
      ]
    })
    .sort((a, b) => (a.tool < b.tool ? -1 : a.tool > b.tool ? 1 : 0))
}
