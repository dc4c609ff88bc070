import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import {
  type Alg,
  type Anchor,
  type HolderIdentity,
  isFault,
  type Json,
  parsePublicJwk,
  parseTools,
  type ToolGrants,
  type Trust,
  type TrustedIssuer,
} from '@delegraph/link'
import { z } from 'zod'
import { CollectorError } from '../errors.ts'
import { isSpiffe, type Source, sourceOf, sourceSchema } from './source.ts'

const time = z.int().nonnegative()
const entry = z.strictObject({
  iss: z.string().min(1),
  kid: z.string().min(1).optional(),
  jwk: z.unknown().optional(),
  source: sourceSchema.optional(),
  algs: z
    .array(z.enum(['Ed25519', 'ES256']))
    .nonempty()
    .optional(),
  use: z.enum(['sig', 'jwt-svid', 'wit-svid']).optional(),
  valid_from: time.nullish(),
  valid_until: time.nullish(),
})
const anchor = entry.extend({
  max_lifetime: z.int().positive().optional(),
  max_depth: z.int().min(0).max(15).optional(),
  tools: z.array(z.string()).optional(),
  status_hosts: z.array(z.string()).optional(),
})
const approver = entry.extend({ acr: z.array(z.string()).optional() })
const toolServer = entry.extend({ aud: z.string().min(1) })
/** `tools` maps a scope token to the tools that it grants, in the words of a link. */
const grants = z.custom<ToolGrants>((value) => parseTools(value as Json).fault === undefined, {
  error: 'must map tool URIs to argument constraints',
})
const tokenIssuer = entry.extend({
  aud: z.string().min(1).optional(),
  tools: z.record(z.string().min(1).max(512), grants).optional(),
})
const file = z.strictObject({
  version: z.string(),
  holder_identity: z.enum(['prefer_attested', 'require_attested']).default('prefer_attested'),
  anchors: z.array(anchor).default([]),
  approvers: z.array(approver).default([]),
  pdps: z.array(entry).default([]),
  tool_servers: z.array(toolServer).default([]),
  set_issuers: z.array(entry).default([]),
  credential_issuers: z.array(entry).default([]),
  owners: z.array(entry).default([]),
  workloads: z.array(entry).default([]),
  token_issuers: z.array(tokenIssuer).default([]),
  compromised: z
    .array(z.strictObject({ jkt: z.string().regex(/^[A-Za-z0-9_-]{43}$/), since: time }))
    .default([]),
})

/** The lists of a trust file, and what each is called in `Trust`. */
const LISTS = {
  anchors: 'anchors',
  approvers: 'approvers',
  pdps: 'pdps',
  tool_servers: 'toolServers',
  set_issuers: 'setIssuers',
  credential_issuers: 'credentialIssuers',
  owners: 'owners',
  workloads: 'workloads',
  token_issuers: 'tokenIssuers',
} as const

export type TrustList = (typeof LISTS)[keyof typeof LISTS]

/** What an entry says of whatever key it stands for. */
export type EntryTerms = Omit<Anchor & TrustedIssuer, 'kid' | 'jwk' | 'source'>

/** An entry whose keys are found elsewhere. */
export interface SourcedEntry {
  readonly list: TrustList
  /** `anchors.0` */
  readonly at: string
  readonly terms: EntryTerms
  readonly source: Source
  /** Names the place and the use in `Trust`, so that a later start knows its keys again. */
  readonly found: string
  readonly algs: readonly Alg[]
  /** Of a SPIFFE bundle: which of its keys. */
  readonly use: 'sig' | 'jwt-svid' | 'wit-svid'
}

/** A trust file that was read: the keys in it, and where others are to be found. */
export interface TrustFile {
  readonly version: string
  readonly given: Pick<Trust, TrustList>
  readonly sourced: readonly SourcedEntry[]
  readonly compromised: Trust['compromised']
  readonly holderIdentity: HolderIdentity
}

/** For whoever has no trust file: nobody is trusted. */
export const NO_TRUST_FILE: TrustFile = parseTrustFile({ version: '' }, 'nothing')

const MAX_BYTES = 1024 * 1024

/**
 * Reads a trust file; paths in it are relative to its folder. Nothing that it points to is read yet.
 *
 * @throws CollectorError `trust_invalid` naming the first entry that is wrong, or `file_unreadable`.
 */
export function readTrustFile(path: string): TrustFile {
  let bytes: Buffer
  try {
    bytes = readFileSync(path)
  } catch (cause) {
    throw new CollectorError('file_unreadable', `cannot read the trust file ${path}`, { cause })
  }
  if (bytes.length > MAX_BYTES) {
    throw new CollectorError('trust_invalid', `the trust file ${path} is larger than 1 MiB`)
  }
  let json: unknown
  try {
    json = JSON.parse(bytes.toString('utf8'))
  } catch (cause) {
    throw new CollectorError('trust_invalid', `the trust file ${path} is not JSON`, { cause })
  }
  return parseTrustFile(json, path, dirname(path))
}

