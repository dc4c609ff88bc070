import type { GraphNode } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import type { JournalRecord } from '../journal/index.ts'
import { type AlertChange, isEnd } from './cloud-event.ts'
import { type OwedChange, owedAlerts } from './owed-alerts.ts'
import type { AlertRoute } from './route.ts'

/** What became of alerts for good. */
export type AlertOutcome = 'delivered' | 'suppressed' | 'dead'

/** Columns that say what a delivery was about: with them a rebuild knows what was told. */
const ABOUT = ['finding', 'channel', 'group', 'rule', 'severity', 'pages', 'change'] as const

/**
 * The alerts that changes owe. A delivery that the journal already told of, before the graph knew of
 * the alert, stays one where the receiver heard nothing newer: that is how a rebuild goes, where
 * findings settle after the whole journal.
 */
export async function owe(
  store: GraphStore,
  changes: readonly OwedChange[],
  routes: readonly AlertRoute[],
  now: number,
): Promise<GraphNode[]> {
  const alerts = changes.flatMap((change) => owedAlerts(change, routes, now))
  if (alerts.length === 0) return []
  const known = await store.find('Alert', 'id', distinct(alerts.map(({ key }) => key)))
  const told = known.filter(({ columns }) => columns['body'] === undefined)
  if (told.length === 0) return alerts
  const groups = told.map(groupOf).filter((group) => group !== '')
  const history = Map.groupBy(await store.find('Alert', 'group', distinct(groups)), groupOf)
  const standing = new Map(
    told
      .filter((stub) => !(history.get(groupOf(stub)) ?? []).some((other) => isNews(other, stub)))
      .map((stub) => [stub.key, String(stub.columns['state'])]),
  )
  return alerts.map((alert) => {
    const state = standing.get(alert.key)
    return state === undefined ? alert : { ...alert, columns: { ...alert.columns, state } }
  })
}

/** Something came after what the stub records: of the same finding, or an end of the group. */
function isNews({ columns }: GraphNode, { columns: stub }: GraphNode): boolean {
  const recorded = Number(stub['recordedAs'] ?? 0)
  // A cursor begins with the journal's position when the change was learned.
  const learned = Number.parseInt(String(columns['cursor'] ?? ''), 10)
  const later = Number(columns['recordedAs'] ?? 0) > recorded || learned >= recorded
  return (
    later &&
    (columns['finding'] === stub['finding'] || isEnd(String(columns['change']) as AlertChange))
  )
}

function groupOf({ columns }: GraphNode): string {
  return String(columns['group'] ?? '')
}

function distinct(values: readonly string[]): string[] {
  return [...new Set(values)]
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

/**
 * What such a record says of the graph's alerts. One that the sender has marked already is left out:
 * it may be owed anew since.
 */
export async function takeDelivery(
  store: GraphStore,
  record: Pick<JournalRecord, 'payload' | 'receivedAt' | 'seq'>,
): Promise<GraphNode[]> {
  const value = JSON.parse(Buffer.from(record.payload).toString('utf8')) as Told | readonly Told[]
  const all = [value].flat()
  const known = await store.find('Alert', 'id', distinct(all.map(({ id }) => id)))
  const marked = new Set(
    known
      .filter(({ columns }) => Number(columns['recordedAs'] ?? 0) >= record.seq)
      .map((n) => n.key),
  )
  return all
    .filter(({ id }) => !marked.has(id))
    .map(({ id, state, ...told }) => ({
      kind: 'Alert',
      key: id,
      columns: {
        id,
        state,
        deliveredAt: record.receivedAt,
        recordedAs: record.seq,
        recordedState: state,
        ...Object.fromEntries(
          ABOUT.flatMap((name) => (told[name] === undefined ? [] : [[name, told[name]]])),
        ),
      },
    }))
}

type Told = { readonly id: string; readonly state: string } & {
  readonly [name in (typeof ABOUT)[number]]?: string | number | boolean
}
