/** What was not sent one by one, because a rule fired too often; or that it no longer does. */
export interface SuppressedMessage {
  readonly kind: 'suppressed'
  /** The end of what was counted, for a receiver that keeps it open: then `count` is 0. */
  readonly closes: boolean
  /** Of these findings together: one more is another message. */
  readonly id: string
  /** Time of the attempt, epoch milliseconds. */
  readonly at: number
  /** When the last of them was learned, epoch milliseconds. */
  readonly learnedAt: number
  readonly rule: string
  readonly count: number
  /** Ids of the findings, at most 100. */
  readonly findings: readonly string[]
}
