import { expect, it } from 'vitest'
import { parseSearch, stringifySearch } from '../../shared/search-text.ts'
import { likeOf, matcherOf, suppressionsSearch } from './suppressions-search.ts'

const read = (text: string) => suppressionsSearch(parseSearch(text))

it('asks for nothing where nothing is written, so that everything is never hidden', () => {
  expect(matcherOf(read(''))).toBeUndefined()
  expect(matcherOf(read('?show=ended&write=yes&rule=D99&most=9&other=1'))).toBeUndefined()
})

it('reads back what it writes, and asks for that', () => {
  const text = '?write=yes&rule=D1&rule=D8&agent=agent%3Aa&most=3'
  expect(stringifySearch({ ...read(text) })).toBe(text)
  expect(matcherOf(read(text))).toEqual({
    rule: ['D1', 'D8'],
    agent: ['agent:a'],
    severityAtMost: 3,
  })
})

it('takes from a finding what makes others like it', () => {
  const finding = { rule: 'D1', severity: 4, tool: 'deploy', agent: { id: 'agent:w' }, from: null }
  expect(matcherOf(likeOf(finding))).toEqual({
    rule: ['D1'],
    agent: ['agent:w'],
    tool: ['deploy'],
    severityAtMost: 4,
  })
})
