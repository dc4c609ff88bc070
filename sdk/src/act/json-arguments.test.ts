import { canonicalize } from '@delegraph/link'
import { describe, expect, test } from 'vitest'
import { jsonArguments } from './json-arguments.ts'

const cycle: Record<string, unknown> = { name: 'a' }
cycle['self'] = cycle
let deep: unknown = 1
for (let depth = 0; depth < 100_000; depth++) deep = [deep]

describe('arguments of a framework become JSON', () => {
  test.each<[string, unknown, unknown]>([
    ['an object as it is', { a: 1, b: ['x', null, true] }, { a: 1, b: ['x', null, true] }],
    ['nothing as nothing', undefined, {}],
    ['null as nothing', null, {}],
    ['a text as the one argument', 'text', { input: 'text' }],
    ['a list as the one argument', [1, 2], { input: [1, 2] }],
    ['without undefined members and functions', { a: undefined, b: () => 1, c: 1 }, { c: 1 }],
    ['a date as its text', { at: new Date(0) }, { at: '1970-01-01T00:00:00.000Z' }],
    ['a URL as its text', { to: new URL('https://a.example') }, { to: 'https://a.example/' }],
    ['a large integer as its text', { id: 2n ** 64n }, { id: '18446744073709551616' }],
    ['a number that is none as null', { a: Number.NaN, b: -Infinity }, { a: null, b: null }],
    ['a lone surrogate as its replacement', { a: '\ud800' }, { a: '\ufffd' }],
    ['a cycle as a note', cycle, { name: 'a', self: '[no JSON form]' }],
    [
      'a member called __proto__ as a member',
      JSON.parse('{"__proto__":{"a":1}}'),
      JSON.parse('{"__proto__":{"a":1}}'),
    ],
  ])('%s', (_name, input, expected) => {
    const args = jsonArguments(input)
    expect(args).toEqual(expected)
    expect(canonicalize(args)).toBeTypeOf('string')
  })

  test('however deep they are', () => {
    expect(canonicalize(jsonArguments({ deep }))).toContain('[no JSON form]')
  })

  test('though they refuse to be read', () => {
    const hostile = {
      toJSON() {
        throw new Error('no')
      },
    }
    expect(jsonArguments({ hostile })).toEqual({ hostile: '[no JSON form]' })
  })
})
