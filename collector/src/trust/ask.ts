import { readFile, stat } from 'node:fs/promises'
import { GuardedFetchError } from '../fetch/errors.ts'
import { type GuardedAnswer, guardedFetch } from '../fetch/guarded-fetch.ts'
import { type KeySet, MAX_KEY_SET, parseKeySet, readJson } from './key-set.ts'
import { isSpiffe, type Source, type SourceAccess } from './source.ts'
import { SourceError } from './source-error.ts'
import { parseSpiffeBundle } from './spiffe-bundle.ts'

/** What a source answered. */
export interface SourceAnswer extends KeySet {
  /** Seconds after which it wants to be asked again. */
  readonly refresh?: number
  readonly sequence?: number
  /** A SPIFFE trust domain that withdrew all its keys. */
  readonly revoked?: boolean
}

const KEY_SET_TYPES = ['application/json', 'application/jwk-set+json']

/** Asks a source for its keys. @throws SourceError, whose message says why there are none */
export async function askSource(source: Source, signal?: AbortSignal): Promise<SourceAnswer> {
  const get = getter(signal)
  try {
    switch (source.kind) {
      case 'jwks_file':
      case 'spiffe_bundle_file':
        return read(source, await bytesOf(source.path))
      case 'jwks':
      case 'spiffe_bundle':
        return fetched(source, await get(source.url, source.access, KEY_SET_TYPES))
      case 'oidc': {
        const uri = await jwksUri(source.issuer, source.access, get)
        return fetched(source, await get(uri, source.access, KEY_SET_TYPES))
      }
    }
  } catch (cause) {
    if (cause instanceof SourceError) throw cause
    if (cause instanceof GuardedFetchError) throw new SourceError(cause.message, { cause })
    const code = (cause as NodeJS.ErrnoException).code ?? 'unknown'
    throw new SourceError(`cannot be read: ${code}`, { cause })
  }
}

function fetched(source: Source, { body, maxAge }: GuardedAnswer): SourceAnswer {
  const answer = read(source, body)
  return answer.refresh !== undefined || maxAge === undefined
    ? answer
    : { ...answer, refresh: maxAge }
}

function read(source: Source, bytes: Uint8Array): SourceAnswer {
  if (!isSpiffe(source)) return parseKeySet(bytes)
  const { refreshHint, ...bundle } = parseSpiffeBundle(bytes)
  return { ...bundle, ...(refreshHint === undefined ? {} : { refresh: refreshHint }) }
}

async function bytesOf(path: string): Promise<Uint8Array> {
  const { size } = await stat(path)
  if (size > MAX_KEY_SET) throw new SourceError(`has more than ${MAX_KEY_SET} bytes`)
  return readFile(path)
}

type Get = (url: string, access: SourceAccess, accept: readonly string[]) => Promise<GuardedAnswer>

/** Gets documents from where a source may have them, within the limits of a key set. */
export function getter(signal: AbortSignal | undefined): Get {
  return async (url, { hosts, allowAddresses, caFile }, accept) =>
    guardedFetch(url, {
      hosts,
      allowAddresses,
      maxBytes: MAX_KEY_SET,
      accept,
      ...(signal === undefined ? {} : { signal }),
      ...(caFile === undefined ? {} : { ca: await authorities(caFile) }),
    })
}

async function authorities(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (cause) {
    throw new SourceError(`has a ca_file that cannot be read: ${path}`, { cause })
  }
}

/** Where an issuer says that its keys are. */
export async function jwksUri(issuer: string, access: SourceAccess, get: Get): Promise<string> {
  const { jwks_uri: uri } = await issuerMetadata(issuer, access, get)
  if (typeof uri !== 'string') throw new SourceError('its metadata has no "jwks_uri"')
  return uri
}

/**
 * What an issuer says of itself: OpenID Connect Discovery 1.0 section 4, and where there is none, RFC 8414
 * section 3. What names another issuer is not believed.
 */
export async function issuerMetadata(
  issuer: string,
  access: SourceAccess,
  get: Get,
): Promise<Readonly<Record<string, unknown>>> {
  const metadata = readJson((await metadataOf(issuer, access, get)).body)
  if (metadata['issuer'] !== issuer) throw new SourceError('its metadata is of another issuer')
  return metadata
}

async function metadataOf(issuer: string, access: SourceAccess, get: Get): Promise<GuardedAnswer> {
  const { origin, pathname } = new URL(issuer)
  const path = pathname.replace(/\/$/, '')
  const accept = ['application/json']
  try {
    return await get(`${origin}${path}/.well-known/openid-configuration`, access, accept)
  } catch (error) {
    if (!(error instanceof GuardedFetchError) || error.code !== 'status_refused') throw error
    return get(`${origin}/.well-known/oauth-authorization-server${path}`, access, accept)
  }
}
