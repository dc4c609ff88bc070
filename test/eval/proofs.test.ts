import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { type GraphStore, openSqliteStore, pagesOf } from '../../collector/src/graph/index.ts'
import { type Proof, proofFile, rederive } from '../../collector/src/project/proof.ts'
import { playAll } from './batch.ts'
import { deliver } from './deliver.ts'
import { readCases, unlabelled } from './evaluate.ts'
import { sharedFile } from './shared-files.ts'
import { recordSpans } from './span-recorder.ts'
import { HEARD_AT } from './world.ts'

const FILES = fileURLToPath(new URL('../cases/files', import.meta.url))
const delegationbench = sharedFile('delegationbench.jsonl')

const cases = [
  ...readdirSync(FILES)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(FILES, name)),
  ...(delegationbench === undefined ? [] : [delegationbench]),
].flatMap(readCases)

it('every finding comes out of its own file the same, without the graph that it was found in', async () => {
  const rules = new Set<string>()
  const recorder = recordSpans()
  const wrong: unknown[] = []
  for (let first = 0; first < cases.length; first += 64) {
    const played = await playAll(cases.slice(first, first + 64).map(unlabelled), recorder)
    const data = mkdtempSync(join(tmpdir(), 'delegraph-proofs-'))
    try {
      const registry = join(data, 'registry.jws')
      writeFileSync(registry, played.registry)
      const config = { ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}), registry }
      await using collector = await startCollector({
        ...{ config, env: {}, trust: played.world.trust, clock: () => HEARD_AT },
        logger: pino({ level: 'silent' }),
      })
      await deliver(collector.otlpUrl, played.recorded)
      await collector.settled()
      const names = played.stages.map((stage) => ({
        id: stage.case.case_id,
        back: stage.names.back,
      }))
      const caseOf = ({ action, link }: Readonly<Record<string, unknown>>): string | undefined =>
        names.find(({ back }) => back.has(String(action)) || back.has(String(link)))?.id
      for (const { id, rule } of await openFindings(collector.store)) {
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
    } finally {
      rmSync(data, { recursive: true, force: true })
    }
  }
  expect(wrong).toEqual([])
  expect(rules.size).toBe(16)
}, 900_000)

async function openFindings(
  store: GraphStore,
): Promise<{ readonly id: string; readonly rule: string }[]> {
  const found = []
  const open = { equals: { state: ['open'] } }
  for await (const page of pagesOf(store, {
    ...{ kind: 'Finding', where: open, orderBy: 'id', direction: 'asc', limit: 500 },
  }))
    for (const { key, columns } of page) found.push({ id: key, rule: String(columns['rule']) })
  return found
}
