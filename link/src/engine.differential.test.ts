import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { verifySignature } from './crypto.ts'
import { party } from './testing/party.ts'
import type { PublicJwk } from './types.ts'
import { isCanonicalPoint, isSmallOrder } from './weak-keys.ts'

/**
 * The engine against node:crypto, whichever library it uses here. The one difference is pinned: a
 * signature whose first half is a point of small order is refused by us and taken by OpenSSL.
 */

const ROUNDS = 400
const ORDER_25519 = (1n << 252n) + 27742317777372353535851937790883648493n
const ORDER_P256 = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n

function byNode(jwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: { ...jwk }, format: 'jwk' })
  if (jwk.alg === 'ES256')
    return verify('sha256', data, { key, dsaEncoding: 'ieee-p1363' }, signature)
  const r = Buffer.from(signature.subarray(0, 32)).toString('base64url')
  return signature.length === 64 && !isSmallOrder(r) && verify(null, data, key, signature)
}

function agrees(jwk: PublicJwk, data: Uint8Array, signature: Uint8Array): boolean {
  const ours = verifySignature({ jwk }, data, signature)
  expect([ours, Buffer.from(signature).toString('hex')]).toEqual([
    byNode(jwk, data, signature),
    Buffer.from(signature).toString('hex'),
  ])
  return ours
}

test.each(['Ed25519', 'ES256'] as const)('%s: honest, broken and hostile signatures', (alg) => {
  let held = 0
  for (let round = 0; round < ROUNDS; round += 1) {
    const signer = party(alg)
    const data = randomBytes(round)
    const good = signer.sign(data)
    if (agrees(signer.jwk, data, good)) held += 1
    for (const bad of hostile(good, alg, round)) agrees(signer.jwk, data, bad)
    agrees(signer.jwk, Buffer.concat([data, Buffer.of(0)]), good)
    agrees(party(alg).jwk, data, good)
  }
  expect(held).toBe(ROUNDS)
})

test('no encoding of a point that is not its own is taken for a key', () => {
  const p = (1n << 255n) - 19n
  for (let above = 0n; above < 19n; above += 1n) {
    for (const sign of [0n, 1n << 255n]) {
      expect(isCanonicalPoint(littleEndian(p + above + sign))).toBe(false)
      expect(isCanonicalPoint(littleEndian(p - 1n - above + sign))).toBe(true)
    }
  }
})

function hostile(good: Uint8Array, alg: PublicJwk['alg'], round: number): Uint8Array[] {
  const r = good.subarray(0, 32)
  const s = good.subarray(32)
  const flipped = Buffer.from(good)
  flipped[round % 64] = (flipped[round % 64] ?? 0) ^ (1 << (round % 8))
  const zero = Buffer.alloc(32)
  return [
    flipped,
    randomBytes(64),
    Buffer.concat([zero, zero]),
    Buffer.concat([zero, s]),
    Buffer.concat([r, zero]),
    Buffer.concat([s, r]),
    ...(alg === 'ES256' ? overflowed256(r, s) : overflowed25519(r, s)),
  ]
}

/** The same numbers beyond the order of the group, and the twin that anybody can make. */
function overflowed256(r: Uint8Array, s: Uint8Array): Uint8Array[] {
  const number = BigInt(`0x${Buffer.from(s).toString('hex')}`)
  const twin = Buffer.from((ORDER_P256 - number).toString(16).padStart(64, '0'), 'hex')
  const order = Buffer.from(ORDER_P256.toString(16), 'hex')
  return [Buffer.concat([r, twin]), Buffer.concat([r, order]), Buffer.concat([order, s])]
}

function overflowed25519(r: Uint8Array, s: Uint8Array): Uint8Array[] {
  const number = BigInt(`0x${Buffer.from(s).reverse().toString('hex')}`)
  const smallOrder = [littleEndian(1n), littleEndian((1n << 255n) - 20n), Buffer.alloc(32)]
  return [
    Buffer.concat([r, littleEndian(number + ORDER_25519)]),
    Buffer.concat([r, littleEndian(ORDER_25519)]),
    ...smallOrder.map((point) => Buffer.concat([point, s])),
    ...smallOrder.map((point) => Buffer.concat([point, Buffer.alloc(32)])),
  ]
}

function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}
