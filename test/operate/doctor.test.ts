import { execFile } from 'node:child_process'
import { appendFileSync, chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, inject, it } from 'vitest'
import { nodeCheck } from '../../collector/src/cli/doctor/node.ts'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { openNeo4jStore, openSqliteStore } from '../../collector/src/graph/index.ts'
import { openJournal } from '../../collector/src/journal/index.ts'
import { createLogger } from '../../collector/src/operate/logger.ts'
import { startOpenidProvider } from '../harness/openid-provider.ts'
import { temporaryFolder, uniqueTenant } from '../harness/own-place.ts'
import { env, Story, T0, TOOL, TRUST } from '../harness/story.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))

let folder: ReturnType<typeof temporaryFolder>
let data: string
beforeEach(() => {
  folder = temporaryFolder()
  data = join(folder.path, 'data')
  mkdirSync(data, { mode: 0o700 })
})
afterEach(() => folder[Symbol.dispose]())

interface Check {
  readonly name: string
  readonly state: string
  readonly says: string
  readonly todo?: string
  readonly tenant?: string
}

/** Beside the servers of this process, which must go on answering. */
function doctor(config: object, more: Readonly<Record<string, string>> = {}) {
  const path = join(folder.path, 'delegraph.json')
  writeFileSync(path, JSON.stringify({ data, otlp: { port: 0 }, api: { port: 0 }, ...config }))
  const args = ['--conditions=delegraph-source', MAIN, 'doctor', '--json', '--config', path]
  const { DELEGRAPH_CONFORMANCE: _, ...own } = process.env
  return new Promise<{ status: unknown; text: string; of: (name: string) => Check[] }>(
    (resolve) => {
      execFile(process.execPath, args, { env: { ...own, ...more } }, (error, stdout, stderr) => {
        const checks = stdout === '' ? [] : (JSON.parse(stdout) as Check[])
        resolve({
          status: error?.code ?? 0,
          text: stdout + stderr,
          of: (name) => checks.filter((check) => check.name === name),
        })
      })
    },
  )
}

function trustFile(more: object = {}): string {
  const path = join(folder.path, 'trust.json')
  const { anchors, approvers } = TRUST
  writeFileSync(path, JSON.stringify({ version: '1', anchors, approvers, ...more }))
  return path
}

async function listening(): Promise<{ readonly server: Server; readonly port: number }> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  return { server, port: typeof address === 'object' ? (address?.port ?? 0) : 0 }
}

