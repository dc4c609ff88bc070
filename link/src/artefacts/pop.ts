import type { Arguments } from '../action.ts'
import { claimReader, HASH, present } from '../claim-reader.ts'
import { TYP } from '../constants.ts'
import type { Fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import type { Signer } from '../signer.ts'
import type { PublicJwk } from '../types.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type SignedArtefact,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'

/**
 * Proof of possession for one call, draft-niyikiza-oauth-attenuating-agent-tokens-02: who presents
 * the link holds its key. It travels with the call and nowhere else, since it holds the arguments.
 */
export interface PopClaims {
  /** `jti` of the leaf link. */
  readonly aat_id: string
  /** Hash of the leaf link. */
  readonly aat_hash: string
  readonly aat_tool: string
  /** The enforcement point. */
  readonly aat_aud: string
  /** All arguments of the call, as they are. */
  readonly hta: Arguments
  /** Seen once by each enforcement point. */
  readonly jti: string
  readonly iat: number
  /** What the enforcement point asked to see repeated. */
  readonly nonce?: string
}

/** Signs a proof under the key of the leaf's holder. Throws `LinkError` for claims that no verifier would take. */
export function signPop(pop: {
  readonly signer: Signer
  readonly claims: Omit<PopClaims, 'jti'> & { readonly jti?: string }
}): SignedArtefact<PopClaims> {
  return signArtefact(POP, pop, pop.claims)
}

/**
 * Verifies a proof under the key of the leaf's holder. Whether it fits the call, is fresh and was
 * not seen before is for the enforcement point. Another key is `holder_binding_failed`.
 */
export function verifyPop(text: string, holder: PublicJwk): ArtefactVerdict<PopClaims> {
  return verifyArtefact(POP, text, holder)
}

const POP: ArtefactKind<PopClaims> = {
  typ: TYP.pop,
  untrusted: 'issuer_untrusted',
  unissued: true,
  parse: parsePop,
}

const AUDIENCE_MAX = 512

function parsePop(payload: JsonObject): PopClaims | Fault {
  const reader = claimReader(payload)
  const aud = reader.raw('aat_aud')
  const claims: PopClaims = {
    aat_id: reader.text('aat_id'),
    aat_hash: reader.matching('aat_hash', HASH),
    aat_tool: reader.text('aat_tool'),
    aat_aud: aud === '' ? '' : reader.text('aat_aud', AUDIENCE_MAX),
    hta: reader.object('hta'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    ...present({ nonce: reader.optional('nonce', (name) => reader.text(name)) }),
  }
  return reader.fault ?? claims
}
