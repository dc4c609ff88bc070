import { isFault, LIMITS, openJwt, parsePublicJwk, TYP, thumbprintUri } from '@delegraph/link'
import type { Evidence } from '../../evidence/types.ts'

/** What a plain token says, nothing verified: whoever looks it up by it judges it afterwards. */

/** Whether a piece of evidence came as a plain token of the draft and not as a link of ours. */
function isPlainText(text: string | undefined): boolean {
  return payloadOf(text) !== undefined
}

export function isPlain(
  evidence: Evidence,
): evidence is Extract<Evidence, { kind: 'foreign' }> & { readonly text: string } {
  return evidence.kind === 'foreign' && evidence.form === 'jwt' && isPlainText(evidence.text)
}

export function plainParent(text: string | undefined): string | undefined {
  const parent = payloadOf(text)?.['par_hash']
  return typeof parent === 'string' ? parent : undefined
}

/** Its holder by name where it has one, by the thumbprint of its key where not (RFC 9278). */
export function plainHolder(text: string | undefined): string | undefined {
  const payload = payloadOf(text)
  const act = payload?.['act'] as { readonly sub?: unknown } | undefined
  if (typeof act?.sub === 'string' && act.sub !== '' && act.sub.length <= 512) return act.sub
  const cnf = payload?.['cnf'] as { readonly jwk?: { readonly kty?: unknown } } | undefined
  const jwk = cnf?.jwk
  if (typeof jwk !== 'object' || jwk === null) return undefined
  const key = parsePublicJwk({ alg: jwk.kty === 'EC' ? 'ES256' : 'Ed25519', ...jwk })
  return isFault(key) ? undefined : thumbprintUri(key.jwk)
}

function payloadOf(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  if (text === undefined) return undefined
  const jwt = openJwt(text, LIMITS.artefactSize)
  return isFault(jwt) || jwt.header['typ'] !== TYP.link ? undefined : jwt.payload
}
