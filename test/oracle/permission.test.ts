import { describe, expect, it } from 'vitest'
import type { Json } from '../eval/format.ts'
import { covers, isWiderThan, overlaps } from './permission.ts'

const of = (limit: Json) => ({ perm: 'pay', where: { x: limit } })
const c = (constraint_type: string, members = {}): Json => ({ constraint_type, ...members })
const range = (members: object) => c('range', members)

describe('what a permission covers', () => {
  it.each<[Json, Json, boolean]>([
    [5, 5, true],
    [5, '5', false],
    [['a', 'b'], ['b', 'a'], false],
    [c('wildcard'), null, true],
    [range({ max: 10 }), 10, true],
    [range({ max: 10, max_inclusive: false }), 10, false],
    [range({ min: 0 }), '3', false],
    [c('one_of', { values: ['a'] }), 'a', true],
    [c('not_one_of', { excluded: ['a'] }), 'a', false],
    [c('contains', { required: ['a'] }), ['b', 'a'], true],
    [c('contains', { required: ['a'] }), 'a', false],
    [c('subset', { allowed: ['a', 'b'] }), ['b'], true],
    [c('subset', { allowed: ['a', 'b'] }), ['c'], false],
    [c('all', { constraints: [range({ min: 1 }), range({ max: 3 })] }), 2, true],
    [c('any', { constraints: [1, range({ min: 9 })] }), 2, false],
    [c('regex', { pattern: '.*' }), 'a', false],
  ])('%j with %j: %j', (limit, value, expected) => {
    expect(covers(of(limit), of(value))).toBe(expected)
  })

  it('asks for every argument that is named and leaves the others free', () => {
    expect(covers(of(5), { perm: 'pay', where: {} })).toBe(false)
    expect(covers({ perm: 'pay', where: {} }, of(5))).toBe(true)
    expect(covers({ perm: 'payment', where: {} }, of(5))).toBe(false)
  })
})

describe('wider or not', () => {
  it.each<[string, Json, Json, boolean]>([
    ['a tighter range', range({ max: 10 }), range({ max: 9 }), false],
    ['a range without its bound', range({ max: 10 }), range({ min: 0 }), true],
    [
      'inclusive under exclusive',
      range({ max: 10, max_inclusive: false }),
      range({ max: 10 }),
      true,
    ],
    [
      'a list of values inside a range',
      range({ min: 0, max: 500 }),
      c('one_of', { values: [10] }),
      false,
    ],
    [
      'a range between listed values',
      c('one_of', { values: [0, 5] }),
      range({ min: 0, max: 5 }),
      true,
    ],
    ['one value beside an excluded one', c('not_one_of', { excluded: ['a'] }), 'b', false],
    ['anything under an exclusion', c('not_one_of', { excluded: ['a'] }), c('wildcard'), true],
    ['a list inside a set', c('subset', { allowed: ['a', 'b'] }), ['a'], false],
    ['a list beyond a set', c('subset', { allowed: ['a', 'b'] }), ['a', 'c'], true],
    [
      'more required',
      c('contains', { required: ['a'] }),
      c('contains', { required: ['a', 'b'] }),
      false,
    ],
    [
      'less required',
      c('contains', { required: ['a', 'b'] }),
      c('contains', { required: ['a'] }),
      true,
    ],
  ])('%s', (_name, parent, child, expected) => {
    expect(isWiderThan(of(child), of(parent))).toBe(expected)
  })

  it('takes a dropped argument as wider and an added one as narrower', () => {
    expect(isWiderThan({ perm: 'pay', where: {} }, of(5))).toBe(true)
    expect(isWiderThan(of(5), { perm: 'pay', where: {} })).toBe(false)
  })
})

describe('overlap', () => {
  it('needs no argument that keeps the two apart', () => {
    expect(overlaps(of(range({ max: 10 })), of(10))).toBe(true)
    expect(overlaps(of(range({ max: 10 })), of(11))).toBe(false)
    expect(overlaps(of(1), { perm: 'pay', where: { y: 2 } })).toBe(true)
    expect(overlaps(of(1), { perm: 'send', where: { x: 1 } })).toBe(false)
  })
})
