import type { GraphNode } from '@delegraph/graph-schema'
import { may } from '../../access/viewer.ts'
import { channelStanding, tryChannel } from '../../alerts/index.ts'
import { intOf, textOf, wordOf } from '../columns.ts'
import { type Args, type Connection, pageOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { forbidden, type InvalidArgument, isUserError, notFound } from '../errors.ts'
import { fromMilliseconds } from '../instants.ts'
import { exactValues } from './exact-values.ts'
import type { Fields } from './fields.ts'
import { inputOf } from './given.ts'
import { CHANGES } from './subscription.ts'

/** A viewer reads findings; where they are told, and what receivers answer, is for those who run it. */
export function alertLog(_: unknown, __: Args, { viewer }: ApiContext) {
  return may(viewer, 'analyst') ? { kind: 'AlertLog' } : forbidden('analyst')
}

export const alertLogFields: Fields<unknown> = {
  channels: (_, __, { store, channels }) =>
    Promise.all(
      channels.map(async (channel) => {
        const { lastDelivery, lastError, ...counts } = await channelStanding(store, channel)
        return {
          ...counts,
          lastDelivery: instantOf(lastDelivery),
          lastErrorAt: instantOf(lastError?.at),
          lastError: lastError?.reason,
        }
      }),
    ),
  deliveries,
}

function instantOf(time: string | undefined) {
  return time === undefined ? undefined : fromMilliseconds(Date.parse(time))
}

async function deliveries(
  _: unknown,
  args: Args,
  { store }: ApiContext,
): Promise<Connection | InvalidArgument> {
  const filter = (args['filter'] ?? {}) as Args
  const equals = exactValues('filter', filter, ['channel', 'state', 'rule', 'finding'])
  if (isUserError(equals)) return equals
  return pageOf(
    store,
    {
      name: 'AlertDeliveryConnection',
      of: 'Alert',
      // What is known by its delivery alone, before the finding is, was owed at no time.
      where: { equals, min: { learnedAt: 0 } },
      orderBy: 'learnedAt',
      direction: 'desc',
    },
    args,
  )
}

const STATES = ['owed', 'held', 'delivered', 'suppressed', 'merged', 'superseded', 'dead'] as const
const WAITS: ReadonlySet<string> = new Set(['owed', 'held'])

export const alertDeliveryFields: Fields<GraphNode> = {
  id: (node) => node.key,
  channel: (node) => textOf(node, 'channel') ?? '',
  change: (node) => wordOf(textOf(node, 'change'), CHANGES, 'updated'),
  state: (node) => wordOf(textOf(node, 'state'), STATES, 'owed'),
  attempts: (node) => intOf(node, 'attempts') ?? 0,
  rule: (node) => textOf(node, 'rule') ?? '',
  severity: (node) => intOf(node, 'severity') ?? 0,
  finding: async (node, _, { load }) => {
    const finding = await load.node.Finding(textOf(node, 'finding') ?? '')
    return finding?.columns['at'] === undefined ? undefined : finding
  },
  learnedAt: (node) => fromMilliseconds(intOf(node, 'learnedAt')),
  settledAt: (node) => fromMilliseconds(intOf(node, 'deliveredAt')),
  nextAttemptAt: (node) =>
    WAITS.has(textOf(node, 'state') ?? '')
      ? fromMilliseconds(intOf(node, 'nextAttemptAt'))
      : undefined,
  error: (node) => textOf(node, 'error') || undefined,
  failedAt: (node) => fromMilliseconds(intOf(node, 'failedAt')),
}

export async function testAlertChannel(
  _: unknown,
  args: Args,
  { viewer, channels, clock }: ApiContext,
) {
  if (!may(viewer, 'admin')) return forbidden('admin')
  const { name: wanted } = inputOf(args)
  const channel = channels.find(({ name }) => name === wanted)
  if (channel === undefined) return notFound('a channel of that name')
  const { says, result } = await tryChannel(channel, clock())
  return { kind: 'AlertTest', channel: channel.name, delivered: result === 'delivered', says }
}
