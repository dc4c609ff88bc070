import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { compactVerify, importJWK } from 'jose'
import { describe, expect, test } from 'vitest'
import { verifySignature } from './crypto.ts'
import { isFault } from './fault.ts'
import { parsePublicJwk } from './jwk.ts'
import {
  add,
  BASE,
  challenge,
  encode,
  IDENTITY,
  L,
  littleEndian,
  type Point,
  SMALL_ORDER,
  times,
} from './testing/edwards25519.ts'
import { party } from './testing/party.ts'
import type { PublicJwk } from './types.ts'

/**
 * Signatures and keys that no honest signer makes, judged by the engine, by node:crypto and by jose.
 * One difference is pinned: an R of small order is refused here, whatever OpenSSL is there.
 */

const HEADER = Buffer.from('{"alg":"Ed25519"}').toString('base64url')
const ROUNDS = 6

interface Attempt {
  readonly key: Buffer
  readonly data: Buffer
  readonly signature: Buffer
}

describe('Ed25519', () => {
  test('eight points have small order, and their fourteen spellings are refused as keys', () => {
    const distinct = new Set(SMALL_ORDER.map((point) => encode(point).toString('hex')))
    expect(distinct.size).toBe(8)
    const spellings = new Set(
      SMALL_ORDER.flatMap(spellingsOf).map((bytes) => bytes.toString('hex')),
    )
    expect(spellings.size).toBe(14)
    for (const hex of spellings)
      expect(parsePublicJwk(jwkOf(Buffer.from(hex, 'hex')))).toMatchObject({ code: 'weak_key' })
  })

  test('a signature that would hold for every text under such a key is refused with it', async () => {
    for (const point of SMALL_ORDER)
      for (const key of spellingsOf(point)) {
        const data = dataOf()
        for (const s of [0n, 1n]) {
          // S·B = R + k·A, and k·A is the identity for one text of eight.
          const signature = Buffer.concat([encode(times(s, BASE)), littleEndian(s)])
          expect(isFault(parsePublicJwk(jwkOf(key)))).toBe(true)
          expect(ours({ key, data, signature })).toBe(false)
        }
      }
  })

  test('an R of small order is refused, though the equation holds', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const secret = scalar()
      const key = encode(times(secret, BASE))
      for (const point of SMALL_ORDER)
        for (const r of spellingsOf(point)) {
          const data = dataOf()
          const s = (challenge(r, key, data) * secret) % L
          const attempt = { key, data, signature: Buffer.concat([r, littleEndian(s)]) }
          expect(ours(attempt)).toBe(false)
          // Without the cofactor only the identity satisfies it; OpenSSL since 3.5 refuses that too.
          if (await byOthers(attempt)) expect(r).toEqual(encode(IDENTITY))
        }
    }
  })

  test('a key of mixed order is judged without the cofactor, as by everybody else', async () => {
    const counts = { taken: 0, refused: 0 }
    for (let round = 0; round < 4 * ROUNDS; round++) {
      const secret = scalar()
      for (const small of SMALL_ORDER.slice(1)) {
        const key = encode(add(times(secret, BASE), small))
        const attempt = signed(key, secret, IDENTITY)
        const taken = await byOthers(attempt)
        expect(ours(attempt)).toBe(taken)
        counts[taken ? 'taken' : 'refused'] += 1
      }
    }
    expect(counts.taken).toBeGreaterThan(0)
    expect(counts.refused).toBeGreaterThan(counts.taken)
  })

  test('an R of mixed order never holds', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const secret = scalar()
      const key = encode(times(secret, BASE))
      for (const small of SMALL_ORDER.slice(1)) {
        const attempt = signed(key, secret, small)
        expect([ours(attempt), await byOthers(attempt)]).toEqual([false, false])
      }
    }
  })

  test('an S of L and more is refused, and so is every flipped bit', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const secret = scalar()
      const key = encode(times(secret, BASE))
      const good = signed(key, secret, IDENTITY)
      expect([ours(good), await byOthers(good)]).toEqual([true, true])
      const r = good.signature.subarray(0, 32)
      const s = BigInt(`0x${Buffer.from(good.signature.subarray(32)).reverse().toString('hex')}`)
      const beyond = [s + L, s + 2n * L, s + 8n * L, L, L + 1n, (1n << 256n) - 1n]
      for (const value of beyond.filter((one) => one < 1n << 256n)) {
        const attempt = { ...good, signature: Buffer.concat([r, littleEndian(value)]) }
        expect([ours(attempt), await byOthers(attempt)]).toEqual([false, false])
      }
      for (let bit = 0; bit < 512; bit += 7) {
        const signature = Buffer.from(good.signature)
        signature[bit >> 3] = (signature[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        const attempt = { ...good, signature }
        expect([ours(attempt), await byOthers(attempt)]).toEqual([false, false])
      }
    }
  })
})

