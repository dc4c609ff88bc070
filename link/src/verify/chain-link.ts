import type { Outcome } from '@delegraph/graph-schema'
import type { NarrowingProblem } from '../constraints/narrows.ts'
import type { HolderKey } from '../jwk.ts'
import type { LinkClaims } from '../types.ts'

/** Facts that a verifier notes; they change no outcome. */
export type LinkFlag =
  /** The child's authority equals its parent's. */
  | 'same_scope'
  /** The child's holder key is its parent's. */
  | 'holder_key_reused'
  /** A tool takes arguments that nobody named. */
  | 'unbounded_tool'

/**
 * A link whose signature holds under the key named above it. `sound` says whether it and every
 * link above it is in order; one that is not can still be a parent, so that what hangs below a
 * widened link is judged and shown too.
 */
export interface ChainLink {
  readonly text: string
  /** SHA-256 of the signing input: the id of the link. */
  readonly hash: string
  readonly claims: LinkClaims
  readonly holder: HolderKey
  readonly parent: ChainLink | undefined
  readonly sound: boolean
  /** The anchor of the root: kept with verdicts, since keys rotate and audits do not. */
  readonly anchor: { readonly iss: string; readonly kid: string; readonly jkt: string }
  /** Names the set of anchors it was judged under. */
  readonly anchors: string
}

/** A link that is in order, and all above it. */
export type VerifiedLink = ChainLink & { readonly sound: true }

export type SignatureState = 'valid' | 'invalid' | 'unchecked'

/** What is said of one link against its parent, whatever the time and the audience. */
export interface LinkVerdict {
  /** Of this link's own step; whether the links above it are in order is `link.sound`. */
  readonly outcome: Outcome
  /** Absent for a text that has not three parts or is too large. */
  readonly hash: string | undefined
  /** What the text says, believed or not; absent where it cannot be read. */
  readonly claims: LinkClaims | undefined
  readonly signature: SignatureState
  readonly flags: readonly LinkFlag[]
  /** Where it is wider than its parent. */
  readonly problems: readonly NarrowingProblem[]
  /** Present once the signature holds and the claims could be read. */
  readonly link: ChainLink | undefined
}

/** Whether a link and all above it are in order. */
export function isVerified(link: ChainLink | undefined): link is VerifiedLink {
  return link?.sound === true
}

/** The links from the root to this one. */
export function pathOf(link: ChainLink): readonly ChainLink[] {
  const path: ChainLink[] = []
  for (let at: ChainLink | undefined = link; at !== undefined; at = at.parent) path.unshift(at)
  return path
}
