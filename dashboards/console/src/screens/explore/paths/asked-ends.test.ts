import { expect, it } from 'vitest'
import {
  type ExploreSearch,
  endIn,
  exploreSearch,
  questionsOf,
  textOfArtefact,
} from '../explore-search.ts'
import { factQuestions } from '../fact-questions.ts'
import { followed } from '../followed.ts'
import { row, START } from '../testing/reach-row.ts'
import { endOf } from './asked-ends.ts'

const DEPLOY = 'https://tools.example/ops#deploy'
const rows = [row('worker', DEPLOY, ['l1'])]

it.each([
  [
    { kind: 'permission', id: '[]', rows },
    { kind: 'tool', id: DEPLOY },
  ],
  [
    { kind: 'call', id: 'agent:worker', rows: [] },
    { kind: 'agent', id: 'agent:worker' },
  ],
  [
    { kind: 'link', id: 'l1', rows: [] },
    { kind: 'link', id: 'l1' },
  ],
  [{ kind: 'standing', id: 'agent:worker x', rows: [] }, undefined],
])('of %j the end is %j', (node, end) => expect(endOf(node)).toEqual(end))

it('an end is read from the URL as it is written, colons and all', () => {
  const end = { kind: 'tool', id: DEPLOY } as const
  expect(endIn(textOfArtefact(end))).toEqual(end)
  for (const text of ['', 'tool', 'tool:', 'nothing:x']) expect(endIn(text)).toBeUndefined()
})

it('the URL keeps what is known of ways and drops the rest', () => {
  const given = {
    ...{ kind: 'agent', id: 'a', ask: 'paths', end: `tool:${DEPLOY}`, force: 'only', zone: 'pay' },
    ...{ avoid: ['agent:agent:b', 'x'], rules: ['control', 'given', 'other'] },
  }
  expect(exploreSearch(given)).toEqual({
    ...{ kind: 'agent', id: 'a', ask: 'paths', end: `tool:${DEPLOY}`, force: 'only', zone: 'pay' },
    ...{ avoid: ['agent:agent:b'], rules: ['given', 'control'] },
  })
  // All rules, and none, are what is asked without any.
  for (const rules of [[], ['given', 'callable', 'stateful', 'control']])
    expect(exploreSearch({ rules })).toEqual({})
})

it('the API is asked for just that', () => {
  expect(
    followed({ since: '2026-11-24T00:00:00Z', avoid: ['agent:agent:b'], rules: ['given'] }),
  ).toEqual({
    since: '2026-11-24T00:00:00.000Z',
    avoid: [{ kind: 'AGENT', id: 'agent:b' }],
    rules: ['GIVEN'],
  })
  expect(followed({})).toEqual({})
})

it('nobody holds a tool: of one it can only be asked who reaches it', () => {
  expect(questionsOf({ kind: 'tool', id: DEPLOY })).toEqual(['reached'])
  expect(questionsOf({ kind: 'agent', id: 'a' })).toContain('paths')
})

it('a fact leads on to ways, back and past it, and keeps what is avoided already', () => {
  const gone: ExploreSearch[] = []
  const changed: object[] = []
  const asks = factQuestions({
    subject: START,
    search: { avoid: ['link:l9'], rules: ['given'] },
    change: (part) => changed.push(part),
    go: (search) => gone.push(search),
    explore: () => undefined,
  })
  const node = { kind: 'permission', id: '[]', rows, depth: 2 }
  for (const { ask } of asks(node)) ask()
  const end = `tool:${DEPLOY}`
  expect(gone).toEqual([
    { ...START, ask: 'paths', end, avoid: ['link:l9'], rules: ['given'] },
    { kind: 'tool', id: DEPLOY, ask: 'reached', avoid: ['link:l9'], rules: ['given'] },
  ])
  expect(changed).toEqual([{ avoid: ['link:l9', end], select: '' }])
  // The start has no way to itself.
  const start = { kind: 'agent', id: 'agent:planner', rows, depth: 0 }
  expect(asks(start).map(({ name }) => name)).toEqual(['reached'])
})
