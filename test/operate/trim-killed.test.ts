import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { openSqliteStore } from '../../collector/src/graph/index.ts'
import { openJournal, readJournal } from '../../collector/src/journal/index.ts'
import { rebuildGraph } from '../../collector/src/project/rebuild.ts'
import { askForRun } from '../../collector/src/retention/asking.ts'
import { readRetentionState } from '../../collector/src/retention/state.ts'
import { startCollectorProcess } from '../harness/collector-process.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, TOOL, TRUST } from '../harness/story.ts'
import { CaseStory } from './testing/cases.ts'

const DAY = 86_400
const CASES = 300
/** Milliseconds after the run was asked for: while graphs are made, compared, changed, files replaced. */
const KILLS = [300, 1_500, 2_500, 3_500, 4_500, 6_000]

/** A journal of ten days ago: chains that are over, each a body of its own. */
async function filled(dir: string): Promise<string[]> {
  const at = Math.floor(Date.now() / 1000) - 10 * DAY
  const story = new CaseStory()
  const texts: string[] = []
  await using journal = await openJournal({ dir, segmentBytes: 64 * 1024 })
  for (let i = 0; i < CASES; i += 1) {
    const grants = { [TOOL.deploy]: env('staging') }
    const times = { iat: at, exp: at + 600 }
    const root = story.root(`agent:${i}`, grants, { ...times, txn: `task-${i}` })
    const leaf = story.link(root, `agent:leaf-${i}`, grants, times)
    texts.push(root.text, leaf.text)
    const record = { kind: 'otlp-logs', receivedAt: at * 1000, payload: story.body() } as const
    await journal.append({ ...record, contentType: 'application/json' })
  }
  return texts
}

/** Sends bodies until nobody takes them; gives the names of those that were acknowledged. */
async function load(url: string, round: number): Promise<string[]> {
  const acknowledged: string[] = []
  const headers = { 'content-type': 'application/json' }
  for (let i = 0; ; i += 1) {
    const name = `round-${round}-${i}-`
    const resource = { attributes: [{ key: name, value: { stringValue: '' } }] }
    const body = JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [] }] })
    try {
      const response = await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })
      if (response.status === 200) acknowledged.push(name)
      await wait(5)
    } catch {
      return acknowledged
    }
  }
}

it('loses nothing and comes to its end however often it is killed in the middle of trimming', async () => {
  using folder = temporaryFolder()
  const dir = join(folder.path, 'journal')
  const texts = await filled(dir)
  const trust = join(folder.path, 'trust.json')
  writeFileSync(trust, JSON.stringify({ version: '1', anchors: TRUST.anchors }))
  const args = ['--data', folder.path, '--trust', trust]
  const acknowledged: string[] = []
  let interrupted = 0
  for (const [round, delay] of KILLS.entries()) {
    const collector = await startCollectorProcess(args)
    const loading = load(collector.otlp, round)
    let ended = false
    const run = askForRun(folder.path, 5, () => {}).then(
      () => {
        ended = true
      },
      () => {},
    )
    await Promise.race([wait(delay), run])
    await collector.kill()
    acknowledged.push(...(await loading))
    if (!ended) interrupted += 1
  }
  expect(interrupted).toBeGreaterThan(1)
  const collector = await startCollectorProcess(args)
  const last = await askForRun(folder.path, 5, () => {})
  expect(last.message).toBeUndefined()
  // What a stop left of the files is done at the start, behind or before that run.
  while ((await readRetentionState(folder.path)).compacting === true) await wait(50)
  await collector.stop()

  const seqs: number[] = []
  const bodies: string[] = []
  for await (const { seq, payload } of readJournal(dir)) {
    seqs.push(seq)
    bodies.push(Buffer.from(payload).toString())
  }
  expect(seqs).toEqual([...new Set(seqs)].sort((a, b) => a - b))
  const all = bodies.join('\n')
  expect(acknowledged.length).toBeGreaterThan(50)
  expect(acknowledged.filter((name) => !all.includes(name))).toEqual([])
  const names = readdirSync(dir).filter((name) => name !== 'lock')
  const onDisk = names.map((name) => readFileSync(join(dir, name), 'latin1')).join('\n')
  expect(texts.filter((text) => onDisk.includes(text))).toEqual([])
  expect(readdirSync(join(folder.path, 'retention'))).toEqual(['state.json'])

  await using journal = await openJournal({ dir })
  await using fresh = openSqliteStore({ file: ':memory:' })
  await fresh.init()
  await rebuildGraph({
    ...{ store: fresh, journal, channels: [], clock: Date.now },
    trust: { ...TRUST, approvers: [], owners: [] },
    pendingWindow: 900_000,
  })
  await using graph = openSqliteStore({ file: join(folder.path, 'graph.sqlite') })
  const lines = async (store: typeof graph): Promise<string[]> =>
    (await Array.fromAsync(store.dump())).map((item) => JSON.stringify(item))
  expect(await lines(graph)).toEqual(await lines(fresh))
}, 600_000)
