import { describe, expect, it } from 'vitest'
import { DETECTORS } from '../eval/format.ts'
import { judge } from '../oracle/oracle.ts'
import { pairs, single } from './catalogue.ts'

describe.each(DETECTORS)('%s: the oracle agrees with every label', (detector) => {
  it('has at least twelve pairs', () => {
    expect(pairs[detector].length).toBeGreaterThanOrEqual(12)
  })

  it.each(pairs[detector])('$name: $clause', ({ cases: [violated, legitimate] }) => {
    const { label } = violated
    const { incidents, exposures } = judge(violated)
    const findings = [...incidents.flatMap((i) => i.findings), ...exposures]
    const right = findings.filter((f) => f.detector === detector)
    expect(right.map((f) => f.at)).toEqual(label.actions)
    if (label.culprit) expect(findings.map((f) => f.culprit)).toContain(label.culprit)
    expect(incidents.every((i) => label.actions.includes(i.at))).toBe(true)
    const inheritsOrInvalid = [...new Set(incidents.flatMap((i) => i.detectors))]
    const expected = incidents.length === 0 ? [] : label.kinds
    expect(inheritsOrInvalid.sort()).toEqual([...expected].sort())

    const clean = judge(legitimate)
    expect(clean.incidents).toEqual([])
    expect(clean.exposures.filter((f) => f.detector === detector)).toEqual([])
  })
})

describe('nothing is flagged', () => {
  it.each(single)('$case_id', (one) => {
    expect(judge(one).incidents).toEqual([])
  })
})
