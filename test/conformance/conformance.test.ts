import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { DESIGN, designChains, designExample } from './design.ts'
import { JWS_DEVIATIONS, STRICT_REFUSALS } from './deviations.ts'
import { FOLDER } from './folder.ts'
import { REPORT, report } from './report.ts'
import { byCode, strictCases } from './strict-profile.ts'
import { SUITES } from './suites.ts'

const absent = FOLDER === undefined
if (absent) {
  process.stdout.write(
    'skipped: the vectors of others are not here; DELEGRAPH_CONFORMANCE names their folder\n',
  )
}

describe.skipIf(absent)('the vectors that others wrote', () => {
  it.each(SUITES)('$name: nothing that is invalid is accepted', ({ run }) => {
    const cases = run()
    expect(cases.length).toBeGreaterThan(5)
    expect(cases.filter(({ valid, accepted }) => accepted && !valid)).toEqual([])
  })

  it.each(SUITES)('$name: what is valid is accepted, or refused for a reason', ({ file, run }) => {
    const listed = file === 'json_web_signature_test.json' ? JWS_DEVIATIONS : []
    const ids = listed.flatMap((deviation) => deviation.ids)
    const refused = run().filter(({ valid, accepted }) => valid && !accepted)
    expect(refused.map(({ id }) => id)).toEqual([...ids].sort((a, b) => a - b))
  })

  it('are no links: each is refused by the check that the list names', () => {
    const cases = strictCases()
    expect(cases).toHaveLength(401)
    const listed = STRICT_REFUSALS.map(({ reason: _, ...refusal }) => refusal)
    expect(byCode(cases)).toEqual(listed)
  })

  it('are what docs/conformance.md says of them', () => {
    expect(readFileSync(REPORT, 'utf8')).toBe(report())
  })
})

describe.skipIf(DESIGN === undefined)('the vectors of the design', () => {
  it('have the outcomes that they name, flags included', () => {
    const cases = designChains()
    expect(cases).toHaveLength(83)
    expect(cases.filter(({ accepted }) => !accepted)).toEqual([])
  })

  it('hold together: links, proof, approval, decision, receipt and revocation', () => {
    const cases = designExample()
    expect(cases.filter(({ accepted }) => !accepted)).toEqual([])
    expect(cases).toHaveLength(6)
  })
})

it('every deliberate refusal is listed once, with a reason', () => {
  const ids = JWS_DEVIATIONS.flatMap((deviation) => deviation.ids)
  expect(new Set(ids).size).toBe(ids.length)
  expect(JWS_DEVIATIONS.every(({ reason }) => reason.length > 20)).toBe(true)
  const strict = STRICT_REFUSALS.flatMap(({ valid }) => valid)
  expect([...strict].sort((a, b) => a - b)).toEqual([18, 378, ...ids].sort((a, b) => a - b))
})
