import { expect, test } from 'vitest'
import type { ToolGrants } from '../types.ts'
import { sameTools, scopeDiff } from './scope-diff.ts'

const parent: ToolGrants = {
  'x:read': { path: { constraint_type: 'one_of', values: ['a', 'b'] } },
  'x:write': { path: { constraint_type: 'exact', value: 'a' } },
  'x:list': {},
  'x:pay': { amount: { constraint_type: 'range', max: 5 } },
  'x:tag': { name: { constraint_type: 'exact', value: 'a' } },
}
const child: ToolGrants = {
  'x:read': { path: { constraint_type: 'exact', value: 'a' } },
  'x:list': { '*': { constraint_type: 'wildcard' } },
  'x:pay': { amount: { constraint_type: 'range', max: 6 } },
  'x:tag': { name: { constraint_type: 'one_of', values: ['a'] } },
  'x:deploy': {},
}

test('each tool of either side says what became of it', () => {
  const diff = scopeDiff(parent, child)
  expect(Object.fromEntries(diff.map(({ tool, change }) => [tool, change]))).toEqual({
    'x:deploy': 'appeared',
    'x:list': 'kept',
    'x:pay': 'widened',
    'x:read': 'narrowed',
    'x:tag': 'unproven',
    'x:write': 'dropped',
  })
  expect(diff.map(({ tool }) => tool)).toEqual(diff.map(({ tool }) => tool).toSorted())
})

test('authority is the same where only its spelling differs', () => {
  expect(sameTools({ 'x:a': {} }, { 'x:a': { '*': { constraint_type: 'wildcard' } } })).toBe(true)
  expect(sameTools(parent, { ...parent })).toBe(true)
  expect(sameTools(parent, child)).toBe(false)
  expect(sameTools({ 'x:a': {} }, { 'x:b': {} })).toBe(false)
  expect(sameTools({}, {})).toBe(true)
})
