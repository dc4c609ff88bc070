import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { JWS_DEVIATIONS } from './deviations.ts'
import { FOLDER } from './folder.ts'
import { REPORT, report } from './report.ts'
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

  it('are what docs/conformance.md says of them', () => {
    expect(readFileSync(REPORT, 'utf8')).toBe(report())
  })
})

it('every deliberate refusal is listed once, with a reason', () => {
  const ids = JWS_DEVIATIONS.flatMap((deviation) => deviation.ids)
  expect(new Set(ids).size).toBe(ids.length)
  expect(JWS_DEVIATIONS.every(({ reason }) => reason.length > 20)).toBe(true)
})
