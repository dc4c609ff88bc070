import { expect, it } from 'vitest'
import { falsePositives, mostWrongFirst } from './rule-rates.ts'

const rule = (name: string, closed: number, wrong: number, approximate = false) => ({
  ...{ rule: name, ruleName: '', open: { value: 1, approximate: false } },
  ...{
    closed: { value: closed, approximate },
    detectorWrong: { value: wrong, approximate: false },
  },
})

it('is told where it is known, and nought only where something was closed', () => {
  expect(falsePositives(rule('D1', 3, 1))).toBe('33 %')
  expect(falsePositives(rule('D1', 3, 0))).toBe('0 %')
  expect(falsePositives(rule('D1', 0, 0))).toBe('none was closed')
  expect(falsePositives(rule('D1', 10_000, 50, true))).toBe('not known: too many')
})

it('puts the noisiest first, and what is not known last', () => {
  const rules = [
    rule('none', 0, 0),
    rule('quiet', 9, 0),
    rule('half', 4, 2),
    rule('half of more', 8, 4),
    rule('many', 10_000, 9_000, true),
  ]
  expect(rules.toSorted(mostWrongFirst).map(({ rule }) => rule)).toEqual([
    ...['half of more', 'half', 'quiet', 'many', 'none'],
  ])
})
