import type { PolicyAnswer } from '@delegraph/link/policy'
import { describe, expect, it } from 'vitest'
import { replayed } from './replay.ts'
import type { ReplayCase } from './replay-case.ts'

const answer = (decision: PolicyAnswer['decision'], more: Partial<PolicyAnswer> = {}) => ({
  ...{ decision, policies: ['p'], errors: [], residuals: [], missing: [] },
  ...more,
})
const ALLOW = answer('allow')
const DENY = answer('deny')
const OPEN = answer('unknown', { missing: ['context.approval'] })
const ERRED = answer('deny', { errors: [{ code: 'evaluation', policy: 'p' }] })

const call = (more: Partial<ReplayCase>): ReplayCase => ({ at: 0, chainHolds: 'yes', ...more })
const decided = (recorded: 'allow' | 'deny', more: Partial<ReplayCase> = {}) =>
  call({ decision: 'd', recorded, ...more })

const told = (one: ReplayCase, draft: PolicyAnswer, against?: PolicyAnswer) => {
  const { before, after, change, by } = replayed(one, draft, against)
  return [before ?? '?', after ?? '?', change, by].join(' ')
}

describe('what a draft would have answered', () => {
  it.each<[string, ReplayCase, PolicyAnswer, string]>([
    ['a yes to what was allowed', decided('allow'), ALLOW, 'allow allow same policy'],
    ['a no to what was allowed', decided('allow'), DENY, 'allow deny allow_to_deny policy'],
    ['an error', decided('allow'), ERRED, 'allow deny errored policy'],
    ['an error where it was denied', decided('deny'), ERRED, 'deny deny errored policy'],
    ['what hangs on an unknown', decided('allow'), OPEN, 'allow ? unknown policy'],
    [
      'a yes where a policy had refused',
      decided('deny', { refusedByPolicy: true }),
      ALLOW,
      'deny allow deny_to_allow policy',
    ],
    [
      'a yes where the chain had refused',
      decided('deny', { refusedByPolicy: false }),
      ALLOW,
      'deny deny same chain',
    ],
    ['a yes where nobody said why', decided('deny'), ALLOW, 'deny ? unknown chain'],
    [
      'a yes where a policy had refused and the chain does not hold',
      decided('deny', { refusedByPolicy: true, chainHolds: 'no' }),
      ALLOW,
      'deny deny same chain',
    ],
    [
      'a yes where a policy had refused and the chain is not known',
      decided('deny', { refusedByPolicy: true, chainHolds: 'unknown' }),
      ALLOW,
      'deny ? unknown chain',
    ],
    // The enforcement point took the chain, whatever was learned of it since.
    [
      'a yes to what was let through',
      decided('allow', { chainHolds: 'no' }),
      ALLOW,
      'allow allow same policy',
    ],
    // Nobody had looked at the chain of a call that nobody decided.
    [
      'a yes to what rode',
      call({ recorded: 'allow', chainHolds: 'no' }),
      ALLOW,
      'allow deny allow_to_deny chain',
    ],
    [
      'an unknown yes to what rode',
      call({ recorded: 'allow', chainHolds: 'no' }),
      OPEN,
      'allow deny allow_to_deny chain',
    ],
    ['what became of it is not known', call({}), DENY, '? deny unknown policy'],
  ])('%s', (_, one, draft, wanted) => expect(told(one, draft)).toBe(wanted))

  it('permitting everything turns no refusal of the chain into a yes', () => {
    for (const chainHolds of ['no', 'unknown'] as const)
      for (const refusedByPolicy of [true, false, undefined])
        for (const recorded of ['deny', undefined] as const)
          for (const decision of ['d', undefined]) {
            const one = call({
              chainHolds,
              ...(refusedByPolicy === undefined ? {} : { refusedByPolicy }),
              ...(recorded === undefined ? {} : { recorded }),
              ...(decision === undefined ? {} : { decision }),
            })
            expect(replayed(one, ALLOW).after).not.toBe('allow')
          }
  })

  it('against another text compares the two, and the record does not count', () => {
    expect(told(decided('deny', { refusedByPolicy: true }), ALLOW, ALLOW)).toBe(
      'allow allow same policy',
    )
    expect(told(decided('allow'), DENY, ALLOW)).toBe('allow deny allow_to_deny policy')
    expect(told(decided('allow'), ALLOW, OPEN)).toBe('? allow unknown policy')
  })

  it('says what would have to be true only where it is not known', () => {
    const residuals = [{ policy: 'p', effect: 'forbid' as const, condition: 'x' }]
    const open = answer('unknown', { residuals, missing: ['context.approval'] })
    expect(replayed(decided('allow'), open)).toMatchObject({
      residuals,
      missing: ['context.approval'],
    })
    const settled = replayed(call({ recorded: 'allow', chainHolds: 'no' }), open)
    expect(settled).toMatchObject({ residuals: [], missing: [] })
  })
})
