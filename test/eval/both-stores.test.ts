import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, inject, it } from 'vitest'
import type { Neo4jAddress } from '../harness/neo4j/neo4j.ts'
import { neo4jPlace } from '../harness/stores.ts'
import { readCases, unlabelled } from './evaluate.ts'
import type { Found } from './findings.ts'
import type { Case } from './format.ts'
import { type RunOptions, runCases } from './run.ts'
import { SHARED_FILES, sharedFile } from './shared-files.ts'

const FILES = fileURLToPath(new URL('../cases/files', import.meta.url))
const PATIENT = 900_000
const neo4j = inject('neo4j') ?? null

const own = readdirSync(FILES)
  .filter((name) => name.endsWith('.jsonl'))
  .sort()
  .flatMap((name) => readCases(join(FILES, name)))
const atHand = SHARED_FILES.flatMap((name) => {
  const file = sharedFile(name)
  if (file === undefined) console.log(`${name}: not at hand, not played`)
  return file === undefined ? [] : [{ name: name as string, cases: readCases(file) }]
})

/** Whole files, on an embedded graph and on a real Neo4j: whatever the API says of a finding. */
describe.runIf(neo4j !== null)('both stores give the same findings, to the last word', () => {
  it.each([{ name: 'the cases of this repository', cases: own }, ...atHand])(
    '$name',
    ({ cases }) => same(cases, {}),
    PATIENT,
  )

  it(
    'the cases of this repository, out of order, twice and late',
    () => same(own, { shuffle: 3 }),
    PATIENT,
  )
})

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
