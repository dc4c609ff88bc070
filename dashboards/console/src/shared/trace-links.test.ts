import { expect, it } from 'vitest'
import { isWeb } from './trace-links.tsx'

it.each([
  ['https://jaeger.example.com/trace/1', true],
  ['http://127.0.0.1:16686/trace/1', true],
  ['javascript:alert(1)', false],
  ['data:text/html,x', false],
  ['/trace/1', false],
  ['', false],
])('%s is an address of the web: %s', (url, is) => expect(isWeb(url)).toBe(is))
