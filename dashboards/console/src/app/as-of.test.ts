import { expect, it } from 'vitest'
import { asOfSearch } from './as-of.ts'

it.each([
  ['2026-11-22T10:04:00.000Z', { asOf: '2026-11-22T10:04:00.000Z' }],
  ['2026-11-22T11:04:00+01:00', { asOf: '2026-11-22T10:04:00.000Z' }],
  ['yesterday', {}],
  [undefined, {}],
])('reads %s', (asOf, read) => expect(asOfSearch({ asOf })).toEqual(read))
