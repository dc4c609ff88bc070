import type { Grade } from '@delegraph/graph-schema'
import type { Call } from '../../verify/call.ts'
import type { DecisionRecord } from '../../verify/decision.ts'
import type { Influence } from './influence.ts'

/**
 * What was recorded around an action, found by keyed look-ups of bounded depth and time: candidates,
 * of which the rules are the judges. Plain data, the same whatever order the evidence came in.
 */
export interface Surroundings {
  /** Whose data reached it. */
  readonly influences: readonly Influence[]
  /** Refusals of the same operation: of its task, of its chain, or of an agent whose data reached it. */
  readonly denials: readonly Denial[]
  /** Writes of what it rests on: of policies, links, approvals, credentials, configurations. */
  readonly writes: readonly ControlWrite[]
  /** Executed actions that a conflict rule may forbid beside it, earlier than it. */
  readonly conflicting: readonly PriorUse[]
  /** Where the secret that it presented was seen before, the first one first. */
  readonly secret: readonly SecretSeen[]
  /** Moments of other executed actions on the same link, approval or credential, epoch milliseconds. */
  readonly otherUses: readonly number[]
}

/** A secret in what an agent gave away, or in a call that presented it. */
export interface SecretSeen {
  /** Its keyed hash, that of a content too. */
  readonly secret: string
  readonly agent: string
  readonly did: 'gave' | 'used'
  /** Epoch milliseconds. */
  readonly at: number
  readonly grade: Grade
  readonly action?: string
  readonly resource?: string
}

/** A refusal with the chain of the link that was presented. */
export interface Denial extends DecisionRecord {
  readonly chain?: string
  /** The call itself says that it was refused: the hash is its id, and no decision is recorded. */
  readonly isCall?: true
}

export const NOTHING_AROUND: Surroundings = {
  influences: [],
  denials: [],
  writes: [],
  conflicting: [],
  secret: [],
  otherUses: [],
}

/** An executed action that changed what governs others. */
export interface ControlWrite {
  readonly action: string
  readonly agent: string
  readonly resource: string
  readonly call: Call
  /** Epoch milliseconds. */
  readonly at: number
  readonly grade: Grade
  /** It was itself authorised, or approved by somebody accountable. */
  readonly inOrder: boolean
  /** How what was written bears on the action that is judged. */
  readonly bears: 'cited' | 'configured' | 'read' | 'own'
}

/** An earlier executed action of the same agent, or of one of the same owner in the same task. */
export interface PriorUse {
  readonly action: string
  readonly agent: string
  readonly tool: string
  /** Principal on whose grant it rested. */
  readonly root: string
  readonly task?: string
  readonly link?: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly grade: Grade
  /** Who gave the call: at the root of a path that carries it, by his owner's word, or by a yes. */
  readonly givers: readonly string[]
  /** Its data reached the later action. */
  readonly flowed: boolean
}
