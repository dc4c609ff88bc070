import {
  OUTCOMES,
  type Outcome,
  outcomeOf,
  outcomeText,
  VERDICT_PARTS,
  type Verdict,
} from '@delegraph/graph-schema'
import type { Fields } from './fields.ts'

export const outcomeFields: Fields<Outcome> = {
  state: (outcome) => outcome.state,
  code: (outcome) => ('code' in outcome ? outcome.code : undefined),
  detail: (outcome) => ('detail' in outcome ? outcome.detail : undefined),
  meaning: (outcome) =>
    'code' in outcome && Object.hasOwn(OUTCOMES, outcome.code)
      ? OUTCOMES[outcome.code].meaning
      : undefined,
  text: (outcome) => outcomeText(outcome),
}

/** A part that is missing was not judged: it is unknown, and never fine. */
export const verdictFields: Fields<Partial<Verdict>> = Object.fromEntries(
  VERDICT_PARTS.map((part) => [
    part,
    (verdict: Partial<Verdict>) => verdict[part] ?? outcomeOf('chain_incomplete', part),
  ]),
)
