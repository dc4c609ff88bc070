import { importJWK, jwtVerify } from 'jose'
import { describe, expect, test } from 'vitest'
import { encodeBase64url } from './base64url.ts'
import { issueLink } from './issue.ts'
import { canonicalize } from './json/canonicalize.ts'
import type { Signer } from './signer.ts'
import { anchorOf, IAT, party, rootBy } from './testing/party.ts'
import type { Alg, Json } from './types.ts'
import { verifyChain } from './verify/verify-chain.ts'

/**
 * jose is the reference for JOSE itself. What it refuses we refuse; what it takes and we refuse
 * is listed here, each kind with its reason and our code.
 */
interface Kind {
  readonly name: string
  readonly jose: 'accepts' | 'rejects'
  /** `ok`, or our outcome code. */
  readonly ours: string
  /** Why we are stricter; present exactly where the two differ. */
  readonly reason?: string
  make(token: Token): string
}

interface Token {
  readonly header: string
  readonly payload: string
  readonly signer: Signer
  readonly text: string
  /** A number that differs from round to round. */
  readonly round: number
}

/**
 * Tokens of each kind and algorithm; 1,030 make more than 100,000, as every change is checked with:
 * `DIFFERENTIAL_ROUNDS=1030 npx vitest run link/src/jose.differential.test.ts`.
 */
const ROUNDS = Number(process.env['DIFFERENTIAL_ROUNDS'] ?? 40)
const LONG = { timeout: 600_000 }

describe.each(['Ed25519', 'ES256'] as const)('%s', (alg) => {
  test.each(KINDS(alg))('$name: jose $jose, we say $ours', LONG, async (kind) => {
    const auth = party(alg)
    const key = await importJWK({ ...auth.jwk })
    for (let round = 0; round < ROUNDS; round++) {
      const text = kind.make(token(alg, auth, round))
      const jose = await jwtVerify(text, key, OPTIONS(alg)).then(
        () => 'accepts',
        () => 'rejects',
      )
      const { outcome } = verifyChain([text], { anchors: [anchorOf(auth)], at: IAT + 5 })
      const ours =
        outcome.state === 'ok' || outcome.state === 'not_applicable' ? 'ok' : outcome.code
      expect({ round, jose, ours }).toEqual({ round, jose: kind.jose, ours: kind.ours })
    }
  })
})

test('we accept nothing that jose refuses, and every difference has a reason', () => {
  for (const kind of [...KINDS('Ed25519'), ...KINDS('ES256')]) {
    expect([kind.name, kind.jose === 'rejects' && kind.ours === 'ok']).toEqual([kind.name, false])
    const differs = kind.jose === 'accepts' && kind.ours !== 'ok'
    expect([kind.name, kind.reason !== undefined]).toEqual([kind.name, differs])
  }
})

const OPTIONS = (alg: Alg) => ({
  algorithms: [alg],
  typ: 'aat+jwt',
  currentDate: new Date((IAT + 5) * 1000),
  requiredClaims: ['iss', 'sub', 'exp', 'iat', 'jti'],
})

const SPELLINGS = 'one signed statement must have one text'
const PARSERS = 'two parsers must not read two statements out of one text'
const CLOSED = 'a header that is ignored is a header that the next reader obeys'
const PROFILE_RULE = 'the profile says so'

