import { expect, it } from 'vitest'
import type { FindingRow } from './documents.ts'
import { type Entry, membersIn } from './inbox-entries.ts'
import { findingsOf, type InboxRow, isTakable, rowsOf } from './inbox-rows.ts'
import type { Members } from './use-members.ts'

const finding = (id: string): FindingRow => ({
  id,
  incident: `incident-of-${id}`,
  fingerprint: `print-of-${id}`,
  series: `series-of-${id}`,
  severity: 3,
  pages: false,
  rule: 'D1',
  ruleName: null,
  class: 'INHERITANCE',
  title: id,
  state: 'OPEN',
  statusId: 1,
  certainty: 'CERTAIN',
  grade: 'PROVEN',
  tool: null,
  resource: null,
  hopCount: null,
  happenedAt: '2026-11-24T10:00:00.000Z',
  raisedAt: '2026-11-24T10:00:00.000Z',
  agent: { id: 'agent:a', name: 'a' },
  from: null,
  principal: null,
  owner: null,
  triage: {
    state: 'NEW',
    version: 0,
    assignee: null,
    reason: null,
    until: null,
    suppressedBy: null,
  },
})

const entry = (key: string, findings: number): Entry => ({
  ...{ key, lead: finding(key), findings, occurrences: findings },
  ...{ firstAt: '2026-11-24T10:00:00.000Z', lastAt: '2026-11-24T11:00:00.000Z' },
})

const shown = (rows: readonly InboxRow[]): string[] =>
  rows.map((row) =>
    row.kind === 'group'
      ? `${row.isOpen ? '-' : '+'} ${row.entry.findings} ${row.entry.key}`
      : `${row.isInner ? '  ' : ''}${row.finding.id}`,
  )

const entries = [entry('a', 3), entry('b', 1), entry('c', 500)]
const members = new Map<string, Members>([
  ['a', { state: 'ready', findings: ['a1', 'a2', 'a3'].map(finding) }],
])

it('draws a group of one as what it is, and others folded', () => {
  expect(shown(rowsOf(entries, new Set(), members))).toEqual(['+ 3 a', 'b', '+ 500 c'])
})

it('unfolds what the URL names, where it was loaded', () => {
  const rows = rowsOf(entries, new Set(['a', 'b', 'c', 'gone']), members)
  expect(shown(rows)).toEqual(['- 3 a', '  a1', '  a2', '  a3', 'b', '- 500 c'])
})

it('stands for what was loaded of it, and is not taken where that is more than one mutation takes', () => {
  const [a, b, c] = rowsOf(entries, new Set(), members)
  if (a === undefined || b === undefined || c === undefined) throw new Error('a row is missing')
  expect(findingsOf(a)?.map(({ id }) => id)).toEqual(['a1', 'a2', 'a3'])
  expect(findingsOf(b)?.map(({ id }) => id)).toEqual(['b'])
  expect(findingsOf(c)).toBeUndefined()
  expect([a, b, c].map(isTakable)).toEqual([true, true, false])
})

it('asks for what is of a group by what the group is of', () => {
  expect(membersIn('incident', 'x')).toEqual({ incident: ['x'] })
  expect(membersIn('repetition', 'x')).toEqual({ series: ['x'] })
})

it('draws 100,000 entries within the time of one page on two busy cores', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => entry(`e${i}`, (i % 3) + 1))
  const started = performance.now()
  expect(rowsOf(many, new Set(['e1']), new Map())).toHaveLength(100_000)
  expect(performance.now() - started).toBeLessThan(5_000)
})
