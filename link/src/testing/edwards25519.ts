import { createHash } from 'node:crypto'

/**
 * Just enough of edwards25519 (RFC 8032 section 5.1) to make keys and signatures that no honest
 * signer makes. Slow and not constant in time: for tests.
 */
export const P = (1n << 255n) - 19n
export const L = (1n << 252n) + 27742317777372353535851937790883648493n
const D: bigint = mod(-121665n * inverse(121666n))
const ROOT_OF_MINUS_ONE = power(2n, (P - 1n) / 4n)

/** Affine. */
export interface Point {
  readonly x: bigint
  readonly y: bigint
}

export const IDENTITY: Point = { x: 0n, y: 1n }

export function add(a: Point, b: Point): Point {
  return affine(sum(projective(a), projective(b)))
}

export function times(scalar: bigint, point: Point): Point {
  let result = projective(IDENTITY)
  let doubled = projective(point)
  for (let left = scalar; left > 0n; left >>= 1n) {
    if (left & 1n) result = sum(result, doubled)
    doubled = sum(doubled, doubled)
  }
  return affine(result)
}

/** A point of this y, or undefined where the curve has none. */
export function pointOf(y: bigint, odd: boolean): Point | undefined {
  const square = mod((y * y - 1n) * inverse(D * y * y + 1n))
  let x = power(square, (P + 3n) / 8n)
  if (mod(x * x) !== square) x = mod(x * ROOT_OF_MINUS_ONE)
  if (mod(x * x) !== square) return undefined
  return { x: (x & 1n) === (odd ? 1n : 0n) ? x : mod(-x), y: mod(y) }
}

export const BASE: Point = pointOf(mod(4n * inverse(5n)), false) ?? IDENTITY

/** The eight points whose order divides 8. */
export const SMALL_ORDER: readonly Point[] = smallOrder()

/** 32 bytes: y, and the lowest bit of x on top. `above` adds multiples of p to y: another spelling. */
export function encode({ x, y }: Point, above = 0n): Buffer {
  return littleEndian(y + above * P + ((x & 1n) << 255n))
}

export function littleEndian(value: bigint): Buffer {
  return Buffer.from(value.toString(16).padStart(64, '0'), 'hex').reverse()
}

/** SHA-512(R, A, M) as a scalar. */
export function challenge(r: Uint8Array, a: Uint8Array, data: Uint8Array): bigint {
  const hash = createHash('sha512').update(r).update(a).update(data).digest().reverse()
  return BigInt(`0x${hash.toString('hex')}`) % L
}

function smallOrder(): Point[] {
  // Any point times L has an order that divides 8; one of order 8 gives all of them.
  for (let y = 2n; ; y += 1n) {
    const point = pointOf(y, false)
    const generator = point === undefined ? IDENTITY : times(L, point)
    const order4 = times(4n, generator)
    if (order4.x !== 0n || order4.y === 1n) continue
    return Array.from({ length: 8 }, (_, index) => times(BigInt(index), generator))
  }
}

/** X/Z, Y/Z: an addition without a division. */
interface Projective {
  readonly x: bigint
  readonly y: bigint
  readonly z: bigint
}

/** The unified addition of twisted Edwards curves with a = -1, complete on this one. */
function sum(p: Projective, q: Projective): Projective {
  const a = (p.z * q.z) % P
  const b = (a * a) % P
  const c = (p.x * q.x) % P
  const d = (p.y * q.y) % P
  const e = mod(D * c * d)
  const f = mod(b - e)
  const g = (b + e) % P
  return {
    x: mod(a * f * mod((p.x + p.y) * (q.x + q.y) - c - d)),
    y: mod(a * g * (c + d)),
    z: (f * g) % P,
  }
}

function projective({ x, y }: Point): Projective {
  return { x, y, z: 1n }
}

function affine({ x, y, z }: Projective): Point {
  const inverted = inverse(z)
  return { x: mod(x * inverted), y: mod(y * inverted) }
}

function mod(value: bigint): bigint {
  const rest = value % P
  return rest < 0n ? rest + P : rest
}

function inverse(value: bigint): bigint {
  return power(value, P - 2n)
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let factor = mod(base)
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * factor) % P
    factor = (factor * factor) % P
  }
  return result
}