function KINDS(alg: Alg): readonly Kind[] {
  const strict = (name: string, ours: string, reason: string, make: Kind['make']): Kind => ({
    name,
    jose: 'accepts',
    ours,
    reason,
    make,
  })
  const both = (name: string, ours: string, make: Kind['make']): Kind => ({
    name,
    jose: ours === 'ok' ? 'accepts' : 'rejects',
    ours,
    make,
  })
  return [
    both('as issued', 'ok', ({ text }) => text),
    both('a bit of the payload flipped', 'signature_invalid', flippedPayload),
    both('a byte of the signature changed', 'signature_invalid', (t) =>
      resign(t, (s) => changed(s, t.round)),
    ),
    both('a signature of zeros', 'signature_invalid', (t) =>
      resign(t, (s) => Buffer.alloc(s.length)),
    ),
    both('a signature cut short', 'signature_invalid', (t) => resign(t, (s) => s.subarray(0, 63))),
    both('no signature', 'signature_invalid', (t) => resign(t, () => Buffer.alloc(0))),
    both('the signature of another key', 'signature_invalid', (t) =>
      signed(t.header, t.payload, party(alg)),
    ),
    both('alg none', 'alg_not_allowed', (t) => withHeader(t, { alg: 'none' })),
    both('alg EdDSA', 'alg_not_allowed', (t) => withHeader(t, { alg: 'EdDSA' })),
    both('alg HS256', 'alg_not_allowed', (t) => withHeader(t, { alg: 'HS256' })),
    both('alg in lower case', 'alg_not_allowed', (t) => withHeader(t, { alg: alg.toLowerCase() })),
    both('alg of the other key type', 'alg_key_mismatch', (t) =>
      withHeader(t, { alg: alg === 'ES256' ? 'Ed25519' : 'ES256' }),
    ),
    both('another typ', 'type_invalid', (t) => withHeader(t, { typ: 'at+jwt' })),
    both('unknown crit', 'malformed', (t) => withHeader(t, { crit: ['x'], x: 1 })),
    both('b64 false with crit', 'malformed', (t) => withHeader(t, { crit: ['b64'], b64: false })),
    both('an array as payload', 'malformed', (t) => signed(t.header, '[]', t.signer)),
    both('a string as payload', 'malformed', (t) => signed(t.header, '"x"', t.signer)),
    both('five parts', 'malformed', ({ text }) => `${text}.AA.AA`),
    both('two parts', 'malformed', ({ text }) => text.slice(0, text.lastIndexOf('.'))),
    both('expired', 'expired', (t) =>
      withPayload(t, (p) => p.replace(/"exp":\d+/, `"exp":${IAT + 1}`)),
    ),
    both('exp as text', 'malformed', (t) =>
      withPayload(t, (p) => p.replace(/"exp":(\d+)/, '"exp":"$1"')),
    ),
    both('no exp', 'malformed', (t) => withPayload(t, (p) => p.replace(/"exp":\d+,/, ''))),
    both('not JSON', 'malformed', (t) =>
      signed(t.header, t.payload.slice(0, -1 - t.round), t.signer),
    ),

    strict('typ with its media type prefix', 'type_invalid', SPELLINGS, (t) =>
      withHeader(t, { typ: 'application/aat+jwt' }),
    ),
    strict('typ in upper case', 'type_invalid', SPELLINGS, (t) =>
      withHeader(t, { typ: 'AAT+JWT' }),
    ),
    strict('a newline at the end', 'malformed', SPELLINGS, ({ text }) => `${text}\n`),
    strict('a space at the end', 'malformed', SPELLINGS, ({ text }) => `${text} `),
    strict('padding', 'malformed', SPELLINGS, ({ text }) => `${text}==`),
    strict('a newline inside the signature', 'malformed', SPELLINGS, ({ text, round }) =>
      spliced(text, -2 - (round % 80)),
    ),
    strict('unused bits in the last character', 'malformed', SPELLINGS, ({ text, round }) =>
      respelled(text, round),
    ),
    strict('a jwk header', 'malformed', CLOSED, (t) =>
      withHeader(t, { jwk: { ...party(alg).jwk } }),
    ),
    strict('a jku header', 'malformed', CLOSED, (t) =>
      withHeader(t, { jku: 'https://evil.example' }),
    ),
    strict('an x5u header', 'malformed', CLOSED, (t) =>
      withHeader(t, { x5u: 'https://evil.example' }),
    ),
    strict('b64 false without crit', 'malformed', CLOSED, (t) => withHeader(t, { b64: false })),
    strict('a duplicate header member', 'non_canonical', PARSERS, (t) =>
      signed(t.header.replace('{', '{"alg":"none",'), t.payload, t.signer),
    ),
    strict('a duplicate claim', 'non_canonical', PARSERS, (t) =>
      withPayload(t, (p) => p.replace('"exp"', '"exp":1,"exp"')),
    ),
    strict('whitespace', 'non_canonical', PARSERS, (t) =>
      withPayload(t, (p) => p.replace(':', ': ')),
    ),
    strict('a claim out of order', 'non_canonical', PARSERS, (t) =>
      withPayload(t, (p) => p.replace('{', '{"zz":1,')),
    ),
    strict('exp with an exponent', 'non_canonical', PARSERS, (t) =>
      withPayload(t, (p) => p.replace(/"exp":(\d)(\d+)/, '"exp":$1.$2e9')),
    ),
    strict('exp that is infinite', 'non_finite', PARSERS, (t) =>
      withPayload(t, (p) => p.replace(/"exp":\d+/, '"exp":1e400')),
    ),
    strict('a lone surrogate', 'lone_surrogate', PARSERS, (t) =>
      withPayload(t, (p) => p.replace('u_alice', '\\ud800')),
    ),
    strict('a byte order mark', 'malformed', PARSERS, (t) => withPayload(t, (p) => `\ufeff${p}`)),
    strict('an integer beyond 2^53', 'non_canonical', PARSERS, (t) =>
      withPayload(t, (p) => p.replace('{', '{"a":9007199254740993,')),
    ),
    strict('a fractional exp', 'malformed', PROFILE_RULE, (t) =>
      withPayload(t, (p) => p.replace(/"exp":(\d+)/, '"exp":$1.5')),
    ),
    strict('iat in the future', 'not_yet_valid', PROFILE_RULE, (t) =>
      withPayload(t, (p) => p.replace(/"iat":\d+/, `"iat":${IAT + 600}`)),
    ),
    strict('a lifetime of a year', 'lifetime_exceeded', PROFILE_RULE, (t) =>
      withPayload(t, (p) => p.replace(/"exp":\d+/, `"exp":${IAT + 31_536_000}`)),
    ),
    strict('another kid', 'issuer_untrusted', PROFILE_RULE, (t) => withHeader(t, { kid: 'other' })),
    strict('an access token in all but typ', 'malformed', PROFILE_RULE, (t) =>
      withPayload(t, (p) => p.replace(/"cnf":\{"jwk":\{[^}]*\}\},/, '')),
    ),
    strict('100 kB of payload', 'oversized', PROFILE_RULE, (t) =>
      withPayload(t, (p) => p.replace('{', `{"a":"${'x'.repeat(100_000)}",`)),
    ),
  ]
}

