import { expect, it } from 'vitest'
import { inboxSearch, whereOf } from './inbox-search.ts'
import { type Alike, likeIn, likeSearch, othersThan } from './similar.ts'

const FINDING: Alike = {
  ...{ id: 'f', rule: 'D1', series: 'same' },
  occurrences: { value: 1, approximate: false },
  agent: { id: 'agent:worker', name: 'worker' },
  from: { id: 'agent:planner', name: 'planner' },
  tool: 'https://tools.example/ops#deploy',
}

it('the list that a number leads to has what was counted', () => {
  for (const finding of [FINDING, { ...FINDING, from: null, tool: null }]) {
    const search = inboxSearch(likeSearch(finding) as Record<string, unknown>)
    expect(whereOf(search, { name: '', now: 0 })).toEqual(likeIn(finding))
  }
})

it('a finding is none of the others', () => {
  expect(othersThan({ value: 1, approximate: false })).toEqual({ value: 0, approximate: false })
  expect(othersThan({ value: 10_000, approximate: true }).approximate).toBe(true)
  expect(othersThan({ value: 0, approximate: false }).value).toBe(0)
})
