import { execFile, spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { owedAlerts } from '../../alerts/owed-alerts.ts'
import { testRoute } from '../../alerts/testing/channel.ts'
import { aFinding, NOW } from '../../alerts/testing/finding.ts'
import { SECRET } from '../../alerts/testing/receiver.ts'
import { type Stub, startStub } from '../../alerts/testing/stub.ts'
import { openSqliteStore } from '../../graph/index.ts'

const MAIN = join(import.meta.dirname, '../main.ts')

let folder: string
let config: string
let stub: Stub<{ event_action: string; dedup_key: string }>
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'alerts-cli-'))
  stub = await startStub()
  const key = join(folder, 'key')
  await writeFile(key, 'routing-key')
  await writeFile(join(folder, 'secret'), SECRET)
  config = join(folder, 'delegraph.json')
  const channels = [
    { name: 'pager', kind: 'pagerduty', url: stub.url, routingKeyFile: key },
    { name: 'nowhere', kind: 'otlp', url: 'http://127.0.0.1:1/v1/logs' },
    { name: 'no secret', kind: 'slack', urlFile: join(folder, 'none') },
  ].map((channel) => ({ ...channel, name: channel.name.replace(' ', '-') }))
  const webhook = { url: `${stub.url}/hook`, secretFile: join(folder, 'secret') }
  await writeFile(config, JSON.stringify({ data: folder, channels, webhook }))
})
afterEach(async () => {
  await stub[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

function delegraph(...args: string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  const argv = ['--conditions=delegraph-source', MAIN, 'alerts', ...args, '--config', config]
  const env = { ...process.env, NO_COLOR: '1' }
  return new Promise((resolve) =>
    execFile(process.execPath, argv, { env }, (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    ),
  )
}

describe('delegraph alerts test', () => {
  test('opens and takes back a finding that says that it is a test', async () => {
    const { code, stdout } = await delegraph('test', 'pager', '--json')
    expect(code).toBe(0)
    expect(JSON.parse(stdout)).toMatchObject({ channel: 'pager', exitCode: 0 })
    const [opened, closed] = stub.requests
    expect(opened?.text).toContain('test of the channel pager: nothing happened')
    expect([opened?.body.event_action, closed?.body.event_action]).toEqual(['trigger', 'resolve'])
    expect(opened?.body.dedup_key).toBe(closed?.body.dedup_key)
  })

  test('knows the short webhook by its name', async () => {
    expect(await delegraph('test', 'webhook')).toMatchObject({
      code: 0,
      stdout: 'webhook took a test finding and its withdrawal\n',
    })
    expect(new Set(stub.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(2)
  })

  test.each([
    ['nowhere', 5, 'did not take the test finding: not reached'],
    ['no-secret', 1, 'cannot read'],
    ['other', 2, 'no channel other: there is webhook, pager, nowhere, no-secret'],
  ])('%s exits with %i', async (name, expected, says) => {
    const { code, stdout, stderr } = await delegraph('test', name)
    expect(code).toBe(expected)
    expect(`${stdout}${stderr}`).toContain(says)
  })

  test('that is refused exits with 1', async () => {
    stub.script.push(400)
    const { code, stdout } = await delegraph('test', 'pager')
    expect(code).toBe(1)
    expect(stdout).toContain('pager did not take the test finding: the receiver answered 400')
  })
})

test('delegraph alerts list shows what is owed, the last delivery and the last error', async () => {
  {
    await using store = openSqliteStore({ file: join(folder, 'graph.sqlite') })
    await store.init()
    const change = { change: 'opened', cursor: '1.0' } as const
    const alerts = ['f1', 'f2'].flatMap((id) =>
      owedAlerts({ ...change, id, finding: aFinding(id) }, [testRoute('pager')], NOW),
    )
    const [first, second] = alerts
    if (first === undefined || second === undefined) throw new Error('nothing is owed')
    Object.assign(first.columns, { state: 'delivered', deliveredAt: NOW })
    Object.assign(second.columns, { failedAt: NOW, error: 'the receiver answered 503' })
    await store.write({ nodes: alerts, edges: [] })
  }
  const { code, stdout } = await delegraph('list', '--json')
  expect(code).toBe(0)
  expect(JSON.parse(stdout)).toEqual([
    { name: 'webhook', kind: 'webhook', owed: 0, held: 0, dead: 0 },
    {
      name: 'pager',
      kind: 'pagerduty',
      owed: 1,
      held: 0,
      dead: 0,
      lastDelivery: '2026-11-24T10:00:00.000Z',
      lastError: { at: '2026-11-24T10:00:00.000Z', reason: 'the receiver answered 503' },
    },
    { name: 'nowhere', kind: 'otlp', owed: 0, held: 0, dead: 0 },
    { name: 'no-secret', kind: 'slack', owed: 0, held: 0, dead: 0 },
  ])
  const drawn = await delegraph('list')
  expect(drawn.stdout).toContain('1 owed')
  expect(drawn.stdout).toContain('the receiver answered 503')
})

describe('a channel that is standard output', () => {
  beforeEach(() =>
    writeFile(
      config,
      JSON.stringify({ data: folder, channels: [{ name: 'out', kind: 'ocsf', file: '-' }] }),
    ),
  )

  test('gets events, a line each', async () => {
    const { code, stdout } = await delegraph('test', 'out', '--json')
    expect(code).toBe(0)
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines).toMatchObject([
      { class_uid: 2004, activity_id: 1 },
      { class_uid: 2004, activity_id: 3 },
      { channel: 'out', exitCode: 0 },
    ])
  })

  test('has it for itself: start says where it listens on standard error', async () => {
    const argv = ['start', '--config', config, '--otlp-port', '0', '--api-port', '0']
    const child = spawn(process.execPath, ['--conditions=delegraph-source', MAIN, ...argv])
    const told = { stdout: '', stderr: '' }
    child.stdout.on('data', (part) => {
      told.stdout += String(part)
    })
    await new Promise<void>((resolve) =>
      child.stderr.on('data', (part) => {
        told.stderr += String(part)
        if (told.stderr.includes('Ctrl+C')) resolve()
      }),
    )
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await gone
    expect(told.stderr).toContain('GraphQL  http://127.0.0.1:')
    expect(told.stdout).toBe('')
  })
})
