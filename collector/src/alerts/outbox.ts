import type { GraphNode } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import { type OwedChange, owedAlerts } from './owed-alerts.ts'
import type { AlertRoute } from './route.ts'

/** What became of alerts for good. */
export type AlertOutcome = 'delivered' | 'suppressed' | 'dead'

/** Columns that say what a delivery was about: with them a rebuild knows what was told. */
const ABOUT = ['finding', 'channel', 'group', 'rule', 'severity', 'pages', 'change'] as const

/**
 * The alerts that changes owe. A delivery that the journal already told of, before the graph knew of
 * the alert, stays one: that is how a rebuild goes, where findings settle after the whole journal.
 */
export async function owe(
  store: GraphStore,
  changes: readonly OwedChange[],
  routes: readonly AlertRoute[],
  now: number,
): Promise<GraphNode[]> {
  const alerts = changes.flatMap((change) => owedAlerts(change, routes, now))
  if (alerts.length === 0) return []
  const keys = [...new Set(alerts.map((alert) => alert.key))]
  const known = new Map((await store.find('Alert', 'id', keys)).map((node) => [node.key, node]))
  return alerts.map((alert) => {
    const old = known.get(alert.key)?.columns
    const told = old !== undefined && old['body'] === undefined && old['state'] !== 'owed'
    return told ? { ...alert, columns: { ...alert.columns, state: String(old['state']) } } : alert
  })
}

/** An outcome as the journal keeps it. */
export function deliveryPayload(alerts: readonly GraphNode[], state: AlertOutcome): Buffer {
  const told = alerts.map(({ key, columns }) => ({
    id: key,
    state,
    ...Object.fromEntries(ABOUT.map((name) => [name, columns[name]])),
  }))
  return Buffer.from(JSON.stringify(told.length === 1 ? told[0] : told))
}

/** What such a record says of the graph's alerts; `at` is when it was written, epoch milliseconds. */
export function takenDelivery(payload: Uint8Array, at: number): GraphNode[] {
  const value = JSON.parse(Buffer.from(payload).toString('utf8')) as Told | readonly Told[]
  return [value].flat().map((told) => {
    const about = ABOUT.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]]]))
    const columns = {
      id: told.id,
      state: told.state,
      deliveredAt: at,
      ...Object.fromEntries(about),
    }
    return { kind: 'Alert', key: told.id, columns }
  })
}

type Told = { readonly id: string; readonly state: string } & {
  readonly [name in (typeof ABOUT)[number]]?: string | number | boolean
}
