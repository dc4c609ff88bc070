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

it('asks by what a policy said, by error and by policy set', () => {
  const search = decisionsSearch({
    ...{ said: 'deny', mode: 'observe', errored: 'yes', policy: ['digest'] },
    ...{ show: 'replay', change: 'unknown' },
  })
  expect(search).toMatchObject({ show: 'replay', change: 'unknown', policy: ['digest'] })
  expect(filterOf(search)).toEqual({
    policyAnswer: ['DENY'],
    policyMode: ['OBSERVE'],
    errored: true,
    policyHash: ['digest'],
  })
  expect(decisionsSearch({ show: 'x', said: 'maybe', errored: 'no', change: 'y' })).toEqual({})
})

it('knows which of its questions a search is', () => {
  const all = [{}, VIEWS.denied, { ...VIEWS.broken, tool: ['x'] }, VIEWS.observed, VIEWS.errored]
  expect(all.map(viewOf)).toEqual(['all', 'denied', 'broken', 'observed', 'errored'])
  expect(viewOf({ answer: 'allow' })).toBeUndefined()
})
