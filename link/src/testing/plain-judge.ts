import { createHash } from 'node:crypto'
import { compactVerify, importJWK, type JWK } from 'jose'
import type { Json } from '../types.ts'
import { isPlainlyWellFormed, plainlyPermits } from './plain-constraints.ts'

/**
 * A second verifier for tests: jose for the signature, and the plainest reading of what the claims
 * must say. It shares nothing with the code under test. It is lenient where jose is: whatever it
 * refuses must be refused, and what only the profile refuses is on a list with its reason.
 */

export type Claims = { readonly [name: string]: Json | undefined }

interface Opened {
  readonly header: Claims
  readonly claims: Claims
  /** Of the signing input. */
  readonly hash: string
}

/** Whether a chain, root first, holds under one anchor at a time; NumericDate. */
export async function judgeChain(
  texts: readonly string[],
  anchor: { readonly iss: string; readonly kid: string; readonly jwk: JWK },
  at: number,
): Promise<boolean> {
  let parent: Opened | undefined
  const ids = new Set<Json | undefined>()
  if (texts.length === 0 || texts.length > 16) return false
  for (const text of texts) {
    const above: Claims | undefined = parent?.claims
    const jwk = above === undefined ? anchor.jwk : (above['cnf'] as { readonly jwk: JWK }).jwk
    const opened = await open(text, 'aat+jwt', jwk)
    if (opened === undefined || !isLink(opened.claims)) return false
    const { header, claims } = opened
    const named = parent === undefined ? header['kid'] === anchor.kid : !('kid' in header)
    if (!named || ids.has(claims['jti'])) return false
    if (!(num(claims['exp']) > at && num(claims['iat']) <= at + 30)) return false
    if (parent === undefined ? !isRoot(claims, anchor.iss) : !isDerived(claims, parent))
      return false
    ids.add(claims['jti'])
    parent = opened
  }
  return true
}

/** Whether an artefact holds under one key. */
export async function judgeArtefact(
  text: string,
  typ: string,
  jwk: JWK,
  by: { readonly kid?: string; readonly iss: string | undefined },
): Promise<boolean> {
  const opened = await open(text, typ, jwk)
  if (opened === undefined) return false
  const { header, claims } = opened
  if (header['kid'] !== by.kid) return false
  if (by.iss !== undefined && claims['iss'] !== by.iss) return false
  const rules = ARTEFACTS[typ] ?? {}
  return Object.entries(rules).every(([name, fits]) => fits(claims[name]))
}

const KEYS = new Map<string, ReturnType<typeof importJWK>>()

async function open(text: string, typ: string, jwk: JWK): Promise<Opened | undefined> {
  try {
    const id = JSON.stringify(jwk)
    const key = KEYS.get(id) ?? importJWK(jwk)
    if (KEYS.size < 1000) KEYS.set(id, key)
    const algorithms = [String(jwk.alg)]
    const { protectedHeader, payload } = await compactVerify(text, await key, { algorithms })
    const header = protectedHeader as Claims
    // As jose's own `typ` option reads it.
    const said = String(header['typ'])
      .toLowerCase()
      .replace(/^application\//, '')
    const claims: unknown = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload))
    if (said !== typ || typeof claims !== 'object' || claims === null || Array.isArray(claims))
      return undefined
    const hash = createHash('sha256').update(text.slice(0, text.lastIndexOf('.')))
    return { header, claims: claims as Claims, hash: hash.digest('base64url') }
  } catch {
    return undefined
  }
}

type Rule = (value: Json | undefined) => boolean

const isText: Rule = (value) => typeof value === 'string' && value !== '' && value.length <= 512
const isTime: Rule = (value) => Number.isSafeInteger(value) && num(value) >= 0
const isHash: Rule = (value) => typeof value === 'string' && /^[\w-]{43}$/.test(value)
const isBare: Rule = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const either =
  (...values: readonly Json[]): Rule =>
  (value) =>
    value !== undefined && values.includes(value)
const orAbsent =
  (rule: Rule): Rule =>
  (value) =>
    value === undefined || rule(value)
const isPlace: Rule = (value) => value === '' || isText(value)

const ARTEFACTS: { readonly [typ: string]: { readonly [claim: string]: Rule } } = {
  'aat-pop+jwt': {
    aat_id: isText,
    aat_hash: isHash,
    aat_tool: isText,
    aat_aud: isPlace,
    hta: isBare,
    jti: isText,
    iat: isTime,
    nonce: orAbsent(isText),
  },
  'agent-approval+jwt': {
    iss: isText,
    sub: isText,
    aud: isPlace,
    jti: isText,
    iat: isTime,
    exp: isTime,
    aat_hash: isHash,
    aat_tool: isText,
    action_hash: isHash,
    decision: either('approve', 'deny'),
  },
  'agent-decision+jwt': {
    iss: isText,
    jti: isText,
    iat: isTime,
    evaluation_id: isText,
    request_hash: isHash,
    action_hash: isHash,
    decision: either(true, false),
  },
  'agent-receipt+jwt': {
    iss: isText,
    aud: isText,
    jti: isText,
    iat: isTime,
    aat_tool: isText,
    action_hash: isHash,
    result: isBare,
  },
  'agent-completion+jwt': {
    iss: isText,
    aud: isText,
    jti: isText,
    iat: isTime,
    txn: isText,
    aat_hash: isHash,
  },
  'agent-credential+jwt': {
    iss: isText,
    aud: isText,
    jti: isText,
    iat: isTime,
    event: either('issued', 'revoked'),
    credential: isHash,
  },
  'agent-registry+jwt': {
    iss: isText,
    iat: isTime,
    version: isText,
    entries: (v) => Array.isArray(v),
  },
  'secevent+jwt': { iss: isText, jti: isText, iat: isTime, events: isBare },
}

