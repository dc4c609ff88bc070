import type { GraphNode } from '@delegraph/graph-schema'
import type { GraphStore } from '../../graph/index.ts'
import { instanceIn, seenAsPrefix } from '../../project/instances.ts'
import { intOf, textOf } from '../columns.ts'
import type { ApiContext } from '../context.ts'
import { fromMilliseconds } from '../instants.ts'
import { LOOKED_AT } from './agent-granted.ts'

/** Instances of one agent that an answer holds. */
const MAX_LISTED = 50

interface AgentInstance {
  readonly instanceUid: string
  readonly firstSeenAt: Date | undefined
  readonly lastSeenAt: Date | undefined
}

interface AgentInstances {
  readonly instances: readonly AgentInstance[]
  readonly complete: boolean
}

type Store = Pick<GraphStore, 'page'>

/**
 * The instances that an agent was seen as, by its calls and by records of OCSF that hand on to it. Where there
 * are more than are listed, those of its newest calls and links.
 */
export async function instancesOf(
  agent: string,
  { store }: Pick<ApiContext, 'store'>,
): Promise<AgentInstances> {
  const all = await everyone(agent, store)
  const complete = all.length <= MAX_LISTED
  const listed = complete ? all : (await newest(agent, store)).slice(0, MAX_LISTED)
  const seen = await Promise.all(
    listed.map(async (pair) => ({
      instanceUid: instanceIn(pair),
      first: Math.min(...(await momentsOf(pair, 'asc', store))),
      last: Math.max(...(await momentsOf(pair, 'desc', store))),
    })),
  )
  seen.sort((a, b) => b.last - a.last || (a.instanceUid < b.instanceUid ? -1 : 1))
  return {
    instances: seen.map(({ instanceUid, first, last }) => ({
      instanceUid,
      firstSeenAt: fromMilliseconds(first),
      lastSeenAt: fromMilliseconds(last),
    })),
    complete,
  }
}

/** Null where there is none, or more than one. */
export async function instanceUidOf(
  agent: string,
  { store }: Pick<ApiContext, 'store'>,
): Promise<string | undefined> {
  const [only, other] = await everyone(agent, store, 1)
  return only === undefined || other !== undefined ? undefined : instanceIn(only)
}

const KINDS = { Action: 'at', Link: 'issuedAt' } as const

/** The distinct ones in the order of their text, one more than `max` at most: from each the index leads to the next. */
async function everyone(agent: string, store: Store, max = MAX_LISTED): Promise<string[]> {
  const prefix = seenAsPrefix(agent)
  const found = new Set<string>()
  for (const kind of ['Action', 'Link'] as const) {
    let value = prefix
    for (let looked = 0; looked <= max; looked += 1) {
      const [next] = await store.page({
        ...{ kind, where: {}, orderBy: 'seenAs', direction: 'asc', limit: 1 },
        after: { value, key: '' },
      })
      const pair = next === undefined ? undefined : textOf(next, 'seenAs')
      if (!pair?.startsWith(prefix)) break
      found.add(pair)
      // The next text after this one, past every other node that has it.
      value = `${pair}\u0000`
    }
  }
  return [...found].slice(0, max + 1)
}

/** Those of the newest calls and links, whoever was seen last first. */
async function newest(agent: string, store: Store): Promise<string[]> {
  const last = new Map<string, number>()
  for (const [kind, orderBy] of entries()) {
    const nodes = await store.page({
      ...{ kind, where: { equals: { agent: [agent] } }, orderBy, direction: 'desc' },
      limit: LOOKED_AT,
    })
    for (const node of nodes) {
      const pair = textOf(node, 'seenAs')
      if (pair !== undefined) last.set(pair, Math.max(last.get(pair) ?? 0, momentOf(node)))
    }
  }
  return [...last].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([pair]) => pair)
}

/** Epoch milliseconds of the first or last call and link of one instance; what is without a time is left out. */
async function momentsOf(pair: string, direction: 'asc' | 'desc', store: Store): Promise<number[]> {
  const where = { equals: { seenAs: [pair] } }
  const pages = await Promise.all(
    entries().map(([kind, orderBy]) => store.page({ kind, where, orderBy, direction, limit: 1 })),
  )
  return pages.flat().map(momentOf)
}

function momentOf(node: GraphNode): number {
  return node.kind === 'Link' ? (intOf(node, 'issuedAt') ?? 0) * 1000 : (intOf(node, 'at') ?? 0)
}

function entries() {
  return Object.entries(KINDS) as [keyof typeof KINDS, (typeof KINDS)[keyof typeof KINDS]][]
}
