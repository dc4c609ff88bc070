import { expect, it } from 'vitest'
import { parseSearch, stringifySearch } from '../../shared/search-text.ts'
import { countsOf, filtersOf, inboxSearch, orderOf, whereOf, without } from './inbox-search.ts'

const NOW = Date.UTC(2026, 10, 24, 10)
const BOB = { name: 'bob', now: NOW }
const read = (text: string) => inboxSearch(parseSearch(text))

const OPEN = { state: ['OPEN'], triage: ['NEW', 'ACKNOWLEDGED', 'IN_PROGRESS'] }

it('asks for what nobody put aside or hid, newest first, where the URL says nothing', () => {
  expect(read('')).toEqual({})
  expect(whereOf({}, BOB)).toEqual({ ...OPEN, suppressed: false })
  expect(whereOf(read('?hidden=show&wakes=yes'), BOB)).toEqual({ ...OPEN, pages: true })
  expect(whereOf(read('?tab=mine'), BOB)).toEqual({
    ...OPEN,
    suppressed: false,
    assignee: ['bob'],
  })
  expect(whereOf(read('?tab=closed&hidden=show'), BOB)).toEqual({ triage: ['CLOSED'] })
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
  expect(whereOf(read('?tab=all&severity=3&rule=D5&after=2026-11-24T10:00:00Z'), BOB)).toEqual({
    rule: ['D5'],
    severityAtLeast: 3,
    raisedAfter: '2026-11-24T10:00:00.000Z',
  })
})

it('takes how long ago for an instant, and says so', () => {
  const search = read('?tab=all&after=24h&before=1d&triage=NEW')
  expect(whereOf(search, BOB)).toEqual({
    triage: ['NEW'],
    raisedAfter: '2026-11-23T10:00:00.000Z',
    raisedBefore: '2026-11-23T10:00:00.000Z',
  })
  expect(filtersOf(search).map(({ text }) => text)).toEqual([
    'triage: new',
    'learned: in the last 24 hours',
    'learned before: 1d',
  ])
  expect(read('?after=0h&before=24m')).toEqual({})
})

it('counts each tab under the same filters, and what is hidden of the open ones', () => {
  const counts = countsOf(read('?tab=closed&rule=D5&hidden=show'), BOB)
  expect(counts.all).toEqual({ rule: ['D5'] })
  expect(counts.open).toEqual({ ...OPEN, suppressed: false, rule: ['D5'] })
  expect(counts.hidden).toEqual({ ...OPEN, suppressed: true, rule: ['D5'] })
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
