import { canonicalize } from '@delegraph/link'
import { hmacSigner } from '../keys.ts'
import {
  type ChainCase,
  detail,
  type Maker,
  NOW,
  POST,
  POST_MAP,
  READ,
  READ_MAP,
} from '../maker.ts'

/** A: header, algorithm, key. B: bytes. */
export function formCases(make: Maker): readonly ChainCase[] {
  return [...headerCases(make), ...byteCases(make)]
}

function headerCases(make: Maker): readonly ChainCase[] {
  const { parties, rootHeader } = make
  const root = (
    header: Record<string, string | boolean | string[] | object>,
    signer = parties.root,
  ) => make.raw(canonicalJson({ ...rootHeader, ...header }), canonicalize(make.rootClaims), signer)
  const publicKey = parties.root.jwk.x
  const other = make.alg === 'Ed25519' ? 'ES256' : 'Ed25519'
  const hs = make.raw(
    canonicalJson({ ...rootHeader, alg: 'HS256' }),
    canonicalize(make.rootClaims),
    hmacSigner(publicKey),
  )
  return [
    one('A01', 'alg none', root({ alg: 'none' }), 'alg_not_allowed'),
    one('A02', 'alg noNE', root({ alg: 'noNE' }), 'alg_not_allowed'),
    one('A03', 'HS256 keyed with the root public key', hs, 'alg_not_allowed'),
    one('A04', 'polymorphic EdDSA', root({ alg: 'EdDSA' }), 'alg_not_allowed'),
    one('A05', 'header alg of the other key type', root({ alg: other }), 'alg_key_mismatch'),
    one('A06', 'access token used as link', root({ typ: 'at+jwt' }), 'type_invalid'),
    one(
      'A07',
      'typ missing',
      make.raw(
        canonicalize({ alg: make.alg, kid: 'root-2026-11' }),
        canonicalize(make.rootClaims),
        parties.root,
      ),
      'type_invalid',
    ),
    one('A08', 'PoP in place of a link', root({ typ: 'aat-pop+jwt' }), 'type_invalid'),
    one(
      'A09',
      'embedded jwk header, stranger key',
      root({ jwk: parties.stranger.jwk }, parties.stranger),
      'malformed:header',
    ),
    one('A10', 'jku header', root({ jku: 'https://evil.example/jwks' }), 'malformed:header'),
    one('A11', 'crit b64 false', root({ b64: false, crit: ['b64'] }), 'malformed:header'),
    one('A12', 'unknown kid', root({ kid: '../../keys/root' }), 'issuer_untrusted:kid_unknown'),
    one('A13', 'known kid, stranger signature', root({}, parties.stranger), 'signature_invalid'),
    one(
      'A14',
      'anchor key signs for another issuer',
      make.root({ iss: 'https://other.example' }),
      'issuer_mismatch',
    ),
    one('A15', 'typ in other letter case', root({ typ: 'AAT+JWT' }), 'type_invalid'),
    one('A16', 'typ with media type prefix', root({ typ: 'application/aat+jwt' }), 'type_invalid'),
    one(
      'A17',
      'alg in other letter case',
      root({ alg: make.alg.toLowerCase() }),
      'alg_not_allowed',
    ),
  ]
}

function byteCases(make: Maker): readonly ChainCase[] {
  const [link0, link1, link2] = make.base
  const header = canonicalize(make.rootHeader)
  const payload = canonicalize(make.rootClaims)
  const signed = (text: string) => make.raw(header, text, make.parties.root)
  const edited = (from: string, to: string) => signed(payload.replace(from, to))
  const leaf = (id: string, title: string, text: string, expect: string): ChainCase => ({
    id,
    title,
    at: NOW,
    chain: [link0, link1, text],
    expect,
    failed_at: 2,
  })
  const exp = '"exp":1795403600'
  const big = Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`https://files.example.com/mcp#tool_${index}`, {}]),
  )
  return [
    leaf('B01', 'trailing newline', `${link2}\n`, 'malformed:alphabet'),
    leaf('B02', 'padding in signature', `${link2}==`, 'malformed:alphabet'),
    leaf(
      'B03',
      'unused bits in the last character',
      respelled(link2),
      'malformed:noncanonical_b64',
    ),
    one(
      'B04',
      'duplicate member in header',
      make.raw(`{"alg":"none",${header.slice(1)}`, payload, make.parties.root),
      'non_canonical',
    ),
    one('B05', 'duplicate exp in payload', edited(exp, `"exp":1,${exp}`), 'non_canonical'),
    one('B06', 'exp 1e400 (parses to Infinity)', edited(exp, '"exp":1e400'), 'non_finite'),
    one('B07', 'exp with exponent', edited(exp, '"exp":1.7954036e9'), 'non_canonical'),
    one('B08', 'whitespace in payload', edited('{', '{ '), 'non_canonical'),
    one('B09', 'UTF-8 byte order mark', signed(`\ufeff${payload}`), 'malformed:bom'),
    one(
      'B10',
      '__proto__ as tool name',
      edited('"tools":{', '"tools":{"__proto__":{},'),
      'unknown_constraint:reserved_name',
    ),
    one('B11', 'lone surrogate', edited('u_7f3c2a91', 'u_\\ud800'), 'lone_surrogate'),
    one(
      'B12',
      'integer that loses digits in a double',
      edited('"max":500', '"max":9007199254740993'),
      'non_canonical',
    ),
    one('B13', 'oversized link', make.root(detail(big)), 'oversized'),
    one('B14', 'five parts', `${link0}.e30.e30`, 'malformed:parts'),
    one('B15', 'payload is an array', signed('[]'), 'malformed:not_object'),
    one('B16', 'negative zero', edited('"min":0', '"min":-0'), 'non_canonical'),
    one('B17', 'members out of order', signed(`{"z":1,${payload.slice(1)}`), 'non_canonical'),
    one('B18', 'JSON nested 2,000 deep', signed(nested(2000)), 'oversized:depth'),
    one('B19', 'two parts', link0.slice(0, link0.lastIndexOf('.')), 'malformed:parts'),
    one('B20', 'standard base64 alphabet', link0.replace('.', '+.'), 'malformed:alphabet'),
    one('B21', 'payload is not JSON', signed('{"iss":'), 'malformed:json'),
    one('B22', 'escaped where JCS does not escape', edited('u_7', '\\u0075_7'), 'non_canonical'),
    one(
      'B23',
      'the same tools in the same order of keys',
      make.root(detail({ [POST]: POST_MAP, [READ]: READ_MAP })),
      'ok',
    ),
    one(
      'B24',
      'empty signature',
      `${link0.slice(0, link0.lastIndexOf('.'))}.`,
      'signature_invalid',
    ),
  ]
}

function one(id: string, title: string, link: string, expect: string): ChainCase {
  return { id, title, at: NOW, chain: [link], expect, ...(expect === 'ok' ? {} : { failed_at: 0 }) }
}

/** Some values here are outside what the typed canonicaliser takes. */
function canonicalJson(header: object): string {
  return canonicalize(JSON.parse(JSON.stringify(header)))
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

/** The last of 86 characters carries two bits of the signature; the other four are free. */
function respelled(text: string): string {
  const last = ALPHABET.indexOf(text.slice(-1))
  return text.slice(0, -1) + ALPHABET.charAt(last + 1)
}

function nested(depth: number): string {
  return `${'['.repeat(depth)}${']'.repeat(depth)}`
}
