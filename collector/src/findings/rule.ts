import type {
  Authority,
  AuthoritySource,
  DetectorId,
  FindingClass,
  Remedy,
} from '@delegraph/graph-schema'
import type { JudgedAction } from '../verify/action.ts'
import type { AuthorityContext } from '../verify/authority.ts'
import type { Path, PathLink } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'

/** An executed action with everything that was judged about it. */
export interface ActionCase {
  readonly action: JudgedAction
  readonly authority: Authority
  readonly context: AuthorityContext
  readonly registry: Registry
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
}

export interface ExercisedAction {
  readonly id: string
  readonly agent: string
  readonly tool: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly effect: string
}

/** What a rule says when it fires; everything else of a finding follows from the case. */
export interface Hit {
  readonly title: string
  /** Up to three facts that it rests on. */
  readonly facts: readonly string[]
  /** The agent that got what it was never given. */
  readonly gained: string
  /** The agent whose authority it was. */
  readonly from?: string
  readonly source?: AuthoritySource
  readonly culprit?: {
    readonly kind: 'approval' | 'link' | 'credential' | 'receipt' | 'decision' | 'export'
    readonly id: string
  }
  readonly counterfactual?: string
  readonly remedy: Remedy
  /** The detector's own adjustments, each with its reason. */
  readonly adjust?: readonly { readonly by: number; readonly reason: string }[]
  /** Severity is at least this. */
  readonly atLeast?: number
  /** Severity is this, whatever the effect class. */
  readonly fixed?: number
  /** The class where it differs from the rule's own. */
  readonly class?: FindingClass
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
  check(subject: LinkCase): Hit | undefined
}

export type Rule = ActionRule | LinkRule

/** Denied and failed actions are attempts: recorded and shown, never flagged. */
export function executed(action: JudgedAction): boolean {
  return action.effect === 'ok' || action.effect === 'unknown'
}
