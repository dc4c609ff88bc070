import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'

/** A decision record of an enforcement point, with the outcome of its own verification. */
export interface DecisionRecord {
  readonly hash: string
  readonly issuer: string
  readonly outcome: Outcome
  /** Whether it is allowed: a fact. */
  readonly verdict: 'allow' | 'deny'
  /** Whether it serves the task: a judgement, which never upgrades the verdict. */
  readonly intent?: 'allow' | 'deny'
  readonly link?: string
  readonly actionHash?: string
  readonly policy?: string
  /** NumericDate. */
  readonly at: number
}

/** The latest verified decision counts; an unverified one decides nothing. */
export function judgeDecision(records: readonly DecisionRecord[]): Outcome {
  const latest = latestDecision(records)
  if (latest === undefined) return outcomeOf('decision_missing')
  return latest.verdict === 'allow' ? OK : outcomeOf('decision_denied')
}

/** Allowed, and judged not to serve the task. */
export function decisionFlags(records: readonly DecisionRecord[]): readonly string[] {
  return latestDecision(records)?.intent === 'deny' ? ['intent_denied'] : []
}

function latestDecision(records: readonly DecisionRecord[]): DecisionRecord | undefined {
  return records
    .filter((record) => record.outcome.state === 'ok')
    .sort((a, b) => a.at - b.at || (a.hash < b.hash ? -1 : 1))
    .at(-1)
}
