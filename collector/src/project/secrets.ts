import type { Grade, GraphNode } from '@delegraph/graph-schema'
import { credentialOwners } from '../findings/definition/credential-owners.ts'
import type { SecretSeen } from '../findings/definition/surroundings.ts'
import type { GraphStore } from '../graph/index.ts'
import type { JudgedAction } from '../verify/action.ts'
import type { Registry } from '../verify/registry.ts'
import { FLOW_WINDOW, momentOf } from './flows.ts'
import { distinct, listOf, textOf } from './nodes.ts'

/** Places and uses of one batch's secrets that are read at most. */
const MAX_SEEN = 2_000

/**
 * Where the secrets that actions present were seen before: in what an agent wrote, sent or gave back, and in
 * other calls that presented them. A secret and a content have one keyed hash, so they are found by it. Within the
 * window of flows, the first one first; nothing of what was issued to whoever presents it.
 */
export async function secretsSeen(
  store: GraphStore,
  actions: readonly JudgedAction[],
  registry: Registry,
): Promise<(action: JudgedAction) => SecretSeen[]> {
  const secrets = distinct(
    actions.flatMap((action) =>
      credentialOwners(action, registry)?.owners.includes(action.agent) === true
        ? []
        : (action.credential ?? []),
    ),
  )
  const gave = await givenAway(store, secrets)
  if (gave.length === 0) return () => []
  const used = await store.find('Action', 'credential', distinctSecrets(gave), MAX_SEEN)
  const all = [
    ...gave,
    ...used.flatMap((node) => seen(node, textOf(node, 'credential') ?? '', 'used')),
  ]
  const bySecret = Map.groupBy(all, ({ secret }) => secret)
  return (action) =>
    (bySecret.get(action.credential ?? '') ?? [])
      .filter(
        ({ at, action: id }) =>
          id !== action.id && at <= action.moment && at >= action.moment - FLOW_WINDOW,
      )
      .sort((a, b) => a.at - b.at || (keyOf(a) < keyOf(b) ? -1 : 1))
}

/** Calls that presented any of these, where it was given away somewhere: who had it first may be another one now. */
export async function presentersOf(
  store: GraphStore,
  secrets: readonly string[],
): Promise<string[]> {
  const known = distinctSecrets(await givenAway(store, secrets))
  if (known.length === 0) return []
  return (await store.find('Action', 'credential', known, MAX_SEEN)).map(({ key }) => key)
}

/** What agents gave away of these: written, sent, or given back by a call. */
async function givenAway(store: GraphStore, secrets: readonly string[]): Promise<SecretSeen[]> {
  if (secrets.length === 0) return []
  const wanted = new Set(secrets)
  const moved = await store.neighbours('PUT', 'in', secrets, MAX_SEEN)
  const returned = await store.neighbours('RETURNED', 'in', secrets, MAX_SEEN)
  const of = (node: GraphNode, column: string) =>
    listOf(node, column).flatMap((hash) => (wanted.has(hash) ? seen(node, hash, 'gave') : []))
  return [
    ...(await store.find('Movement', 'id', moved)).flatMap((node) => of(node, 'data')),
    ...(await store.find('Action', 'id', returned))
      .filter(({ columns }) => columns['effect'] !== 'denied')
      .flatMap((node) => of(node, 'dataOut')),
  ]
}

function distinctSecrets(gave: readonly SecretSeen[]): string[] {
  return distinct(gave.map(({ secret }) => secret))
}

function keyOf({ did, agent, action = '', resource = '' }: SecretSeen): string {
  return JSON.stringify([did, agent, action, resource])
}

function seen(node: GraphNode, secret: string, did: SecretSeen['did']): SecretSeen[] {
  const agent = textOf(node, 'agent')
  if (agent === undefined) return []
  const resource = textOf(node, 'resource')
  const isAction = node.kind === 'Action'
  // What a call gave back was there when it ended.
  const ended = did === 'gave' ? Number(node.columns['endedAt'] ?? 0) : 0
  return [
    {
      ...{ secret, agent, did, at: Math.max(momentOf(node), ended) },
      grade: isAction ? ((textOf(node, 'grade') as Grade | undefined) ?? 'observed') : 'asserted',
      ...(isAction ? { action: node.key } : {}),
      ...(resource === undefined ? {} : { resource }),
    },
  ]
}
