import type {
  AuthoritySource,
  DetectorId,
  FindingClass,
  FlowStep,
  Grade,
  Remedy,
  TimelineEntry,
} from '@delegraph/graph-schema'
import type { Call } from '../verify/call.ts'
import type { Path, PathLink } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import type { Fact } from './definition/fact.ts'
import type { JudgedSubject } from './definition/judged-subject.ts'
import type { Surroundings } from './definition/surroundings.ts'

/** The same with what was recorded around it: what action rules see. */
export interface ActionCase extends JudgedSubject {
  readonly around: Surroundings
}

/** A link with the path above it and the actions that used it or a link below it. */
export interface LinkCase {
  readonly link: PathLink
  readonly path: Path
  readonly exercised: readonly ExercisedAction[]
  readonly registry: Registry
  /** The link that this one renews, where it has arrived. */
  readonly replaced?: PathLink
  /** Other links under the same issuer and token id. */
  readonly sameToken: readonly PathLink[]
  /** Other links of the same agent for the same task, where a conflict rule names an operation of this one. */
  readonly held: readonly HeldLink[]
}

/** A link that an agent holds, with the path above it. */
export interface HeldLink {
  readonly link: PathLink
  readonly path: Path
  /** An executed action cites it, or a link below it. */
  readonly used: boolean
}

export interface ExercisedAction {
  readonly id: string
  readonly agent: string
  readonly tool: string
  readonly call: Call
  /** Epoch milliseconds. */
  readonly at: number
  readonly effect: string
}

/** Nobody says that it was blocked or failed. */
export function isExecuted({ effect }: Pick<ExercisedAction, 'effect'>): boolean {
  return effect === 'ok' || effect === 'unknown'
}

/** What a rule says when it fires; everything else of a finding follows from the case. */
export interface Hit {
  readonly title: string
  /** Up to three facts that it rests on. */
  readonly facts: readonly Fact[]
  /** The agent that got what it was never given. */
  readonly gained: string
  /** The agent whose authority it was. */
  readonly from?: string
  readonly source?: AuthoritySource
  readonly culprit?: {
    readonly kind: 'approval' | 'link' | 'credential' | 'receipt' | 'decision' | 'export' | 'state'
    readonly id: string
  }
  readonly counterfactual?: string
  readonly remedy: Remedy
  /** The detector's own adjustments, each with its reason. */
  readonly adjust?: readonly { readonly by: number; readonly reason: string }[]
  /** Severity is at least this, and at most that. */
  readonly atLeast?: number
  readonly atMost?: number
  /** Severity is this, whatever the effect class. */
  readonly fixed?: number
  /** The class where it differs from the rule's own. */
  readonly class?: FindingClass
  /** Grades of the facts that it rests on beside the action itself: it is as good as the weakest. */
  readonly rests?: readonly Grade[]
  /** False where the facts do not suffice to wake somebody. */
  readonly pageable?: boolean
  /** The way that data took to the action, where that is what it rests on. */
  readonly flow?: readonly FlowStep[]
  /** What belongs on the time line beside the links, the approvals and the action. */
  readonly timeline?: readonly TimelineEntry[]
  /** The first action that used what a link rule fires on. */
  readonly action?: string
  /** Where that rule fires on the same action, too, the incident is called after it. */
  readonly behind?: DetectorId
  /** Nobody used what a link rule fires on, whatever else was done under the link. */
  readonly unused?: true
}

interface RuleBase {
  readonly id: DetectorId
  readonly class: FindingClass
  /** One plain sentence: when it fires. */
  readonly sentence: string
}

/** Fires on one action. Pure: the same case, the same answer. */
export interface ActionRule extends RuleBase {
  readonly on: 'action'
  check(subject: ActionCase): Hit | undefined
}

/** Fires on one link, whether or not it was used. */
export interface LinkRule extends RuleBase {
  readonly on: 'link'
  /** It says itself which actions made use of what it fires on; else all under the link did. */
  readonly knowsUse?: true
  check(subject: LinkCase): Hit | undefined
}

export type Rule = ActionRule | LinkRule
