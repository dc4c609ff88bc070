import { resolve } from 'node:path'
import { z } from 'zod'

/** What a fetch of a source may do beyond asking the host of its URL at a public address. */
export interface SourceAccess {
  /** Hosts of the source, as `host` or `host:port`. */
  readonly hosts: readonly string[]
  readonly allowAddresses: readonly string[]
  /** Path of a PEM file. */
  readonly caFile?: string
}

interface Named {
  /** As the trust file spells it: the same name in the journal means the same place. */
  readonly name: string
}

/** Where the keys of an entry of the trust file are found. */
export type Source = Named &
  (
    | {
        readonly kind: 'jwks' | 'spiffe_bundle'
        readonly url: string
        readonly access: SourceAccess
      }
    | { readonly kind: 'oidc'; readonly issuer: string; readonly access: SourceAccess }
    | { readonly kind: 'jwks_file' | 'spiffe_bundle_file'; readonly path: string }
  )

/** Whether it is asked over the network. */
export function isRemote(source: Source): source is Source & { readonly access: SourceAccess } {
  return 'access' in source
}

/** The same for two entries that ask the same place in the same way: it is asked once. */
export function sourceId(source: Source): string {
  return JSON.stringify(source)
}

export function isSpiffe({ kind }: Source): boolean {
  return kind === 'spiffe_bundle' || kind === 'spiffe_bundle_file'
}

const text = z.string().min(1)
const address = z.union([z.ipv4(), z.ipv6()], 'must be an IP address')
/** An https URL without user and fragment, with neither of which anything is fetched. */
const url = z.string().refine(isPlainUrl, 'must be an https URL without user and fragment')
/** OpenID Connect Discovery 1.0, section 2, and RFC 8414, section 2: no query either. */
const issuer = url.refine((value) => !value.includes('?'), 'an issuer has no query')
const host = z.string().refine(isHost, 'must be a host, or host:port')

const KINDS = ['jwks', 'jwks_file', 'oidc', 'spiffe_bundle', 'spiffe_bundle_file'] as const

/** The `source` of an entry. */
export const sourceSchema = z
  .strictObject({
    jwks: url.optional(),
    jwks_file: text.optional(),
    oidc: z.union([z.literal(true), issuer], 'must be true or an https URL').optional(),
    spiffe_bundle: url.optional(),
    spiffe_bundle_file: text.optional(),
    profile: z.literal('https_web').optional(),
    hosts: z.array(host).optional(),
    allow_addresses: z.array(address).optional(),
    ca_file: text.optional(),
  })
  .superRefine((value, context) => {
    const given = KINDS.filter((kind) => value[kind] !== undefined)
    const [kind] = given
    if (given.length !== 1 || kind === undefined) {
      context.addIssue({ code: 'custom', message: `must have one of ${KINDS.join(', ')}` })
      return
    }
    const access = [value.hosts, value.allow_addresses, value.ca_file]
    if (kind.endsWith('_file') && access.some((one) => one !== undefined)) {
      context.addIssue({ code: 'custom', message: 'a file has no hosts, addresses or ca_file' })
    }
    if (kind !== 'spiffe_bundle' && value.profile !== undefined) {
      context.addIssue({ code: 'custom', message: 'only a spiffe_bundle has a profile' })
    }
  })

/**
 * The source of an entry; paths are taken from `folder`, that of the trust file. Undefined where
 * `oidc` is true and the issuer of the entry is none that can be asked.
 */
export function sourceOf(
  given: z.infer<typeof sourceSchema>,
  iss: string,
  folder: string,
): Source | undefined {
  if (given.jwks_file !== undefined) return fileSource('jwks_file', given.jwks_file, folder)
  if (given.spiffe_bundle_file !== undefined) {
    return fileSource('spiffe_bundle_file', given.spiffe_bundle_file, folder)
  }
  const kind =
    given.jwks !== undefined ? 'jwks' : given.oidc !== undefined ? 'oidc' : 'spiffe_bundle'
  const name = given.oidc === true ? iss : (given.jwks ?? given.oidc ?? given.spiffe_bundle ?? '')
  if (given.oidc === true && !issuer.safeParse(iss).success) return undefined
  const access: SourceAccess = {
    hosts: [new URL(name).host, ...(given.hosts ?? [])],
    allowAddresses: given.allow_addresses ?? [],
    ...(given.ca_file === undefined ? {} : { caFile: resolve(folder, given.ca_file) }),
  }
  return kind === 'oidc' ? { kind, name, issuer: name, access } : { kind, name, url: name, access }
}

function fileSource(
  kind: 'jwks_file' | 'spiffe_bundle_file',
  name: string,
  folder: string,
): Source {
  return { kind, name, path: resolve(folder, name) }
}

function isPlainUrl(value: string): boolean {
  if (!URL.canParse(value)) return false
  const { protocol, username, password } = new URL(value)
  return protocol === 'https:' && username === '' && password === '' && !value.includes('#')
}

function isHost(value: string): boolean {
  const whole = `https://${value}`
  if (!URL.canParse(whole)) return false
  const { host: read, pathname, search, hash, username } = new URL(whole)
  return read !== '' && pathname === '/' && search + hash + username === '' && !value.endsWith('/')
}