function token(alg: Alg, signer: Signer, round: number): Token {
  const link = issueLink(rootBy(signer, party(round % 2 === 0 ? alg : 'Ed25519')))
  const claims: Json = JSON.parse(JSON.stringify(link.claims))
  const header = canonicalize({ alg, kid: 'root', typ: 'aat+jwt' })
  return { header, payload: canonicalize(claims), signer, text: link.text, round }
}

function signed(header: string, payload: string, signer: Pick<Signer, 'sign'>): string {
  const input = `${encodeBase64url(header)}.${encodeBase64url(payload)}`
  return `${input}.${encodeBase64url(signer.sign(Buffer.from(input)))}`
}

function withHeader({ header, payload, signer }: Token, change: { readonly [name: string]: Json }) {
  return signed(canonicalize({ ...JSON.parse(header), ...change }), payload, signer)
}

function withPayload({ header, payload, signer }: Token, change: (payload: string) => string) {
  const next = change(payload)
  expect(next).not.toBe(payload)
  return signed(header, next, signer)
}

function resign({ header, payload, signer }: Token, change: (signature: Buffer) => Buffer): string {
  return signed(header, payload, { sign: (data) => change(Buffer.from(signer.sign(data))) })
}

function changed(signature: Buffer, round: number): Buffer {
  const at = round % signature.length
  signature.writeUInt8(signature.readUInt8(at) ^ (1 << (round % 8)), at)
  return signature
}

function flippedPayload({ text, payload, round }: Token): string {
  const [header, , signature] = text.split('.')
  const bytes = Buffer.from(payload)
  const at = (round * 37) % bytes.length
  bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at)
  return `${header}.${encodeBase64url(bytes)}.${signature}`
}

function spliced(text: string, at: number): string {
  return `${text.slice(0, at)}\n${text.slice(at)}`
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The last of 86 characters carries two bits of the signature; the other four are free. */
function respelled(text: string, round: number): string {
  const last = ALPHABET.indexOf(text.slice(-1))
  return text.slice(0, -1) + ALPHABET.charAt(last + 1 + (round % 15))
}