describe('delegraph doctor', () => {
  it('has nothing to say against an empty folder and a trust file, and makes nothing', async () => {
    const { status, text, of } = await doctor({ trust: trustFile() })
    expect(text).not.toContain('"failed"')
    expect(status).toBe(0)
    expect(of('clock')).toMatchObject([{ state: 'ok', says: expect.stringContaining('empty') }])
    expect(of('graph')).toMatchObject([{ state: 'ok' }])
    expect(readdirSync(data)).toEqual([])
  })

  it('warns, with exit code 0, of open folders, of slips in the environment, of a trust file with nobody', async () => {
    chmodSync(data, 0o755)
    const { status, of } = await doctor(
      { trust: trustFile({ anchors: [] }) },
      { DELEGRAPH_DATTA: '/elsewhere' },
    )
    expect(status).toBe(0)
    expect(of('data')).toMatchObject([{ state: 'warning', todo: expect.stringContaining('chmod') }])
    expect(of('env')).toMatchObject([
      { state: 'warning', says: expect.stringContaining('DELEGRAPH_DATTA') },
    ])
    expect(of('trust')).toMatchObject([{ state: 'warning' }])
  })

  it('fails where the clock is behind the journal', async () => {
    {
      await using journal = await openJournal({ dir: join(data, 'journal') })
      const receivedAt = Date.now() + 3_600_000
      await journal.append({ kind: 'otlp-logs', receivedAt, payload: Buffer.alloc(0) })
    }
    const { status, of } = await doctor({ trust: trustFile() })
    expect(status).toBe(1)
    expect(of('clock')).toMatchObject([
      { state: 'failed', says: expect.stringMatching(/3\d{3} s from now/) },
    ])
  })

  it('warns of an issuer whose links are signed after they arrive', async () => {
    const config = { ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}) }
    const story = new Story()
    const root = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const logRecords = [{ eventName: 'delegation.link', body: { stringValue: root.text } }]
    {
      await using collector = await startCollector({
        config,
        env: {},
        logger: createLogger('silent'),
        trust: TRUST,
        clock: () => (T0 - 600) * 1000,
      })
      await fetch(`${collector.otlpUrl}/v1/logs`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
      })
      await collector.settled()
    }
    const { of } = await doctor({ trust: trustFile() })
    expect(of('issuers')).toMatchObject([
      { state: 'warning', says: expect.stringContaining('was signed 600 s after it arrived') },
    ])
  })

  it('reaches channels without sending, and never says the address that is a secret', async () => {
    const { server, port } = await listening()
    let received = 0
    server.on('connection', (socket) => socket.on('data', () => (received += 1)))
    const secret = join(folder.path, 'slack.url')
    writeFileSync(secret, `http://127.0.0.1:${port}/services/s3cret`)
    const gone = join(folder.path, 'gone.url')
    writeFileSync(gone, 'http://127.0.0.1:1/services/s3cret')
    const channels = [
      { name: 'chat', kind: 'slack', urlFile: secret },
      { name: 'away', kind: 'teams', urlFile: gone },
      { name: 'soc', kind: 'ocsf', file: join(folder.path, 'events.ndjson') },
      { name: 'keyless', kind: 'pagerduty', routingKeyFile: join(folder.path, 'none') },
    ]
    const { status, text, of } = await doctor({ trust: trustFile(), channels })
    server.close()
    expect(status).toBe(1)
    expect(of('alerts').map(({ state }) => state)).toEqual(['ok', 'failed', 'ok', 'failed'])
    expect(of('alerts')[1]?.says).toContain('127.0.0.1:1 cannot be reached (ECONNREFUSED)')
    expect(text).not.toContain('s3cret')
    expect(received).toBe(0)
  })

  it('tells a port that a collector has from one that somebody else has', async () => {
    const { server, port } = await listening()
    const taken = await doctor({ trust: trustFile(), otlp: { port } })
    server.close()
    expect(taken.status).toBe(1)
    expect(taken.of('otlp')).toMatchObject([{ state: 'failed' }])
    const config = { ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}), trust: trustFile() }
    await using collector = await startCollector({
      config,
      env: {},
      logger: createLogger('silent'),
    })
    const [otlp, api] = [collector.otlpUrl, collector.operationsUrl].map((url) => ({
      port: Number(new URL(url).port),
    }))
    const running = await doctor({ trust: trustFile(), otlp, api })
    expect(running.of('running')).toMatchObject([{ state: 'ok' }])
    expect([...running.of('otlp'), ...running.of('api')]).toMatchObject([
      { state: 'ok' },
      { state: 'ok' },
    ])
    expect(running.status).toBe(0)
  })

  it('looks at every tenant, and names the one that is unwell', async () => {
    const { server, port } = await listening()
    const channel = (name: string, at: number) => ({
      ...{ name, kind: 'alertmanager', url: `http://127.0.0.1:${at}` },
    })
    const token = { name: 'watcher', roles: ['monitor'], env: 'DELEGRAPH_WATCHER_TOKEN' }
    const config = {
      auth: { tokens: [token] },
      tenants: {
        acme: { trust: trustFile(), channels: [channel('near', port)] },
        other: { trust: trustFile(), channels: [channel('away', 1)] },
        third: { trust: join(folder.path, 'no-such-file') },
      },
    }
    for (const tenant of ['acme', 'other']) {
      await using journal = await openJournal({ dir: join(data, 'tenants', tenant, 'journal') })
      const record = { kind: 'otlp-logs', payload: Buffer.from('a record') } as const
      await journal.append({ ...record, receivedAt: Date.now() })
    }
    const dir = join(data, 'tenants', 'other', 'journal')
    const [name = ''] = readdirSync(dir).filter((one) => one.endsWith('.journal'))
    appendFileSync(join(dir, name), 'no record at all')
    writeFileSync(join(data, 'tenants', 'other', 'graph.sqlite'), 'no graph at all')
    const { status, text, of } = await doctor(config, { DELEGRAPH_WATCHER_TOKEN: 'x' })
    server.close()
    expect(status).toBe(1)
    const stateOf = (check: string) =>
      Object.fromEntries(of(check).map(({ tenant = '', state }) => [tenant, state]))
    expect(stateOf('journal')).toEqual({ acme: 'ok', other: 'warning', third: 'ok' })
    expect(stateOf('graph')).toEqual({ acme: 'ok', other: 'failed', third: 'ok' })
    expect(stateOf('alerts')).toEqual({ acme: 'ok', other: 'failed' })
    expect(stateOf('trust')).toEqual({ acme: 'ok', other: 'ok', third: 'failed' })
    expect(stateOf('env')).toEqual({ '': 'ok' })
    expect(text).toContain('16 bytes that are no records')
  })

  it('fails where the graph knows more than the journal, and says of an unreadable one why', async () => {
    {
      await using graph = openSqliteStore({ file: join(data, 'graph.sqlite') })
      await graph.init()
      await graph.write({ nodes: [], edges: [], position: 7 })
    }
    const { status, of } = await doctor({ trust: trustFile() })
    expect(status).toBe(1)
    expect(of('graph')).toMatchObject([
      {
        state: 'failed',
        says: expect.stringContaining('7 journal records and the journal only 0'),
      },
    ])
    writeFileSync(join(data, 'journal'), 'no folder')
    const unreadable = await doctor({ trust: trustFile() })
    expect(unreadable.of('journal')[0]?.says).toContain('it is no folder')
    expect(unreadable.of('clock')).toMatchObject([{ state: 'warning' }])
  })

  it('warns of a key that is over, and fails on a registry that nobody signed', async () => {
    const [anchor] = TRUST.anchors
    const anchors = [{ ...anchor, valid_until: Math.floor(Date.now() / 1000) - 3 * 86_400 }]
    const registry = join(folder.path, 'registry.jws')
    writeFileSync(registry, 'not.a.registry')
    const { status, of } = await doctor({ trust: trustFile({ anchors }), registry })
    expect(status).toBe(1)
    expect(of('keys')).toMatchObject([{ state: 'warning' }])
    expect(of('keys')[0]?.says).toMatch(/ended [23] days ago/)
    expect(of('registry')).toMatchObject([
      { state: 'failed', says: expect.stringContaining('does not verify') },
    ])
  })

  it('asks the provider of the login, and says what to register there', async () => {
    const publicUrl = 'https://delegraph.example.com'
    await using provider = await startOpenidProvider({ collector: publicUrl, people: {} })
    const { issuer, caFile, clientId } = provider
    const auth = (login?: object, more: object = {}) => ({
      oidc: {
        ...{ issuer, caFile, audience: 'a', roles: {}, allowAddresses: ['127.0.0.1'], ...more },
        ...(login === undefined ? {} : { login: { clientId, ...login } }),
      },
    })
    const look = async (login?: object, more?: object, secret = 's3cret') => {
      const config = { trust: trustFile(), api: { port: 0, publicUrl }, auth: auth(login, more) }
      const { of, text } = await doctor(config, { DELEGRAPH_CLIENT_SECRET: secret })
      expect(text).not.toContain('s3cret')
      return of('login')
    }
    const env = { clientSecretEnv: 'DELEGRAPH_CLIENT_SECRET' }
    const { host } = new URL(issuer)
    expect(await look()).toEqual([{ name: 'login', state: 'ok', says: `${issuer} answers` }])
    expect(await look(env)).toEqual([
      {
        name: 'login',
        state: 'ok',
        says: `${issuer} answers; register ${publicUrl}/login/callback, and ${publicUrl}/sign-in for after a sign-out`,
      },
    ])
    expect(await look(env, {}, '')).toMatchObject([
      { state: 'failed', says: 'auth.oidc.login: DELEGRAPH_CLIENT_SECRET is empty' },
    ])
    provider.instead.set('/.well-known/openid-configuration', (_, response) => {
      const elsewhere = 'https://tokens.example.com/token'
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({ issuer, jwks_uri: `${issuer}/jwks`, token_endpoint: elsewhere }),
      )
    })
    expect(await look(env)).toMatchObject([
      { state: 'failed', todo: 'add tokens.example.com to auth.oidc.hosts' },
    ])
    expect(await look(env, { hosts: ['tokens.example.com'] })).toMatchObject([
      { state: 'warning', says: expect.stringContaining('PKCE') },
    ])
    provider.away(true)
    const [away] = await look(env)
    expect(away).toMatchObject({
      state: 'failed',
      says: expect.stringContaining(`${host} answered 503`),
    })
  })

  it('knows what is too old', () => {
    expect(nodeCheck('v20.20.0').state).toBe('failed')
    expect(nodeCheck('v22.21.9').state).toBe('failed')
    expect(nodeCheck('v22.22.0').state).toBe('warning')
    expect(nodeCheck('v24.0.0').state).toBe('ok')
  })

  const server = inject('neo4j') ?? null
  it.runIf(server !== null)(
    'names the version of a real Neo4j and the indexes that it lacks',
    async () => {
      if (server === null) return
      const tenant = uniqueTenant()
      const { uri, user, password, database } = server
      const store = {
        kind: 'neo4j' as const,
        uri,
        tenant,
        ...(user === undefined ? {} : { user }),
        ...(database === undefined ? {} : { database }),
      }
      await using graph = openNeo4jStore({
        ...store,
        ...(password === undefined ? {} : { password }),
      })
      await graph.init()
      const more = password === undefined ? undefined : { NEO4J_PASSWORD: password }
      const { of } = await doctor({ trust: trustFile(), store }, more)
      expect(of('graph')).toMatchObject([
        { state: 'ok', says: expect.stringMatching(/^Neo4j \d+\./) },
      ])
      expect(of('indexes')).toMatchObject([{ state: 'ok', says: 'all are online' }])
      const away = await doctor({ store: { kind: 'neo4j', uri: 'bolt://127.0.0.1:1' } })
      expect(away.of('graph')).toMatchObject([{ state: 'failed' }])
      expect(away.status).toBe(1)
    },
    120_000,
  )
})
