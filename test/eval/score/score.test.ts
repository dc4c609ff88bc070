import { describe, expect, it } from 'vitest'
import type { Found } from '../findings.ts'
import { type Case, parseCase } from '../format.ts'
import { BASELINES } from './baselines.ts'
import { ratio } from './ratio.ts'
import { scoreOf } from './score.ts'

const LINK = { type: 'link', parent: null, sig: 'ok', seq: 1, id: 'L', holder: 'a' }

function made(id: string, pair: string | null, label: Partial<Case['label']>, perm = 'read'): Case {
  const labelled = { inherit: false, actions: [], kinds: [], culprit: null, ...label }
  return parseCase(
    JSON.stringify({
      ...{ case_id: id, pair_id: pair, family: 'f', principals: [{ id: 'p', kind: 'person' }] },
      agents: [{ id: 'a', owner: 'p', standing: [] }],
      events: [
        { ...LINK, issuer: 'p', scope: [{ perm: 'read' }] },
        { ...{ type: 'action', seq: 2, id: 'X', actor: 'a', perm, chain: 'L' }, ...NOTHING },
      ],
      label: labelled,
    }),
  )
}

const NOTHING = { approval: null, cred: null }

function found(rule: string, more: Partial<Found> = {}): Found {
  const base = { rule, class: 'inheritance', grade: 'proven', on: 'X' }
  return { ...base, action: 'X', culprit: undefined, ...more }
}

const GOOD = made('good', 'one', {})
const BAD = made('bad', 'one', { inherit: true, kinds: ['D1'], actions: ['X'], culprit: 'P' })

describe('a score', () => {
  it('counts a hit only for a right reason, and an alarm only in a case without violation', () => {
    const right = scoreOf([GOOD, BAD], new Map([['bad', [found('D1', { culprit: 'P' })]]]))
    expect(right).toMatchObject({
      case: { precision: { value: 1 }, recall: { value: 1 } },
      action: { precision: { value: 1 }, recall: { value: 1 } },
      ...{ pairs: { value: 1, n: 1 }, culprit: { value: 1 }, misses: [], alarms: [] },
    })
    const wrong = scoreOf(
      [GOOD, BAD],
      new Map([
        ['bad', [found('D3')]],
        ['good', [found('D3')]],
      ]),
    )
    expect(wrong).toMatchObject({
      case: { precision: { value: 0 }, recall: { value: 0 } },
      ...{ pairs: { value: 0 }, culprit: { value: 0 } },
      misses: [{ case_id: 'bad', expected: ['D1'], got: ['D3'] }],
      alarms: [{ case_id: 'good', got: ['D3'], at: ['X'] }],
      false_alarms_per_1000_actions: { value: 1000, n: 1 },
      detectors: { D3: { fired: 2, wrong: 1 } },
    })
  })

  it('takes a note of a weakness for an alarm only where that is what tells the twins apart', () => {
    const note = found('D12', { class: 'exposure' })
    const orphan = made('bad', 'one', { inherit: true, kinds: ['D12'] })
    const notes = new Map([['good', [note]]])
    expect(scoreOf([GOOD, BAD], notes).alarms).toEqual([])
    expect(scoreOf([GOOD, orphan], notes).alarms).toHaveLength(1)
  })

  it('takes a note beside a violation for no flag, unless a weakness is all that is labelled', () => {
    const beside = found('D8', { class: 'exposure', on: 'Y', action: 'Y' })
    const both = made('bad', null, { inherit: true, kinds: ['D1', 'D8'], actions: ['X'] })
    const alone = made('bad', null, { inherit: true, kinds: ['D8'], actions: ['X'] })
    const told = new Map([['bad', [found('D1'), beside]]])
    expect(scoreOf([both], told)).toMatchObject({
      action: { precision: { value: 1, n: 1 }, recall: { value: 1 } },
      action_with_notes: { precision: { value: 0.5, n: 2 }, recall: { value: 1 } },
    })
    const noted = new Map([['bad', [{ ...beside, on: 'X', action: 'X' }]]])
    expect(scoreOf([both], noted).action.recall.value).toBe(0)
    expect(scoreOf([alone], noted).action).toMatchObject({
      precision: { value: 1, n: 1 },
      recall: { value: 1 },
    })
  })

  it('takes a finding on a link for one on the action that used it, where that is labelled', () => {
    const onLink = found('D1', { on: 'L', action: 'X' })
    expect(scoreOf([BAD], new Map([['bad', [onLink]]])).action).toMatchObject({
      precision: { value: 1 },
      recall: { value: 1 },
    })
  })
})

describe('an interval', () => {
  it('is Wilson’s, and says nothing of nothing', () => {
    const { low, high } = ratio(9, 10)
    expect([low, high].map((value) => value.toFixed(4))).toEqual(['0.5958', '0.9821'])
    expect(ratio(0, 0)).toEqual({ value: null, low: 0, high: 1, n: 0 })
  })
})

describe('a naive baseline', () => {
  it('looks at names and nothing else', () => {
    expect(BASELINES.not_in_leaf(GOOD)).toBe(false)
    expect(BASELINES.not_in_root(made('x', null, {}, 'write'))).toBe(true)
    expect(BASELINES.agents_in_trace(GOOD)).toBe(false)
    expect(BASELINES.child_wider(GOOD)).toBe(false)
  })
})
