import { decodeUnverified, isFault, type Trust, TYP } from '@delegraph/link'
import { CollectorError, type CollectorErrorCode } from '../../errors.ts'
import { GuardedFetchError, type GuardedFetchErrorCode } from '../../fetch/errors.ts'
import { askSource } from '../../trust/ask.ts'
import { composeTrust } from '../../trust/compose.ts'
import { parseTrustFile } from '../../trust/file.ts'
import { sourceId } from '../../trust/source.ts'

/** How an address may be asked that is not public, or whose authority nobody knows; as a trust file says it. */
export interface KeySetAccess {
  readonly allowAddress?: readonly string[]
  readonly caFile?: string
}

export interface IssuerKeys {
  readonly trust: Trust
  /** Whose they are taken to be: whoever the root links name. */
  readonly issuers: readonly string[]
  /** Keys of the set that can verify a link. */
  readonly count: number
}

/**
 * Trust in a JWK set alone, a file or an https URL: its keys are those of whoever the root links among these texts
 * name as issuer, for whatever tools and times. A trust file says more.
 *
 * @throws CollectorError `config_invalid` without a root link, or for an address that is none; `unreachable`;
 *   `trust_invalid` for what is no key set, or may not be asked
 */
export async function issuerKeys(
  texts: readonly string[],
  place: string,
  { allowAddress, caFile }: KeySetAccess,
): Promise<IssuerKeys> {
  const issuers = [...new Set(texts.flatMap(rootIssuerOf))]
  if (issuers.length === 0) {
    const says = '--jwks: no root link is among the texts, so nobody says whose keys these are'
    throw new CollectorError('config_invalid', says)
  }
  const remote = /^[a-z][a-z0-9+.-]*:\/\//i.test(place)
  if (!remote && (allowAddress !== undefined || caFile !== undefined)) {
    throw new CollectorError('config_invalid', '--jwks: a file has no address and no authority')
  }
  const source = remote
    ? {
        jwks: place,
        ...(allowAddress === undefined ? {} : { allow_addresses: allowAddress }),
        ...(caFile === undefined ? {} : { ca_file: caFile }),
      }
    : { jwks_file: place }
  const file = trustOf(issuers.map((iss) => ({ iss, source })))
  const [first] = file.sourced
  if (first === undefined) throw new Error('an entry has no source')
  try {
    const keys = await askSource(first.source)
    const trust = composeTrust(file, new Map([[sourceId(first.source), keys]]), undefined, 0)
    return { trust, issuers, count: keys.keys.length }
  } catch (cause) {
    const says = `--jwks: ${place} ${(cause as Error).message}`
    throw new CollectorError(codeOf((cause as Error).cause), says, { cause })
  }
}

function trustOf(anchors: readonly object[]) {
  try {
    return parseTrustFile({ version: 'jwks', anchors }, '--jwks')
  } catch (cause) {
    throw new CollectorError('config_invalid', (cause as Error).message, { cause })
  }
}

function rootIssuerOf(text: string): string[] {
  const decoded = decodeUnverified(text)
  if (isFault(decoded) || decoded.typ !== TYP.link) return []
  const { iss, del_depth: depth } = decoded.payload
  return typeof iss === 'string' && depth === 0 ? [iss] : []
}

const AWAY: ReadonlySet<GuardedFetchErrorCode> = new Set([
  'unreachable',
  'timeout',
  'status_refused',
])

function codeOf(cause: unknown): CollectorErrorCode {
  if (cause instanceof GuardedFetchError)
    return AWAY.has(cause.code) ? 'unreachable' : 'trust_invalid'
  return cause === undefined ? 'trust_invalid' : 'file_unreadable'
}
