import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { type GraphStore, openSqliteStore, pagesOf } from '../../collector/src/graph/index.ts'
import { rebuildGraph } from '../../collector/src/project/rebuild.ts'
import { askForRun } from '../../collector/src/retention/asking.ts'
import { triagePayload } from '../../collector/src/triage/index.ts'
import { playAll } from '../eval/batch.ts'
import { deliver } from '../eval/deliver.ts'
import { readCases, unlabelled } from '../eval/evaluate.ts'
import { OWN_FILES } from '../eval/own-files.ts'
import { recordSpans } from '../eval/span-recorder.ts'
import { HEARD_AT } from '../eval/world.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const DAY = 86_400_000
const EACH = 6

/** A few of each kind: every rule, every kind of evidence. */
const cases = OWN_FILES.flatMap((file) => readCases(file).slice(0, EACH))

async function dumped(store: GraphStore): Promise<string[]> {
  const lines: string[] = []
  for await (const item of store.dump()) {
    const passing = 'columns' in item && item.kind === 'Finding' && item.columns['state'] !== 'open'
    if (!passing) lines.push(JSON.stringify(item))
  }
  return lines
}

function except(lines: readonly string[], others: readonly string[]): string[] {
  const known = new Set(others)
  return lines.filter((line) => !known.has(line))
}

/** Closes every second open finding. */
async function closeHalf({ store, journal, settled }: Collector, at: number): Promise<void> {
  const query = { kind: 'Finding', where: { equals: { state: ['open'] } } } as const
  const order = { orderBy: 'id', direction: 'asc', limit: 500 } as const
  const all = (await Array.fromAsync(pagesOf(store, { ...query, ...order }))).flat()
  const findings = all
    .filter((_, i) => i % 2 === 0)
    .map(({ key, columns }) => ({ id: key, severity: Number(columns['severity']) }))
  const word = { type: 'triage', state: 'closed', reason: 'test_traffic' } as const
  const payload = triagePayload({ ...word, findings, by: 'ana', at })
  await journal.append({ kind: 'triage', receivedAt: at, payload })
  await settled()
}

it('leaves of many cases the graph that the rest would have made alone', async () => {
  let now = HEARD_AT
  using folder = temporaryFolder()
  const played = await playAll(cases.map(unlabelled), recordSpans())
  expect([...played.unplayed]).toEqual([])
  const registry = join(folder.path, 'registry.jws')
  writeFileSync(registry, played.registry)
  const config = {
    ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
    registry,
    retention: { days: 5, trimNotes: true, trimClosed: true },
  }
  const logger = pino({ level: 'silent' })
  await using collector = await startCollector({
    ...{ config, env: {}, logger, trust: played.world.trust, clock: () => now },
  })
  const { store, journal, otlpUrl, settled } = collector
  // One at a time: each is a body or two of its own.
  for (const [i, recorded] of played.recorded.entries()) {
    // A third is of later.
    now = HEARD_AT + (i % 3 === 2 ? 30 * DAY : 0)
    await deliver(otlpUrl, [recorded])
  }
  await settled()
  await closeHalf(collector, HEARD_AT + 10 * DAY)
  now = HEARD_AT + 31 * DAY
  while ((await collector.projector.settle()) > 0);
  const { records } = journal.stats
  const before = (await dumped(store)).length
  const run = await askForRun(folder.path, 5, () => {})
  expect(run).toMatchObject({ outcome: 'trimmed', left: 0 })
  expect(run.bodies).toBeGreaterThan(records / 8)
  expect(run.kept.finding_open).toBeGreaterThan(5)
  await using fresh = openSqliteStore({ file: ':memory:' })
  await fresh.init()
  await rebuildGraph({
    ...{ store: fresh, journal, channels: [], clock: () => now, trust: played.world.trust },
    pendingWindow: config.pendingWindow * 1000,
  })
  const [is, alone] = [await dumped(store), await dumped(fresh)]
  expect(is.length).toBeLessThan(before)
  expect(except(is, alone)).toEqual([])
  expect(except(alone, is)).toEqual([])
}, 600_000)
