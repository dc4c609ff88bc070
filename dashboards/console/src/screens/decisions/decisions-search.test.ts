import { expect, it } from 'vitest'
import { decisionsSearch, filterOf, VIEWS, viewOf } from './decisions-search.ts'

it('takes from a URL what the log knows, and asks for that', () => {
  const search = decisionsSearch({
    answer: 'allow',
    chain: 'not-ok',
    tool: 'x#deploy',
    after: '2026-11-22T11:00:00+01:00',
    before: 'later',
    other: 'x',
  })
  expect(search).toEqual({
    answer: 'allow',
    chain: 'not-ok',
    tool: ['x#deploy'],
    after: '2026-11-22T11:00:00+01:00',
  })
  expect(filterOf(search)).toEqual({
    answer: ['ALLOW'],
    tool: ['x#deploy'],
    after: '2026-11-22T10:00:00.000Z',
  })
})

it('knows which of its questions a search is', () => {
  expect([{}, VIEWS.denied, { ...VIEWS.broken, tool: ['x'] }].map(viewOf)).toEqual([
    'all',
    'denied',
    'broken',
  ])
  expect(viewOf({ answer: 'allow' })).toBeUndefined()
})
