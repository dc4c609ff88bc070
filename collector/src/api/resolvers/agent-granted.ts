import type { GraphNode, Outcome } from '@delegraph/graph-schema'
import { type Json, parseTools } from '@delegraph/link'
import { isForeign, pathLinkOf } from '../../verify/path.ts'
import { limits } from '../../verify/words.ts'
import type { ApiContext } from '../context.ts'
import { fromNumericDate } from '../instants.ts'

/** How many links, actions or findings a summary of an agent looks at, newest first. */
export const LOOKED_AT = 500

export interface Permission {
  readonly tool: string
  readonly limits: readonly string[]
  readonly source: 'link' | 'standing'
  readonly state: Outcome['state']
  readonly links: number
  readonly link?: GraphNode
  readonly expiresAt: Date | undefined
}

interface Granted {
  readonly permissions: readonly Permission[]
  readonly complete: boolean
}

/** The links that an agent holds, newest first. */
export function heldLinks(
  agent: string,
  limit: number,
  { store }: ApiContext,
): Promise<GraphNode[]> {
  return store.page({
    kind: 'Link',
    where: { equals: { agent: [agent] } },
    orderBy: 'issuedAt',
    direction: 'desc',
    limit,
  })
}

/** What an agent may do, tool by tool: equal grants of many links are one permission. */
export async function grantedTo(agent: string, context: ApiContext): Promise<Granted> {
  const held = await heldLinks(agent, LOOKED_AT + 1, context)
  const permissions = [
    ...(await standingOf(agent, context)),
    ...byLinks(held.slice(0, LOOKED_AT)),
  ].sort((a, b) => (a.tool < b.tool ? -1 : a.tool > b.tool ? 1 : 0))
  return { permissions, complete: held.length <= LOOKED_AT }
}

/** A link that fails grants nothing, nor does one of another kind; one whose chain is not whole may, and says so. */
function byLinks(held: readonly GraphNode[]): Permission[] {
  const grants = held.flatMap((node) => {
    const link = pathLinkOf(node)
    if (link.outcome.state === 'failed' || isForeign(link)) return []
    return Object.entries(link.tools).map(([tool, map]) => ({
      node,
      tool,
      limits: limits(map),
      state: link.outcome.state,
      expiresAt: link.expiresAt ?? 0,
    }))
  })
  const equal = Map.groupBy(grants, (grant) =>
    JSON.stringify([grant.tool, grant.state, ...grant.limits]),
  )
  return [...equal.values()].flatMap((group) => {
    const [newest] = group
    if (newest === undefined) return []
    return {
      tool: newest.tool,
      limits: newest.limits,
      source: 'link',
      state: newest.state,
      links: group.length,
      link: newest.node,
      expiresAt: fromNumericDate(Math.max(...group.map((grant) => grant.expiresAt))),
    } satisfies Permission
  })
}

async function standingOf(agent: string, context: ApiContext): Promise<Permission[]> {
  const entries = (await context.load.registry(''))?.entries ?? []
  return entries.flatMap((entry) => {
    if (entry.type !== 'standing' || entry.agent !== agent) return []
    const { tools } = parseTools(entry.tools as Json)
    return Object.entries(tools).map(
      ([tool, map]): Permission => ({
        tool,
        limits: limits(map),
        source: 'standing',
        state: 'ok',
        links: 0,
        expiresAt: fromNumericDate(entry.until),
      }),
    )
  })
}
