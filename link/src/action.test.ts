import { expect, test } from 'vitest'
import { actionHash, restHash, splitArguments } from './action.ts'
import { newSalt, uuidv7 } from './ids.ts'
import type { ToolGrants } from './types.ts'

const PAY = 'https://erp.example.com/mcp#pay'
const root: ToolGrants = {
  [PAY]: {
    amount: { constraint_type: 'range', max: 500 },
    invoice: { constraint_type: 'wildcard' },
    '*': { constraint_type: 'wildcard' },
  },
}
const leaf: ToolGrants = {
  [PAY]: { ...root[PAY], to: { constraint_type: 'exact', value: 'A' } },
}
const args = { to: 'A', amount: 5, invoice: 'INV-1', memo: 'x' }

test('what any link of the chain constrains is disclosed, and nothing else', () => {
  expect(splitArguments([{ tools: root }, { tools: leaf }], PAY, args)).toEqual({
    disclosed: { to: 'A', amount: 5 },
    rest: { invoice: 'INV-1', memo: 'x' },
    names: ['amount', 'invoice', 'memo', 'to'],
  })
  expect(splitArguments([{ tools: root }], PAY, args).disclosed).toEqual({ amount: 5 })
  expect(splitArguments([{ tools: root }], 'x:other', args).disclosed).toEqual({})
  const budgets = { [PAY]: { invoice: { max_lifetime: 3 } } }
  const summed = splitArguments([{ tools: root }, { tools: leaf, budgets }], PAY, args)
  expect(Object.keys(summed.disclosed).sort()).toEqual(['amount', 'invoice', 'to'])
  expect(splitArguments([], PAY, {})).toEqual({ disclosed: {}, rest: {}, names: [] })
})

test('the action hash changes with every part of the call', () => {
  const rest = restHash({ memo: 'x' }, 'salt')
  const call = { aud: 'https://erp.example.com/mcp', args: { amount: 5 }, rest, tool: PAY }
  const hashes = [
    call,
    { ...call, aud: '' },
    { ...call, args: { amount: 6 } },
    { ...call, args: { amount: '5' } },
    { ...call, rest: restHash({ memo: 'x' }, 'salt2') },
    { ...call, rest: restHash({ memo: 'y' }, 'salt') },
    { ...call, tool: `${PAY}s` },
  ].map(actionHash)
  expect(new Set(hashes).size).toBe(hashes.length)
  expect(actionHash({ tool: PAY, rest, args: { amount: 5.0 }, aud: call.aud })).toBe(hashes[0])
})

test('a salt has 128 bits, and an id the time in front', () => {
  expect(newSalt()).toMatch(/^[A-Za-z0-9_-]{22}$/)
  expect(newSalt()).not.toBe(newSalt())
  const id = uuidv7(1795400000000)
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(Number.parseInt(id.replace('-', '').slice(0, 12), 16)).toBe(1795400000000)
  expect(uuidv7(1) < uuidv7(2)).toBe(true)
})
