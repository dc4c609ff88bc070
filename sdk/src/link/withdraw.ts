import {
  decodeUnverified,
  isFault,
  SESSION_REVOKED,
  type Signer,
  signCompletion,
  signRevocation,
  thumbprintUri,
  uuidv7,
} from '@delegraph/link'
import { SdkError } from '../errors.ts'
import { type Chain, sameKey } from './chain.ts'

/** The service that signs a revocation: an issuer of roots. */
export interface RevokingService {
  readonly iss: string
  readonly kid: string
}

/**
 * Signs the withdrawal of the last link of a chain, and with it of everything below: a security
 * event token, RFC 8417, with the `session-revoked` event of CAEP 1.0. It cannot be undone. Throws
 * `SdkError` `not_issuer` where the signer made neither this link nor one above it.
 */
export function revocationOf(
  chain: Chain,
  signer: Signer,
  options: { readonly aud: string; readonly as?: RevokingService },
): string {
  const { iss, jti } = chain.leaf
  const { as, aud } = options
  const time = Date.now()
  const claims = {
    aud,
    jti: uuidv7(time),
    iat: Math.floor(time / 1000),
    txn: chain.task,
    sub_id: { format: 'jwt_id' as const, iss, jti },
    events: {
      [SESSION_REVOKED]: {
        initiating_entity: as === undefined ? ('system' as const) : ('user' as const),
      },
    },
  }
  if (as !== undefined) {
    requireIssuer(chain, as.iss)
    return signRevocation({ signer, kid: as.kid, claims: { ...claims, iss: as.iss } }).text
  }
  requireIssuer(chain, thumbprintUri(signer.jwk))
  return signRevocation({ signer, claims }).text
}

/** Signs that an approval is taken back, as the service that gave it; the other way of `revocationOf`. */
export function approvalRevocation(
  approval: string,
  signer: Signer,
  { iss, kid, aud }: RevokingService & { readonly aud: string },
): string {
  const decoded = decodeUnverified(approval)
  const payload = isFault(decoded) ? {} : decoded.payload
  if (payload['iss'] !== iss || typeof payload['jti'] !== 'string')
    throw new SdkError('not_issuer', `${iss} gave no such approval`)
  const time = Date.now()
  const claims = {
    ...{ iss, aud, jti: uuidv7(time), iat: Math.floor(time / 1000) },
    sub_id: { format: 'jwt_id' as const, iss, jti: payload['jti'] },
    events: { [SESSION_REVOKED]: { initiating_entity: 'user' as const } },
  }
  return signRevocation({ signer, kid, claims }).text
}

/** Signs the end of a task. Throws `SdkError` `not_holder` for anybody but the root's holder. */
export function completionOf(chain: Chain, signer: Signer, aud: string): string {
  const root = chain.links[0]
  if (root === undefined || !sameKey(root.claims.cnf.jwk, signer.jwk))
    throw new SdkError('not_holder', 'only the holder of the root link may end a task')
  const time = Date.now()
  const { task: txn, id: aat_hash } = chain
  const claims = { aud, jti: uuidv7(time), iat: Math.floor(time / 1000), txn, aat_hash }
  return signCompletion({ signer, claims }).text
}

function requireIssuer(chain: Chain, iss: string): void {
  if (!chain.links.some((link) => link.claims.iss === iss))
    throw new SdkError('not_issuer', `${iss} signed no link of this chain`)
}
