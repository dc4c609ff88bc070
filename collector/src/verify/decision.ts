import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { type ArgumentMap, type Json, permits } from '@delegraph/link'
import type { Call } from './call.ts'
import { holds } from './holds.ts'

/** A decision record of an enforcement point, with the outcome of its own verification. */
export interface DecisionRecord {
  readonly hash: string
  readonly issuer: string
  readonly outcome: Outcome
  /** Whether it is allowed: a fact. */
  readonly verdict: 'allow' | 'deny'
  /** Whether it serves the task: a judgement, which never upgrades the verdict. */
  readonly intent?: 'allow' | 'deny'
  /** The leaf link that was presented. */
  readonly link?: string
  /** About whom it was decided. */
  readonly agent?: string
  /** The caller that it was made for. */
  readonly caller?: string
  readonly tool?: string
  /** Arguments of the call, as far as they were disclosed. */
  readonly args?: Readonly<Record<string, Json>>
  /** The class of calls that it is for, an argument map of its tool; absent where it is for one. */
  readonly grants?: ArgumentMap
  readonly task?: string
  readonly session?: string
  readonly actionHash?: string
  readonly policy?: string
  /** NumericDate. */
  readonly at: number
  /** Epoch milliseconds, for the order within one second. */
  readonly moment: number
  /** The action cites it, in its receipt or on its span. */
  readonly cited: boolean
}

/**
 * The latest decision counts, of two at one moment the denial; one that fails decides nothing, and one that nobody
 * signed is a word.
 */
export function judgeDecision(records: readonly DecisionRecord[]): Outcome {
  const latest = latestDecision(records)
  if (latest === undefined) return outcomeOf('decision_missing')
  return latest.verdict === 'allow' ? latest.outcome : outcomeOf('decision_denied')
}

/** Whether a decision that is for a class of calls is for this one. */
export function isFor(
  record: DecisionRecord,
  action: {
    readonly call: Call
    readonly agent: string
    readonly task: string | undefined
    readonly moment: number
    readonly callers: readonly string[]
  },
): boolean {
  const { agent, caller, grants, moment, task, tool } = record
  if (grants === undefined || record.cited) return true
  if (agent !== action.agent || tool !== action.call.tool || moment > action.moment) return false
  if (task !== undefined && task !== action.task) return false
  if (caller !== undefined && !action.callers.includes(caller)) return false
  const answer = permits({ [tool]: grants }, action.call)
  return 'covered' in answer && answer.covered
}

/** Allowed, and judged not to serve the task. */
export function decisionFlags(records: readonly DecisionRecord[]): readonly string[] {
  return latestDecision(records)?.intent === 'deny' ? ['intent_denied'] : []
}

function latestDecision(records: readonly DecisionRecord[]): DecisionRecord | undefined {
  return records
    .filter((record) => holds(record.outcome))
    .sort((a, b) => a.moment - b.moment || refusal(a) - refusal(b) || (a.hash < b.hash ? -1 : 1))
    .at(-1)
}

/** Which of two at one moment came later is not known, and what is unknown is not fine. */
function refusal({ verdict, intent }: DecisionRecord): number {
  return (verdict === 'deny' ? 2 : 0) + (intent === 'deny' ? 1 : 0)
}
