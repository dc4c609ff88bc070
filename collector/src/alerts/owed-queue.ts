import type { GraphNode } from '@delegraph/graph-schema'
import { type GraphStore, pagesOf } from '../graph/index.ts'
import type { CloudEvent } from './cloud-event.ts'
import { type GroupState, groupState } from './group-state.ts'

/** What one channel is owed, as the graph has it. */
export interface OwedQueue {
  /** Groups with an alert whose time has come. */
  groupsDue(now: number): AsyncIterable<string>
  /** What is owed about a group, in the order learned; a portion of it. */
  owedOf(group: string): Promise<GraphNode[]>
  /** How things stand with a group; the same object as long as the group is remembered. */
  stateOf(group: string): Promise<GroupState>
  forget(group: string): void
  /** Alerts that were held back and whose time to be counted has come, by rule. */
  heldDue(now: number): Promise<ReadonlyMap<string, readonly GraphNode[]>>
  /** Whether any of a rule is held back, due or not. */
  holds(rule: string): Promise<boolean>
  /** Milliseconds until the next one is due. */
  untilNext(now: number): Promise<number>
  /** Delivered since then, the newest first. */
  deliveredSince(at: number): Promise<GraphNode[]>
  /** Writes what became of alerts; one that was owed anew meanwhile stays owed. */
  mark(alerts: readonly GraphNode[], columns: GraphNode['columns']): Promise<void>
}

/** Alerts that are read at a time. */
const PAGE = 100
/** Alerts of one rule that one message counts. */
const MAX_HELD = 5_000
const MAX_GROUPS = 10_000

export function openQueue(store: GraphStore, channel: string): OwedQueue {
  const waiting = { state: ['owed'], channel: [channel] }
  const byTime = { kind: 'Alert', orderBy: 'nextAttemptAt', direction: 'asc' } as const
  const states = new Map<string, GroupState>()

  const write = async (
    alerts: readonly GraphNode[],
    columns: GraphNode['columns'],
  ): Promise<void> => {
    const nodes = alerts.map(
      ({ key }): GraphNode => ({ kind: 'Alert', key, columns: { id: key, ...columns } }),
    )
    await store.write({ nodes, edges: [] })
  }

  return {
    async *groupsDue(now) {
      const seen = new Set<string>()
      const due = { equals: waiting, max: { nextAttemptAt: now } }
      for await (const page of pagesOf(store, { ...byTime, where: due, limit: PAGE })) {
        for (const { columns } of page) {
          const group = String(columns['group'])
          if (!seen.has(group)) yield group
          seen.add(group)
        }
      }
    },
    owedOf: (group) =>
      store.page({
        kind: 'Alert',
        where: { equals: { group: [group], state: ['owed'] } },
        orderBy: 'cursor',
        direction: 'asc',
        limit: PAGE,
      }),
    async stateOf(group) {
      const known = states.get(group)
      if (known !== undefined) return known
      const state = groupState(await store.find('Alert', 'group', [group]))
      // The oldest is forgotten: it is read again where it is asked for again.
      if (states.size >= MAX_GROUPS) states.delete(states.keys().next().value ?? '')
      states.set(group, state)
      return state
    },
    forget(group) {
      states.delete(group)
    },
    async heldDue(now) {
      const held = await store.page({
        ...byTime,
        where: { equals: { state: ['held'], channel: [channel] }, max: { nextAttemptAt: now } },
        limit: MAX_HELD,
      })
      return Map.groupBy(held, (alert) => String(alert.columns['rule']))
    },
    async holds(rule) {
      const equals = { state: ['held'], channel: [channel], rule: [rule] }
      return (await store.count('Alert', { equals }, 1)) > 0
    },
    async untilNext(now) {
      const where = {
        equals: { state: ['owed', 'held'], channel: [channel] },
        min: { nextAttemptAt: now + 1 },
      }
      const [next] = await store.page({ ...byTime, where, limit: 1 })
      const at = next?.columns['nextAttemptAt']
      return typeof at === 'number' ? Math.max(at - now, 1) : Number.POSITIVE_INFINITY
    },
    deliveredSince: (at) =>
      store.page({
        kind: 'Alert',
        where: {
          equals: { state: ['delivered'], channel: [channel] },
          min: { deliveredAt: at },
        },
        orderBy: 'deliveredAt',
        direction: 'desc',
        limit: MAX_HELD,
      }),
    async mark(alerts, columns) {
      await write(alerts, columns)
      // The projector writes too: what it wrote in between was written over.
      const keys = alerts.map(({ key }) => key)
      const cursors = new Map(alerts.map((alert) => [alert.key, alert.columns['cursor']]))
      const anew = (await store.find('Alert', 'id', keys)).filter(
        (node) => node.columns['cursor'] !== cursors.get(node.key),
      )
      if (anew.length > 0) await write(anew, { state: 'owed' })
    },
  }
}

/** The event that an alert holds. */
export function eventOf(alert: GraphNode): CloudEvent {
  return JSON.parse(String(alert.columns['body'])) as CloudEvent
}
