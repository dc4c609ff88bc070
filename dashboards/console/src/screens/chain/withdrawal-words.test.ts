import { expect, it } from 'vitest'
import { link, withdrawal } from './testing/chain.ts'
import { withdrawalSentence, withdrawnWord } from './withdrawal-words.ts'

it('marks a link by the first record that counts', () => {
  const forged = withdrawal('forged', {
    by: null,
    verdict: { state: 'UNKNOWN', code: 'key_unavailable', detail: null, meaning: null, text: '' },
  })
  expect(withdrawnWord(link('a', { withdrawals: [forged] }))).toBeUndefined()
  const ended = withdrawal('ended', { kind: 'TASK', at: null })
  expect(withdrawnWord(link('a', { withdrawals: [forged, ended] }))).toEqual({
    text: 'task ended',
    tone: 'bad',
  })
  expect(withdrawnWord(link('a', { withdrawals: [withdrawal('back')] }))?.text).toMatch(
    /^withdrawn since \d\d:\d\d:\d\d$/,
  )
})

it('says whose word it was', () => {
  expect(withdrawalSentence(withdrawal('back'), 'planner')).toBe(
    'alice took back what planner was given',
  )
  expect(withdrawalSentence(withdrawal('back', { kind: 'KEY', by: null }), undefined)).toBe(
    'somebody revoked a key',
  )
})
