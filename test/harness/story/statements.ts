import {
  type CredentialClaims,
  type IssuedLink,
  type Json,
  type RevocationClaims,
  SESSION_REVOKED,
  type Signer,
  signCredential,
  signRevocation,
  THUMBPRINT_URI_PREFIX,
} from '@delegraph/link'
import { statusEvidence } from '../../../collector/src/evidence/status.ts'
import type { StatusEvidence } from '../../../collector/src/evidence/types.ts'
import { foreignText, packed } from '../../../link/src/testing/third-party.ts'
import { StoryApprovals } from './approvals.ts'
import { BROKER, COLLECTOR, ISS, keyOf, STATUS_URI, T0 } from './world.ts'

/** What others of a story say of links, keys and credentials: that they are withdrawn, whose they are. */
export class StoryStatements extends StoryApprovals {
  /** Withdraws a link, or a key by its thumbprint, from `at` on. */
  revoke(what: IssuedLink | { readonly key: string }, at: number, signer?: Signer): void {
    const claims: Omit<RevocationClaims, 'iss'> = {
      aud: COLLECTOR,
      jti: this.id(),
      iat: at,
      sub_id:
        'key' in what
          ? { format: 'uri', uri: `${THUMBPRINT_URI_PREFIX}${what.key}` }
          : { format: 'jwt_id', iss: what.claims.iss, jti: what.claims.jti },
      events: { [SESSION_REVOKED]: { event_timestamp: at } },
    }
    const { text } =
      signer === undefined
        ? signRevocation({ signer: keyOf('set'), kid: 'set', claims: { ...claims, iss: ISS } })
        : signRevocation({ signer, claims })
    this.add('revocation', text)
  }

  /** What the broker says of a credential, by its hash. */
  credential(
    hash: string,
    more: Partial<CredentialClaims> & Pick<CredentialClaims, 'event'>,
  ): void {
    const issued = { issued_to: ['agent:worker'], exp: T0 + 3600, txn: 'task-1' }
    const { text } = signCredential({
      signer: keyOf('broker'),
      kid: 'broker',
      claims: {
        iss: BROKER,
        aud: COLLECTOR,
        jti: this.id(),
        iat: T0,
        credential: hash,
        ...(more.event === 'issued' ? issued : {}),
        ...more,
      },
    })
    this.add('credential', text)
  }

  /**
   * What the status list says from `from` on: the values of some entries, all others are valid. It is made
   * and asked for at `from`, under the root key, and holds for an hour, unless `more` says otherwise.
   */
  answer(
    from: number,
    values: Readonly<Record<number, number>>,
    more: {
      bits?: 1 | 2 | 4 | 8
      claims?: Readonly<Record<string, Json>>
      signer?: Signer
      uri?: string
      askedAt?: number
    } = {},
  ): StatusEvidence {
    const { bits = 1, signer = keyOf('root'), uri = STATUS_URI, askedAt = from } = more
    const text = foreignText(
      { typ: 'statuslist+jwt', kid: 'root', alg: signer.alg },
      {
        sub: uri,
        iat: from,
        exp: from + 3600,
        status_list: { bits, lst: packed(bits, 64, values) },
        ...more.claims,
      },
      signer,
    )
    const item = statusEvidence({ uri, text, askedAt })
    this.evidence.push(item)
    return item
  }

  /** A workload identity token: the trust domain says whose key that is. */
  attest(
    sub: string,
    key: Signer,
    more: {
      claims?: Readonly<Record<string, Json>>
      header?: Readonly<Record<string, Json>>
      signer?: Signer
    } = {},
  ): string {
    const signer = more.signer ?? keyOf('workloads')
    const text = foreignText(
      { typ: 'wit+jwt', kid: 'workloads', alg: signer.alg, ...more.header },
      { sub, iat: T0, exp: T0 + 3600, cnf: { jwk: { ...key.jwk } }, ...more.claims },
      signer,
    )
    this.add('identity', text)
    return text
  }
}
