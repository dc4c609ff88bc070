import { describe, expect, it } from 'vitest'
import { ratio } from './ratio.ts'
import { below, recordedOf } from './recorded.ts'
import { scoreOf } from './score.ts'

describe('recorded scores', () => {
  const none = { ...scoreOf([], new Map()), file: 'x.jsonl' }
  const with_ = (precision: number, alarms: number) => ({
    ...none,
    case: { precision: ratio(precision, 10), recall: ratio(1, 2) },
    false_alarms_per_1000_actions: ratio(alarms, 10),
  })

  it('may rise and not fall', () => {
    const before = recordedOf(with_(8, 2))
    expect(below(before, with_(8, 2))).toEqual([])
    expect(below(before, with_(9, 1))).toEqual([])
    expect(below(before, with_(7, 3))).toEqual([
      'x.jsonl: precision is 0.7, and was 0.8',
      'x.jsonl: false_alarms is 0.3, and was 0.2',
    ])
    expect(below(before, none)).toHaveLength(3)
    expect(below(undefined, none)).toEqual([])
  })
})
