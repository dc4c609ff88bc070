import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it } from 'vitest'
import { neo4jPlace } from '../harness/stores.ts'
import { evaluate, NoFile, playFile } from './evaluate.ts'
import type { Found } from './findings.ts'
import type { RunOptions } from './run.ts'

const SAMPLES = fileURLToPath(new URL('samples.jsonl', import.meta.url))
const SQLITE = { store: { kind: 'sqlite' } } as const satisfies Pick<RunOptions, 'store'>

/** Everything that the API says, case by case, in an order of its own. */
async function said(options: RunOptions, of = (found: Found): object => found): Promise<string[]> {
  const found = await playFile(SAMPLES, options)
  const lines = [...found].flatMap(([id, list]) => list.map((one) => JSON.stringify([id, of(one)])))
  return lines.sort()
}

describe('the runner', () => {
  it('finds what the samples are labelled with, and nothing else', async () => {
    const result = await evaluate(SAMPLES, SQLITE)
    expect(result).toMatchObject({
      ...{ cases: 10, misses: [], alarms: [] },
      case: { precision: { value: 1, n: 5 }, recall: { value: 1, n: 5 } },
      pairs: { value: 1, n: 5 },
      culprit: { value: 1, n: 4 },
      false_alarms_per_1000_actions: { value: 0, n: 5 },
      detectors: { D1: { fired: 1, wrong: 0 }, D10: { fired: 1, wrong: 0 } },
    })
    expect(result.cases_per_second).toBeGreaterThan(0)
  })

  it('finds the same where everything comes out of order, twice and late', async () => {
    const straight = await said(SQLITE)
    expect(straight.length).toBeGreaterThan(4)
    for (const shuffle of [1, 2]) expect(await said({ ...SQLITE, shuffle })).toEqual(straight)
  })

  it('finds nothing that is not there where nobody signs, and proves nothing', async () => {
    const rules = ({ rule, on }: Found) => ({ rule, on })
    const signed = await said(SQLITE, rules)
    const unsigned = await said({ ...SQLITE, stripSignatures: true }, rules)
    expect(unsigned.length).toBeGreaterThan(3)
    for (const line of unsigned) expect(signed).toContain(line)
    const grades = await said({ ...SQLITE, stripSignatures: true }, ({ grade }) => ({ grade }))
    expect(new Set(grades.map((line) => JSON.parse(line)[1].grade))).toEqual(new Set(['asserted']))
  })

  const neo4j = inject('neo4j') ?? null
  it.runIf(neo4j !== null)('finds the same on Neo4j', async () => {
    if (neo4j === null) return
    expect(await said(neo4jPlace(neo4j))).toEqual(await said(SQLITE))
  })

  it('says so where a file is not there', async () => {
    await expect(evaluate('no/such/file.jsonl', SQLITE)).rejects.toThrow(NoFile)
  })
})
