import type { GraphStore } from '../graph/index.ts'
import type { ChannelSettings } from './channel-settings.ts'

/** How a channel stands, as the graph has it; times are ISO 8601. */
export interface ChannelStanding {
  readonly name: string
  readonly kind: ChannelSettings['kind']
  /** Alerts that are still to be sent; at most 10,000 are counted. */
  readonly owed: number
  /** Alerts that wait to be counted in one message. */
  readonly held: number
  /** Alerts that the receiver refused for good. */
  readonly dead: number
  readonly lastDelivery?: string
  readonly lastError?: { readonly at: string; readonly reason: string }
}

const MOST = 10_000

export async function channelStanding(
  store: GraphStore,
  { name, kind }: Pick<ChannelSettings, 'name' | 'kind'>,
): Promise<ChannelStanding> {
  const count = (state: string): Promise<number> =>
    store.count('Alert', { equals: { channel: [name], state: [state] } }, MOST)
  const newest = async (column: string, more: { readonly state?: readonly string[] }) => {
    const where = { equals: { channel: [name], ...more } }
    const order = { orderBy: column, direction: 'desc', limit: 1 } as const
    const [alert] = await store.page({ kind: 'Alert', where, ...order })
    return alert?.columns
  }
  const delivered = await newest('deliveredAt', { state: ['delivered'] })
  const failed = await newest('failedAt', {})
  const failure = String(failed?.['error'] ?? '')
  return {
    name,
    kind,
    owed: await count('owed'),
    held: await count('held'),
    dead: await count('dead'),
    ...(delivered === undefined ? {} : { lastDelivery: timeOf(delivered['deliveredAt']) }),
    ...(failure === '' ? {} : { lastError: { at: timeOf(failed?.['failedAt']), reason: failure } }),
  }
}

function timeOf(value: unknown): string {
  return new Date(Number(value)).toISOString()
}
