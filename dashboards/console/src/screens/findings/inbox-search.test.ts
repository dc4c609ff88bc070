import { expect, it } from 'vitest'
import { parseSearch, stringifySearch } from '../../shared/search-text.ts'
import { filtersOf, inboxSearch, orderOf, whereOf, without } from './inbox-search.ts'

const read = (text: string) => inboxSearch(parseSearch(text))

it('asks for open findings that wake somebody, newest first, where the URL says nothing', () => {
  expect(read('')).toEqual({})
  expect(whereOf({})).toEqual({ state: ['OPEN'], pages: true })
  expect(whereOf({ tab: 'open' })).toEqual({ state: ['OPEN'] })
  expect(orderOf({})).toEqual({ field: 'RAISED_AT', direction: 'DESC' })
})

it('reads back what it writes', () => {
  const text =
    '?tab=all&rule=D1&rule=D2&severity=4&agent=agent%3Aworker&order=severity&group=none&finding=abc'
  expect(stringifySearch({ ...read(text) })).toBe(text)
})

it('drops what it does not know', () => {
  expect(read('?tab=nonsense&rule=D99&severity=11&after=yesterday&__proto__=x&other=1')).toEqual({})
})

it('asks for what it shows', () => {
  expect(whereOf(read('?tab=all&severity=3&rule=D5&after=2026-11-24T10:00:00Z'))).toEqual({
    rule: ['D5'],
    severityAtLeast: 3,
    raisedAfter: '2026-11-24T10:00:00.000Z',
  })
})

it('takes filters away one by one', () => {
  const search = read('?rule=D1&rule=D2&severity=4&tab=all')
  expect(filtersOf(search).map(({ text }) => text)).toEqual([
    'rule: D1',
    'rule: D2',
    'severity at least: 4',
  ])
  expect(without(search, 'rule', 'D1')).toEqual({ rule: ['D2'], severity: '4', tab: 'all' })
  expect(without(without(search, 'rule', 'D1'), 'rule', 'D2')).toEqual({
    severity: '4',
    tab: 'all',
  })
  expect(without(search, 'severity', '4')).toEqual({ rule: ['D1', 'D2'], tab: 'all' })
})
