import type { Finding } from '../findings/finding.ts'
import type { ChannelKind, ProofDetail } from './channel-settings.ts'
import type { CloudEvent } from './cloud-event.ts'
import type { AlertDecision } from './decided.ts'
import type { TellsOf } from './group-state.ts'
import type { AlertRoute } from './route.ts'
import type { SuppressedMessage } from './suppressed-message.ts'

/** Where alerts go. A channel delivers one message once; when to try again is the sender's business. */
export interface Channel extends AlertRoute, Delivery, TellsOf {
  readonly kind: ChannelKind
  readonly limit?: RateLimit
  /** What was counted stays open at the receiver until it is told that it is over. */
  readonly endsCounts?: boolean
  /** How much of its proof an alert has there; nothing where absent. */
  readonly proof?: ProofDetail
}

/** What a kind of channel knows: how to say it there. */
export interface Delivery {
  /** Never throws for what the receiver does; rejects only where `signal` ends it. */
  deliver(message: AlertMessage, signal: AbortSignal): Promise<DeliveryResult>
  readonly refresh?: Refresh
}

/** For receivers that forget what is not repeated. */
export interface Refresh {
  /** Milliseconds. */
  readonly every: number
  /** Says all that is open, one finding for each group, the gravest. */
  send(open: readonly Finding[], now: number, signal: AbortSignal): Promise<DeliveryResult>
}

/** New alerts of one rule that a channel takes in so much time. */
export interface RateLimit {
  readonly count: number
  readonly seconds: number
}

export type AlertMessage = FindingMessage | SuppressedMessage

export interface FindingMessage {
  readonly kind: 'finding'
  /** Equal for every attempt to deliver the same alert. */
  readonly id: string
  /** Time of the attempt, epoch milliseconds. */
  readonly at: number
  readonly event: CloudEvent
  readonly finding: Finding
  /** What makes alerts one: the key that receivers deduplicate by. */
  readonly group: string
  /** The last finding of its group is withdrawn, closed, accepted or suppressed. */
  readonly closes: boolean
  /** Findings of the group since it was opened. */
  readonly occurrences: number
  /** The span of the action, where one is known; hexadecimal. */
  readonly trace?: { readonly traceId: string; readonly spanId: string }
  /** Where a person reads the finding. */
  readonly link?: string
  /** What decision points said of the action, newest first. */
  readonly decisions?: readonly AlertDecision[]
}

/**
 * `later`: the receiver is away or busy, and may be asked again. `refused`: it was understood and not
 * wanted, which repetition rarely changes.
 */
export type DeliveryResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfter?: number }
  | { readonly kind: 'refused'; readonly reason: string }
