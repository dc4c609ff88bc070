import { jwkThumbprint } from '@delegraph/link'
import { type KeySet, keysIn, type Members, readJson, usableKeys } from './key-set.ts'
import { SourceError } from './source-error.ts'

/** The keys of one trust domain that sign tokens; each says which kind in `use`. */
export interface SpiffeBundle extends KeySet {
  /** Grows with each change of the bundle. */
  readonly sequence?: number
  /** Seconds after which to ask again. */
  readonly refreshHint?: number
  /** It has no key of any use: everything that the domain signed is withdrawn from now on. */
  readonly revoked: boolean
}

/**
 * Reads a SPIFFE bundle (SPIFFE Trust Domain and Bundle, section 4). Its X.509 authorities are left
 * aside; a key without `use` is ignored, as the specification says.
 *
 * @throws SourceError for what is no bundle, has a private key, one `kid` twice, or one key for two uses
 */
export function parseSpiffeBundle(bytes: Uint8Array): SpiffeBundle {
  const document = readJson(bytes)
  const members = keysIn(document)
  const tokens = members.filter(({ use }) => use !== 'x509-svid')
  const { keys, skipped } = usableKeys(tokens, (use) => use === 'jwt-svid' || use === 'wit-svid')
  if (new Set(keys.map(({ jwk }) => jwkThumbprint(jwk))).size < keys.length) {
    throw new SourceError('has one key twice: for two uses, or under two names')
  }
  const sequence = count(document, 'spiffe_sequence')
  const refreshHint = count(document, 'spiffe_refresh_hint')
  return {
    keys,
    skipped,
    revoked: members.length === 0,
    ...(sequence === undefined ? {} : { sequence }),
    ...(refreshHint === undefined ? {} : { refreshHint }),
  }
}

function count(document: Members, name: string): number | undefined {
  const value = document[name]
  if (value === undefined) return undefined
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0) {
    throw new SourceError(`has a "${name}" that is no whole number`)
  }
  return value
}
