/** Where alerts go. A channel delivers one message once; when to try again is the sender's business. */
export interface Channel {
  /** Stable: it is part of what makes an alert the same one after a restart or a rebuild. */
  readonly name: string
  /** Never throws for what the receiver does; rejects only where `signal` ends it. */
  deliver(message: AlertMessage, signal: AbortSignal): Promise<DeliveryResult>
}

export interface AlertMessage {
  /** Equal for every attempt to deliver the same alert. */
  readonly id: string
  /** The body as it is signed and sent. */
  readonly body: string
  /** Time of the attempt, epoch milliseconds. */
  readonly at: number
}

/**
 * `later`: the receiver is away or busy, and may be asked again. `refused`: it was understood and not
 * wanted, which repetition rarely changes.
 */
export type DeliveryResult =
  | { readonly kind: 'delivered' }
  | { readonly kind: 'later'; readonly reason: string; readonly retryAfter?: number }
  | { readonly kind: 'refused'; readonly reason: string }
