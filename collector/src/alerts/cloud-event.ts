import { createHash } from 'node:crypto'
import type { Finding } from '../findings/finding.ts'

export type AlertChange = 'opened' | 'updated' | 'withdrawn' | 'reopened'

/** One alert as it is sent: CloudEvents 1.0, structured JSON mode. */
export interface CloudEvent {
  readonly specversion: '1.0'
  /** Equal for every attempt; also the `webhook-id`. */
  readonly id: string
  readonly source: string
  /** `dev.delegraph.finding.opened.v1` */
  readonly type: string
  /** The fingerprint: equal for repetitions of the same thing. */
  readonly subject?: string
  /** When the change was learned; alerts of one finding are in order by it. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: AlertData
}

export interface AlertData {
  readonly change: AlertChange
  /** Grade first: `[proven] worker ran deploy on an approval that alice gave to planner`. */
  readonly summary?: string
  readonly state: 'open' | 'withdrawn'
  /** The finding with its body, which is its proof. */
  readonly finding: Finding | { readonly id: string }
}

const SOURCE = 'urn:delegraph:collector'

/** The event of a change. `at` is when it was learned, epoch milliseconds. */
export function cloudEvent(
  alert: string,
  change: AlertChange,
  finding: Finding | { readonly id: string },
  at: number,
): CloudEvent {
  return {
    specversion: '1.0',
    id: messageId(alert, at),
    source: SOURCE,
    type: `dev.delegraph.finding.${change}.v1`,
    ...about(finding),
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      change,
      ...summary(finding),
      state: change === 'withdrawn' ? 'withdrawn' : 'open',
      finding,
    },
  }
}

/** A withdrawal is owed without the finding it takes back; this adds what the graph says of it. */
export function withFinding(event: CloudEvent, finding: Finding): CloudEvent {
  return {
    ...event,
    ...about(finding),
    data: { ...event.data, ...summary(finding), finding },
  }
}

export function isComplete(event: CloudEvent): boolean {
  return 'body' in event.data.finding
}

/** A finding that comes, goes and comes again is one alert, and a new message each time. */
function messageId(alert: string, at: number): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([alert, at]))
    .digest('base64url')
  return `msg_${hash.slice(0, 32)}`
}

function about(finding: Finding | { readonly id: string }): { readonly subject?: string } {
  return 'fingerprint' in finding ? { subject: finding.fingerprint } : {}
}

function summary(finding: Finding | { readonly id: string }): { readonly summary?: string } {
  return 'body' in finding ? { summary: `[${finding.grade}] ${finding.body.title}` } : {}
}
