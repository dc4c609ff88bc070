import type { Grade, Outcome } from '@delegraph/graph-schema'
import { holds } from '@delegraph/link'

export { holds }

/** Somebody's word makes no signed action right: unsigned records count for unsigned actions alone. */
export function mayRestOn(outcome: Outcome, { grade }: { readonly grade: Grade }): boolean {
  if (outcome.state === 'ok') return true
  return holds(outcome) && (grade === 'asserted' || grade === 'observed')
}
