import type { Grade, Outcome } from '@delegraph/graph-schema'

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

/** Somebody's word makes no signed action right: unsigned records count for unsigned actions alone. */
export function mayRestOn(outcome: Outcome, { grade }: { readonly grade: Grade }): boolean {
  if (outcome.state === 'ok') return true
  return holds(outcome) && (grade === 'asserted' || grade === 'observed')
}
