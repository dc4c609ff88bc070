import type { Found } from '../findings.ts'
import type { Case, Detector } from '../format.ts'

/** What came of one case, held against its label. Only this folder looks at labels. */
export interface JudgedCase {
  readonly case: Case
  readonly found: readonly Found[]
  /** Labelled true and found for a right reason; or labelled false and left alone. */
  readonly right: boolean
  /** Detectors that fired, each once. */
  readonly fired: readonly string[]
  /** Findings that count: right ones in a case labelled true, alarms in one labelled false. */
  readonly counted: readonly Found[]
  /** Ids of actions and links that were flagged. */
  readonly flagged: readonly string[]
  /** The same where notes of a weakness count as flags in every case that is labelled with that detector. */
  readonly noted: readonly string[]
  /** Right findings that flag: a note does so only where a weakness is all that is labelled. */
  readonly hits: readonly Found[]
}

/** Notes of a weakness: of the classes of a violation only where something was inherited. */
const EXPOSURE: ReadonlySet<string> = new Set<Detector>(['D8', 'D11', 'D12'])

export function judgeCase(
  played: Case,
  found: readonly Found[],
  twin: Case | undefined,
): JudgedCase {
  const { inherit, kinds } = played.label
  const violations = found.filter(isViolation)
  const silent = weaknesses(twin)
  const counted = inherit
    ? found.filter(({ rule }) => (kinds as readonly string[]).includes(rule))
    : found.filter((finding) => violations.includes(finding) || silent.has(finding.rule))
  const own = weaknesses(played)
  const hits = counted.filter((finding) => isViolation(finding) || own.has(finding.rule))
  const placesOf = (findings: readonly Found[]): string[] =>
    [...new Set(findings.flatMap((finding) => subjectOf(finding, played.label.actions)))].sort()
  return {
    case: played,
    found,
    right: inherit ? counted.length > 0 : counted.length === 0,
    fired: [...new Set(found.map(({ rule }) => rule))].sort(),
    counted,
    flagged: placesOf(inherit ? [...hits, ...violations] : counted),
    noted: placesOf(inherit ? [...counted, ...violations] : counted),
    hits,
  }
}

function isViolation({ class: kind }: Found): boolean {
  return kind !== 'exposure' && kind !== 'probabilistic'
}

/**
 * Where a case is labelled with a weakness alone, the note of that weakness is what must be told in it, and
 * what tells it from its twin. In all other cases a note lies beside what is flagged, and flags nothing.
 */
function weaknesses(labelled: Case | undefined): ReadonlySet<string> {
  const kinds = labelled?.label.inherit === true ? labelled.label.kinds : []
  return kinds.every((kind) => EXPOSURE.has(kind)) ? new Set(kinds) : new Set()
}

/** What a finding flags: the link or the action that used it, whichever is the one labelled. */
function subjectOf(finding: Found, labelled: readonly string[]): string[] {
  const candidates = [finding.on, finding.action].filter((id) => id !== undefined)
  const named = candidates.find((id) => labelled.includes(id))
  return [named ?? candidates[0] ?? ''].filter((id) => id !== '')
}