test('ES256: zero, the order and beyond, twins and points off the curve', async () => {
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const bytes = (value: bigint) => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')
  for (let round = 0; round < ROUNDS; round++) {
    const signer = party('ES256')
    const data = randomBytes(40)
    const good = Buffer.from(signer.sign(es256Input(data)))
    const [r = 0n, s = 0n] = [0, 32].map((at) => BigInt(`0x${good.toString('hex', at, at + 32)}`))
    const odd = [0n, 1n, order - 1n, order, order + 1n, (1n << 256n) - 1n]
    const pairs = [
      [r, s],
      [r, order - s],
      [s, r],
      ...odd.flatMap((value) => [
        [r, value],
        [value, s],
        [value, value],
      ]),
    ] as const
    const taken = []
    for (const [a, b] of pairs) {
      const signature = Buffer.concat([bytes(a), bytes(b)])
      const mine = verifySignature(signer, es256Input(data), signature)
      expect(mine).toBe(await es256ByOthers(signer.jwk, data, signature))
      taken.push(mine)
    }
    // The signature and the twin that anybody can make of it.
    expect(taken.filter((one) => one)).toHaveLength(2)
    const { jwk } = signer
    if (jwk.kty !== 'EC') throw new Error('a P-256 key')
    for (const y of [jwk.x, bytes(0n).toString('base64url'), bytes(order).toString('base64url')])
      expect(parsePublicJwk({ ...jwk, y })).toMatchObject({ code: 'malformed' })
  }
})

/** The point as it is spelt, with the other sign bit where x is 0, and with y + p where that fits. */
function spellingsOf(point: Point): readonly Buffer[] {
  const spelt = [encode(point)]
  if (point.y < 19n) spelt.push(encode(point, 1n))
  return point.x === 0n
    ? spelt.flatMap((bytes) => {
        const other = Buffer.from(bytes)
        other[31] = (other[31] ?? 0) ^ 0x80
        return [bytes, other]
      })
    : spelt
}

function jwkOf(key: Uint8Array): PublicJwk {
  const x = Buffer.from(key).toString('base64url')
  return { kty: 'OKP', crv: 'Ed25519', x, alg: 'Ed25519' }
}

/** A signing input as jose makes it, so that all three judge the same bytes. */
function dataOf(): Buffer {
  return Buffer.from(`${HEADER}.${randomBytes(12).toString('base64url')}`)
}

function scalar(): bigint {
  return BigInt(`0x${randomBytes(40).toString('hex')}`) % L
}

/** S for R = rB + small under a key that may carry a small part itself. */
function signed(key: Buffer, secret: bigint, small: Point): Attempt {
  const data = dataOf()
  const nonce = scalar()
  const r = encode(add(times(nonce, BASE), small))
  const s = (nonce + challenge(r, key, data) * secret) % L
  return { key, data, signature: Buffer.concat([r, littleEndian(s)]) }
}

function ours({ key, data, signature }: Attempt): boolean {
  return verifySignature({ jwk: jwkOf(key) }, data, signature)
}

/** node:crypto and jose, which must agree with each other. */
async function byOthers({ key, data, signature }: Attempt): Promise<boolean> {
  const jwk = { ...jwkOf(key) }
  const node = verify(null, data, createPublicKey({ key: jwk, format: 'jwk' }), signature)
  const text = `${data}.${signature.toString('base64url')}`
  const jose = await compactVerify(text, await importJWK(jwk)).then(
    () => true,
    () => false,
  )
  expect(jose).toBe(node)
  return node
}

function es256Input(data: Uint8Array): Buffer {
  const header = Buffer.from('{"alg":"ES256"}').toString('base64url')
  return Buffer.from(`${header}.${Buffer.from(data).toString('base64url')}`)
}

async function es256ByOthers(
  jwk: PublicJwk,
  data: Uint8Array,
  signature: Buffer,
): Promise<boolean> {
  const input = es256Input(data)
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  const node = verify('sha256', input, { key, dsaEncoding: 'ieee-p1363' }, signature)
  const text = `${input}.${signature.toString('base64url')}`
  const jose = await compactVerify(text, await importJWK({ ...jwk })).then(
    () => true,
    () => false,
  )
  expect(jose).toBe(node)
  return node
}
