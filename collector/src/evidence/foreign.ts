import { createHash } from 'node:crypto'
import {
  dpopId,
  type ForeignJwt,
  isFault,
  LIMITS,
  openJwt,
  signingInputHash,
  textDigest,
} from '@delegraph/link'
import type { ForeignEvidence } from './types.ts'

/** More tokens on one span or log record are of no call that anybody makes. */
const MAX_TOKENS = 16

/**
 * Tokens of other kinds as evidence, each with the proof that was made for it. A token that is bound to
 * no key would be a secret with its signature: it is kept without. What is no JWT at all may be a
 * secret as a whole: of it only the digest is kept.
 */
export function foreignTokens(
  tokens: readonly string[],
  proofs: readonly string[],
  action: string | undefined,
): ForeignEvidence[] {
  const distinct = [...new Set(tokens)].slice(0, MAX_TOKENS)
  const paired = pairs(distinct, [...new Set(proofs)].slice(0, MAX_TOKENS))
  return distinct.map((token) => foreignToken(token, paired.get(token), action))
}

/** `stripped`: a token out of a file, which lost its signature when it first came. */
export function foreignToken(
  token: string,
  proof: string | undefined,
  action: string | undefined,
  stripped = false,
): ForeignEvidence {
  const jwt = openJwt(token, LIMITS.artefactSize)
  const bound = !isFault(jwt) && isBound(jwt)
  const text = isFault(jwt) ? undefined : bound ? token : `${jwt.signingInput}.`
  const taken = stripped || (!isFault(jwt) && !bound && jwt.signature.length > 0)
  const content = text ?? textDigest(token)
  return {
    kind: 'foreign',
    form: 'jwt',
    id: digest('jwt', content, proof ?? '', action ?? '', String(taken)),
    artefact: (text === undefined ? undefined : signingInputHash(text)) ?? textDigest(token),
    size: (text ?? token).length,
    stripped: taken,
    ...(text === undefined ? {} : { text }),
    ...(proof === undefined || proof.length > LIMITS.linkSize ? {} : { proof }),
    ...(action === undefined ? {} : { action }),
  }
}

/** RFC 7800: a key in `cnf`, or its thumbprint (RFC 9449). A certificate's does not count: no proof of it comes here. */
function isBound({ payload }: ForeignJwt): boolean {
  const { cnf } = payload
  if (typeof cnf !== 'object' || cnf === null || Array.isArray(cnf)) return false
  const { jkt, jwk } = cnf as { readonly jkt?: unknown; readonly jwk?: unknown }
  return typeof jkt === 'string' || (typeof jwk === 'object' && jwk !== null)
}

/** By `ath`, the digest of the token; a proof that fits none goes to a token without, so that it shows. */
function pairs(tokens: readonly string[], proofs: readonly string[]): Map<string, string> {
  const found = new Map<string, string>()
  const loose: string[] = []
  for (const proof of [...proofs].sort()) {
    const jwt = openJwt(proof, LIMITS.linkSize)
    const ath = isFault(jwt) ? undefined : jwt.payload['ath']
    const token = tokens.find((text) => textDigest(text) === ath)
    if (token === undefined || found.has(token)) loose.push(proof)
    else found.set(token, proof)
  }
  for (const token of [...tokens].sort()) {
    const next = found.has(token) ? undefined : loose.shift()
    if (next !== undefined) found.set(token, next)
  }
  return found
}

/** What it is looked up by; nothing of it is verified. */
export function foreignColumns(evidence: ForeignEvidence): Record<string, string | undefined> {
  const { artefact, action, form, proof } = evidence
  const id = proof === undefined ? undefined : dpopId(proof)
  return {
    artefact,
    action,
    token: form === 'jwt' && id !== undefined ? `dpop ${id}` : undefined,
  }
}

export function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url')
}
