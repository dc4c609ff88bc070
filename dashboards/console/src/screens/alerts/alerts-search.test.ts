import { expect, test } from 'vitest'
import { alertsSearch, filterOf } from './alerts-search.ts'

test('a URL that says nothing known asks for everything', () => {
  expect(alertsSearch({ outcome: 'lost', rule: 'D99', other: 'x' })).toEqual({})
  expect(filterOf({})).toEqual({})
  // The URL of a page in the past has more in it than this screen's own state.
  expect(filterOf(Object({ asOf: '2026-11-22T10:04:00.000Z' }))).toEqual({})
})

test('an outcome is the states that it stands for', () => {
  const search = alertsSearch({ outcome: 'owed', channel: 'pager', rule: 'D1' })
  expect(search).toEqual({ outcome: 'owed', channel: ['pager'], rule: ['D1'] })
  expect(filterOf(search)).toEqual({ state: ['OWED', 'HELD'], channel: ['pager'], rule: ['D1'] })
})
