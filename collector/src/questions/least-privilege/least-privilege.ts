import type { GraphNode } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '@delegraph/link'
import { callOfNode } from '../../project/action-node.ts'
import { textOf } from '../../project/nodes.ts'
import { type Asking, type Missing, type Snapshot, snapshotOf } from '../asking.ts'
import { boundedStore } from '../bounded.ts'
import { liveLinks } from '../links-in-force.ts'
import { authorityOf, isAgainst, isExecuted } from '../what-if/what-if.ts'
import {
  type HeldGrant,
  heldByLinks,
  heldByStanding,
  type Permission,
  permissionsOf,
} from './held.ts'
import { covers, type DoneCall, type Proposal, proposalOf } from './proposal.ts'

/** What an agent was granted between two instants, what of it it used, and what would have been enough. */
export interface LeastPrivilege {
  readonly snapshot: Snapshot
  readonly agent: string
  readonly granted: readonly Permission[]
  /** Executed, newest first. */
  readonly exercised: readonly GraphNode[]
  /** Open findings of inheritance that it gained by, newest first. */
  readonly inherited: readonly GraphNode[]
  readonly unused: readonly Permission[]
  readonly proposal: Proposal
  /** There is more than was looked at. */
  readonly capped: boolean
}

/** Links, actions and findings that are looked at, newest first. */
export const LOOKED_AT = 1_000

/** From `since` (epoch milliseconds) to the instant that the question is asked of. */
export async function leastPrivilege(
  agent: string,
  since: number,
  asked: Asking,
): Promise<LeastPrivilege | Missing> {
  const bounded = boundedStore(asked.store)
  const asking = { ...asked, store: bounded.store }
  const { store, registry, validAt } = asking
  const [known] = await store.find('Agent', 'id', [agent])
  if (known === undefined) return { missing: `agent ${agent}` }
  const newest = { direction: 'desc', limit: LOOKED_AT + 1 } as const
  const links = await store.page({
    kind: 'Link',
    where: {
      equals: { agent: [agent] },
      min: { expiresAt: Math.floor(since / 1000) },
      max: { issuedAt: Math.floor(validAt / 1000) + MAX_IAT_SKEW },
    },
    orderBy: 'issuedAt',
    ...newest,
  })
  const during = { equals: { agent: [agent] }, min: { at: since }, max: { at: validAt } }
  const actions = await store.page({ kind: 'Action', where: during, orderBy: 'at', ...newest })
  const inherited = await store.page({
    kind: 'Finding',
    where: { ...during, equals: { agent: [agent], class: ['inheritance'], state: ['open'] } },
    orderBy: 'at',
    ...newest,
  })
  const lookedAt = links.slice(0, LOOKED_AT)
  const ends = new Map(
    (await liveLinks(lookedAt, asking)).map(({ link, until }) => [link.hash, until]),
  )
  const held = [
    ...heldByStanding(agent, registry),
    ...heldByLinks(lookedAt, (link) => ends.get(link)),
  ].filter((grant) => wasInForce(grant, since, validAt))
  const exercised = actions.slice(0, LOOKED_AT).filter(isExecuted)
  const calls = exercised.map(doneOf)
  const inOrder = await withoutFindings(exercised, asking)
  const granted = permissionsOf(held)
  const capped =
    [links, actions, inherited].some(({ length }) => length > LOOKED_AT) || bounded.isCut()
  return {
    snapshot: snapshotOf(asking),
    agent,
    granted,
    exercised,
    inherited: inherited.slice(0, LOOKED_AT),
    unused: permissionsOf(held.filter((grant) => !calls.some((one) => covers(grant, one)))),
    proposal: proposalOf(agent, held, inOrder.map(doneOf), !capped),
    capped,
  }
}

function wasInForce({ from, until }: HeldGrant, since: number, validAt: number): boolean {
  return (
    (from === undefined || from * 1000 <= validAt) && (until === undefined || until * 1000 > since)
  )
}

function doneOf(node: GraphNode): DoneCall {
  return { call: callOfNode(node), at: Math.floor(Number(node.columns['at'] ?? 0) / 1000) }
}

/** Calls that were granted and on which nothing is found that an owner would have to answer for. */
async function withoutFindings(
  actions: readonly GraphNode[],
  { store }: Asking,
): Promise<GraphNode[]> {
  const ids = actions.map(({ key }) => key)
  const found = new Set(
    (await store.find('Finding', 'action', ids))
      .filter((node) => node.columns['state'] === 'open' && isAgainst(node))
      .map((node) => textOf(node, 'action')),
  )
  return actions.filter((node) => !found.has(node.key) && GRANTED.has(authorityOf(node).kind))
}

const GRANTED: ReadonlySet<string> = new Set(['chain', 'standing', 'approved', 'public'])
