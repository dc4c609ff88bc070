import { createHmac } from 'node:crypto'
import { encodeBase64url } from '../base64url.ts'
import type { Signer } from '../signer.ts'
import type { Json } from '../types.ts'

/** A signed text taken apart, and whoever signed it: mutations that sign anew need him. */
export interface Token {
  readonly text: string
  readonly header: { readonly [name: string]: Json }
  readonly payload: string
  readonly signer: Signer
}

/** Whole numbers below a bound, the same ones in every run of a seed. */
export type Pick = (bound: number) => number

/** A 32-bit generator (mulberry32, public domain): a failure can be played again from its seed. */
export function picker(seed: number): Pick {
  let state = seed
  return (bound) => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound
  }
}

export function oneOf<Item>(pick: Pick, items: readonly Item[]): Item {
  const item = items[pick(items.length)]
  if (item === undefined) throw new Error('an empty list')
  return item
}

export type Mutation = (token: Token, pick: Pick, other: Token) => string

/** By class. Each takes one valid text and makes something of it that is, most times, none. */
export const MUTATIONS: { readonly [name: string]: Mutation } = {
  bytes({ text }, pick) {
    const at = pick(text.length)
    const size = pick(3)
    const middle = size === 2 ? '' : String.fromCharCode(pick(8) === 0 ? pick(0x10000) : pick(256))
    return text.slice(0, at) + middle + text.slice(at + (size === 0 ? 0 : 1))
  },
  spelling({ text }, pick) {
    const at = pick(text.length)
    const [header = '', payload = '', signature = ''] = text.split('.')
    return oneOf(pick, [
      `${text}=`,
      `${text}\n`,
      ` ${text}`,
      `${text.slice(0, at)}\n${text.slice(at)}`,
      text.replaceAll('-', '+').replaceAll('_', '/'),
      text.slice(0, -1) + ALPHABET.charAt(ALPHABET.indexOf(text.slice(-1)) ^ (1 + pick(15))),
      `${text}.`,
      `.${text}`,
      JSON.stringify({ protected: header, payload, signature }),
      encodeURIComponent(text.replaceAll('.', '%')),
    ])
  },
  header(token, pick) {
    const { [oneOf(pick, ['alg', 'typ', 'kid'])]: _, ...less } = token.header
    const name = oneOf(pick, [
      'alg',
      'typ',
      'kid',
      'jwk',
      'jku',
      'x5c',
      'crit',
      'b64',
      'zip',
      'cty',
    ])
    const header = pick(4) === 0 ? less : { ...token.header, [name]: oneOf(pick, HEADER_VALUES) }
    return signed(sorted(header), token.payload, token.signer)
  },
  claims(token, pick) {
    const next = changedAt(JSON.parse(token.payload), pick, (old) => oneOf(pick, [...WILD, old]))
    return signed(sorted(token.header), sorted(next), token.signer)
  },
  numbers(token, pick) {
    const isNumber = (value: Json) => typeof value === 'number'
    const next = changedAt(
      JSON.parse(token.payload),
      pick,
      (old) => {
        const base = typeof old === 'number' ? old : 0
        return oneOf(pick, [...NUMBERS, base + 1, base - 1, base + 40, base - 40, base + 0.5])
      },
      isNumber,
    )
    return signed(sorted(token.header), sorted(next), token.signer)
  },
  encodings(token, pick) {
    const { payload } = token
    const at = payload.indexOf(',', pick(payload.length)) + 1
    const change = oneOf<(text: string) => string | Uint8Array>(pick, [
      (text) => text.slice(0, at) + oneOf(pick, [' ', '\n', '\t']) + text.slice(at),
      (text) => `{"iat":1,${text.slice(1)}`,
      (text) => `${text.slice(0, -1)},"a":1}`,
      (text) => `\ufeff${text}`,
      (text) => text.replace(/"(iat|exp)":(\d)(\d+)/, '"$1":$2.$3e9'),
      (text) => text.replace(/"(iat|exp)":\d+/, '"$1":1e400'),
      (text) => text.replace(/:"(.)/, (_, first: string) => `:"${escaped(first)}`),
      (text) => text.replace(/:"[^"]/, ':"\\ud800'),
      (text) =>
        Buffer.concat([
          Buffer.from(text.slice(0, at)),
          Buffer.of(0xc0),
          Buffer.from(text.slice(at)),
        ]),
      (text) => `${'['.repeat(pick(200))}${text}`,
      (text) => text.replace(/\d\d\d/, (digits) => `${digits}9007199254740993`),
    ])
    return signed(sorted(token.header), change(payload), token.signer)
  },
  signatures(token, pick, other) {
    const good = Buffer.from(token.signer.sign(inputOf(token)))
    const bent = Buffer.from(good)
    bent[pick(64)] = pick(256)
    const order = token.signer.alg === 'ES256' ? P256 : ED25519
    const change = oneOf<() => Uint8Array>(pick, [
      () => bent,
      () => Buffer.alloc(64),
      () => good.subarray(0, pick(64)),
      () => Buffer.concat([good, Buffer.of(0)]),
      () => Buffer.concat([good.subarray(32), good.subarray(0, 32)]),
      () => other.signer.sign(inputOf(token)),
      () => token.signer.sign(inputOf(other)),
      () => twin(good, order, token.signer.alg === 'ES256'),
      () => Buffer.concat([Buffer.alloc(32, 0), good.subarray(32)]),
    ])
    return `${token.text.slice(0, token.text.lastIndexOf('.'))}.${encodeBase64url(change())}`
  },
  algorithms(token, pick, other) {
    const alg = oneOf(pick, [
      'none',
      'HS256',
      'EdDSA',
      'Ed25519',
      'ES256',
      'ES384',
      'RS256',
      'es256',
    ])
    const header = sorted({ ...token.header, alg })
    const byKey = { sign: (data: Uint8Array) => hmac(JSON.stringify(token.signer.jwk), data) }
    const byPoint = {
      sign: (data: Uint8Array) => hmac(Buffer.from(token.signer.jwk.x, 'base64url'), data),
    }
    const nobody = { sign: () => Buffer.alloc(0) }
    return signed(
      header,
      token.payload,
      oneOf(pick, [token.signer, other.signer, byKey, byPoint, nobody]),
    )
  },
  'cross-JWT'(token, pick, other) {
    const typ = oneOf(pick, [...TYPS, String(other.header['typ'])])
    return oneOf(pick, [
      other.text,
      signed(sorted({ ...token.header, typ }), token.payload, token.signer),
      signed(sorted(token.header), other.payload, token.signer),
      signed(sorted(other.header), token.payload, other.signer),
    ])
  },
  splices(token, pick, other) {
    const [a, b] = [token.text.split('.'), other.text.split('.')]
    return [0, 1, 2].map((part) => (pick(2) === 0 ? a : b)[part]).join('.')
  },
  unicode(token, pick) {
    const isText = (value: Json) => typeof value === 'string' && value !== ''
    const next = changedAt(
      JSON.parse(token.payload),
      pick,
      (old) => {
        const text = String(old)
        const at = pick(text.length)
        const like = oneOf(pick, [
          '\u200b',
          '\u0000',
          '\u202e',
          'а',
          'é',
          'e\u0301',
          '／',
          'K',
          '😀',
        ])
        return oneOf(pick, [
          text.slice(0, at) + like + text.slice(at),
          text.slice(0, at) + like + text.slice(at + 1),
          text.toUpperCase(),
          `${text} `,
          text.normalize('NFD'),
          encodeURIComponent(text),
        ])
      },
      isText,
    )
    return signed(sorted(token.header), sorted(next), token.signer)
  },
}

export function signed(
  header: string,
  payload: string | Uint8Array,
  signer: { sign(data: Uint8Array): Uint8Array },
): string {
  const input = `${encodeBase64url(header)}.${encodeBase64url(payload)}`
  return `${input}.${encodeBase64url(signer.sign(Buffer.from(input)))}`
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const ED25519 = (1n << 252n) + 27742317777372353535851937790883648493n
const P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const TYPS = ['JWT', 'at+jwt', 'dpop+jwt', 'wit+jwt', 'aat+jwt', 'aat-pop+jwt', 'agent-receipt+jwt']
const HEADER_VALUES: readonly Json[] = [
  ...[
    'none',
    'Ed25519',
    'ES256',
    'EdDSA',
    'aat+jwt',
    'AAT+JWT',
    'application/aat+jwt',
    'root',
    'x',
    '',
  ],
  ...[null, 0, true, false, ['b64'], ['x'], [], {}, { kty: 'oct', k: 'AAAA' }],
]
const WILD: readonly Json[] = [
  ...['', 'x', '0', '*', 'x'.repeat(600), '__proto__', 'wildcard', 'range', 'ai_agent'],
  ...[null, true, false, 0, 1, -1, 1.5, 2 ** 53, 1e21, [], ['x'], [1], {}, { a: 1 }],
  ...[{ constraint_type: 'wildcard' }, { constraint_type: 'exact', value: 'staging' }],
  { constraint_type: 'one_of', values: ['staging'] },
]
const NUMBERS: readonly number[] = [
  0,
  1,
  -1,
  2,
  15,
  16,
  0.5,
  1e-7,
  1e21,
  2 ** 31,
  2 ** 53,
  2 ** 53 - 1,
]

/** One member or item somewhere in it: exchanged, left out, or joined by another. */
function changedAt(
  json: Json,
  pick: Pick,
  change: (old: Json) => Json,
  fits: (value: Json) => boolean = () => true,
): Json {
  const places: (readonly (string | number)[])[] = []
  const visit = (value: Json, path: readonly (string | number)[]) => {
    if (path.length > 0 && fits(value)) places.push(path)
    if (typeof value === 'object' && value !== null)
      for (const [name, inner] of Object.entries(value)) visit(inner, [...path, name])
  }
  visit(json, [])
  const place = oneOf(pick, places)
  const next: Json = structuredClone(json) as Json
  let holder = next as { [name: string]: Json }
  for (const name of place.slice(0, -1)) holder = holder[name] as { [name: string]: Json }
  const last = String(place.at(-1))
  const how = pick(6)
  if (how === 0) delete holder[last]
  else if (how === 1) holder[Array.isArray(holder) ? String(holder.length) : 'note'] = change(null)
  else holder[last] = change(holder[last] ?? null)
  // A hole where an item was left out.
  return JSON.parse(JSON.stringify(next))
}

/** Canonical members of whatever it is; a lone surrogate stays, to be refused. */
function sorted(json: Json): string {
  if (Array.isArray(json)) return `[${json.map(sorted).join()}]`
  if (typeof json !== 'object' || json === null) return JSON.stringify(json)
  const members = Object.entries(json).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${sorted(value)}`).join()}}`
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

function inputOf({ text }: Token): Buffer {
  return Buffer.from(text.slice(0, text.lastIndexOf('.')))
}

/** (r, n - s), or S + L, in the order of bytes of the algorithm. */
function twin(signature: Buffer, order: bigint, bigEndian: boolean): Buffer {
  const half = Buffer.from(signature.subarray(32))
  const number = BigInt(`0x${(bigEndian ? half : half.reverse()).toString('hex')}`)
  const other = bigEndian ? order - number : number + order
  const bytes = Buffer.from(other.toString(16).padStart(64, '0'), 'hex')
  return Buffer.concat([signature.subarray(0, 32), bigEndian ? bytes : bytes.reverse()])
}

function hmac(key: string | Uint8Array, data: Uint8Array): Buffer {
  return createHmac('sha256', key).update(data).digest()
}
