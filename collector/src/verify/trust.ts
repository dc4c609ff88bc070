import { readFileSync } from 'node:fs'
import { type Anchor, isFault, parsePublicJwk, type TrustedIssuer } from '@delegraph/link'
import { z } from 'zod'
import { CollectorError } from '../errors.ts'

/**
 * Whom this collector trusts, from configuration and never from a token: root issuers, approvers,
 * decision points, transmitters of revocations, and the owners who sign the registry.
 */
export interface Trust {
  readonly anchors: readonly Anchor[]
  readonly approvers: readonly TrustedIssuer[]
  readonly pdps: readonly TrustedIssuer[]
  readonly setIssuers: readonly TrustedIssuer[]
  readonly owners: readonly TrustedIssuer[]
}

export const NO_TRUST: Trust = { anchors: [], approvers: [], pdps: [], setIssuers: [], owners: [] }

const key = z.strictObject({ iss: z.string().min(1), kid: z.string().min(1), jwk: z.unknown() })
const anchor = key.extend({
  max_lifetime: z.int().positive().optional(),
  max_depth: z.int().min(0).max(15).optional(),
  tools: z.array(z.string()).optional(),
})
const file = z.strictObject({
  version: z.string(),
  anchors: z.array(anchor).default([]),
  approvers: z.array(key).default([]),
  pdps: z.array(key).default([]),
  set_issuers: z.array(key).default([]),
  owners: z.array(key).default([]),
})

const MAX_BYTES = 1024 * 1024

/**
 * Reads a trust file: JSON with `version` and lists of `{iss, kid, jwk}`.
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
  const { anchors, approvers, pdps, set_issuers: setIssuers, owners } = parsed.data
  return {
    anchors: anchors.map((entry, i) => {
      const { max_lifetime, max_depth, tools } = entry
      return {
        ...trusted(entry, `${where}: anchors.${i}`),
        ...(max_lifetime === undefined ? {} : { max_lifetime }),
        ...(max_depth === undefined ? {} : { max_depth }),
        ...(tools === undefined ? {} : { tools }),
      }
    }),
    approvers: approvers.map((entry, i) => trusted(entry, `${where}: approvers.${i}`)),
    pdps: pdps.map((entry, i) => trusted(entry, `${where}: pdps.${i}`)),
    setIssuers: setIssuers.map((entry, i) => trusted(entry, `${where}: set_issuers.${i}`)),
    owners: owners.map((entry, i) => trusted(entry, `${where}: owners.${i}`)),
  }
}

function trusted(entry: { iss: string; kid: string; jwk: unknown }, where: string): TrustedIssuer {
  const key = parsePublicJwk(entry.jwk)
  if (isFault(key)) {
    throw new CollectorError(
      'trust_invalid',
      `${where}.jwk must be a public Ed25519 or P-256 key with "alg"`,
    )
  }
  return { iss: entry.iss, kid: entry.kid, jwk: key.jwk }
}
