import { createLinkMemo, type LinkVerdict } from '@delegraph/link'
import { expect, it } from 'vitest'
import { createPulse } from './pulse.ts'

const verdict = (state: 'ok' | 'failed'): LinkVerdict => ({
  outcome: state === 'ok' ? { state } : { state, code: 'expired' },
  ...{ hash: 'h', claims: undefined, signature: 'valid', flags: [], problems: [], link: undefined },
})

function counting() {
  let now = 1_000_000
  const pulse = createPulse(() => now, { records: () => 3, seconds: () => 1.5 })
  const memo = pulse.watch(createLinkMemo({ max: 2 }))
  return { pulse, memo, pass: (seconds: number) => (now += seconds * 1000) }
}

it('counts what is verified in the last minute, and what of it does not hold', () => {
  const { pulse, memo, pass } = counting()
  expect(pulse.now()).toEqual({
    ...{ seconds: 60, linksVerified: 0, linksFailed: 0, lagRecords: 3, lagSeconds: 1.5 },
  })
  memo.set('a', verdict('ok'))
  memo.set('b', verdict('failed'))
  pass(59)
  memo.set('c', verdict('ok'))
  expect(pulse.now()).toMatchObject({ linksVerified: 3, linksFailed: 1 })
  pass(1)
  expect(pulse.now()).toMatchObject({ linksVerified: 1, linksFailed: 0 })
  pass(3_600)
  expect(pulse.now()).toMatchObject({ linksVerified: 0 })
})

it('a verdict that is known already is not verified again, and is still known', () => {
  const { pulse, memo } = counting()
  memo.set('a', verdict('ok'))
  expect(memo.get('a')).toEqual(verdict('ok'))
  expect(memo.get('b')).toBeUndefined()
  expect(memo.size).toBe(1)
  expect(pulse.now().linksVerified).toBe(1)
})

it('a clock that is set back counts from where it is', () => {
  const { pulse, memo, pass } = counting()
  memo.set('a', verdict('ok'))
  pass(-600)
  memo.set('b', verdict('ok'))
  expect(pulse.now().linksVerified).toBe(1)
})
