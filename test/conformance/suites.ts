import { type JsonObject, type PublicJwk, parsePublicJwk } from '@delegraph/link'
import { decodeBase64url } from '../../link/src/base64url.ts'
import { verifySignature } from '../../link/src/crypto.ts'
import { isFault } from '../../link/src/fault.ts'
import { canonicalize } from '../../link/src/json/canonicalize.ts'
import { parseCanonical } from '../../link/src/json/parse-canonical.ts'
import { namesIn, readText, readVectors } from './folder.ts'

/** One vector: what its authors say of it, and what we do. */
export interface Case {
  readonly id: number | string
  readonly comment: string
  readonly valid: boolean
  readonly accepted: boolean
}

export interface Suite {
  readonly name: string
  readonly file: string
  readonly from: string
  run(): Case[]
}

const WYCHEPROOF = 'C2SP/wycheproof, dac1dd4'

export const SUITES: readonly Suite[] = [
  {
    name: 'Ed25519 signatures',
    file: 'ed25519_test.json',
    from: WYCHEPROOF,
    run: () => rawSignatures('ed25519_test.json', edKey),
  },
  {
    name: 'ECDSA P-256 SHA-256 signatures, r and s side by side',
    file: 'ecdsa_secp256r1_sha256_p1363_test.json',
    from: WYCHEPROOF,
    run: () => rawSignatures('ecdsa_secp256r1_sha256_p1363_test.json', ecKey),
  },
  {
    name: 'JSON Web Signatures',
    file: 'json_web_signature_test.json',
    from: WYCHEPROOF,
    run: webSignatures,
  },
  {
    name: 'JSON canonicalization, RFC 8785',
    file: 'jcs',
    from: 'cyberphone/json-canonicalization, 19d51d7',
    run: canonicalForms,
  },
]

interface RawFile {
  readonly testGroups: readonly {
    readonly publicKey: Readonly<Record<string, string>>
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly msg: string
      readonly sig: string
      readonly result: string
    }[]
  }[]
}

function rawSignatures(
  file: string,
  keyOf: (key: Readonly<Record<string, string>>) => PublicJwk,
): Case[] {
  return readVectors<RawFile>(file).testGroups.flatMap(({ publicKey, tests }) => {
    const key = parsePublicJwk(keyOf(publicKey))
    return tests.map(({ tcId, comment, msg, sig, result }) => ({
      id: tcId,
      comment,
      valid: result === 'valid',
      accepted:
        !isFault(key) && verifySignature(key, Buffer.from(msg, 'hex'), Buffer.from(sig, 'hex')),
    }))
  })
}

function edKey(key: Readonly<Record<string, string>>): PublicJwk {
  return { kty: 'OKP', crv: 'Ed25519', alg: 'Ed25519', x: base64url(key['pk'], 32) }
}

function ecKey(key: Readonly<Record<string, string>>): PublicJwk {
  const { wx, wy } = key
  return { kty: 'EC', crv: 'P-256', alg: 'ES256', x: base64url(wx, 32), y: base64url(wy, 32) }
}

/** Big-endian hex, sometimes with a leading zero too many or too few. */
function base64url(hex: string | undefined, size: number): string {
  const digits = (hex ?? '').slice(-2 * size).padStart(2 * size, '0')
  return Buffer.from(digits, 'hex').toString('base64url')
}

interface WebFile {
  readonly testGroups: readonly {
    readonly public?: JsonObject
    readonly private?: JsonObject
    readonly tests: readonly {
      readonly tcId: number
      readonly comment: string
      readonly jws: string | JsonObject
      readonly result: string
    }[]
  }[]
}

/**
 * The pieces that the profile opens texts with, without its own claims: strict base64url, an object
 * as header, an algorithm of the profile that is the key's own, the signature.
 */
function webSignatures(): Case[] {
  return readVectors<WebFile>('json_web_signature_test.json').testGroups.flatMap((group) =>
    group.tests.map(({ tcId, comment, jws, result }) => ({
      id: tcId,
      comment,
      valid: result === 'valid',
      accepted: holds(jws, group.public ?? group.private ?? {}),
    })),
  )
}

function holds(jws: unknown, jwk: JsonObject): boolean {
  if (typeof jws !== 'string') return false
  const [header64, payload64, signature64, ...more] = jws.split('.')
  if (header64 === undefined || payload64 === undefined || signature64 === undefined) return false
  const parts = [header64, payload64, signature64].map(decodeBase64url)
  const [header, , signature] = parts
  if (more.length > 0 || !parts.every((part) => part instanceof Uint8Array)) return false
  if (!(header instanceof Uint8Array) || !(signature instanceof Uint8Array)) return false
  const alg = algOf(header)
  if (alg === undefined || alg !== jwk['alg'] || (jwk['use'] ?? 'sig') !== 'sig') return false
  const key = parsePublicJwk(jwk)
  if (isFault(key)) return false
  return verifySignature(key, Buffer.from(`${header64}.${payload64}`), signature)
}

/** Headers of others are not canonical; whatever else is in them, `crit` is never understood. */
function algOf(bytes: Uint8Array): string | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'))
    if (typeof header !== 'object' || header === null || 'crit' in header) return undefined
    return 'alg' in header && typeof header.alg === 'string' ? header.alg : undefined
  } catch {
    return undefined
  }
}

/** Each input in its canonical form, and that form recognised as its own. */
function canonicalForms(): Case[] {
  return namesIn('jcs/input').map((name) => {
    const wanted = readText(`jcs/output/${name}`)
    const written = canonicalize(JSON.parse(readText(`jcs/input/${name}`)))
    const again = parseCanonical(Buffer.from(wanted))
    return {
      id: name,
      comment: name,
      valid: true,
      accepted: written === wanted && !isFault(again),
    }
  })
}