/** The same for a value that is already parsed; `where` names it in errors. */
export function parseTrustFile(json: unknown, where: string, folder = '.'): TrustFile {
  const parsed = file.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const at =
      issue === undefined ? '' : ` at ${issue.path.join('.') || 'the top'}: ${issue.message}`
    throw new CollectorError('trust_invalid', `${where} is not a trust file${at}`)
  }
  const { data } = parsed
  const given: Record<TrustList, TrustedIssuer[]> = {
    anchors: [],
    approvers: [],
    pdps: [],
    toolServers: [],
    setIssuers: [],
    credentialIssuers: [],
    owners: [],
    workloads: [],
    tokenIssuers: [],
  }
  const sourced: SourcedEntry[] = []
  for (const name of Object.keys(LISTS) as (keyof typeof LISTS)[]) {
    const list = LISTS[name]
    for (const [index, value] of data[name].entries()) {
      const at = `${name}.${index}`
      if (value.source === undefined) given[list].push(trusted(value, `${where}: ${at}`))
      else sourced.push(sourcedEntry(value, list, at, where, folder))
    }
  }
  refuseMixedSources(sourced, where)
  const { version, compromised, holder_identity: holderIdentity } = data
  return { version, given, sourced, compromised, holderIdentity }
}

type Entry = z.infer<typeof entry>

/** The entry with its key read. */
function trusted(value: Entry, where: string): TrustedIssuer {
  const { kid, jwk, source: _, algs, use, ...terms } = value
  if (kid === undefined || jwk === undefined) {
    throw wrong(where, 'must have "kid" and "jwk", or "source"')
  }
  if (algs !== undefined || use !== undefined) {
    throw wrong(where, '"algs" and "use" choose among the keys of a "source"')
  }
  const key = parsePublicJwk(jwk)
  if (isFault(key)) {
    throw wrong(`${where}.jwk`, 'must be a public Ed25519 or P-256 key with "alg", for signatures')
  }
  return { ...present(terms), kid, jwk: key.jwk }
}

function sourcedEntry(
  value: Entry,
  list: TrustList,
  at: string,
  where: string,
  folder: string,
): SourcedEntry {
  const { kid, jwk, source: given, algs, use, ...terms } = value
  const entryAt = `${where}: ${at}`
  if (kid !== undefined || jwk !== undefined) {
    throw wrong(entryAt, 'has a "source" and a key of its own: make two entries')
  }
  const source = given === undefined ? undefined : sourceOf(given, value.iss, folder)
  if (source === undefined) throw wrong(`${entryAt}.source`, '"oidc": true needs an https "iss"')
  if (isSpiffe(source)) refuseForSpiffe(value, entryAt)
  else if (use !== undefined && use !== 'sig') {
    throw wrong(`${entryAt}.use`, `"${use}" is for keys of a SPIFFE bundle`)
  }
  const wanted = use ?? 'sig'
  return {
    list,
    at,
    terms: present(terms),
    source,
    found: isSpiffe(source) ? `${source.name}#${wanted}` : source.name,
    algs: algs ?? (isSpiffe(source) ? ['ES256'] : ['Ed25519', 'ES256']),
    use: wanted,
  }
}

/** SPIFFE Trust Domain and Bundle; JWT-SVID and WIT-SVID know no EdDSA. */
function refuseForSpiffe({ iss, use, algs }: Entry, where: string): void {
  if (!/^spiffe:\/\/[a-z0-9._-]{1,255}$/.test(iss)) {
    throw wrong(`${where}.iss`, 'keys of a SPIFFE bundle stand for "spiffe://<trust domain>"')
  }
  if (use !== 'jwt-svid' && use !== 'wit-svid') {
    throw wrong(`${where}.use`, 'must be "jwt-svid" or "wit-svid" for a SPIFFE bundle')
  }
  if (algs?.some((alg) => alg !== 'ES256')) {
    throw wrong(`${where}.algs`, 'keys of a SPIFFE bundle are of ES256')
  }
}

/**
 * A bundle does not say whose it is: under two trust domains it would merge them. And two entries for
 * the same keys would each take the other's for its own.
 */
function refuseMixedSources(sourced: readonly SourcedEntry[], where: string): void {
  const domains = new Map<string, string>()
  const known = new Set<string>()
  for (const { list, at, terms, source, found } of sourced) {
    if (isSpiffe(source)) {
      const domain = domains.get(source.name) ?? terms.iss
      if (domain !== terms.iss) {
        throw wrong(`${where}: ${at}`, `the bundle of ${domain} cannot be that of ${terms.iss} too`)
      }
      domains.set(source.name, domain)
    }
    const id = JSON.stringify([list, terms.iss, terms.aud ?? null, found])
    if (known.has(id)) throw wrong(`${where}: ${at}`, 'an entry before it has this source')
    known.add(id)
  }
}

/** None of its absent members. */
function present<Value extends object>(value: Value): EntryTerms {
  const given = Object.entries(value).filter(([, one]) => one !== undefined && one !== null)
  return Object.fromEntries(given) as unknown as EntryTerms
}

function wrong(where: string, says: string): CollectorError {
  return new CollectorError('trust_invalid', `${where}: ${says}`)
}
