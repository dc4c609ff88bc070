import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { LIMITS } from '../constants.ts'
import { type Fault, isFault } from '../fault.ts'
import type { HolderKey } from '../jwk.ts'
import type { Anchor } from '../types.ts'
import { type ChainLink, isVerified, type LinkVerdict, type VerifiedLink } from './chain-link.ts'
import { judgeAudience } from './judge-audience.ts'
import { judgeTime } from './judge-time.ts'
import { type OpenedLink, openLink } from './open-link.ts'
import { findSigner, type LinkSigner } from './signer-of.ts'
import { isOversized, judgeOpened, type LinkContext, unjudged, verifyLink } from './verify-link.ts'

export interface ChainContext extends LinkContext {
  /** NumericDate of the action. */
  readonly at: number
  /** The enforcement point, where a call was made; `''` for one that stays in the process. */
  readonly audience?: string
  /** Seconds that `iat` may be ahead; 30 where absent. */
  readonly skew?: number
}

/** What else has to be known before an action under the chain is in order. */
export type ChainStep = 'audience' | 'status' | 'revocation' | 'task' | 'possession' | 'action'

export interface ChainVerdict {
  /** The first fault from the root down; structure before time before audience. */
  readonly outcome: Outcome
  /** Index of the link at fault. */
  readonly failedAt?: number
  /** One for each text, root first; empty where the chain was refused as a whole. */
  readonly links: readonly LinkVerdict[]
  /** The leaf, where the chain is in order. */
  readonly leaf?: VerifiedLink
  readonly notPerformed: readonly ChainStep[]
}

/**
 * Verifies a chain given by value, root first, as it was at one time. Links behind one whose
 * signature does not hold are `chain_incomplete`: nobody vouches for the key above them.
 */
export function verifyChain(texts: readonly string[], context: ChainContext): ChainVerdict {
  const notPerformed = stepsLeft(context)
  const refusal = sizeFault(texts)
  if (refusal !== undefined) return { outcome: refusal, links: [], notPerformed }
  const links = verifyAll(texts, context)
  const failedAt = links.findIndex((verdict) => verdict.outcome.state !== 'ok')
  const failed = links[failedAt]
  if (failed !== undefined) return { outcome: failed.outcome, failedAt, links, notPerformed }
  return { ...judgePath(links, context), links, notPerformed }
}

function verifyAll(texts: readonly string[], context: ChainContext): readonly LinkVerdict[] {
  const together = context.memo === undefined && !texts.some(isOversized)
  return together ? verifyTogether(texts, context.anchors) : verifyOneByOne(texts, context)
}

function verifyOneByOne(texts: readonly string[], context: ChainContext): readonly LinkVerdict[] {
  const verdicts: LinkVerdict[] = []
  let parent: ChainLink | undefined
  for (const [index, text] of texts.entries()) {
    const cut = index > 0 && parent === undefined
    const verdict = cut ? unjudged(text) : verifyLink(text, parent, context)
    verdicts.push(verdict)
    parent = verdict.link
  }
  return verdicts
}

/**
 * Opens all links, then checks all signatures, then judges: the same verdicts, but a curve's tables
 * and the claims do not push each other out of the processor's cache at every link.
 */
function verifyTogether(
  texts: readonly string[],
  anchors: readonly Anchor[],
): readonly LinkVerdict[] {
  const opened = texts.map(openLink)
  const signers = checkSignatures(opened, anchors)
  let parent: ChainLink | undefined
  const verdicts: LinkVerdict[] = []
  for (const link of opened) {
    const index = verdicts.length
    const signer = signers[index]
    const cut = signer === undefined || (index > 0 && parent === undefined)
    const verdict = cut ? unjudged(link.text) : judgeOpened(link, signer, parent, anchors)
    verdicts.push(verdict)
    parent = verdict.link
  }
  return verdicts
}

/** Root first, up to the first one that does not hold. */
function checkSignatures(
  opened: readonly OpenedLink[],
  anchors: readonly Anchor[],
): readonly (LinkSigner | Fault)[] {
  const signers: (LinkSigner | Fault)[] = []
  let holder: HolderKey | undefined
  for (const { jws, parsed } of opened) {
    const signer = findSigner(jws, holder, anchors)
    signers.push(signer)
    if (isFault(signer) || isFault(parsed)) break
    holder = parsed.holder
  }
  return signers
}

function judgePath(
  verdicts: readonly LinkVerdict[],
  context: ChainContext,
): Pick<ChainVerdict, 'outcome' | 'failedAt' | 'leaf'> {
  const path: ChainLink[] = []
  for (const { link } of verdicts) if (link !== undefined) path.push(link)
  const time = judgeTime(path, context.at, context.skew)
  if (time.index !== undefined) return { outcome: time.outcome, failedAt: time.index }
  if (context.audience !== undefined) {
    const audience = judgeAudience(path, context.audience)
    if (audience.index !== undefined) return { outcome: audience.outcome, failedAt: audience.index }
  }
  const leaf = path.at(-1)
  return isVerified(leaf) ? { outcome: time.outcome, leaf } : { outcome: outcomeOf('malformed') }
}

function sizeFault(texts: readonly string[]): Outcome | undefined {
  if (texts.length === 0) return outcomeOf('malformed', 'empty')
  if (texts.length > LIMITS.links) return outcomeOf('depth_invalid', 'links')
  const size = texts.reduce((sum, text) => sum + (typeof text === 'string' ? text.length : 0), 0)
  return size > LIMITS.chainSize ? outcomeOf('oversized', 'chain') : undefined
}

function stepsLeft(context: ChainContext): readonly ChainStep[] {
  const always: readonly ChainStep[] = ['status', 'revocation', 'task', 'possession', 'action']
  return context.audience === undefined ? ['audience', ...always] : always
}
