import type { GraphNode, Outcome } from '@delegraph/graph-schema'
import {
  type Permission as HeldPermission,
  heldByLinks,
  heldByStanding,
  permissionsOf,
} from '../../questions/least-privilege/held.ts'
import { NO_REGISTRY } from '../../verify/registry.ts'
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
  const registry = (await context.load.registry('')) ?? NO_REGISTRY
  const grants = [...heldByStanding(agent, registry), ...heldByLinks(held.slice(0, LOOKED_AT))]
  const permissions = permissionsOf(grants).map(permissionOf)
  return { permissions, complete: held.length <= LOOKED_AT }
}

/** As the contract has it. */
export function permissionOf({ until, ...held }: HeldPermission): Permission {
  return { ...held, expiresAt: fromNumericDate(until) }
}
