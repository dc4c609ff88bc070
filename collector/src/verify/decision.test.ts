import { OK, outcomeOf } from '@delegraph/graph-schema'
import { expect, it } from 'vitest'
import { type DecisionRecord, decisionFlags, judgeDecision } from './decision.ts'

const record = (hash: string, at: number, more: Partial<DecisionRecord> = {}): DecisionRecord => ({
  hash,
  issuer: 'https://pdp.example.com',
  outcome: OK,
  verdict: 'allow',
  at,
  moment: at * 1000,
  cited: true,
  ...more,
})
const DENIED = { state: 'failed', code: 'decision_denied' }

it('the latest verified decision counts', () => {
  const denied = record('a', 10, { verdict: 'deny' })
  expect(judgeDecision([denied, record('b', 11)])).toEqual(OK)
  expect(judgeDecision([record('a', 10), record('b', 11, { verdict: 'deny' })])).toEqual(DENIED)
  const forged = record('c', 12, { verdict: 'deny', outcome: outcomeOf('signature_invalid') })
  expect(judgeDecision([record('b', 11), forged])).toEqual(OK)
  expect(judgeDecision([forged])).toMatchObject({ code: 'decision_missing' })
})

it.each([
  ['a', 'b'],
  ['b', 'a'],
])('of one moment a denial counts, whatever the hashes and the order: %s, %s', (yes, no) => {
  const pair = [record(yes, 10), record(no, 10, { verdict: 'deny' })]
  expect([judgeDecision(pair), judgeDecision([...pair].reverse())]).toEqual([DENIED, DENIED])
  const doubts = [record(yes, 10), record(no, 10, { intent: 'deny' })]
  expect(decisionFlags(doubts)).toEqual(['intent_denied'])
  expect(judgeDecision(doubts)).toEqual(OK)
  const both = [record(yes, 10, { verdict: 'deny' }), record(no, 10, { intent: 'deny' })]
  expect(judgeDecision(both)).toEqual(DENIED)
})