function isLink(claims: Claims): boolean {
  const { act, cnf } = claims
  const whole = ['iss', 'sub', 'txn', 'jti'].every((name) => isText(claims[name]))
  const times = ['iat', 'exp', 'del_depth', 'del_max_depth'].every((name) => isTime(claims[name]))
  const life = num(claims['exp']) - num(claims['iat'])
  const actor = isBare(act) && isText((act as Claims)['sub'])
  const holder = isBare(cnf) && isBare((cnf as Claims)['jwk'])
  return (
    whole && times && life > 0 && life <= 86_400 && actor && holder && areTools(toolsOf(claims))
  )
}

function isRoot(claims: Claims, iss: string): boolean {
  return claims['iss'] === iss && claims['par_hash'] === undefined && claims['del_depth'] === 0
}

function isDerived(claims: Claims, { claims: parent, hash }: Opened): boolean {
  const same = ['sub', 'txn'].every((name) => claims[name] === parent[name])
  const depth = num(claims['del_depth']) === num(parent['del_depth']) + 1
  const deepest = num(claims['del_max_depth'])
  const shallow = deepest <= num(parent['del_max_depth']) && num(claims['del_depth']) <= deepest
  const inside =
    num(claims['exp']) <= num(parent['exp']) && num(claims['iat']) >= num(parent['iat'])
  const signer = `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${thumbprint(parent)}`
  const linked = claims['iss'] === signer && claims['par_hash'] === hash
  return same && depth && shallow && inside && linked && !isWider(toolsOf(parent), toolsOf(claims))
}

/** RFC 7638: the required members in their order. */
function thumbprint(claims: Claims): string {
  const { crv, kty, x, y } = (claims['cnf'] as { readonly jwk: JWK }).jwk
  const members = kty === 'EC' ? { crv, kty, x, y } : { crv, kty, x }
  return createHash('sha256').update(JSON.stringify(members)).digest('base64url')
}

function toolsOf(claims: Claims): Json | undefined {
  const details = claims['authorization_details']
  if (!Array.isArray(details) || details.length !== 1) return undefined
  const [detail] = details as readonly Claims[]
  return detail?.['type'] === 'attenuating_agent_token' ? detail['tools'] : undefined
}

function areTools(tools: Json | undefined): boolean {
  if (!isBare(tools)) return false
  return Object.values(tools as Claims).every(
    (map) =>
      isBare(map) && Object.values(map as Claims).every((one) => isPlainlyWellFormed(one, true)),
  )
}

/** Whether some call of a sample is inside the child and outside its parent. */
function isWider(parent: Json | undefined, child: Json | undefined): boolean {
  if (parent === undefined || child === undefined) return true
  return Object.entries(child as Claims).some(([tool, map]) =>
    callsFor(map, (parent as Claims)[tool]).some(
      (args) => plainlyPermits(child, tool, args) && !plainlyPermits(parent, tool, args),
    ),
  )
}

const PROBES: readonly Json[] = [
  null,
  true,
  'x',
  '',
  -1,
  0,
  1,
  0.5,
  1e6,
  'staging',
  'canary',
  [],
  {},
]

/** Calls around every literal of both maps, one argument varied at a time, and with one too many. */
function callsFor(...maps: readonly (Json | undefined)[]): readonly { [name: string]: Json }[] {
  const present = maps.filter((map) => isBare(map)) as readonly { readonly [name: string]: Json }[]
  const names = new Set(present.flatMap((map) => Object.keys(map)).filter((name) => name !== '*'))
  const values = [...PROBES, ...present.flatMap(literals)]
  let calls: readonly { [name: string]: Json }[] = [{}, { zz: 1 }]
  for (const name of names)
    calls = calls
      .flatMap((call) => [call, ...values.map((value) => ({ ...call, [name]: value }))])
      .slice(0, 4_000)
  return calls
}

function literals(json: Json): readonly Json[] {
  if (Array.isArray(json)) return json.flatMap(literals)
  if (typeof json === 'object' && json !== null) return Object.values(json).flatMap(literals)
  return typeof json === 'number' ? [json, json + 1, json - 1] : [json]
}

function num(value: Json | undefined): number {
  return typeof value === 'number' ? value : Number.NaN
}
