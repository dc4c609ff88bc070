import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Json } from '../types.ts'
import { canonicalize } from './canonicalize.ts'
import { isPlainlyCanonical } from './plainly-canonical.ts'

/** What tokens are made of, in every order: most of it is no JSON, and some is not canonical. */
const PIECES = [
  ...['{', '}', '[', ']', ',', ':', '"', ' ', '\n', '-', '0', '1', '.', 'e', '\\'],
  ...['"a":', '"b":', '"a":1', '"aa":2,', '{}', '[]', 'true', 'false', 'null', '12', '1e3'],
  ...['"":', '"10":1', '"9":1', '9007199254740993', '999999999999999', '-0', '"\\u0061"'],
] as const

describe('isPlainlyCanonical', () => {
  test('says yes to nothing but canonical forms', () => {
    const counts = { yes: 0, no: 0 }
    const edited = fc
      .tuple(fc.jsonValue({ maxDepth: 4 }), fc.nat(), fc.constantFrom(...PIECES), fc.nat(3))
      .map(([value, at, piece, cut]) => {
        const text = canonicalize(JSON.parse(JSON.stringify(value)))
        const start = at % (text.length + 1)
        return text.slice(0, start) + piece + text.slice(start + cut)
      })
    const made = fc.array(fc.constantFrom(...PIECES), { maxLength: 12 }).map((all) => all.join(''))
    const listed = made.map((text) => `{"a":[${text}],"b":{${text}}}`)
    fc.assert(
      fc.property(fc.oneof(edited, made, listed), (text) => {
        const value = parsed(text)
        if (value === undefined || !isAscii(text)) return
        const yes = isPlainlyCanonical(Buffer.from(text))
        counts[yes ? 'yes' : 'no'] += 1
        if (yes) expect(canonicalize(value.json)).toBe(text)
      }),
      { numRuns: 60_000 },
    )
    expect(Math.min(counts.yes, counts.no)).toBeGreaterThan(500)
  })

  test('says yes to what nearly all tokens are', () => {
    const plain = fc.stringMatching(/^[ !#-[\]-~]{0,12}$/)
    const { json } = fc.letrec<{ json: Json }>((tie) => ({
      json: fc.oneof(
        { maxDepth: 5 },
        fc.oneof(plain, fc.boolean(), fc.constant(null), fc.integer()),
        fc.array(tie('json'), { maxLength: 4 }),
        fc.dictionary(plain, tie('json'), { maxKeys: 4 }),
      ),
    }))
    fc.assert(
      fc.property(json, (value) => isPlainlyCanonical(Buffer.from(canonicalize(value)))),
      { numRuns: 5_000 },
    )
  })

  test.each([
    ['members out of order', '{"b":1,"a":1}'],
    ['a member twice', '{"a":1,"a":1}'],
    ['a longer name before its beginning', '{"aa":1,"a":1}'],
    ['an inner member out of order behind a list', '{"a":[{"x":1},{"y":1,"x":1}]}'],
    ['an outer member out of order behind an object', '{"b":{"z":1},"a":1}'],
    ['the empty name behind another', '{"a":1,"":1}'],
    ['space', '{"a": 1}'],
    ['space behind a number', '[1 ]'],
    ['a line end', '[1,2]\n'],
    ['an escape', '["\\u0061"]'],
    ['a fraction', '[1.50]'],
    ['an exponent', '[1e3]'],
    ['a minus zero', '[-0]'],
    ['an integer of more than 15 digits', '[1234567890123456]'],
    ['nesting beyond the limit', '['.repeat(129) + ']'.repeat(129)],
  ])('does not say yes to %s', (_, text) => {
    expect(isPlainlyCanonical(Buffer.from(text))).toBe(false)
  })
})

function parsed(text: string): { readonly json: Json } | undefined {
  try {
    return { json: JSON.parse(text) }
  } catch {
    return undefined
  }
}

function isAscii(text: string): boolean {
  return Buffer.byteLength(text) === text.length
}
