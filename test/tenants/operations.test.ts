import { createHash } from 'node:crypto'
import { readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { readConfig } from '../../collector/src/config.ts'
import { CollectorError } from '../../collector/src/errors.ts'
import { openJournal } from '../../collector/src/journal/index.ts'
import { startEach } from '../../collector/src/tenants/start-each.ts'
import { startTenants, type Tenants } from '../../collector/src/tenants/start-tenants.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { samplesOf, seriesOf } from '../harness/scrape.ts'
import { tokenOf } from './worlds.ts'

const silent = pino({ level: 'silent' })

function configOf(data: string) {
  const people = [
    ['acme-viewer', 'acme', 'viewer'],
    ['acme-sender', 'acme', 'ingest'],
    ['watcher', undefined, 'monitor'],
  ] as const
  const auth = authSettings.parse({
    tokens: people.map(([name, tenant, role]) => ({
      ...{ name, roles: [role] },
      ...(tenant === undefined ? {} : { tenant }),
      sha256: createHash('sha256').update(tokenOf(name)).digest('hex'),
    })),
  })
  const tenants = { acme: { channels: [] }, other: { channels: [] } }
  return { ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}), auth, tenants }
}

const folder = temporaryFolder()
let tenants: Tenants
beforeAll(async () => {
  tenants = await startTenants({ config: configOf(folder.path), env: {}, logger: silent })
  await fetch(`${tenants.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${tokenOf('acme-sender')}`,
    },
    body: '{"resourceSpans":[]}',
  })
}, 60_000)
afterAll(async () => {
  await tenants?.[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

async function ask(path: string, who?: string) {
  const url = new URL(path, tenants.graphqlUrl)
  const headers: Record<string, string> =
    who === undefined ? {} : { authorization: `Bearer ${tokenOf(who)}` }
  const response = await fetch(url, { headers })
  return { status: response.status, text: await response.text() }
}

async function readyz(who?: string) {
  const { status, text } = await ask('/readyz', who)
  return { status, state: JSON.parse(text) as unknown }
}

/** Puts the journals of some tenants away for the time of the work. */
async function without(names: readonly string[], work: () => Promise<void>): Promise<void> {
  const dirs = names.map((name) => join(folder.path, 'tenants', name, 'journal'))
  for (const dir of dirs) renameSync(dir, `${dir}-away`)
  try {
    await work()
  } finally {
    for (const dir of dirs) renameSync(`${dir}-away`, dir)
  }
}

const FINE = { ready: true, reasons: [] }
const AWAY = { ready: false, reasons: ['the folder of the journal cannot be written'] }

describe('/readyz of several tenants', () => {
  it('is ready where all are, and names them to nobody but a monitor', async () => {
    expect(await readyz()).toEqual({ status: 200, state: FINE })
    expect(await readyz('acme-viewer')).toEqual({ status: 200, state: FINE })
    expect(await readyz('watcher')).toEqual({
      status: 200,
      state: { ...FINE, tenants: { acme: FINE, other: FINE } },
    })
  })

  it('names the one that is unwell, and leaves the others their traffic', async () => {
    await without(['other'], async () => {
      const state = { ready: true, reasons: ['1 of 2 tenants are not ready'] }
      expect(await readyz()).toEqual({ status: 200, state })
      expect(await readyz('acme-viewer')).toEqual({ status: 200, state })
      expect(await readyz('watcher')).toEqual({
        status: 200,
        state: { ...state, tenants: { acme: FINE, other: AWAY } },
      })
      const samples = samplesOf((await ask('/metrics', 'watcher')).text)
      const ready = samples.filter(({ name }) => name === 'delegraph_ready')
      expect(ready).toEqual([
        { name: 'delegraph_ready', labels: { tenant: 'acme' }, value: 1 },
        { name: 'delegraph_ready', labels: { tenant: 'other' }, value: 0 },
      ])
    })
  })

  it('is not ready where none is', async () => {
    await without(['acme', 'other'], async () => {
      const { status, state } = await readyz()
      expect(status).toBe(503)
      expect(state).toEqual({ ready: false, reasons: ['2 of 2 tenants are not ready'] })
    })
    expect((await readyz()).status).toBe(200)
  })
})

describe('/metrics of several tenants', () => {
  it('has for a monitor the series of all, by tenants of the configuration alone', async () => {
    const { status, text } = await ask('/metrics', 'watcher')
    expect(status).toBe(200)
    const samples = samplesOf(text)
    const labelled = samples.filter(({ labels }) => 'tenant' in labels)
    expect(new Set(labelled.map(({ labels }) => labels['tenant']))).toEqual(
      new Set(['acme', 'other']),
    )
    const bodies = labelled.filter(({ name }) => name === 'delegraph_ingest_requests_total')
    expect(bodies).toMatchObject([{ labels: { tenant: 'acme' }, value: 1 }])
    // What is of the process is said once.
    const plain = samples.filter(({ labels }) => !('tenant' in labels))
    expect(plain.filter(({ name }) => name === 'delegraph_build_info')).toHaveLength(1)
    for (const { name } of plain) expect(name).toMatch(/^(process_|nodejs_|delegraph_build_info)/)
    // A name is described once, and its samples stand together.
    const described = [...text.matchAll(/^# TYPE (\S+)/gm)].map(([, name]) => name)
    expect(described).toEqual([...new Set(described)])
  })

  it('has no label but the tenant that a collector alone would not have', async () => {
    const known = readFileSync(new URL('../operate/series.txt', import.meta.url), 'utf8')
    const labelsOf = new Map(
      [...known.matchAll(/^(\S+) \S+ \{(.*)\}$/gm)].map(([, name, labels]) => [name, labels]),
    )
    const { text } = await ask('/metrics', 'watcher')
    for (const series of seriesOf(text)) {
      const [, name = '', labels = ''] = /^(\S+) \S+ \{(.*)\}$/.exec(series) ?? []
      const own = labels.split(', ').filter((label) => label !== 'tenant' && label !== '')
      const allowed = labelsOf.get(name)?.split(', ')
      expect({ name, own, allowed }).toMatchObject({ allowed: expect.any(Array) })
      for (const label of own) expect(allowed).toContain(label)
    }
  })

  it('has for a tenant its own numbers, and for a stranger none', async () => {
    const own = await ask('/metrics', 'acme-viewer')
    expect(own.status).toBe(200)
    expect(own.text).toContain('delegraph_journal_records')
    expect(own.text).not.toContain('tenant=')
    expect(own.text).not.toContain('other')
    expect((await ask('/metrics')).status).toBe(401)
    expect((await ask('/metrics', 'acme-sender')).status).toBe(401)
  })
})

it('a monitor is nobody to the API and to OTLP', async () => {
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${tokenOf('watcher')}`,
  }
  const body = '{"query":"{ viewer { name } }"}'
  const asked = await fetch(tenants.graphqlUrl, { method: 'POST', headers, body })
  expect(asked.status).toBe(401)
  const sent = await fetch(`${tenants.otlpUrl}/v1/traces`, { method: 'POST', headers, body: '{}' })
  expect(sent.status).toBe(401)
})

describe('the start of several', () => {
  it('goes on without one whose journal somebody has, and says so', async () => {
    using place = temporaryFolder()
    const lines: string[] = []
    const logger = pino({ level: 'warn' }, { write: (line: string) => void lines.push(line) })
    await using _ = await openJournal({ dir: join(place.path, 'tenants', 'other', 'journal') })
    await using own = await startTenants({ config: configOf(place.path), env: {}, logger })
    expect([...own.collectors.keys()]).toEqual(['acme'])
    const response = await fetch(new URL('/readyz', own.graphqlUrl), {
      headers: { authorization: `Bearer ${tokenOf('watcher')}` },
    })
    expect(response.status).toBe(200)
    expect(await response.json()).toMatchObject({
      tenants: { acme: FINE, other: { ready: false, reasons: [expect.stringContaining('again')] } },
    })
    expect(lines.map((line) => JSON.parse(line) as unknown)).toContainEqual(
      expect.objectContaining({ tenant: 'other', msg: 'a tenant could not be started' }),
    )
  })

  it('tries again until it works, and then no more', async () => {
    let tries = 0
    const start = async (name: string): Promise<void> => {
      if (name !== 'other') return
      tries += 1
      if (tries < 3) throw new Error('not yet')
    }
    const told: string[] = []
    const names = ['acme', 'other']
    await using _ = await startEach(names, start, (name) => void told.push(name), silent, 5)
    await expect.poll(() => tries).toBe(3)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect([tries, told]).toEqual([3, ['other', 'other']])
  })

  it('is refused, by the name of the tenant, where one is configured wrongly', async () => {
    using place = temporaryFolder()
    const config = configOf(place.path)
    const wrong = {
      ...config,
      tenants: { ...config.tenants, other: { channels: [], trust: '/none' } },
    }
    const start = startTenants({ config: wrong, env: {}, logger: silent })
    await expect(start).rejects.toThrow(CollectorError)
    await expect(start).rejects.toMatchObject({
      message: expect.stringMatching(/^tenant other: .*none/),
    })
  })
})
