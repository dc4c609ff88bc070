import { expect, test } from 'vitest'
import type { ToolGrants } from '../types.ts'
import { permits } from './permits.ts'

const PAY = 'https://erp.example.com/mcp#pay'
const grants: ToolGrants = {
  [PAY]: {
    amount: { constraint_type: 'range', min: 0, max: 500 },
    currency: { constraint_type: 'exact', value: 'USD' },
    invoice: { constraint_type: 'wildcard' },
    note: { constraint_type: 'one_of', values: ['a', 'b'], optional: true },
  },
  'x:open': {},
  'x:none': { '*': { constraint_type: 'wildcard' } },
}
const good = { amount: 312.5, currency: 'USD', invoice: 'INV-1' }

test('a call inside the grant is covered', () => {
  expect(permits(grants, { tool: PAY, args: good })).toEqual({ covered: true })
  expect(permits(grants, { tool: PAY, args: { ...good, note: 'b' } })).toEqual({ covered: true })
  expect(permits(grants, { tool: 'x:open', args: { any: 1 } })).toEqual({ covered: true })
  expect(permits(grants, { tool: 'x:none', args: { '*': 1 } })).toEqual({ covered: true })
})

test.each([
  ['another tool', { tool: `${PAY}s`, args: good }, 'tool_not_granted', undefined],
  ['a method name as tool', { tool: 'constructor', args: good }, 'tool_not_granted', undefined],
  [
    'an amount above',
    { tool: PAY, args: { ...good, amount: 500.01 } },
    'argument_outside',
    'amount',
  ],
  [
    'an amount as text',
    { tool: PAY, args: { ...good, amount: '400' } },
    'argument_outside',
    'amount',
  ],
  [
    'an amount that is no number',
    { tool: PAY, args: { ...good, amount: Number.NaN } },
    'argument_outside',
    'amount',
  ],
  [
    'an optional argument outside',
    { tool: PAY, args: { ...good, note: 'c' } },
    'argument_outside',
    'note',
  ],
  [
    'an argument nobody named',
    { tool: PAY, args: { ...good, urgent: true } },
    'argument_not_granted',
    'urgent',
  ],
  ['an argument called *', { tool: PAY, args: { ...good, '*': 1 } }, 'argument_not_granted', '*'],
  [
    'a required argument missing',
    { tool: PAY, args: { amount: 1, currency: 'USD' } },
    'argument_missing',
    'invoice',
  ],
])('%s is not covered', (_, call, reason, argument) => {
  const place = argument === undefined ? {} : { argument }
  expect(permits(grants, call)).toEqual({ covered: false, reason, ...place })
})

test('disclosed values with the names of all are enough', () => {
  const { invoice: _, ...disclosed } = good
  const argNames = ['amount', 'currency', 'invoice']
  expect(permits(grants, { tool: PAY, args: disclosed, argNames })).toEqual({ covered: true })
})

test('a constrained value withheld leaves it unknown', () => {
  const argNames = ['amount', 'currency', 'invoice']
  const args = { currency: 'USD' }
  expect(permits(grants, { tool: PAY, args, argNames })).toEqual({ unknown: 'args_withheld' })
  expect(permits(grants, { tool: PAY })).toEqual({ unknown: 'args_withheld' })
  expect(permits(grants, { tool: 'x:open' })).toEqual({ covered: true })
})

test('what is certainly outside is outside, whatever is withheld', () => {
  const argNames = ['amount', 'currency', 'invoice']
  const outside = { tool: PAY, args: { amount: 9999 }, argNames }
  expect(permits(grants, outside)).toMatchObject({ covered: false, argument: 'amount' })
  const unnamed = { tool: PAY, args: {}, argNames: [...argNames, 'urgent'] }
  expect(permits(grants, unnamed)).toMatchObject({ covered: false, argument: 'urgent' })
  const missing = { tool: PAY, args: {}, argNames: ['amount'] }
  expect(permits(grants, missing)).toMatchObject({ covered: false, argument: 'currency' })
  expect(permits(grants, { tool: PAY, args: { amount: 9999 } })).toMatchObject({ covered: false })
})

test('an argument that is undefined is absent, and cannot stand in for a value', () => {
  const args = { ...good }
  Object.assign(args, { amount: undefined })
  expect(permits(grants, { tool: PAY, args })).toMatchObject({ covered: false, argument: 'amount' })
  const argNames = ['amount', 'currency', 'invoice']
  expect(permits(grants, { tool: PAY, args, argNames })).toEqual({ unknown: 'args_withheld' })
})
