import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { LIMITS } from '../constants.ts'
import { isOpen, mapOf } from '../constraints/argument-map.ts'
import { sameTools } from '../constraints/scope-diff.ts'
import { type Fault, isFault } from '../fault.ts'
import { toolsOf } from '../link-claims.ts'
import type { Anchor } from '../types.ts'
import type { ChainLink, LinkFlag, LinkVerdict, SignatureState } from './chain-link.ts'
import { lineageBelow, lineageOf } from './lineage.ts'
import { derivedFault, rootFault } from './link-rules.ts'
import type { LinkMemo } from './memo.ts'
import { type OpenedLink, openLink } from './open-link.ts'
import { anchorsId, findSigner, type LinkSigner } from './signer-of.ts'

/** What a verifier brings along. */
export interface LinkContext {
  /** Keep one array as long as the anchors are the same: a memo tells anchors apart by identity. */
  readonly anchors: readonly Anchor[]
  readonly memo?: LinkMemo
}

/**
 * Judges one link against its parent, or against the anchors where it is a root: form, key,
 * signature, claims, linkage, lifetime caps, narrowing; in this order, stopping at the first fault.
 * Nothing here depends on the time or the audience: see `judgeTime` and `judgeAudience`. Never
 * throws, whatever the text is.
 */
export function verifyLink(
  text: string,
  parent: ChainLink | undefined,
  context: LinkContext,
): LinkVerdict {
  if (isOversized(text)) return oversized(text)
  const { anchors, memo } = context
  if (memo === undefined) return judgeAlone(text, parent, anchors)
  const above = parent === undefined ? anchorsId(anchors) : lineageOf(parent)
  const lineage = lineageBelow(above, text)
  const known = memo.get(lineage)
  if (known !== undefined) return known
  const verdict = judgeAlone(text, parent, anchors)
  memo.set(lineage, verdict)
  return verdict
}

function judgeAlone(
  text: string,
  parent: ChainLink | undefined,
  anchors: readonly Anchor[],
): LinkVerdict {
  const opened = openLink(text)
  return judgeOpened(opened, findSigner(opened.jws, parent?.holder, anchors), parent, anchors)
}

/** Judges a link that was opened, and whose signature was checked, before. */
export function judgeOpened(
  opened: OpenedLink,
  signer: LinkSigner | Fault,
  parent: ChainLink | undefined,
  anchors: readonly Anchor[],
): LinkVerdict {
  if (isFault(signer)) {
    const checked = signer.code === 'signature_invalid' ? 'invalid' : 'unchecked'
    return refused(opened, signer, checked)
  }
  const { jws, parsed } = opened
  if (isFault(jws)) return refused(opened, jws, 'unchecked')
  if (isFault(parsed)) return refused(opened, parsed, 'valid')
  const root = signer.anchor(parsed.claims.iss)
  const wrong =
    parent === undefined ? rootFault(parsed, root ?? NOBODY) : derivedFault(parsed, parent)
  const link: ChainLink = {
    text: opened.text,
    hash: jws.hash,
    claims: parsed.claims,
    holder: parsed.holder,
    parent,
    sound: wrong === undefined && (parent === undefined || parent.sound),
    anchor: parent?.anchor ?? shortOf(root ?? NOBODY),
    anchors: anchorsId(anchors),
  }
  return {
    outcome: wrong === undefined ? OK : outcomeOf(wrong.code, wrong.detail),
    hash: jws.hash,
    claims: parsed.claims,
    signature: 'valid',
    flags: flagsOf(link),
    problems: wrong?.problems ?? [],
    link,
  }
}

/** What is kept of an anchor: the entry of the configuration says more. */
function shortOf({ iss, kid, jkt }: ChainLink['anchor']): ChainLink['anchor'] {
  return { iss, kid, jkt }
}

/** No anchor: its empty issuer is nobody's, so a root under it fails. */
const NOBODY = { iss: '', kid: '', jkt: '' }

function flagsOf(link: ChainLink): readonly LinkFlag[] {
  const tools = toolsOf(link.claims)
  const flags: LinkFlag[] = []
  if (link.parent !== undefined && sameTools(toolsOf(link.parent.claims), tools))
    flags.push('same_scope')
  if (link.parent?.holder.jkt === link.holder.jkt) flags.push('holder_key_reused')
  for (const tool in tools) {
    const map = mapOf(tools, tool)
    if (map === undefined || !isOpen(map)) continue
    flags.push('unbounded_tool')
    break
  }
  return flags
}

/** What a refused text says is kept for show; a forged hop is drawn with its forged names. */
function refused(opened: OpenedLink, why: Fault, signature: SignatureState): LinkVerdict {
  const { hash, parsed } = opened
  return {
    outcome: outcomeOf(why.code, why.detail),
    hash,
    claims: isFault(parsed) ? undefined : parsed.claims,
    signature,
    flags: [],
    problems: [],
    link: undefined,
  }
}

/** A link whose parent has no key to judge it by. */
export function unjudged(text: string): LinkVerdict {
  if (isOversized(text)) return oversized(text)
  return refused(openLink(text), { code: 'chain_incomplete' }, 'unchecked')
}

/** Outside text may be anything. */
export function isOversized(text: unknown): boolean {
  return typeof text !== 'string' || text.length > LIMITS.linkSize
}

/** A text that is too large is not even hashed. */
function oversized(text: unknown): LinkVerdict {
  const isText = typeof text === 'string'
  const outcome: Outcome = isText ? outcomeOf('oversized') : outcomeOf('malformed', 'parts')
  return {
    outcome,
    hash: undefined,
    claims: undefined,
    signature: 'unchecked',
    flags: [],
    problems: [],
    link: undefined,
  }
}
