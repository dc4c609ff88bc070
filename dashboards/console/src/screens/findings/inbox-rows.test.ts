import { expect, it } from 'vitest'
import type { FindingRow } from './documents.ts'
import { findingsOf, type InboxRow, rowsOf } from './inbox-rows.ts'

const finding = (id: string, incident: string, severity: number, pages = false): FindingRow => ({
  id,
  incident,
  fingerprint: `print-of-${id}`,
  severity,
  pages,
  rule: 'D1',
  ruleName: null,
  class: 'INHERITANCE',
  title: id,
  state: 'OPEN',
  certainty: 'CERTAIN',
  grade: 'PROVEN',
  tool: null,
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

const shown = (rows: readonly InboxRow[]): string[] =>
  rows.map((row) =>
    row.kind === 'group'
      ? `${row.isOpen ? '-' : '+'} ${row.findings.length} ${row.lead.id}`
      : `${row.isInner ? '  ' : ''}${row.finding.id}`,
  )

const findings = [
  finding('a', 'one', 2),
  finding('b', 'two', 4),
  finding('c', 'one', 3, true),
  finding('d', 'one', 5),
]

it('puts an incident where its first finding is, led by what wakes somebody', () => {
  expect(shown(rowsOf(findings, 'incident', new Set()))).toEqual(['+ 3 c', 'b'])
})

it('unfolds what the URL names', () => {
  const rows = rowsOf(findings, 'incident', new Set(['one']))
  expect(shown(rows)).toEqual(['- 3 c', '  a', '  c', '  d', 'b'])
})

it('groups repetitions by fingerprint, and nothing where asked to', () => {
  expect(shown(rowsOf(findings, 'repetition', new Set()))).toEqual(['a', 'b', 'c', 'd'])
  expect(shown(rowsOf(findings, 'none', new Set(['one'])))).toEqual(['a', 'b', 'c', 'd'])
})

it('loses none of 100,000, within the time of one page on two busy cores', () => {
  const many = Array.from({ length: 100_000 }, (_, i) => finding(`f${i}`, `i${i % 30_000}`, 3))
  const started = performance.now()
  const rows = rowsOf(many, 'incident', new Set())
  expect(performance.now() - started).toBeLessThan(5_000)
  const counts = rows.map((row) => findingsOf(row).length)
  expect(counts.reduce((a, b) => a + b, 0)).toBe(100_000)
})
