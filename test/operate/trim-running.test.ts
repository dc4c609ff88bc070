import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type GraphStore, openSqliteStore } from '../../collector/src/graph/index.ts'
import { rebuildGraph } from '../../collector/src/project/rebuild.ts'
import { readRetentionState } from '../../collector/src/retention/state.ts'
import { givenTrust } from '../../collector/src/trust/compose.ts'
import { readTrustFile } from '../../collector/src/trust/file.ts'
import { demoCollector } from '../harness/demo.ts'
import { samplesOf } from '../harness/scrape.ts'
import { storePlaces } from '../harness/stores.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
const DAY = 86_400_000

/** Beside the collector of this process, which must go on. */
function delegraph(env: Readonly<Record<string, string>>, ...args: string[]) {
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    const argv = ['--conditions=delegraph-source', MAIN, ...args]
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 * 1024 * 1024 }
    execFile(process.execPath, argv, options, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    )
  })
}

async function ask(collector: Collector, query: string, variables: object = {}) {
  const response = await fetch(collector.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  return (await response.json()) as { readonly data: Readonly<Record<string, unknown>> }
}

/** Everything that a graph says, but for findings that were withdrawn. */
async function dumped(store: GraphStore): Promise<string[]> {
  const lines: string[] = []
  for await (const item of store.dump()) {
    const passing = 'columns' in item && item.kind === 'Finding' && item.columns['state'] !== 'open'
    if (!passing) lines.push(JSON.stringify(item))
  }
  return lines
}

async function openFindings({ store }: Collector) {
  const order = { orderBy: 'id', direction: 'asc', limit: 200 } as const
  return store.page({ kind: 'Finding', where: { equals: { state: ['open'] } }, ...order })
}

/** Sends a body each moment until it is stopped; gives what was answered. */
function sending(url: string) {
  const answers: number[] = []
  let stopped = false
  const body = JSON.stringify({ resourceSpans: [] })
  const headers = { 'content-type': 'application/json' }
  const running = (async () => {
    while (!stopped) {
      answers.push((await fetch(`${url}/v1/traces`, { method: 'POST', headers, body })).status)
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  })()
  return {
    async stop(): Promise<number[]> {
      stopped = true
      await running
      return answers
    },
  }
}

describe.each(storePlaces())('a collector that runs, with its graph in $name', ({ store, env }) => {
  it('is trimmed on request, keeps what is closed until told otherwise, and says of what went when it did', async () => {
    let now = Date.now()
    const around = { env, clock: () => now }
    const retention = { days: 5, trimNotes: true, trimClosed: false }
    await using demo = await demoCollector({ store, retention }, around)
    const { collector, folder, config } = demo
    await collector.store.health()
    const flags = ['--data', folder, '--trust', config.trust ?? '']
    const neo4j = store.kind === 'neo4j' ? ['--config', configFile(folder, { store })] : []
    const run = (...args: string[]) => delegraph(env, ...args, ...flags, ...neo4j)
    const madeAnew = async ({ journal }: Collector) => {
      await using fresh = openSqliteStore({ file: ':memory:' })
      await fresh.init()
      await rebuildGraph({
        ...{ store: fresh, journal, channels: [], clock: () => now },
        trust: givenTrust(readTrustFile(config.trust ?? '')),
        pendingWindow: config.pendingWindow * 1000,
      })
      return await dumped(fresh)
    }

    // Days later: what an open finding rests on stays.
    now += 10 * DAY
    await collector.projector.settle()
    const sender = sending(collector.otlpUrl)
    const first = await run('retention', 'run', '--days', '5', '--json')
    expect([first.status, first.stderr]).toEqual([0, ''])
    expect(JSON.parse(first.stdout)).toMatchObject({ kept: { finding_open: expect.any(Number) } })
    const answers = await sender.stop()
    expect(answers.length).toBeGreaterThan(10)
    expect(new Set(answers)).toEqual(new Set([200]))
    await collector.settled()
    expect(await dumped(collector.store)).toEqual(await madeAnew(collector))

    // Closed: it is listed, and its export is derived again.
    const close = `mutation ($findings: [ID!]!, $versions: [Int!]!) { triage(input: {
      findings: $findings, expectedVersions: $versions, state: CLOSED, reason: INTENDED_DELEGATION }) { __typename } }`
    const open = await openFindings(collector)
    const finding = open.find(({ columns }) => columns['pages'])
    const id = finding?.key ?? ''
    const chain = String(finding?.columns['chain'])
    const said = { findings: open.map(({ key }) => key), versions: open.map(() => 0) }
    expect(await ask(collector, close, said)).toMatchObject({
      data: { triage: { __typename: 'TriagePayload' } },
    })
    now += 10 * DAY
    const second = await run('retention', 'run', '--days', '5', '--json')
    expect([second.status, second.stderr]).toEqual([0, ''])
    expect(JSON.parse(second.stdout)).toMatchObject({
      kept: { finding_closed: expect.any(Number) },
    })
    const file = join(folder, 'closed.json')
    expect(await run('export', id, '--out', file)).toEqual({
      ...{ status: 0, stdout: '', stderr: `1 finding in ${file}\n` },
    })
    const verified = await delegraph({}, 'verify', file, '--trust', config.trust ?? '')
    expect([verified.status, verified.stdout]).toEqual([
      0,
      expect.stringContaining('derived again'),
    ])

    // Told otherwise: it goes, with its history, and whoever asks is told the day.
    await collector[Symbol.asyncDispose]()
    const logger = pino({ level: 'silent' })
    await using trimming = await startCollector({
      ...{ env, logger, clock: () => now },
      config: { ...config, retention: { ...retention, trimClosed: true } },
    })
    const third = await run('retention', 'run', '--days', '5', '--json')
    expect([third.status, third.stderr]).toEqual([0, ''])
    const { bodies, kept } = JSON.parse(third.stdout) as { bodies: number; kept: object }
    expect(bodies).toBeGreaterThan(0)
    expect(kept).toEqual({})
    expect(await openFindings(trimming)).toEqual([])
    expect(await trimming.store.find('FindingEvent', 'finding', [id])).toEqual([])
    expect(await dumped(trimming.store)).toEqual(await madeAnew(trimming))
    const day = new Date(now).toISOString().slice(0, 10)
    const { data } = await ask(
      trimming,
      `query ($id: ID!, $chain: ID!) {
        finding(id: $id) { ... on NotFoundError { message } }
        chain(id: $chain) { ... on NotFoundError { message } } }`,
      { id, chain },
    )
    const message = expect.stringContaining(`was trimmed on ${day}`)
    expect(data).toMatchObject({ finding: { message }, chain: { message } })
    const exported = await run('export', id)
    expect([exported.status, exported.stdout]).toEqual([2, ''])
    expect(exported.stderr).toContain(`was trimmed on ${day}`)

    const page = samplesOf(await (await fetch(`${trimming.operationsUrl}/metrics`)).text())
    const sampleOf = (name: string) => page.find((sample) => sample.name === name)?.value
    expect(sampleOf('delegraph_retention_trimmed_bodies_total')).toBe(bodies)
    expect(sampleOf('delegraph_retention_last_run_timestamp_seconds')).toBe(now / 1000)
    const state = await readRetentionState(folder)
    expect(state).toMatchObject({ last: { outcome: 'trimmed', bodies } })
    expect(state.running).toBeUndefined()
    expect(state.compacting).toBeUndefined()
    if (store.kind === 'neo4j') await trimming.store.clear()
  }, 600_000)
})

function configFile(folder: string, config: object): string {
  const path = join(folder, 'delegraph.json')
  writeFileSync(path, JSON.stringify(config))
  return path
}
