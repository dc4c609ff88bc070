import { readFileSync } from 'node:fs'
import {
  canonicalize,
  isFault,
  type Json,
  NO_TRUST,
  parsePublicJwk,
  parseTools,
  type ToolGrants,
  type Trust,
  type TrustedIssuer,
  withoutCompromised,
} from '@delegraph/link'
import { z } from 'zod'
import { CollectorError } from '../errors.ts'

const time = z.int().nonnegative()
const key = z.strictObject({
  iss: z.string().min(1),
  kid: z.string().min(1),
  jwk: z.unknown(),
  valid_from: time.optional(),
  valid_until: time.optional(),
})
const anchor = key.extend({
  max_lifetime: z.int().positive().optional(),
  max_depth: z.int().min(0).max(15).optional(),
  tools: z.array(z.string()).optional(),
  status_hosts: z.array(z.string()).optional(),
})
const approver = key.extend({ acr: z.array(z.string()).optional() })
const toolServer = key.extend({ aud: z.string().min(1) })
/** `tools` maps a scope token to the tools that it grants, in the words of a link. */
const grants = z.custom<ToolGrants>((value) => parseTools(value as Json).fault === undefined, {
  error: 'must map tool URIs to argument constraints',
})
const tokenIssuer = key.extend({
  aud: z.string().min(1).optional(),
  tools: z.record(z.string().min(1).max(512), grants).optional(),
})
const file = z.strictObject({
  version: z.string(),
  anchors: z.array(anchor).default([]),
  approvers: z.array(approver).default([]),
  pdps: z.array(key).default([]),
  tool_servers: z.array(toolServer).default([]),
  set_issuers: z.array(key).default([]),
  credential_issuers: z.array(key).default([]),
  owners: z.array(key).default([]),
  workloads: z.array(key).default([]),
  token_issuers: z.array(tokenIssuer).default([]),
  compromised: z
    .array(z.strictObject({ jkt: z.string().regex(/^[A-Za-z0-9_-]{43}$/), since: time }))
    .default([]),
})

const MAX_BYTES = 1024 * 1024

/**
 * Reads a trust file: JSON with `version` and lists of `{iss, kid, jwk}`. Keys that it calls
 * compromised come back as retired since then, so that nobody who asks for them can forget it.
 *
 * @throws CollectorError `trust_invalid` naming the first entry that is wrong, or `file_unreadable`.
 */
export function readTrust(path: string): Trust {
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
  return parseTrust(json, path)
}

/** The same for a value that is already parsed; `where` names it in errors. */
export function parseTrust(json: unknown, where: string): Trust {
  const parsed = file.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const at =
      issue === undefined ? '' : ` at ${issue.path.join('.') || 'the top'}: ${issue.message}`
    throw new CollectorError('trust_invalid', `${where} is not a trust file${at}`)
  }
  const { data } = parsed
  const keys = (name: KeyList): TrustedIssuer[] =>
    data[name].map((entry, i) => trusted(entry, `${where}: ${name}.${i}`))
  return withoutCompromised({
    version: data.version,
    anchors: keys('anchors'),
    approvers: keys('approvers'),
    pdps: keys('pdps'),
    toolServers: keys('tool_servers'),
    setIssuers: keys('set_issuers'),
    credentialIssuers: keys('credential_issuers'),
    owners: keys('owners'),
    workloads: keys('workloads'),
    tokenIssuers: keys('token_issuers'),
    compromised: data.compromised,
  })
}

type TrustFile = z.infer<typeof file>
type KeyList = Exclude<keyof TrustFile, 'version' | 'compromised'>

/** The entry with its key read, and none of its absent members. */
function trusted(entry: TrustFile[KeyList][number], where: string): TrustedIssuer {
  const key = parsePublicJwk(entry.jwk)
  if (isFault(key)) {
    throw new CollectorError(
      'trust_invalid',
      `${where}.jwk must be a public Ed25519 or P-256 key with "alg"`,
    )
  }
  const given = Object.entries(entry).filter(([, value]) => value !== undefined)
  return { ...(Object.fromEntries(given) as unknown as TrustedIssuer), jwk: key.jwk }
}

/** The trust of a journal record or an evidence node: written by `trustText`, keys and all. */
export function parseTrustText(text: string | undefined): Trust | undefined {
  if (text === undefined) return undefined
  try {
    return withoutCompromised({ ...NO_TRUST, ...(JSON.parse(text) as Trust) })
  } catch {
    return undefined
  }
}

/** One text for one trust, so that a change shows. */
export function trustText(trust: Trust): string {
  return canonicalize(trust as unknown as Json)
}
