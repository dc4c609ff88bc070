import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { contractAsTypes } from './contract-types.ts'

it('has the types of the contract as it is now: npm run console:types', () => {
  const file = fileURLToPath(new URL('schema-types.d.ts', import.meta.url))
  expect(readFileSync(file, 'utf8')).toBe(contractAsTypes())
})
