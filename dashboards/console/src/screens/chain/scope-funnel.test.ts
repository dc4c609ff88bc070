import { expect, it } from 'vitest'
import { chipOfAction, chipsOfLink, isScopeUnchanged, isUnexplained } from './scope-funnel.ts'
import { action, DEPLOY, link, ridingAction, STATUS } from './testing/chain.ts'

it('shows what should not be there first, and what was dropped before what was kept', () => {
  const chips = chipsOfLink(
    link('x', {
      changes: [
        { tool: STATUS, limits: [], change: 'KEPT' },
        { tool: DEPLOY, limits: ['env = "staging"'], change: 'DROPPED' },
        { tool: 'x#refund', limits: [], change: 'APPEARED' },
      ],
    }),
  )
  expect(chips.map(({ tool, state }) => [tool, state])).toEqual([
    ['x#refund', 'appeared'],
    [DEPLOY, 'dropped'],
    [STATUS, 'kept'],
  ])
  expect(chips.map(isUnexplained)).toEqual([true, false, false])
})

it('compares a root, and a link whose parent is not here, with nothing', () => {
  expect(chipsOfLink(link('root'))).toEqual([{ tool: STATUS, limits: [], state: 'granted' }])
  expect(isScopeUnchanged(link('root'))).toBe(false)
})

it('calls a use unexplained only where no derivation was found, and never guesses', () => {
  const withKind = (kind: 'CHAIN' | 'UNKNOWN' | 'APPROVED') =>
    chipOfAction(action('a', { why: { kind, sentence: '', breaksAt: null, source: null } })).state
  expect(chipOfAction(ridingAction()).state).toBe('appeared')
  expect([withKind('CHAIN'), withKind('APPROVED'), withKind('UNKNOWN')]).toEqual([
    'used',
    'used',
    'unclear',
  ])
})

it('names arguments that were not collected, or are not for the reader', () => {
  const { limits } = chipOfAction(
    action('a', {
      arguments: [
        { name: 'env', disclosed: true, redacted: false, value: 'staging' },
        { name: 'to', disclosed: true, redacted: true, value: null },
        { name: 'note', disclosed: false, redacted: false, value: null },
      ],
    }),
  )
  expect(limits).toEqual(['env = "staging"', 'to: not for this role', 'note: not collected'])
})
