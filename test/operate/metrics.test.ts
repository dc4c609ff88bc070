import { readFileSync, renameSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask } from '../../collector/src/api/test-server.ts'
import { askForRun } from '../../collector/src/retention/asking.ts'
import { VERSION } from '../../collector/src/version.ts'
import { type DemoCollector, demoCollector } from '../harness/demo.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { type Sample, samplesOf, seriesOf } from '../harness/scrape.ts'

const folder = temporaryFolder()
let demo: DemoCollector
let page: string
let samples: Sample[]
beforeAll(async () => {
  const file = join(folder.path, 'events.ndjson')
  const common = { match: {}, groupBy: 'fingerprint', proof: 'hash' } as const
  demo = await demoCollector({ channels: [{ name: 'soc', kind: 'ocsf', file, ...common }] })
  const { otlpUrl, operationsUrl, store } = demo.collector
  const headers = { 'content-type': 'application/json' }
  await fetch(`${otlpUrl}/v1/traces`, { method: 'POST', headers, body: '{"resourceSpans":7}' })
  const owed = { equals: { state: ['owed'] } }
  while ((await store.count('Alert', owed, 1)) > 0) await new Promise((r) => setTimeout(r, 20))
  await demo.collector.settled()
  await acknowledgeOne()
  await askForRun(demo.folder, 1, () => {})
  page = await (await fetch(`${operationsUrl}/metrics`)).text()
  samples = samplesOf(page)
}, 180_000)
afterAll(async () => {
  await demo?.[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

async function acknowledgeOne(): Promise<void> {
  const [one] = await demo.collector.store.page({
    ...{ kind: 'Finding', where: { equals: { state: ['open'], rule: ['D1'] } }, limit: 1 },
    ...{ orderBy: 'raisedAt', direction: 'asc' },
  })
  const query = `mutation { triage(input: { findings: ["${one?.key}"], expectedVersions: [0], state: ACKNOWLEDGED }) { __typename } }`
  await ask({ url: demo.collector.graphqlUrl }, query)
}

function sum(name: string, labels: Readonly<Record<string, string>> = {}): number {
  const wanted = Object.entries(labels)
  return samples
    .filter((one) => one.name === name && wanted.every(([key, text]) => one.labels[key] === text))
    .reduce((total, { value }) => total + value, 0)
}

describe('/metrics of a collector that played the demo', () => {
  it('has these series and label names, which dashboards and alerts are written against', async () => {
    await expect(`${seriesOf(page).join('\n')}\n`).toMatchFileSnapshot('./series.txt')
  })

  it('describes every one of them', () => {
    for (const series of seriesOf(page)) {
      const [name] = series.split(' ')
      expect(new RegExp(`^# HELP ${name} \\S.{8,}`, 'm').test(page), name).toBe(true)
    }
    expect(page).not.toContain('description missing')
  })

  it('says what came in, how long it took, and what was refused', async () => {
    const bodies = sum('delegraph_ingest_bodies_total')
    expect(bodies).toBeGreaterThan(0)
    expect(sum('delegraph_ingest_requests_total', { status: '200' })).toBeGreaterThanOrEqual(bodies)
    expect(sum('delegraph_ingest_refused_total', { reason: 'malformed' })).toBe(1)
    expect(sum('delegraph_ingest_in_flight')).toBe(0)
    expect(sum('delegraph_evidence_items_total', { kind: 'receipt' })).toBeGreaterThan(0)
    expect(sum('delegraph_journal_records')).toBe(demo.collector.journal.stats.records)
    expect(sum('delegraph_projection_lag_records')).toBe(0)
    expect(sum('delegraph_received_to_graph_seconds_count')).toBe(bodies)
  })

  it('says what was verified and found', async () => {
    expect(sum('delegraph_judgements_total', { kind: 'link', outcome: 'ok' })).toBeGreaterThan(0)
    expect(sum('delegraph_link_verification_seconds_count')).toBe(
      sum('delegraph_link_memo_lookups_total', { result: 'miss' }),
    )
    expect(
      sum('delegraph_finding_changes_total', { change: 'opened', rule: 'D1', severity: 'high' }),
    ).toBe(1)
    expect(sum('delegraph_findings_open', { rule: 'D1' })).toBe(1)
    const open = { equals: { state: ['open'] } }
    const all = await demo.collector.store.count('Finding', open, 1_000)
    expect(sum('delegraph_findings_open')).toBe(all)
    expect(sum('delegraph_recent_actions', { grade: 'proven' })).toBe(6)
    expect(sum('delegraph_recent_agents', { signed: 'yes' })).toBe(2)
    expect(sum('delegraph_recent_agents', { signed: 'no' })).toBe(0)
    const links = await demo.collector.store.count('Link', { min: { depth: 0 } }, 1_000)
    expect(sum('delegraph_recent_links')).toBe(links)
    expect(sum('delegraph_recent_links', { depth: '1' })).toBeGreaterThan(0)
  })

  it('says how long findings wait for somebody', () => {
    const waits = sum('delegraph_findings_oldest_untriaged_seconds', { severity: 'high' })
    expect(waits).toBeGreaterThan(0)
    expect(waits).toBeLessThan(180)
    expect(sum('delegraph_time_to_triage_median_seconds')).toBeLessThanOrEqual(waits)
    expect(samples.some(({ name }) => name === 'delegraph_time_to_triage_median_seconds')).toBe(
      true,
    )
    // Nothing of that severity waits: no number stands for it.
    expect(
      samples.filter(
        ({ name, labels }) =>
          name === 'delegraph_findings_oldest_untriaged_seconds' &&
          labels['severity'] === 'critical',
      ),
    ).toEqual([])
  })

  it('says how fresh the keys of others are', () => {
    expect(sum('delegraph_trust_source_up', { source: 'approvers.jwks' })).toBe(1)
    expect(sum('delegraph_trust_source_keys')).toBe(1)
    expect(sum('delegraph_trust_source_age_seconds')).toBeLessThan(180)
  })

  it('says whether alerts arrive', async () => {
    const delivered = { equals: { state: ['delivered'] } }
    const count = await demo.collector.store.count('Alert', delivered, 1_000)
    expect(count).toBeGreaterThan(0)
    expect(sum('delegraph_alerts_total', { channel: 'soc', outcome: 'delivered' })).toBe(count)
    expect(sum('delegraph_alert_attempts_total', { result: 'delivered' })).toBe(count)
    expect(sum('delegraph_alerts_standing', { state: 'owed' })).toBe(0)
  })

  it('measures in seconds: a verification is no thousandth of a bucket', () => {
    const name = 'delegraph_link_verification_seconds_bucket'
    const bounds = samples.filter((one) => one.name === name).map(({ labels }) => labels['le'])
    expect(bounds).toContain('0.0001')
    expect(sum(name, { le: '0.05' })).toBeGreaterThan(0)
    expect(sum('delegraph_link_verification_seconds_sum')).toBeLessThan(5)
  })

  it('never names a chain, an agent or a tool', async () => {
    const { store } = demo.collector
    const values = new Set(samples.flatMap(({ labels }) => Object.values(labels)))
    const every = { where: {}, orderBy: 'id', direction: 'asc', limit: 100 } as const
    const named = [
      ...(await store.page({ kind: 'Agent', ...every })),
      ...(await store.page({ kind: 'Finding', ...every })),
      ...(await store.page({ kind: 'Action', ...every })),
    ]
    expect(named.length).toBeGreaterThan(5)
    for (const { key, columns } of named) {
      for (const text of [key, columns['chain'], columns['tool'], columns['task']]) {
        if (typeof text === 'string') expect(values).not.toContain(text)
      }
    }
  })

  it('names the version of the package', () => {
    const path = new URL('../../collector/package.json', import.meta.url)
    expect(JSON.parse(readFileSync(path, 'utf8'))).toMatchObject({ version: VERSION })
    expect(sum('delegraph_build_info', { version: VERSION, store: 'sqlite' })).toBe(1)
  })
})

describe('the checks of life', () => {
  it('say that it lives and that it is ready', async () => {
    const { operationsUrl } = demo.collector
    const alive = await fetch(`${operationsUrl}/healthz`)
    expect([alive.status, await alive.text()]).toEqual([200, 'ok\n'])
    const ready = await fetch(`${operationsUrl}/readyz`)
    expect([ready.status, await ready.json()]).toEqual([200, { ready: true, reasons: [] }])
    const posted = await fetch(`${operationsUrl}/readyz`, { method: 'POST' })
    expect(posted.status).toBe(405)
  })

  it('gives metrics to nobody who came under a foreign name', async () => {
    const { hostname, port } = new URL(demo.collector.operationsUrl)
    const status = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const asked = request({ hostname, port, path: '/metrics', headers: { host } }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
        asked.on('error', reject).end()
      })
    expect(await status('evil.example')).toBe(403)
    expect(await status(`localhost:${port}`)).toBe(200)
  })

  it('says that the journal has lost its folder', async () => {
    const dir = join(demo.folder, 'journal')
    renameSync(dir, `${dir}-away`)
    const ready = await fetch(`${demo.collector.operationsUrl}/readyz`)
    renameSync(`${dir}-away`, dir)
    expect(ready.status).toBe(503)
    expect(await ready.json()).toEqual({
      ready: false,
      reasons: ['the folder of the journal cannot be written'],
    })
  })
})
