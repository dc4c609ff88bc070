import type { GraphNode, RegistryEntry } from '@delegraph/graph-schema'
import { jwkThumbprint } from '@delegraph/link'
import { who } from '../../verify/words.ts'
import { intOf, jsonOf, textOf } from '../columns.ts'
import type { ApiContext } from '../context.ts'
import { fromMilliseconds, fromNumericDate } from '../instants.ts'
import { actionsOf } from './agent-actions.ts'
import { delegatedBy, delegatesTo } from './agent-delegations.ts'
import { exercisedBy, inheritedBy } from './agent-exercised.ts'
import { grantedTo, heldLinks, LOOKED_AT } from './agent-granted.ts'
import { instancesOf, instanceUidOf } from './agent-instances.ts'
import { type AgentRef, type Fields, type PrincipalRef, principalRef } from './fields.ts'
import { findingPage } from './finding-page.ts'
import { nodeId } from './node-id.ts'

export const agentFields: Fields<AgentRef> = {
  nodeId: (agent) => nodeId('Agent', agent.id),
  id: (agent) => agent.id,
  uid: (agent) => agent.id,
  name: (agent) => who(agent.id),
  kind: async (agent, _, { load }) => columnOf(await load.node.Agent(agent.id), 'kind'),
  owner: async (agent, _, { load }) =>
    principalRef(columnOf(await load.node.Agent(agent.id), 'owner')),
  version: async (agent, _, context) => (await entryOf(agent.id, context))?.version,
  model: async (agent, _, context) => (await entryOf(agent.id, context))?.model,
  charter: async (agent, _, context) => (await entryOf(agent.id, context))?.charter,
  instanceUid: (agent, _, context) => instanceUidOf(agent.id, context),
  instances: (agent, _, context) => instancesOf(agent.id, context),
  firstSeenAt: (agent, _, context) => seenAt(agent.id, 'asc', context),
  lastSeenAt: (agent, _, context) => seenAt(agent.id, 'desc', context),
  keys: (agent, _, context) => keysOf(agent.id, context),
  granted: (agent, _, context) => grantedTo(agent.id, context),
  exercised: (agent, _, context) => exercisedBy(agent.id, context),
  inherited: (agent, _, context) => inheritedBy(agent.id, context),
  delegatesTo: (agent, _, context) => delegatesTo(agent.id, context),
  delegatedBy: (agent, _, context) => delegatedBy(agent.id, context),
  findings: (agent, args, context) => findingPage({ agent: [agent.id] }, args, context),
  actions: (agent, args, context) => actionsOf(agent.id, args, context),
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
  readonly firstLinkAt: Date | undefined
  readonly lastLinkAt: Date | undefined
}

type Owner = Extract<RegistryEntry, { type: 'owner' }>

/** What its owner says of it, as far as that is text. */
async function entryOf(
  agent: string,
  { load }: ApiContext,
): Promise<Pick<Owner, 'version' | 'model' | 'charter'> | undefined> {
  const { entries = [] } = (await load.registry('')) ?? {}
  const entry = entries.find((one): one is Owner => one.type === 'owner' && one.agent === agent)
  if (entry === undefined) return undefined
  const { version, model, charter } = entry
  return Object.fromEntries(
    Object.entries({ version, model, charter }).filter(([, value]) => typeof value === 'string'),
  )
}

/** The first or last call that it made and link that it holds. */
async function seenAt(
  agent: string,
  direction: 'asc' | 'desc',
  { store }: ApiContext,
): Promise<Date | undefined> {
  const where = { equals: { agent: [agent] } }
  const only = { where, direction, limit: 1 } as const
  const [call] = await store.page({ ...only, kind: 'Action', orderBy: 'at' })
  const [link] = await store.page({ ...only, kind: 'Link', orderBy: 'issuedAt' })
  const seen = [
    call === undefined ? undefined : intOf(call, 'at'),
    link === undefined ? undefined : (intOf(link, 'issuedAt') ?? 0) * 1000,
  ].filter((at) => at !== undefined)
  if (seen.length === 0) return undefined
  return fromMilliseconds(direction === 'asc' ? Math.min(...seen) : Math.max(...seen))
}

/** The keys that its links are bound to, and those that its owner names. */
async function keysOf(agent: string, context: ApiContext): Promise<AgentKey[]> {
  const held = await heldLinks(agent, LOOKED_AT, context)
  const bound = Map.groupBy(
    held.filter((link) => textOf(link, 'holderKey') !== undefined),
    (link) => textOf(link, 'holderKey') ?? '',
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
      // Newest first.
      firstLinkAt: issuedAt(bound.get(thumbprint)?.at(-1)),
      lastLinkAt: issuedAt(bound.get(thumbprint)?.at(0)),
    })),
  )
}

function issuedAt(link: GraphNode | undefined): Date | undefined {
  return link === undefined ? undefined : fromNumericDate(intOf(link, 'issuedAt'))
}

function algOf(node: GraphNode | undefined): string | undefined {
  return node === undefined ? undefined : jsonOf<{ readonly alg?: string }>(node, 'jwk')?.alg
}

function columnOf(node: GraphNode | undefined, name: string): string | undefined {
  return node === undefined ? undefined : textOf(node, name)
}
