import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import type { ToolGrants, Trust } from '@delegraph/link'
import {
  type ChainLink,
  decodeUnverified,
  isFault,
  type LinkClaims,
  type LinkMemo,
  type NarrowingProblem,
  verifyLink,
} from '@delegraph/link'
import type { Asserted } from '../evidence/asserted.ts'
import type { SignedEvidence } from '../evidence/types.ts'

/** What an unsigned statement is held against: the link above it, signed or not. */
export interface AboveAsserted {
  readonly holder: string
  readonly principal: string
  readonly task: string
  readonly depth: number
  readonly maxDepth: number
  readonly issuedAt: number
  readonly expiresAt?: number
  readonly tools: ToolGrants
  readonly outcome: Outcome
}

/** What may be said of one link, time and status aside. */
export interface LinkJudgement {
  readonly hash: string
  readonly text?: string
  readonly claims?: LinkClaims
  /** `missing` for the statement of somebody who signs nothing. */
  readonly signature: 'valid' | 'invalid' | 'unchecked' | 'missing'
  readonly outcome: Outcome
  readonly problems: readonly NarrowingProblem[]
  readonly flags: readonly string[]
  /** Where the signature holds: what links below it are judged against. */
  readonly link?: ChainLink
  /** Of an unsigned statement: what it says. */
  readonly asserted?: Asserted<'link'>
  /** What it says as the rules that need no key take it; beside `asserted`. */
  readonly said?: AboveAsserted
}

/**
 * What stands above a link: nothing (it is a root), a link that was judged, or something that is
 * not there or that nobody vouches for.
 */
export type Above = 'root' | ChainLink | { readonly missing: Outcome }

/**
 * Judges a link by every text that arrived under its hash: a copy with a broken signature does not
 * poison the true one, and the true one does not vouch for the copy. The text that proves most is
 * kept; among equals the smaller digest.
 */
export function judgeLink(
  hash: string,
  candidates: readonly SignedEvidence[],
  above: Above,
  trust: Trust,
  memo: LinkMemo,
): LinkJudgement {
  const judged = [...candidates]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((candidate) => judgeText(hash, candidate, above, trust, memo))
  const ranked = [...judged].sort((a, b) => rank(b) - rank(a))
  return ranked[0] ?? { ...unread(hash), outcome: outcomeOf('chain_incomplete') }
}

function judgeText(
  hash: string,
  candidate: SignedEvidence,
  above: Above,
  trust: Trust,
  memo: LinkMemo,
): LinkJudgement {
  const { text } = candidate
  if (text === undefined) return { ...unread(hash), outcome: outcomeOf('oversized') }
  const decoded = decodeUnverified(text)
  if (isFault(decoded)) {
    const outcome = candidate.truncated
      ? outcomeOf('truncated')
      : outcomeOf(decoded.code, decoded.detail)
    return { ...unread(hash), text, outcome }
  }
  if (typeof above === 'object' && 'missing' in above) {
    // What it says is shown, though nobody vouches for it.
    const { claims } = verifyLink(text, undefined, { anchors: [] })
    return {
      ...unread(hash),
      text,
      outcome: above.missing,
      ...(claims === undefined ? {} : { claims }),
    }
  }
  const parent = above === 'root' ? undefined : above
  const verdict = verifyLink(text, parent, { anchors: trust.anchors, memo })
  const { claims, link, signature, problems, flags } = verdict
  return {
    hash,
    text,
    signature,
    problems,
    flags,
    outcome: outcomeWith(verdict.outcome, parent, candidate.truncated),
    ...(claims === undefined ? {} : { claims }),
    ...(link === undefined ? {} : { link }),
  }
}

function outcomeWith(own: Outcome, parent: ChainLink | undefined, truncated: boolean): Outcome {
  if (own.state !== 'ok') return truncated ? outcomeOf('truncated') : own
  // In order by itself under a link that is not: the failure lies above.
  if (parent === undefined || parent.sound) return own
  return { state: 'failed', code: 'not_narrower', detail: 'above' }
}

function unread(hash: string): Omit<LinkJudgement, 'outcome'> {
  return { hash, signature: 'unchecked', problems: [], flags: [] }
}

function rank(judgement: LinkJudgement): number {
  const { state } = judgement.outcome
  const score = state === 'ok' ? 4 : state === 'unknown' ? 1 : 0
  return score + (judgement.signature === 'valid' ? 2 : 0)
}
