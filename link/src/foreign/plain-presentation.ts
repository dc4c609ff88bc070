import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import type { Arguments } from '../action.ts'
import { claimReader, HASH } from '../claim-reader.ts'
import { LIMITS, MAX_IAT_SKEW, TYP } from '../constants.ts'
import { permits } from '../constraints/permits.ts'
import { type Fault, fault, isFault } from '../fault.ts'
import { sameJson } from '../json/same-json.ts'
import { type ForeignJwt, jwtSignatureFault, openJwt } from './open-jwt.ts'
import {
  type PlainContext,
  type PlainLink,
  type PlainVerdict,
  plainTime,
  verifyPlainLink,
} from './plain-aat.ts'

/** One call that a plain chain is presented for, and what the enforcement point asks besides. */
export interface PlainPresentation extends PlainContext {
  /** NumericDate of the call. */
  readonly at: number
  /** The enforcement point. */
  readonly audience: string
  readonly tool: string
  readonly args: Arguments
  /** The proof of possession, `aat-pop+jwt`. */
  readonly pop: string
  readonly requirePopAudience?: boolean
  readonly requireChainAudience?: boolean
  /** What the enforcement point asked to see repeated. */
  readonly nonce?: string
}

/**
 * Verifies a presentation as draft-niyikiza-oauth-attenuating-agent-tokens-02, section 8, wants it of
 * an enforcement point: the chain, the call inside the leaf, the audience, the proof. This is the mode
 * that the draft's own vectors are run in; the collector never takes it for our profile.
 */
export function verifyPlainPresentation(
  texts: readonly string[],
  presentation: PlainPresentation,
): Outcome {
  const verdicts = verifyPlainChain(texts, presentation)
  const failed = verdicts.find(({ outcome }) => outcome.state !== 'ok')
  if (failed !== undefined) return failed.outcome
  const links = verdicts.flatMap(({ link }) => link ?? [])
  const leaf = links.at(-1)
  if (leaf === undefined) return outcomeOf('malformed', 'empty')
  const time = plainTime(links, presentation.at)
  if (time.state !== 'ok') return time
  const wrong =
    callFault(leaf, presentation) ??
    audienceFault(links, presentation) ??
    popFault(leaf, presentation)
  return wrong === undefined ? OK : outcomeOf(wrong.code, wrong.detail)
}

/** Each token against the one before it, root first; at most 16, as everywhere. */
export function verifyPlainChain(
  texts: readonly string[],
  context: PlainContext,
): readonly PlainVerdict[] {
  if (texts.length > LIMITS.links) return [refusal(fault('depth_invalid', 'links'))]
  const verdicts: PlainVerdict[] = []
  let parent: PlainLink | undefined
  for (const [index, text] of texts.entries()) {
    const cut = index > 0 && parent === undefined
    const verdict = cut
      ? refusal(fault('chain_incomplete'))
      : verifyPlainLink(text, parent, context)
    verdicts.push(verdict)
    parent = verdict.link
  }
  return verdicts
}

function refusal({ code, detail }: Fault): PlainVerdict {
  return { outcome: outcomeOf(code, detail), signature: 'unchecked', flags: [], problems: [] }
}

function callFault(leaf: PlainLink, { tool, args }: PlainPresentation): Fault | undefined {
  if (!leaf.claims.granted) return fault('malformed', 'authorization_details')
  const answer = permits(leaf.claims.tools, { tool, args })
  if ('unknown' in answer) return fault('args_withheld')
  return answer.covered ? undefined : fault('scope_not_granted', answer.reason)
}

function audienceFault(
  links: readonly PlainLink[],
  { audience, requireChainAudience }: PlainPresentation,
): Fault | undefined {
  const named = links.filter(({ claims }) => claims.audience.length > 0)
  if (requireChainAudience === true && named.length === 0)
    return fault('audience_mismatch', 'absent')
  return named.every(({ claims }) => claims.audience.includes(audience))
    ? undefined
    : fault('audience_mismatch')
}

function popFault(leaf: PlainLink, presentation: PlainPresentation): Fault | undefined {
  const jwt = openJwt(presentation.pop, LIMITS.artefactSize, { exact: true })
  if (isFault(jwt)) return jwt
  const { alg, typ } = jwt.header
  if (typ !== TYP.pop) return fault('type_invalid')
  if (alg !== leaf.holder.jwk.alg) return fault('alg_not_allowed')
  const wrong = jwtSignatureFault(jwt, leaf.holder, leaf.holder.jwk.alg)
  if (wrong !== undefined) return fault('holder_binding_failed')
  return popClaimsFault(jwt, leaf, presentation)
}

const POP_WINDOW = MAX_IAT_SKEW

function popClaimsFault(
  { payload }: ForeignJwt,
  leaf: PlainLink,
  { at, audience, args, tool, nonce, requirePopAudience }: PlainPresentation,
): Fault | undefined {
  const reader = claimReader(payload)
  const id = reader.text('aat_id')
  const hash = reader.matching('aat_hash', HASH)
  const named = reader.text('aat_tool')
  const hta = reader.object('hta')
  const iat = reader.int('iat')
  reader.text('jti')
  const aud = reader.optional('aat_aud', (name) => reader.text(name))
  if (reader.fault !== undefined) return reader.fault
  if (id !== leaf.claims.jti || hash !== leaf.hash) return fault('holder_binding_failed', 'link')
  if (aud === undefined ? requirePopAudience === true : aud !== audience)
    return fault('audience_mismatch', 'pop')
  if (named !== tool || !sameJson(hta, { ...args })) return fault('receipt_mismatch')
  if (Math.abs(iat - at) > POP_WINDOW) return fault('late_evidence')
  return nonce === undefined || payload['nonce'] === nonce
    ? undefined
    : fault('holder_binding_failed', 'nonce')
}
