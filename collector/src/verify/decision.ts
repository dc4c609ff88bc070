import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'

/** A decision record of an enforcement point, with the outcome of its own verification. */
export interface DecisionRecord {
  readonly hash: string
  readonly issuer: string
  readonly outcome: Outcome
  readonly verdict: 'allow' | 'deny'
  readonly link?: string
  readonly actionHash?: string
  readonly policy?: string
  /** NumericDate. */
  readonly at: number
}

/** The latest verified decision counts; an unverified one decides nothing. */
export function judgeDecision(records: readonly DecisionRecord[]): Outcome {
  const [first, ...rest] = records.filter((record) => record.outcome.state === 'ok')
  if (first === undefined) return outcomeOf('decision_missing')
  const latest = rest.reduce(
    (a, b) => (b.at > a.at || (b.at === a.at && b.hash > a.hash) ? b : a),
    first,
  )
  return latest.verdict === 'allow' ? OK : outcomeOf('decision_denied')
}
