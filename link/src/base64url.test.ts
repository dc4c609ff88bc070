import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decodeBase64url,
  decodeCompact,
  decodeCompactInto,
  encodeBase64url,
  isCompact,
} from './base64url.ts'

/** Characters of the alphabet, of its twin, of padding and space, and some that look like others in one byte. */
const HOSTILE = [...'AQgwEZaz09-_', ...'+/=. \n\t\0', ...'\u0141\u012d\u0241\u20ac\ud800\u00ff']

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

describe('decodeCompact', () => {
  test('reads a compact text as the strict way does, and nothing else', () => {
    const counts = { read: 0, left: 0 }
    const mixed = fc.string({ unit: fc.constantFrom(...HOSTILE), maxLength: 24 })
    const plain = fc.string({ unit: fc.constantFrom(...HOSTILE.slice(0, 12)), maxLength: 70 })
    const edited = fc
      .tuple(
        fc.uint8Array({ maxLength: 1_000 }),
        fc.nat(),
        fc.constantFrom('', ...HOSTILE),
        fc.nat(3),
      )
      .map(([bytes, at, piece, cut]) => {
        const text = encodeBase64url(bytes)
        const start = at % (text.length + 1)
        return text.slice(0, start) + piece + text.slice(start + cut)
      })
    fc.assert(
      fc.property(fc.oneof(mixed, plain, edited), (text) => {
        if (!isCompact(text)) return
        const strict = decodeBase64url(text)
        const bytes = decodeCompact(text)
        counts[bytes === undefined ? 'left' : 'read'] += 1
        expect(bytes).toEqual(strict instanceof Uint8Array ? strict : undefined)
      }),
      { numRuns: 60_000 },
    )
    expect(Math.min(counts.read, counts.left)).toBeGreaterThan(1_000)
  })

  test('knows every ending of one, two and three bytes', () => {
    for (const start of ['', 'A', 'Ab', 'Abc', 'Abcd'])
      for (const last of ALPHABET) {
        const strict = decodeBase64url(start + last)
        const expected = strict instanceof Uint8Array ? strict : undefined
        expect(decodeCompact(start + last)).toEqual(expected)
        expect(decodeCompactInto(Buffer.alloc(8), start + last)).toEqual(expected)
      }
  })

  test('takes no part for which there is no room', () => {
    expect(decodeCompactInto(Buffer.alloc(3), 'QUJD')).toEqual(Buffer.from('ABC'))
    expect(decodeCompactInto(Buffer.alloc(2), 'QUJD')).toBeUndefined()
  })

  test.each(['+', '/', '\u0141', '\u00ff', '\u20ac', '\ud800'])(
    'a text with %j is not compact',
    (odd) => {
      expect(isCompact(`QUJD${odd}`)).toBe(false)
    },
  )
})
