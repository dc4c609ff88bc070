import type { GraphNode } from '@delegraph/graph-schema'
import { distinct, listOf, textOf } from '../../project/nodes.ts'
import type { Asking } from '../asking.ts'
import type { Start } from '../blast-radius/start.ts'
import type { End } from './ends.ts'

/** Starts that are tried at most. */
const MAX_STARTS = 400
/** Records of what was done that are looked at. */
const MAX_SEEN = 500

interface Starts {
  readonly starts: readonly Start[]
  /** These are all agents and principals that are known. */
  readonly complete: boolean
}

/**
 * Agents and principals, first those that the graph has near an end: who did something with it, who handed on to
 * those, whose yes stands above them. Only an order: the others follow.
 */
export async function startsNear(to: End, asking: Asking): Promise<Starts> {
  const { store } = asking
  const acting = await agentsAt(to, asking)
  const links = await store.page({
    ...{ kind: 'Link', orderBy: 'issuedAt', direction: 'desc', limit: MAX_SEEN },
    where: { equals: { agent: acting } },
  })
  const named = to.kind === 'link' ? [to.id] : []
  const above = await store.ancestors([...named, ...links.map(({ key }) => key)])
  const holders = above.flatMap((node) => textOf(node, 'agent') ?? [])
  const givers = above.flatMap((node) => textOf(node, 'principal') ?? [])
  const near: Start[] = [
    ...distinct([...acting, ...holders]).map((id): Start => ({ kind: 'agent', id })),
    ...distinct(givers).map((id): Start => ({ kind: 'principal', id })),
  ]
  const all = [
    ...near,
    ...(await everybody('Principal', asking)),
    ...(await everybody('Agent', asking)),
  ]
  const once = [...new Map(all.map((start) => [`${start.kind} ${start.id}`, start])).values()]
  return { starts: once.slice(0, MAX_STARTS), complete: once.length <= MAX_STARTS }
}

async function everybody(kind: 'Agent' | 'Principal', { store }: Asking): Promise<Start[]> {
  const nodes = await store.page({
    ...{ kind, where: {}, orderBy: 'id', direction: 'asc', limit: MAX_STARTS + 1 },
  })
  return nodes.map(({ key }) => ({ kind: kind === 'Agent' ? 'agent' : 'principal', id: key }))
}

/** Who did, or may do, something with an end. */
async function agentsAt({ kind, id }: End, { store, registry }: Asking): Promise<string[]> {
  const newest = { orderBy: 'at', direction: 'desc', limit: MAX_SEEN } as const
  const doing = async (): Promise<readonly GraphNode[]> => {
    switch (kind) {
      case 'tool':
        return store.page({ kind: 'Action', where: { equals: { tool: [id] } }, ...newest })
      case 'agent':
        return store.page({ kind: 'Action', where: { equals: { agent: [id] } }, ...newest })
      case 'credential':
        return store.find('Action', 'credential', [id], MAX_SEEN)
      case 'approval':
        return actionsOf(await store.neighbours('USED', 'in', [id], MAX_SEEN))
      case 'resource':
        return actionsOf(await store.neighbours('DONE_TO', 'in', [id], MAX_SEEN))
      case 'link':
      case 'key':
      case 'principal':
        return []
    }
  }
  const actionsOf = (ids: readonly string[]) => store.find('Action', 'id', ids)
  const actions = await doing()
  const entitled = registry.entries.flatMap((entry) =>
    entry.type === 'standing' && kind === 'tool' && Object.hasOwn(entry.tools, id)
      ? entry.agent
      : [],
  )
  return distinct([
    ...(kind === 'agent' ? [id] : []),
    ...actions.flatMap((node) => [
      ...[textOf(node, 'agent') ?? []].flat(),
      ...listOf(node, 'drivers'),
    ]),
    ...entitled,
  ])
}
