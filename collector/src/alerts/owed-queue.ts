import type { GraphNode } from '@delegraph/graph-schema'
import type { GraphStore, PageQuery } from '../graph/index.ts'
import { type CloudEvent, isComplete, withFinding } from './cloud-event.ts'
import { findingOfNode } from './finding-of-node.ts'

/** What one channel is owed, as the graph has it. */
export interface OwedQueue {
  /** Alerts whose time has come, at most one of a finding, the oldest of it. */
  due(now: number): AsyncIterable<GraphNode>
  /** Milliseconds until the next one is due. */
  untilNext(now: number): Promise<number>
  mark(alert: GraphNode, columns: GraphNode['columns']): Promise<void>
}

/** Alerts that are read at a time. */
const PAGE = 100

export function openQueue(store: GraphStore, channel: string): OwedQueue {
  const owed = { state: ['owed'], channel: [channel] }
  const order = { kind: 'Alert', orderBy: 'nextAttemptAt', direction: 'asc' } as const

  const mark = (alert: GraphNode, columns: GraphNode['columns']): Promise<void> =>
    store.write({
      nodes: [{ kind: 'Alert', key: alert.key, columns: { id: alert.key, ...columns } }],
      edges: [],
    })

  /** All alerts of these findings on this channel; one that is only named has no body. */
  const historyOf = async (findings: readonly string[]): Promise<GraphNode[]> =>
    (await store.find('Alert', 'finding', findings)).filter(
      (alert) => alert.columns['channel'] === channel && alert.columns['body'] !== undefined,
    )

  return {
    mark,
    async *due(now) {
      let after: PageQuery['after']
      for (;;) {
        const page = await store.page({
          ...order,
          where: { equals: owed, max: { nextAttemptAt: now } },
          limit: PAGE,
          ...(after === undefined ? {} : { after }),
        })
        const findings = [...new Set(page.map((alert) => String(alert.columns['finding'])))]
        const history = Map.groupBy(await historyOf(findings), (a) => a.columns['finding'])
        for (const finding of findings) {
          const { first, overtaken } = inOrder(history.get(finding) ?? [])
          for (const alert of overtaken) await mark(alert, { state: 'superseded' })
          if (page.some((alert) => alert.key === first?.key) && first !== undefined) yield first
        }
        const last = page.at(-1)
        if (last === undefined || page.length < PAGE) return
        after = { value: Number(last.columns['nextAttemptAt']), key: last.key }
      }
    },
    async untilNext(now) {
      const where = { equals: owed, min: { nextAttemptAt: now + 1 } }
      const [next] = await store.page({ ...order, where, limit: 1 })
      const at = next?.columns['nextAttemptAt']
      return typeof at === 'number' ? Math.max(at - now, 1) : Number.POSITIVE_INFINITY
    },
  }
}

/**
 * The oldest owed alert of one finding, and those that something newer was delivered instead of:
 * after a rebuild the graph may owe what it owed on its way to something that was sent long ago.
 */
function inOrder(alerts: readonly GraphNode[]): {
  readonly first: GraphNode | undefined
  readonly overtaken: readonly GraphNode[]
} {
  const delivered = alerts.filter((alert) => alert.columns['state'] === 'delivered')
  const last = Math.max(...delivered.map(timeOf))
  const owed = alerts
    .filter((alert) => alert.columns['state'] === 'owed')
    .sort((a, b) => timeOf(a) - timeOf(b) || (a.key < b.key ? -1 : 1))
  return {
    first: owed.find((alert) => timeOf(alert) >= last),
    overtaken: owed.filter((alert) => timeOf(alert) < last),
  }
}

function timeOf(alert: GraphNode): number {
  const event = JSON.parse(String(alert.columns['body'])) as Pick<CloudEvent, 'time'>
  return Date.parse(event.time)
}

/** The event that an alert holds; a withdrawal is completed with the finding that it takes back. */
export async function eventOf(alert: GraphNode, store: GraphStore): Promise<CloudEvent> {
  const event = JSON.parse(String(alert.columns['body'])) as CloudEvent
  if (isComplete(event)) return event
  const [node] = await store.find('Finding', 'id', [event.data.finding.id])
  const finding = node === undefined ? undefined : findingOfNode(node)
  return finding === undefined ? event : withFinding(event, finding)
}
