import type { PolicyFacts } from '@delegraph/link/policy'

export type Answered = 'allow' | 'deny'

/** What is known of one call that happened, or was refused. */
export interface ReplayCase {
  /** Hash of the record that decided it; absent for a call that nobody decided. */
  readonly decision?: string
  readonly action?: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly agent?: string
  readonly tool?: string
  readonly chain?: string
  readonly link?: string
  /** What became of it then; absent where that is not known. */
  readonly recorded?: Answered
  /** Whether the record says that it was a policy that refused; absent where it does not say. */
  readonly refusedByPolicy?: boolean
  /** What a guard asks of the chain before a policy counts. */
  readonly chainHolds: 'yes' | 'no' | 'unknown'
  /** Absent where not even the tool is known. */
  readonly facts?: PolicyFacts
}
