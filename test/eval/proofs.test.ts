import { expect, it } from 'vitest'
import { openSqliteStore } from '../../collector/src/graph/index.ts'
import { type Proof, proofFile, rederive } from '../../collector/src/project/proof.ts'
import { playAll } from './batch.ts'
import { deliver } from './deliver.ts'
import { readCases, unlabelled } from './evaluate.ts'
import { openFindings } from './open-findings.ts'
import { OWN_FILES } from './own-files.ts'
import { sharedFile } from './shared-files.ts'
import { recordSpans } from './span-recorder.ts'
import { startFor } from './start-for.ts'

const delegationbench = sharedFile('delegationbench.jsonl')

const cases = [...OWN_FILES, ...(delegationbench === undefined ? [] : [delegationbench])].flatMap(
  readCases,
)

it('every finding comes out of its own file the same, without the graph that it was found in', async () => {
  const rules = new Set<string>()
  const recorder = recordSpans()
  const wrong: unknown[] = []
  for (let first = 0; first < cases.length; first += 64) {
    const played = await playAll(cases.slice(first, first + 64).map(unlabelled), recorder)
    await using started = await startFor(played)
    const { collector, config } = started
    await deliver(collector.otlpUrl, played.recorded)
    await collector.settled()
    const names = played.stages.map((stage) => ({
      id: stage.case.case_id,
      back: stage.names.back,
    }))
    const caseOf = ({ action, link }: Readonly<Record<string, unknown>>): string | undefined =>
      names.find(({ back }) => back.has(String(action)) || back.has(String(link)))?.id
    for (const { key: id, columns } of await openFindings(collector.store)) {
      const rule = String(columns['rule'])
      rules.add(rule)
      const file = await proofFile(collector.store, id, config.pendingWindow * 1000)
      if (typeof file === 'string') {
        wrong.push([rule, id, file])
        continue
      }
      await using store = openSqliteStore({ file: ':memory:' })
      await store.init()
      const differs = await rederive(JSON.parse(file.text) as Proof, played.world.trust, store)
      if (differs.length > 0) wrong.push([rule, caseOf(file.finding.columns), differs])
    }
  }
  expect(wrong).toEqual([])
  expect(rules.size).toBe(16)
}, 900_000)
