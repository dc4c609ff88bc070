/** What was not sent one by one, because a rule fired too often. */
export interface SuppressedMessage {
  readonly kind: 'suppressed'
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
