import { describe, expect, inject, it } from 'vitest'
import type { Neo4jAddress } from '../harness/neo4j/neo4j.ts'
import { neo4jPlace } from '../harness/stores.ts'
import { readCases, unlabelled } from './evaluate.ts'
import type { Found } from './findings.ts'
import type { Case } from './format.ts'
import { OWN_FILES } from './own-files.ts'
import { type RunOptions, runCases } from './run.ts'
import { SHARED_FILES, sharedFile } from './shared-files.ts'

const PATIENT = 900_000
const neo4j = inject('neo4j') ?? null

const own = OWN_FILES.flatMap(readCases)
const atHand = SHARED_FILES.flatMap((name) => {
  const file = sharedFile(name)
  if (file === undefined) console.log(`${name}: not at hand, not played`)
  return file === undefined ? [] : [{ name: name as string, cases: readCases(file) }]
})

/** A Neo4j plays some four cases a second on a small machine, so of the largest file one pair in so many is played. */
const ONE_IN = 4

/** Files on an embedded graph and on a real Neo4j: whatever the API says of a finding. */
describe.runIf(neo4j !== null)('both stores give the same findings, to the last word', () => {
  it.each([
    { name: 'the cases of this repository, all', cases: own },
    ...atHand.map(({ name, cases }) =>
      cases.length > 200
        ? { name: `${name}, one pair in ${ONE_IN}`, cases: someOf(cases) }
        : { name: `${name}, all`, cases },
    ),
  ])('$name', ({ cases }) => same(cases, {}), PATIENT)

  it(
    `the cases of this repository, out of order, twice and late, one pair in ${ONE_IN}`,
    () => same(someOf(own), { shuffle: 3 }),
    PATIENT,
  )
})

/** Whole pairs, spread over the file. */
function someOf(cases: readonly Case[]): Case[] {
  const pairs = [...Map.groupBy(cases, ({ case_id, pair_id }) => pair_id ?? case_id).values()]
  return pairs.filter((_, i) => i % ONE_IN === 0).flat()
}

async function same(cases: readonly Case[], options: Partial<RunOptions>): Promise<void> {
  const played = cases.map(unlabelled)
  const embedded = await runCases(played, { ...options, store: { kind: 'sqlite' } })
  const server = await runCases(played, { ...options, ...neo4jPlace(neo4j as Neo4jAddress) })
  let findings = 0
  for (const { case_id } of cases) {
    findings += embedded.get(case_id)?.length ?? 0
    expect(told(server.get(case_id)), case_id).toEqual(told(embedded.get(case_id)))
  }
  expect(findings).toBeGreaterThan(cases.length / 4)
}

/** All that is said of a case, in an order of its own. */
function told(found: readonly Found[] = []): string[] {
  return found.map((finding) => JSON.stringify(finding)).sort()
}
