import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import type { Arguments } from '../action.ts'
import { type PopClaims, verifyPop } from '../artefacts/pop.ts'
import { POP_WINDOW } from '../constants.ts'
import { canonicalize } from '../json/canonicalize.ts'
import type { HolderKey } from '../jwk.ts'
import type { LinkClaims } from '../types.ts'

/** The call that a proof of possession is compared with, and the link in force. */
export interface PopCase {
  readonly leaf: {
    readonly hash: string
    readonly claims: Pick<LinkClaims, 'jti'>
    readonly holder: Pick<HolderKey, 'jwk'>
  }
  readonly tool: string
  /** The enforcement point, `''` for a call that stays in its process. */
  readonly audience: string
  /** All arguments as they came. */
  readonly args: Arguments
  /** NumericDate of now. */
  readonly at: number
  /** Seconds that `iat` may lie away on either side; 30 where absent. */
  readonly window?: number
}

export interface PopJudgement {
  readonly outcome: Outcome
  /** Present where the signature holds. */
  readonly claims?: PopClaims
  readonly hash?: string
}

/**
 * Whether a proof was made by the holder of the leaf, for this very call at this place, just now.
 * Whether it was seen before is for the enforcement point, which alone can know.
 */
export function judgePop(text: string, about: PopCase): PopJudgement {
  const { outcome, claims, hash } = verifyPop(text, about.leaf.holder.jwk)
  if (outcome.state !== 'ok' || claims === undefined || hash === undefined) return { outcome }
  return { outcome: fit(claims, about), claims, hash }
}

function fit(claims: PopClaims, about: PopCase): Outcome {
  const { leaf, tool, audience, args, at, window = POP_WINDOW } = about
  if (claims.aat_hash !== leaf.hash || claims.aat_id !== leaf.claims.jti)
    return outcomeOf('pop_mismatch', 'link')
  if (claims.aat_tool !== tool) return outcomeOf('pop_mismatch', 'tool')
  if (claims.aat_aud !== audience) return outcomeOf('pop_mismatch', 'audience')
  if (canonicalize(claims.hta) !== canonicalize(args)) return outcomeOf('pop_mismatch', 'args')
  return Math.abs(at - claims.iat) <= window ? { state: 'ok' } : outcomeOf('pop_stale')
}
