import { beforeAll, describe, expect, it } from 'vitest'
import { readCases, unlabelled } from './evaluate.ts'
import type { Found } from './findings.ts'
import type { Case } from './format.ts'
import { OWN_FILES } from './own-files.ts'
import { type RunOptions, runCases } from './run.ts'
import { judgeCase } from './score/judge-case.ts'

const SQLITE = { store: { kind: 'sqlite' } } as const satisfies Pick<RunOptions, 'store'>
const PATIENT = 600_000

const cases = OWN_FILES.flatMap(readCases)

/** Every case of this repository, played in another way than it was written for. */
describe('the cases of this repository', () => {
  let plain: ReadonlyMap<string, readonly Found[]>
  beforeAll(async () => {
    plain = await played(SQLITE)
  }, PATIENT)

  it.each([1, 2])(
    'give the same findings out of order, twice and late (seed %i)',
    async (shuffle) => {
      const shuffled = await played({ ...SQLITE, shuffle })
      for (const { case_id } of cases)
        expect(told(shuffled.get(case_id)), case_id).toEqual(told(plain.get(case_id)))
    },
    PATIENT,
  )

  it(
    'invent nothing where nobody signs',
    async () => {
      const unsigned = await played({ ...SQLITE, stripSignatures: true })
      expect([...unsigned.values()].flat().length).toBeGreaterThan(cases.length / 3)
      for (const one of cases) {
        const places = (plain.get(one.case_id) ?? []).map(placeOf)
        const found = unsigned.get(one.case_id) ?? []
        for (const finding of found) expect(places, one.case_id).toContain(placeOf(finding))
        if (!one.label.inherit)
          expect(judgeCase(one, found, twinOf(one)).right, one.case_id).toBe(true)
      }
      const grades = new Set([...unsigned.values()].flat().map(({ grade }) => grade))
      expect([...grades]).toEqual(['asserted'])
    },
    PATIENT,
  )
})

function played(options: RunOptions): Promise<Map<string, readonly Found[]>> {
  return runCases(cases.map(unlabelled), options)
}

function twinOf(one: Case): Case | undefined {
  return cases.find(
    (other) => other !== one && one.pair_id !== null && other.pair_id === one.pair_id,
  )
}

/** All that is said of a case, in an order of its own. */
function told(found: readonly Found[] = []): string[] {
  return found.map((finding) => JSON.stringify(finding)).sort()
}

function placeOf({ rule, on }: Found): string {
  return `${rule} ${on}`
}
