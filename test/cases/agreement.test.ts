import { describe, expect, it } from 'vitest'
import { DETECTORS, parseCase } from '../eval/format.ts'
import { judge } from '../oracle/oracle.ts'
import { pairs, single } from './catalogue.ts'

describe.each(DETECTORS)('%s: the oracle agrees with every label', (detector) => {
  it('has at least twelve pairs, each by its own name', () => {
    const names = pairs[detector].map((pair) => pair.name)
    expect(new Set(names).size).toBe(names.length)
    expect(names.length).toBeGreaterThanOrEqual(12)
  })

  it.each(pairs[detector])('$name: $clause', ({ lines }) => {
    const [violated, legitimate] = lines.map((line) => parseCase(line))
    if (!violated || !legitimate) throw new Error('a pair has two lines')
    const { label } = violated
    const { incidents, exposures } = judge(violated)
    const findings = [...incidents.flatMap((i) => i.findings), ...exposures]
    const told = findings.filter((finding) => finding.detector === detector)
    expect(told.map((finding) => finding.at)).toEqual(label.actions)
    if (label.culprit) expect(findings.map((f) => f.culprit)).toContain(label.culprit)
    // Every finding of class I or V is in the label, and nothing else.
    for (const incident of incidents) expect(label.actions).toContain(incident.at)
    const fired = [...new Set(incidents.flatMap((i) => i.detectors))]
    if (incidents.length > 0) expect(fired.sort()).toEqual([...label.kinds].sort())

    const clean = judge(legitimate)
    expect(clean.incidents).toEqual([])
    expect(clean.exposures.filter((finding) => finding.detector === detector)).toEqual([])
  })
})

describe('nothing is flagged in a legitimate history', () => {
  it.each(single.map((line) => parseCase(line)))('$case_id', (one) => {
    expect(judge(one).incidents).toEqual([])
  })
})
