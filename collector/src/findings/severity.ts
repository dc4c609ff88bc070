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

/** What stands around a hit and makes it graver, whichever rule it is of. */
export interface Circumstances {
  readonly effect: EffectClass | undefined
  readonly grade: Grade
  /** Who gained and whose authority it was have different owners. */
  readonly crossesOwner: boolean
  /** The operation had been refused. */
  readonly afterDenial: boolean
  /** Nobody accountable stands at the root. */
  readonly unrooted: boolean
}

/**
 * Severity of a hit: the effect class of the operation, what stands around it, the detector's own
 * adjustments, and one less where the evidence is unsigned. Each reason counts once. An operation that
 * nobody classified counts as a write and says so.
 */
export function severityOf(hit: Hit, circumstances: Circumstances): Severity {
  const { effect } = circumstances
  const [base, reason] =
    hit.fixed !== undefined
      ? ([hit.fixed, 'set by the rule'] as const)
      : effect === undefined
        ? ([3, 'nobody classified the operation'] as const)
        : BASE[effect]
  const reasons = [`${base}: ${reason}`]
  let level: number = base
  for (const { by, reason: why } of adjustments(hit, circumstances)) {
    level += by
    reasons.push(`${by > 0 ? '+' : ''}${by}: ${why}`)
  }
  if (hit.atLeast !== undefined && level < hit.atLeast) {
    level = hit.atLeast
    reasons.push(`at least ${hit.atLeast}`)
  }
  if (hit.atMost !== undefined && level > hit.atMost) {
    level = hit.atMost
    reasons.push(`at most ${hit.atMost}`)
  }
  return { level: Math.min(5, Math.max(1, level)), reasons }
}

interface Adjustment {
  readonly by: number
  readonly reason: string
}

function adjustments(hit: Hit, around: Circumstances): Adjustment[] {
  if (hit.fixed !== undefined) return [...(hit.adjust ?? [])]
  const unsigned = around.grade === 'asserted' || around.grade === 'observed'
  const all: (Adjustment | false)[] = [
    around.crossesOwner && { by: 1, reason: 'it crosses an owner' },
    around.afterDenial && { by: 1, reason: AFTER_DENIAL },
    around.unrooted && { by: 1, reason: 'nobody accountable stands at the root' },
    ...(hit.adjust ?? []),
    unsigned && { by: -1, reason: `the evidence is ${around.grade}` },
  ]
  const given = all.filter((entry) => entry !== false)
  return [...new Map(given.map((entry) => [entry.reason, entry])).values()]
}

/** The reason that a rule about refusals and the circumstances share. */
export const AFTER_DENIAL = 'it comes after a refusal'

/** Whether somebody is to be woken: grave, proven or signed, certain, and nothing pending. */
export function pages(finding: {
  readonly severity: number
  readonly grade: Grade
  readonly class: FindingClass
  readonly certainty: string
  readonly settled: boolean
  /** A signed decision covers the action: its word stands where the action's own is unsigned. */
  readonly decided: boolean
  readonly pageable: boolean
}): boolean {
  return (
    finding.severity >= 4 &&
    (finding.grade === 'proven' || finding.grade === 'signed' || finding.decided) &&
    (finding.class === 'inheritance' || finding.class === 'validity') &&
    finding.certainty === 'certain' &&
    finding.settled &&
    finding.pageable
  )
}
