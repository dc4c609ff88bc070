import { LIMITS } from '../constants.ts'
import { parseTools } from '../constraints/well-formed.ts'
import { isFault } from '../fault.ts'
import { parseCanonical } from '../json/parse-canonical.ts'
import { parseLinkClaims } from '../link-claims.ts'
import type { ForeignJwt } from './open-jwt.ts'
import type { ParsedPlain } from './plain-claims.ts'

const MEMBERS: ReadonlySet<string> = new Set(['alg', 'kid', 'typ'])
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/**
 * What our profile asks for and a token of the draft does without, `strict:` and a name each, in
 * alphabetical order. Not the order in which `verifyLink` stops, but all of it; empty only where the
 * profile's own reader takes the claims too.
 */
export function strictDifferences(
  text: unknown,
  { header, payload }: ForeignJwt,
  { claims, holder }: ParsedPlain,
): readonly string[] {
  const found = new Set<string>()
  const need = (name: string, holds: boolean): void => {
    if (!holds) found.add(`strict:${name}`)
  }
  const root = claims.par_hash === undefined
  need('kid', (header['kid'] !== undefined) === root)
  need(
    'header',
    Object.keys(header).every((name) => MEMBERS.has(name)),
  )
  need('canonical', isCanonical(text))
  need('sub', typeof payload['sub'] === 'string')
  need('txn', typeof payload['txn'] === 'string')
  need('act', claims.actor !== undefined)
  need('jti', UUID_V7.test(claims.jti))
  need('cnf_alg', algOf(payload['cnf']) === holder.jwk.alg)
  need('lifetime', claims.exp - claims.iat <= LIMITS.lifetime)
  need('details', claims.granted && listed(payload['authorization_details']) === 1)
  need('tool', parseTools(claims.tools).fault === undefined)
  if (found.size === 0) need('claims', !isFault(parseLinkClaims(payload)))
  return [...found].sort()
}

function algOf(cnf: unknown): unknown {
  const { jwk } = (cnf ?? {}) as { readonly jwk?: { readonly alg?: unknown } }
  return jwk?.alg
}

function listed(details: unknown): number {
  return Array.isArray(details) ? details.length : 0
}

function isCanonical(text: unknown): boolean {
  const [header = '', payload = ''] = String(text).split('.')
  return [header, payload].every((part) => !isFault(parseCanonical(Buffer.from(part, 'base64url'))))
}
