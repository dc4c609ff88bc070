import type { EffectClass, FindingClass, Grade } from '@delegraph/graph-schema'
import type { Hit } from './rule.ts'

export interface Severity {
  /** 1 to 5, the OCSF severity ids. */
  readonly level: number
  /** Why, in the order applied. */
  readonly reasons: readonly string[]
}

const BASE: Readonly<Record<EffectClass, readonly [number, string]>> = {
  read: [1, 'it reads'],
  sensitive_read: [2, 'it reads something sensitive'],
  write: [3, 'it writes and can be undone'],
  critical: [4, 'it cannot be undone, or moves money, credentials or policy'],
}

/**
 * Severity of a hit: the effect class of the operation, the detector's own adjustments, and one less
 * where the evidence is unsigned. An operation that nobody classified counts as a write and says so.
 */
export function severityOf(hit: Hit, effect: EffectClass | undefined, grade: Grade): Severity {
  const reasons: string[] = []
  let level: number
  if (hit.fixed === undefined) {
    const [base, reason] =
      effect === undefined ? ([3, 'nobody classified the operation'] as const) : BASE[effect]
    level = base
    reasons.push(`${base}: ${reason}`)
  } else {
    level = hit.fixed
    reasons.push(`${hit.fixed}: set by the rule`)
  }
  for (const { by, reason } of hit.adjust ?? []) {
    level += by
    reasons.push(`${by > 0 ? '+' : ''}${by}: ${reason}`)
  }
  if (hit.fixed === undefined && (grade === 'asserted' || grade === 'observed')) {
    level -= 1
    reasons.push(`-1: the evidence is ${grade}`)
  }
  if (hit.atLeast !== undefined && level < hit.atLeast) {
    level = hit.atLeast
    reasons.push(`at least ${hit.atLeast}`)
  }
  return { level: Math.min(5, Math.max(1, level)), reasons }
}

/** Whether somebody is to be woken: grave, proven or signed, certain, and nothing pending. */
export function pages(finding: {
  readonly severity: number
  readonly grade: Grade
  readonly class: FindingClass
  readonly certainty: string
  readonly settled: boolean
}): boolean {
  return (
    finding.severity >= 4 &&
    (finding.grade === 'proven' || finding.grade === 'signed') &&
    (finding.class === 'inheritance' || finding.class === 'validity') &&
    finding.certainty === 'certain' &&
    finding.settled
  )
}
