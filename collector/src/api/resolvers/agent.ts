import type { GraphNode } from '@delegraph/graph-schema'
import { jwkThumbprint } from '@delegraph/link'
import { who } from '../../verify/words.ts'
import { jsonOf, textOf } from '../columns.ts'
import { pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { throwIfInvalid } from '../errors.ts'
import { delegatedBy, delegatesTo } from './agent-delegations.ts'
import { exercisedBy, inheritedBy } from './agent-exercised.ts'
import { grantedTo, heldLinks, LOOKED_AT } from './agent-granted.ts'
import { type AgentRef, type Fields, type PrincipalRef, principalRef } from './fields.ts'
import { findingPage } from './finding-page.ts'
import { nodeId } from './node-id.ts'

export const agentFields: Fields<AgentRef> = {
  nodeId: (agent) => nodeId('Agent', agent.id),
  id: (agent) => agent.id,
  name: (agent) => who(agent.id),
  kind: async (agent, _, { load }) => columnOf(await load.node.Agent(agent.id), 'kind'),
  owner: async (agent, _, { load }) =>
    principalRef(columnOf(await load.node.Agent(agent.id), 'owner')),
  keys: (agent, _, context) => keysOf(agent.id, context),
  granted: (agent, _, context) => grantedTo(agent.id, context),
  exercised: (agent, _, context) => exercisedBy(agent.id, context),
  inherited: (agent, _, context) => inheritedBy(agent.id, context),
  delegatesTo: (agent, _, context) => delegatesTo(agent.id, context),
  delegatedBy: (agent, _, context) => delegatedBy(agent.id, context),
  findings: (agent, args, context) => findingPage({ agent: [agent.id] }, args, context),
  actions: async (agent, args, { store }) => {
    const listing = {
      name: 'ActionConnection',
      of: 'Action',
      where: { equals: { agent: [agent.id] } },
      orderBy: 'at',
      direction: 'desc',
    } as const
    return throwIfInvalid(await pageOf(store, listing, args))
  },
}

export const principalFields: Fields<PrincipalRef> = {
  id: (principal) => principal.id,
  name: (principal) => who(principal.id),
  kind: async (principal, _, { load }) => columnOf(await load.node.Principal(principal.id), 'kind'),
  disabled: async (principal, _, { load }) => {
    const value = (await load.node.Principal(principal.id))?.columns['disabled']
    return typeof value === 'boolean' ? value : undefined
  },
}

interface AgentKey {
  readonly thumbprint: string
  readonly algorithm: string | undefined
  readonly registered: boolean
  readonly links: number
}

/** The keys that its links are bound to, and those that its owner names. */
async function keysOf(agent: string, context: ApiContext): Promise<AgentKey[]> {
  const held = (await heldLinks(agent, LOOKED_AT, context)).map((link) => textOf(link, 'holderKey'))
  const bound = Map.groupBy(
    held.filter((key) => key !== undefined),
    (key) => key,
  )
  const registry = await context.load.registry('')
  const registered = new Map(
    (registry?.keyOfAgent(agent) ?? []).map((jwk) => [jwkThumbprint(jwk), jwk.alg]),
  )
  const all = [...new Set([...bound.keys(), ...registered.keys()])].sort()
  return Promise.all(
    all.map(async (thumbprint) => ({
      thumbprint,
      algorithm: registered.get(thumbprint) ?? algOf(await context.load.node.Key(thumbprint)),
      registered: registered.has(thumbprint),
      links: bound.get(thumbprint)?.length ?? 0,
    })),
  )
}

function algOf(node: GraphNode | undefined): string | undefined {
  return node === undefined ? undefined : jsonOf<{ readonly alg?: string }>(node, 'jwk')?.alg
}

function columnOf(node: GraphNode | undefined, name: string): string | undefined {
  return node === undefined ? undefined : textOf(node, name)
}
