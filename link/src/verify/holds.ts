import type { Outcome } from '@delegraph/graph-schema'

/**
 * Whether what was judged is in order as far as it goes: `ok`, or without a fault and merely unsigned.
 * An unsigned statement is judged like a signed one and lowers the grade; it never becomes `ok`.
 */
export function holds(outcome: Outcome): boolean {
  return outcome.state === 'ok' || isUnsigned(outcome)
}

function isUnsigned(outcome: Outcome): boolean {
  return outcome.state === 'unknown' && outcome.code === 'signature_missing'
}
