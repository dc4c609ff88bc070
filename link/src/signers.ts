import { type Fault, fault, isFault } from './fault.ts'
import { parsePublicJwk } from './jwk.ts'
import { checkSignature, type SignedBytes } from './jws.ts'
import type { TrustedIssuer } from './types.ts'

/** Those whose key verifies a signature; where none does, why the first does not. */
export function signersAmong<Issuer extends TrustedIssuer>(
  jws: SignedBytes,
  named: readonly Issuer[],
): readonly Issuer[] | Fault {
  const faults = named.map((issuer) => {
    const key = parsePublicJwk(issuer.jwk)
    if (!isFault(key)) return checkSignature(jws, key)
    return key.code === 'weak_key' ? key : fault('key_unavailable')
  })
  const holding = named.filter((_, index) => faults[index] === undefined)
  return holding.length > 0 ? holding : (faults[0] ?? fault('signature_invalid'))
}
