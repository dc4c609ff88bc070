import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { LIMITS, TYP } from '../constants.ts'
import { normalMap } from '../constraints/argument-map.ts'
import { sameTools } from '../constraints/scope-diff.ts'
import { sha256 } from '../crypto.ts'
import { isFault } from '../fault.ts'
import { parseCanonical } from '../json/parse-canonical.ts'
import { type Jws, openJws, signingInputHash, textDigest } from '../jws.ts'
import { type ParsedLink, parseLinkClaims, toolsOf } from '../link-claims.ts'
import type { Anchor, LinkClaims } from '../types.ts'
import type { ChainLink, LinkFlag, LinkVerdict, SignatureState } from './chain-link.ts'
import { derivedFault, type RuleFault, rootFault } from './link-rules.ts'
import type { LinkMemo } from './memo.ts'
import { anchorsId, findSigner, type LinkSigner } from './signer-of.ts'

/** What a verifier brings along. */
export interface LinkContext {
  /** Keep one array as long as the anchors are the same: a memo tells anchors apart by identity. */
  readonly anchors: readonly Anchor[]
  readonly memo?: LinkMemo
}

/**
 * Judges one link against its parent, or against the anchors where it is a root: form, key,
 * signature, claims, linkage, lifetime caps, narrowing; in this order, cheap first, stopping at
 * the first fault. Nothing here depends on the time or the audience: see `judgeTime` and
 * `judgeAudience`. Never throws, whatever the text is.
 */
export function verifyLink(
  text: string,
  parent: ChainLink | undefined,
  context: LinkContext,
): LinkVerdict {
  if (typeof text !== 'string' || text.length > LIMITS.linkSize) return oversized(text)
  const digest = textDigest(text)
  const lineage = sha256(`${parent?.lineage ?? anchorsId(context.anchors)}.${digest}`)
  const known = context.memo?.get(lineage)
  if (known !== undefined) return known
  const verdict = judge(text, { digest, lineage }, parent, context.anchors)
  context.memo?.set(lineage, verdict)
  return verdict
}

interface Names {
  readonly digest: string
  readonly lineage: string
}

function judge(
  text: string,
  names: Names,
  parent: ChainLink | undefined,
  anchors: readonly Anchor[],
): LinkVerdict {
  const jws = openJws(text, { typ: [TYP.link], size: LIMITS.linkSize })
  if (isFault(jws)) return refused(text, names, jws, 'unchecked')
  const signer = findSigner(jws, parent, anchors)
  if (isFault(signer)) {
    const checked = signer.code === 'signature_invalid' ? 'invalid' : 'unchecked'
    return refused(text, names, signer, checked)
  }
  const link = readClaims(jws)
  if (isFault(link)) return refused(text, names, link, 'valid')
  const wrong =
    signer.parent === undefined
      ? rootFault(link, signer.anchor(link.claims.iss))
      : derivedFault(link, signer.parent)
  return judged(text, names, jws, link, signer, wrong)
}

function judged(
  text: string,
  names: Names,
  jws: Jws,
  parsed: ParsedLink,
  signer: LinkSigner,
  wrong: RuleFault | undefined,
): LinkVerdict {
  const { claims, holder } = parsed
  const sound = wrong === undefined && (signer.parent === undefined || signer.parent.sound)
  const anchor = signer.parent === undefined ? signer.anchor(claims.iss) : signer.parent.anchor
  const link: ChainLink = {
    text,
    hash: jws.hash,
    ...names,
    claims,
    holder,
    parent: signer.parent,
    sound,
    anchor: { iss: anchor.iss, kid: anchor.kid, jkt: anchor.jkt },
  }
  return {
    outcome: wrong === undefined ? OK : outcomeOf(wrong.code, wrong.detail),
    hash: jws.hash,
    digest: names.digest,
    claims,
    signature: 'valid',
    flags: flagsOf(link),
    problems: wrong?.problems ?? [],
    link,
  }
}

function flagsOf(link: ChainLink): readonly LinkFlag[] {
  const tools = toolsOf(link.claims)
  const flags: LinkFlag[] = []
  if (link.parent !== undefined && sameTools(toolsOf(link.parent.claims), tools))
    flags.push('same_scope')
  if (link.parent?.holder.jkt === link.holder.jkt) flags.push('holder_key_reused')
  if (Object.values(tools).some((map) => normalMap(map).open)) flags.push('unbounded_tool')
  return flags
}

function readClaims(jws: Jws): ParsedLink | RuleFault {
  const parsed = parseCanonical(jws.payload)
  return isFault(parsed) ? parsed : parseLinkClaims(parsed.value)
}

/** What a refused text says is kept for show; a forged hop is drawn with its forged names. */
function refused(
  text: string,
  names: Names,
  why: RuleFault,
  signature: SignatureState,
): LinkVerdict {
  return {
    outcome: outcomeOf(why.code, why.detail),
    hash: signingInputHash(text),
    digest: names.digest,
    claims: claimedIn(text),
    signature,
    flags: [],
    problems: [],
    link: undefined,
  }
}

/** A link whose parent has no key to judge it by. */
export function unjudged(text: string): LinkVerdict {
  if (typeof text !== 'string' || text.length > LIMITS.linkSize) return oversized(text)
  const names = { digest: textDigest(text), lineage: '' }
  return refused(text, names, { code: 'chain_incomplete' }, 'unchecked')
}

function claimedIn(text: string): LinkClaims | undefined {
  const jws = openJws(text, { typ: [TYP.link], size: LIMITS.linkSize })
  if (isFault(jws)) return undefined
  const link = readClaims(jws)
  return isFault(link) ? undefined : link.claims
}

/** A text that is too large is not even hashed as a link; its digest still names it. */
function oversized(text: unknown): LinkVerdict {
  const isText = typeof text === 'string'
  const outcome: Outcome = isText ? outcomeOf('oversized') : outcomeOf('malformed', 'parts')
  return {
    outcome,
    hash: undefined,
    digest: textDigest(isText ? text : ''),
    claims: undefined,
    signature: 'unchecked',
    flags: [],
    problems: [],
    link: undefined,
  }
}
