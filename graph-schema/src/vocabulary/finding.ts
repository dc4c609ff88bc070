import type { Grade, Outcome, Verdict } from './outcome.ts'

/** The detectors that run. Each has a rule, a test and a page of the same name. */
export const DETECTORS = {
  D1: 'approved-action-inheritance',
  D2: 'scope-widening',
  D3: 'confused-deputy',
  D4: 'deny-laundering',
  D5: 'approval-replay',
  D6: 'credential-reuse',
  D7: 'cross-trace-inheritance',
  D8: 'unchecked-hop',
  D9: 'expired-or-revoked',
  D10: 'broken-chain',
  D11: 'toxic-combination',
  D12: 'orphan-chain',
  D13: 'purpose-drift',
  D14: 'result-driven-widening',
  D15: 'principal-substitution',
  D16: 'self-granted',
} as const
export type DetectorId = keyof typeof DETECTORS

/** I inheritance, V validity, X exposure (a weakness, never paged alone), P probabilistic. */
export type FindingClass = 'inheritance' | 'validity' | 'exposure' | 'probabilistic'

/**
 * `unknown`: whether the action was executed could not be established. `ambiguous`: several
 * assignments of a path fit it, and not all of them violate. Neither is ever paged.
 */
export type Certainty = 'certain' | 'unknown' | 'ambiguous'

export type FindingState = 'open' | 'withdrawn'

/** One hop of a chain as a person reads it. */
export interface Hop {
  readonly depth: number
  readonly link: string
  /** Who gave: a principal at the root, an agent below it. */
  readonly delegator: string
  readonly delegate: string
  /** Tool URIs granted here, with their argument constraints as one line each. */
  readonly granted: readonly GrantedTool[]
  readonly signature: 'valid' | 'invalid' | 'unchecked' | 'missing'
  readonly outcome: Outcome
  readonly issuedAt?: number
  readonly expiresAt?: number
  /** What kind of delegation it is; our links where absent. */
  readonly profile?: string
  readonly grade?: Grade
  /** Whether this hop covers the action; the first that does not is where permission entered. */
  readonly covers: boolean | 'unknown'
}

export interface GrantedTool {
  readonly tool: string
  /** `env = "staging"`, `amount 0..500`; empty where nothing is constrained. */
  readonly limits: readonly string[]
  /** Against the parent; `appeared` and `widened` are beyond it. Absent on a root. */
  readonly change?: 'kept' | 'narrowed' | 'appeared' | 'widened' | 'unproven'
}

/** What made a finding, complete enough to be read without the graph. */
export interface FindingBody {
  /** `worker ran deploy on an approval that alice gave to planner`. */
  readonly title: string
  /** The three facts that it rests on, each a plain sentence. */
  readonly facts: readonly string[]
  /** What shows each of them, in the same order; absent from what was told before this was kept. */
  readonly shownBy?: readonly FactEvidence[]
  /** `worker alone would have been denied: ...`, computed and never written by hand. */
  readonly counterfactual?: string
  /** The record that would have made the action legitimate, with its fields filled in. */
  readonly remedy?: Remedy
  readonly hops: readonly Hop[]
  /** Index into `hops` of the first that does not cover the action; absent where all cover it. */
  readonly uncoveredHop?: number
  /** Where the authority that was used came from. */
  readonly source?: AuthoritySource
  readonly principal?: string
  readonly owner?: string
  readonly verdict?: Verdict
  readonly severityReasons: readonly string[]
  readonly timeline: readonly TimelineEntry[]
  /** The way that data took from whoever gained to the action, the first step first. */
  readonly flow?: readonly FlowStep[]
  /** How many paths the action may have been on; absent where what it was on is proven. */
  readonly assignments?: Assignments
  /** Registry version that the judgement used; empty for none. */
  readonly registryVersion: string
  readonly grade: Grade
}

/** Where a fact can be seen: what says it, or whoever lacks what it says is lacking. */
export interface FactEvidence {
  readonly kind: 'link' | 'action' | 'approval' | 'decision' | 'credential' | 'key' | 'agent'
  readonly id: string
}

/** Paths that fit an action whose receipt names none. */
export interface Assignments {
  readonly count: number
  /** How many of them violate: where all do the finding is certain, if not who is to blame. */
  readonly violating: number
  /** True where there are more than were tried. */
  readonly capped: boolean
  /** The one missing fact that would decide. */
  readonly decides: string
}

/** One step of data on its way. */
export interface FlowStep {
  /** Epoch milliseconds. */
  readonly at: number
  readonly agent: string
  readonly did: 'gave' | 'got'
  /** Keyed hash of the content. */
  readonly data: string
  readonly resource?: string
  /** The call that gave it back. */
  readonly action?: string
}

export interface AuthoritySource {
  /** `state` is what an agent wrote; `zone` is the place, where nothing else let it through. */
  readonly kind: 'approval' | 'link' | 'standing' | 'credential' | 'decision' | 'state' | 'zone'
  readonly id: string
  /** The agent it belongs to. */
  readonly holder: string
  /** The person whose yes it was, where one is known. */
  readonly giver?: string
  readonly signature: 'valid' | 'invalid' | 'unchecked' | 'missing'
}

export interface Remedy {
  readonly kind: 'link' | 'approval' | 'export' | 'decision' | 'owner' | 'standing' | 'none'
  /** One sentence: who would have to sign what. */
  readonly sentence: string
  readonly issuer?: string
  readonly holder?: string
  readonly tool?: string
  readonly constraints?: readonly string[]
  readonly task?: string
  /** NumericDate. */
  readonly until?: number
}

export interface TimelineEntry {
  /** Epoch milliseconds. */
  readonly at: number
  readonly what: string
}
