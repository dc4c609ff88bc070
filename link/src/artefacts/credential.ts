import { claimReader, HASH, present } from '../claim-reader.ts'
import { TYP } from '../constants.ts'
import { type Fault, fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import type { TrustedIssuer } from '../types.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type ServiceSigning,
  type SignedArtefact,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'

export type CredentialEvent = 'issued' | 'revoked'

/**
 * What a broker signs about a secret that it gave to an agent for one task: that it was issued, or
 * taken back. Its use is in the receipt of the call, under the same hash. Never the secret.
 */
export interface CredentialClaims {
  /** The broker. */
  readonly iss: string
  /** The collector. */
  readonly aud: string
  readonly jti: string
  readonly iat: number
  readonly event: CredentialEvent
  /** Thumbprint or keyed hash of the secret. */
  readonly credential: string
  /** Agent ids that may use it; required where it is issued. */
  readonly issued_to?: readonly string[]
  /** The task it was issued for. */
  readonly txn?: string
  /** The link under which it was asked for. */
  readonly aat_hash?: string
  /** Tool URIs that it is good for; any where absent. */
  readonly tools?: readonly string[]
  /** NumericDate; required where it is issued: a secret for one task ends. */
  readonly exp?: number
}

/** Signs what became of a credential. Throws `LinkError` for claims that no verifier would take. */
export function signCredential(
  credential: ServiceSigning<CredentialClaims>,
): SignedArtefact<CredentialClaims> {
  return signArtefact(CREDENTIAL, credential, credential.claims)
}

/** Verifies it under the configured brokers. */
export function verifyCredential(
  text: string,
  brokers: readonly TrustedIssuer[],
): ArtefactVerdict<CredentialClaims> {
  return verifyArtefact(CREDENTIAL, text, brokers)
}

const CREDENTIAL: ArtefactKind<CredentialClaims> = {
  typ: TYP.credential,
  untrusted: 'issuer_untrusted',
  parse: parseCredential,
}

function parseCredential(payload: JsonObject): CredentialClaims | Fault {
  const reader = claimReader(payload)
  const claims: CredentialClaims = {
    iss: reader.text('iss'),
    aud: reader.text('aud'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    event: reader.oneOf('event', ['revoked', 'issued']),
    credential: reader.matching('credential', HASH),
    ...present({
      issued_to: reader.optional('issued_to', (name) => reader.texts(name)),
      txn: reader.optional('txn', (name) => reader.text(name)),
      aat_hash: reader.optional('aat_hash', (name) => reader.matching(name, HASH)),
      tools: reader.optional('tools', (name) => reader.texts(name)),
      exp: reader.optional('exp', (name) => reader.int(name)),
    }),
  }
  if (claims.event === 'issued') {
    if ((claims.issued_to ?? []).length === 0) reader.fail('issued_to')
    if (claims.exp === undefined) reader.fail('exp')
    if (claims.exp !== undefined && claims.exp <= claims.iat) return fault('malformed', 'lifetime')
  }
  return reader.fault ?? claims
}
