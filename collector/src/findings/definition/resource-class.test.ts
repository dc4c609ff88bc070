import { expect, it } from 'vitest'
import { resourceClass } from './resource-class.ts'

it.each([
  ['db://prod/customers/42', 'db://prod/customers/*'],
  ['db://prod/customers/43?limit=1', 'db://prod/customers/*'],
  ['db://prod/customers/', 'db://prod/*'],
  ['https://pay.example.com', 'https://pay.example.com'],
  ['https://pay.example.com/', 'https://pay.example.com'],
  ['https://pay.example.com/refunds#x', 'https://pay.example.com/*'],
  ['urn:mailbox:alice', 'urn:mailbox:alice'],
  ['bucket/reports/may.pdf', 'bucket/reports/*'],
  ['/etc', '/etc'],
  ['', ''],
])('%s is of the class %s', (resource, kind) => expect(resourceClass(resource)).toBe(kind))

it('takes no longer than the text is, whatever a sender writes', () => {
  const started = performance.now()
  resourceClass(`${'/'.repeat(1_000_000)}x`)
  resourceClass(`${'a/'.repeat(500_000)}x`)
  expect(performance.now() - started).toBeLessThan(2_000)
})
