import { createHash } from 'node:crypto'
import type { GraphNode } from '@delegraph/graph-schema'
import { canonicalize, type Json } from '@delegraph/link'
import type { Finding } from '../findings/finding.ts'
import type { Channel } from './channel.ts'
import { type AlertChange, cloudEvent } from './cloud-event.ts'

/** A change of a finding, as the projector has it. */
export interface OwedChange {
  readonly change: AlertChange
  /** The finding's id. */
  readonly id: string
  /** Absent for a withdrawal. */
  readonly finding?: Finding
  /** It was a note of a weakness that is withdrawn. */
  readonly exposure?: true
}

/**
 * The alerts that a change owes, one for each channel, to be written in the same batch as the change.
 *
 * An alert is the same one where finding, content and channel are: how often evidence came, and in
 * which portions, does not matter, so that a rebuild finds what was delivered before. Written again,
 * it is owed again. Notes of a weakness are asked for and not sent. `now` is when the change was learned, epoch milliseconds.
 */
export function owedAlerts(
  change: OwedChange,
  channels: readonly Pick<Channel, 'name'>[],
  now: number,
): GraphNode[] {
  if (change.exposure === true || change.finding?.class === 'exposure') return []
  const content = change.finding === undefined ? 'withdrawn' : contentOf(change.finding)
  return channels.map(({ name }) => {
    const id = digest(change.id, name, content)
    const finding = change.finding ?? { id: change.id }
    return {
      kind: 'Alert',
      key: id,
      columns: {
        id,
        finding: change.id,
        channel: name,
        change: change.change,
        state: 'owed',
        attempts: 0,
        nextAttemptAt: now,
        body: canonicalize(cloudEvent(id, change.change, finding, now) as unknown as Json),
        learnedAt: now,
      },
    }
  })
}

function contentOf(finding: Finding): string {
  return canonicalize(finding as unknown as Json)
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)
}
