import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { LinkError } from '../errors.ts'
import { isFault } from '../fault.ts'
import type { Json } from '../types.ts'
import { canonicalize } from './canonicalize.ts'
import { parseCanonical } from './parse-canonical.ts'

describe('canonicalize', () => {
  test.each<[Json, string]>([
    [{ b: 1, a: [true, null] }, '{"a":[true,null],"b":1}'],
    [-0, '0'],
    [1e21, '1e+21'],
    [1e-7, '1e-7'],
    [0.1 + 0.2, '0.30000000000000004'],
    ['\u20ac$\u000f\nA\'B"\\\\"/', '"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"'],
    [{ 10: 1, 9: 2 }, '{"10":1,"9":2}'],
    [
      { '\u20ac': 1, '\r': 2, '\ufb33': 3, '1': 4, '\ud83d\ude00': 5, '\u0080': 6, '\u00f6': 7 },
      '{"\\r":2,"1":4,"\u0080":6,"ö":7,"€":1,"😀":5,"\ufb33":3}',
    ],
  ])('%j has one form', (value, text) => {
    expect(canonicalize(value)).toBe(text)
  })

  test.each<[string, () => Json]>([
    ['a number that is not finite', () => ({ a: Number.POSITIVE_INFINITY })],
    ['a lone surrogate in a value', () => ['\ud800']],
    ['a lone surrogate in a name', () => ({ '\udfff': 1 })],
    ['nesting beyond the limit', () => nested(129)],
    ['nesting of 100,000', () => nested(100_000)],
  ])('%s has none', (_, value) => {
    expect(() => canonicalize(value())).toThrow(LinkError)
  })

  test('a member that is undefined is no JSON', () => {
    const value: Json = JSON.parse('{"a":1}')
    Object.assign(value ?? {}, { a: undefined })
    expect(() => canonicalize(value)).toThrow(LinkError)
  })
})

describe('parseCanonical', () => {
  test('takes exactly what canonicalize writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = canonicalize(JSON.parse(JSON.stringify(value)))
        const parsed = parse(text)
        expect(isFault(parsed) ? parsed : canonicalize(parsed.value)).toBe(text)
      }),
      { numRuns: 2000 },
    )
  })

  test('refuses every other spelling of a value', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), fc.nat(), (value, at) => {
        const text = canonicalize(JSON.parse(JSON.stringify(value)))
        const cut = at % (text.length + 1)
        const spaced = `${text.slice(0, cut)} ${text.slice(cut)}`
        const parsed = parse(spaced)
        // Inside a string a space makes another value, which may well be canonical.
        if (!isFault(parsed)) expect(canonicalize(parsed.value)).toBe(spaced)
      }),
      { numRuns: 2000 },
    )
  })

  test.each([
    ['{"a":1,"a":1}', 'non_canonical'],
    ['{"a":1,"a":2}', 'non_canonical'],
    ['{"b":1,"a":2}', 'non_canonical'],
    ['1.0', 'non_canonical'],
    ['1E3', 'non_canonical'],
    ['-0', 'non_canonical'],
    ['9007199254740993', 'non_canonical'],
    ['"\\u0041"', 'non_canonical'],
    ['1e400', 'non_finite'],
    ['"\\ud800"', 'lone_surrogate'],
    ['\ufeff{}', 'malformed'],
    ['', 'malformed'],
    ['{', 'malformed'],
    ['{}{}', 'malformed'],
    ['NaN', 'malformed'],
  ])('%s is %s', (text, code) => {
    expect(parse(text)).toMatchObject({ code })
  })

  test('invalid UTF-8 is refused, not repaired', () => {
    expect(parseCanonical(Uint8Array.of(0x22, 0xff, 0x22))).toEqual({
      code: 'malformed',
      detail: 'utf8',
    })
    const overlong = Uint8Array.of(0x22, 0xc0, 0xaf, 0x22)
    expect(parseCanonical(overlong)).toEqual({ code: 'malformed', detail: 'utf8' })
  })

  test('100,000 levels give a code, in arrays and in objects', () => {
    const deep = 100_000
    expect(parse('['.repeat(deep) + ']'.repeat(deep))).toMatchObject({ code: 'oversized' })
    expect(parse(`${'{"a":'.repeat(deep)}1${'}'.repeat(deep)}`)).toMatchObject({
      code: 'oversized',
    })
    expect(parse('['.repeat(deep))).toMatchObject({ code: 'malformed' })
  })

  test('a member called __proto__ is kept as a member', () => {
    const parsed = parse('{"__proto__":{"a":1}}')
    expect(isFault(parsed) ? parsed : canonicalize(parsed.value)).toBe('{"__proto__":{"a":1}}')
  })
})

function parse(text: string) {
  return parseCanonical(Buffer.from(text))
}

function nested(depth: number): Json {
  let value: Json = 1
  for (let level = 0; level < depth; level++) value = [value]
  return value
}
