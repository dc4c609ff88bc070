import { expect, test } from 'vitest'
import { isConsolePath } from '../../console/index.ts'
import { returnPath } from './return-path.ts'

const ORIGIN = 'https://delegraph.example.com'
const path = (asked: string | null) => returnPath(asked, ORIGIN, isConsolePath)

test.each([
  '/',
  '/findings',
  '/findings?tab=open&rule=D1&finding=a%2Fb',
  '/chains/abc?view=graph&asOf=2026-11-22T10%3A04%3A00.000Z',
  '/agents/agent%3Aworker',
])('somebody goes back to %s', (asked) => expect(path(asked)).toBe(asked))

test.each([
  null,
  '',
  'https://evil.example/findings',
  '//evil.example/findings',
  '/\\evil.example/findings',
  '\\\\evil.example',
  '/\t/evil.example',
  '/findings/..//evil.example',
  '/findings/../\\evil.example',
  'javascript:alert(1)',
  'https://delegraph.example.com.evil.example/findings',
  'https://delegraph.example.com@evil.example/findings',
  'http://delegraph.example.com/findings',
  '/graphql?query={viewer{name}}',
  '/login',
  '/logout',
  `/agents/${'x'.repeat(2_000)}`,
])('and from %s to the first page of the console', (asked) => expect(path(asked)).toBe('/'))

test('what a browser would not read as a part of a header is escaped', () => {
  expect(path('/findings?a=\r\nset-cookie: x=y')).toBe('/findings?a=set-cookie:%20x=y')
})

test('where the whole is too long for a cookie, somebody goes back to the screen', () => {
  expect(path(`/findings?x=${'x'.repeat(2_000)}`)).toBe('/findings')
})
