import { expect, it } from 'vitest'
import { lagWord, perSecond, unsignedShare } from './pulse-words.ts'

it.each([
  [0, '0'],
  [1, '0.1'],
  [24, '0.4'],
  [600, '10'],
  [90_000, '1,500'],
])('%i links in a minute are %s a second: few are never none', (count, text) =>
  expect(perSecond(count, 60)).toBe(text),
)

it('that records wait is never drawn like that none does', () => {
  expect(lagWord(0)).toEqual({ text: 'nothing waits', tone: 'good' })
  expect(lagWord(1)).toEqual({ text: '1 record not in the graph yet', tone: 'unknown' })
})

it('a share is told of what was counted whole, and of nothing there is none', () => {
  const of = (value: number, approximate = false) => ({ value, approximate })
  const none = { proven: of(0), signed: of(0), asserted: of(0), observed: of(0) }
  expect(unsignedShare(none)).toEqual({ kind: 'none' })
  expect(unsignedShare({ ...none, proven: of(3), observed: of(1) })).toEqual({
    ...{ kind: 'known', percent: 25, of: 4 },
  })
  expect(unsignedShare({ ...none, proven: of(3), signed: of(100_000, true) })).toEqual({
    ...{ kind: 'uncounted', atLeast: 100_003 },
  })
})
