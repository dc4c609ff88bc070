import { type ClaimReader, claimReader, present } from '../claim-reader.ts'
import { SESSION_REVOKED, THUMBPRINT_URI_PREFIX, TYP } from '../constants.ts'
import type { Fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type HolderSigning,
  type ServiceSigning,
  type SignedArtefact,
  type SignedBy,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'

/** What is revoked, RFC 9493: a link by issuer and token id, or a holder key by thumbprint URI. */
export type RevokedSubject =
  | { readonly format: 'jwt_id'; readonly iss: string; readonly jti: string }
  | { readonly format: 'uri'; readonly uri: string }

export interface SessionRevoked {
  /** NumericDate from which it counts; `iat` where absent. */
  readonly event_timestamp?: number
  readonly initiating_entity?: 'admin' | 'user' | 'policy' | 'system'
  /** Language to text. */
  readonly reason_admin?: JsonObject
}

/**
 * A security event token, RFC 8417, with the `session-revoked` event of CAEP 1.0. Without `sub_id`
 * it revokes the whole task of `txn`. It reaches every descendant and cannot be undone.
 */
export interface RevocationClaims {
  readonly iss: string
  readonly aud: string | readonly string[]
  readonly jti: string
  readonly iat: number
  readonly txn?: string
  readonly sub_id?: RevokedSubject
  readonly events: { readonly [SESSION_REVOKED]: SessionRevoked }
}

/** Signs a revocation as a service, or under the key that signed the link or one above it. */
export function signRevocation(
  revocation: HolderSigning<RevocationClaims> | ServiceSigning<RevocationClaims>,
): SignedArtefact<RevocationClaims> {
  return signArtefact(REVOCATION, revocation, revocation.claims)
}

/** Verifies a revocation. Whether its signer may revoke that link is for the caller. */
export function verifyRevocation(text: string, by: SignedBy): ArtefactVerdict<RevocationClaims> {
  return verifyArtefact(REVOCATION, text, by)
}

/** NumericDate from which a revocation counts. */
export function revokedFrom(claims: RevocationClaims): number {
  return claims.events[SESSION_REVOKED].event_timestamp ?? claims.iat
}

const REVOCATION: ArtefactKind<RevocationClaims> = {
  typ: TYP.revocation,
  untrusted: 'issuer_untrusted',
  parse: parseRevocation,
}

function parseRevocation(payload: JsonObject): RevocationClaims | Fault {
  const reader = claimReader(payload)
  const claims: RevocationClaims = {
    iss: reader.text('iss'),
    aud: reader.textOrTexts('aud'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    events: { [SESSION_REVOKED]: readEvent(reader) },
    ...present({
      txn: reader.optional('txn', (name) => reader.text(name)),
      sub_id: reader.optional('sub_id', (name) => readSubject(reader, name)),
    }),
  }
  if (claims.txn === undefined && claims.sub_id === undefined) reader.fail('sub_id')
  return reader.fault ?? claims
}

/** Exactly one event: a second one would be a statement that nobody here understands. */
function readEvent(reader: ClaimReader): SessionRevoked {
  const event = claimReader(reader.nested('events', [SESSION_REVOKED]).object(SESSION_REVOKED), {
    reader,
    detail: 'events',
  })
  return present({
    event_timestamp: event.optional('event_timestamp', (name) => event.int(name)),
    initiating_entity: event.optional('initiating_entity', (name) =>
      event.oneOf(name, ['admin', 'user', 'policy', 'system']),
    ),
    reason_admin: event.optional('reason_admin', (name) => event.object(name)),
  })
}

function readSubject(reader: ClaimReader, name: string): RevokedSubject {
  const subject = reader.nested(name, ['format', 'iss', 'jti', 'uri'])
  if (subject.oneOf('format', ['jwt_id', 'uri']) === 'jwt_id')
    return { format: 'jwt_id', iss: subject.text('iss'), jti: subject.text('jti') }
  const uri = subject.text('uri')
  if (!uri.startsWith(THUMBPRINT_URI_PREFIX)) subject.fail('uri')
  return { format: 'uri', uri }
}
