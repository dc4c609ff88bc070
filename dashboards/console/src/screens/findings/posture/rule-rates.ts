import type { RulePosture } from './documents.ts'

/** Those that people closed as wrong, of all that they closed; undefined where that was not counted, or nothing is. */
export function rateOf({ closed, detectorWrong }: RulePosture): number | undefined {
  return closed.value === 0 || closed.approximate ? undefined : detectorWrong.value / closed.value
}

/** The rate in words; nothing closed is no rate of nought. */
export function falsePositives(rule: RulePosture): string {
  const rate = rateOf(rule)
  if (rate !== undefined) return `${Math.round(rate * 100)} %`
  return rule.closed.value === 0 ? 'none was closed' : 'not known: too many'
}

/** Where nothing is known of the rate comes last. */
export function mostWrongFirst(a: RulePosture, b: RulePosture): number {
  return (rateOf(b) ?? -1) - (rateOf(a) ?? -1) || b.closed.value - a.closed.value
}
