import { createHash } from 'node:crypto'
import type { Finding } from '../findings/finding.ts'
import type { SuppressedMessage } from './suppressed-message.ts'

export type AlertChange =
  | 'opened'
  | 'updated'
  | 'reopened'
  | 'acknowledged'
  /** The evidence no longer says so. */
  | 'withdrawn'
  /** The evidence says so, and people do not want to hear of it. */
  | 'closed'
  | 'accepted'
  | 'suppressed'

/** Whether a change is the end of what was told. */
export function isEnd(change: AlertChange): boolean {
  return ENDS.has(change)
}

const ENDS: ReadonlySet<string> = new Set<AlertChange>([
  'withdrawn',
  'closed',
  'accepted',
  'suppressed',
])

/** Where people stand with it. What they wrote about it stays here: it was not written for all rooms. */
export interface AlertTriage {
  readonly by: string
  readonly reason?: string
  readonly assignee?: string
  /** ISO 8601: when it comes back. */
  readonly until?: string
}

/** One alert as it is sent: CloudEvents 1.0, structured JSON mode. */
export interface CloudEvent<Data = AlertData> {
  readonly specversion: '1.0'
  /** Equal for every attempt; also the `webhook-id`. */
  readonly id: string
  readonly source: string
  /** `dev.delegraph.finding.opened.v1` */
  readonly type: string
  /** The fingerprint: equal for repetitions of the same thing. */
  readonly subject: string
  /** When the change was learned; alerts of one finding are in order by it. */
  readonly time: string
  readonly datacontenttype: 'application/json'
  readonly data: Data
}

export interface AlertData {
  readonly change: AlertChange
  /** Grade first: `[proven] worker ran deploy on an approval that alice gave to planner`. */
  readonly summary: string
  readonly state: 'open' | 'withdrawn' | 'closed' | 'accepted' | 'suppressed'
  /** The finding with its body; of one that is withdrawn, as it was last. */
  readonly finding: Finding
  readonly triage?: AlertTriage
  /** Findings of the same alert since it was opened; in what is sent. */
  readonly occurrences?: number
  readonly proof?: ProofPointer
}

/** How to get the signed evidence, from which the finding is derived again offline. */
export interface ProofPointer extends Partial<ShippedProof> {
  readonly export: string
  readonly verify: string
  readonly link?: string
}

/** The signed evidence itself, or what it is told by. */
export interface ShippedProof {
  /** By which rule, of which version of Delegraph, it was found. */
  readonly rule: { readonly id: string; readonly name: string; readonly version: string }
  /** Of the file that `delegraph export` writes of the finding as it is told here, hexadecimal. */
  readonly sha256?: string
  /** Of the same file. */
  readonly bytes?: number
  /** The file itself, where the channel is set to have it and it is small enough. */
  readonly inline?: unknown
  /** Why the file is not here, in words. */
  readonly notInline?: string
}

const SOURCE = 'urn:delegraph:collector'

/** When and where a change was learned. */
export interface LearnedChange {
  readonly change: AlertChange
  /** Epoch milliseconds. */
  readonly at: number
  /** Its place in the order learned, which begins with the journal's position. */
  readonly cursor: string
  readonly triage?: AlertTriage | undefined
}

/** The event of a change, for the alert of that id. */
export function cloudEvent(
  alert: string,
  finding: Finding,
  { change, at, cursor, triage }: LearnedChange,
): CloudEvent {
  return {
    specversion: '1.0',
    id: messageId(alert, at, Number.parseInt(cursor, 10)),
    source: SOURCE,
    type: `dev.delegraph.finding.${change}.v1`,
    subject: finding.fingerprint,
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: {
      change,
      summary: summaryOf(finding),
      state: stateAfter(change),
      finding,
      ...(triage === undefined ? {} : { triage }),
    },
  }
}

function stateAfter(change: AlertChange): AlertData['state'] {
  switch (change) {
    case 'withdrawn':
    case 'closed':
    case 'accepted':
    case 'suppressed':
      return change
    default:
      return 'open'
  }
}

/** The event of alerts that were counted instead of sent. */
export function suppressedEvent(
  message: SuppressedMessage,
): CloudEvent<
  Pick<SuppressedMessage, 'rule' | 'count' | 'findings'> & { readonly summary: string }
> {
  const { id, learnedAt, rule, count, findings } = message
  return {
    specversion: '1.0',
    id,
    source: SOURCE,
    type: 'dev.delegraph.findings.suppressed.v1',
    subject: rule,
    time: new Date(learnedAt).toISOString(),
    datacontenttype: 'application/json',
    data: { summary: suppressedSummary(message), rule, count, findings },
  }
}

/** The first line of every alert: the grade of the evidence, then what happened. */
export function summaryOf({ grade, body }: Finding): string {
  return `[${grade}] ${body.title}`
}

export function suppressedSummary({ rule, count }: SuppressedMessage): string {
  return `${rule}: ${count} more suppressed`
}

export function proofOf({ id }: Finding, link: string | undefined): ProofPointer {
  return {
    export: `delegraph export ${id} --out finding.json`,
    verify: 'delegraph verify finding.json --trust trust.json',
    ...(link === undefined ? {} : { link }),
  }
}

/**
 * A finding that comes, goes and comes again is one alert, and a new message each time, also within one
 * millisecond: `seq` is the journal's position.
 */
function messageId(alert: string, at: number, seq: number): string {
  const hash = createHash('sha256')
    .update(JSON.stringify([alert, at, seq]))
    .digest('base64url')
  return `msg_${hash.slice(0, 32)}`
}
