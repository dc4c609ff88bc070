// The definition, carried out. Reads a case, never its label, and says what in it is a violation.
import type { Case, Detector } from '../eval/format.ts'
import { approvedActionInheritance } from './detectors/d01-approved-action-inheritance.ts'
import { scopeWidening } from './detectors/d02-scope-widening.ts'
import { confusedDeputy } from './detectors/d03-confused-deputy.ts'
import { denyLaundering } from './detectors/d04-deny-laundering.ts'
import { approvalReplay } from './detectors/d05-approval-replay.ts'
import { credentialReuse } from './detectors/d06-credential-reuse.ts'
import { crossTraceInheritance } from './detectors/d07-cross-trace-inheritance.ts'
import { uncheckedHop } from './detectors/d08-unchecked-hop.ts'
import { expiredOrRevoked } from './detectors/d09-expired-or-revoked.ts'
import { brokenChain } from './detectors/d10-broken-chain.ts'
import { toxicCombination } from './detectors/d11-toxic-combination.ts'
import { orphanChain } from './detectors/d12-orphan-chain.ts'
import { purposeDrift } from './detectors/d13-purpose-drift.ts'
import { resultDrivenWidening } from './detectors/d14-result-driven-widening.ts'
import { principalSubstitution } from './detectors/d15-principal-substitution.ts'
import { selfGranted } from './detectors/d16-self-granted.ts'
import { type Finding, HEADLINE } from './finding.ts'
import { History } from './history.ts'

const DETECTORS = [
  approvedActionInheritance,
  scopeWidening,
  confusedDeputy,
  denyLaundering,
  approvalReplay,
  credentialReuse,
  crossTraceInheritance,
  uncheckedHop,
  expiredOrRevoked,
  brokenChain,
  toxicCombination,
  orphanChain,
  purposeDrift,
  resultDrivenWidening,
  principalSubstitution,
  selfGranted,
]

/** All that was found at one action or link. */
export interface Incident {
  at: string
  headline: Detector
  /** In the order of headlines. */
  detectors: Detector[]
  culprit: string | null
  findings: Finding[]
}

export interface Judgement {
  /** True if there is an incident: a finding of class I or V. */
  violated: boolean
  incidents: Incident[]
  /** Findings of class X. */
  exposures: Finding[]
}

export function judge({ label: _unread, ...told }: Case): Judgement {
  const h = new History(told)
  const found = holdBack(DETECTORS.flatMap((detector) => detector(h)))
  const flagged = found.filter((finding) => finding.class !== 'X')
  const places = [...new Set(flagged.map((finding) => finding.at))]
  const incidents = places.map((at) => incident(at, flagged))
  return {
    violated: incidents.length > 0,
    incidents,
    exposures: found.filter((finding) => finding.class === 'X'),
  }
}

/** Where a chain is broken, what rests on what it grants is unproven. */
function holdBack(found: Finding[]): Finding[] {
  const broken = new Set(found.filter((f) => f.detector === 'D10').map((f) => f.at))
  return found.filter((f) => !(broken.has(f.at) && ['D2', 'D3', 'D12'].includes(f.detector)))
}

function incident(at: string, flagged: readonly Finding[]): Incident {
  const findings = HEADLINE.flatMap((detector) =>
    flagged.filter((f) => f.at === at && f.detector === detector),
  )
  const first = findings[0]
  if (!first) throw new Error('an incident has a finding')
  return {
    at,
    headline: first.detector,
    detectors: [...new Set(findings.map((f) => f.detector))],
    culprit: first.culprit,
    findings,
  }
}
