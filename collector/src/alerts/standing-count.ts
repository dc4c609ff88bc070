import { createHash } from 'node:crypto'
import { DETECTORS, type GraphNode } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import type { SuppressedMessage } from './suppressed-message.ts'

/**
 * That a receiver was told of a count, and whether it is over: one node for each rule and channel. Its
 * records are those of alerts, so that a graph made anew knows what is still open there.
 */
export function countNode(channel: string, rule: string): GraphNode {
  const id = countId(channel, rule)
  return { kind: 'Alert', key: id, columns: { id, channel, rule } }
}

/** A count that is open at the receiver. */
export interface StandingCount {
  readonly node: GraphNode
  readonly rule: string
  /** When its end is to be told, if nothing is held by then; epoch milliseconds. */
  readonly endsAt: number
}

/** The counts that a channel was told of and whose end it was not; `length` is how far its limit looks back, milliseconds. */
export async function standingCounts(
  store: GraphStore,
  channel: string,
  length: number,
): Promise<StandingCount[]> {
  const ids = Object.keys(DETECTORS).map((rule) => countId(channel, rule))
  const nodes = await store.find('Alert', 'id', ids)
  return nodes
    .filter(({ columns }) => columns['state'] === 'suppressed')
    .map((node) => {
      const { rule, deliveredAt, nextAttemptAt } = node.columns
      const quiet = Number(deliveredAt ?? 0) + length
      return { node, rule: String(rule), endsAt: Math.max(quiet, Number(nextAttemptAt ?? 0)) }
    })
}

/** Says that it is over; a repetition has the same id. */
export function countEnd({ node, rule }: StandingCount, at: number): SuppressedMessage {
  const { recordedAs, deliveredAt } = node.columns
  const hash = createHash('sha256').update(JSON.stringify(['over', node.key, recordedAs ?? 0]))
  return {
    kind: 'suppressed',
    closes: true,
    id: `msg_${hash.digest('base64url').slice(0, 32)}`,
    at,
    learnedAt: Number(deliveredAt ?? at),
    rule,
    count: 0,
    findings: [],
  }
}

function countId(channel: string, rule: string): string {
  const hash = createHash('sha256').update(JSON.stringify(['count', channel, rule]))
  return hash.digest('base64url').slice(0, 32)
}
