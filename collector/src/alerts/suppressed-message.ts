/** What was not sent one by one, because a rule fired too often. */
export interface SuppressedMessage {
  readonly kind: 'suppressed'
  readonly id: string
  readonly at: number
  readonly rule: string
  readonly count: number
  /** Ids of the findings, at most 100. */
  readonly findings: readonly string[]
}
