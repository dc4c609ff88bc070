import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import type { Finding } from '../../findings/finding.ts'
import { openSqliteStore } from '../../graph/index.ts'
import { AlertSender } from '../alert-sender.ts'
import type { Delivery } from '../channel.ts'
import { channelList } from '../channel-settings.ts'
import { openChannels } from '../open-channels.ts'
import { checkConfig, haveAlertmanager, startAlertmanager } from '../testing/alertmanager.ts'
import { testChannel, testRoute } from '../testing/channel.ts'
import { aFinding, aMessage, nodeOf } from '../testing/finding.ts'
import { type Stub, startStub } from '../testing/stub.ts'
import { alertmanager } from './alertmanager.ts'

const EXAMPLE = join(import.meta.dirname, '../../../../dashboards/alertmanager/example.yml')
const never = new AbortController().signal
const present = haveAlertmanager()

/** Its outgoing webhook, version 4. */
interface Notification {
  readonly groupLabels: Readonly<Record<string, string>>
  readonly alerts: readonly {
    readonly status: 'firing' | 'resolved'
    readonly labels: Readonly<Record<string, string>>
  }[]
}

/** The example with receivers that the test hears, and without its waits. */
function config(
  receiver: Stub<Notification>,
  { resolveTimeout = '5m', groupWait = '200ms' } = {},
): string {
  return readFileSync(EXAMPLE, 'utf8')
    .replaceAll('http://127.0.0.1:9095', receiver.url)
    .replace('group_wait: 30s', `group_wait: ${groupWait}`)
    .replace('group_interval: 5m', 'group_interval: 500ms')
    .replace('resolve_timeout: 5m', `resolve_timeout: ${resolveTimeout}`)
}

function delivery(url: string, resendEvery = 60_000): Delivery {
  const { groupOf } = testRoute()
  return alertmanager({ url, resendEvery, groupOf, findingUrl: 'https://see.example/{id}' })
}

/** The action was a moment ago, so that nothing ends before it begins. */
const recent = (id: string, more = {}) =>
  aFinding(id, { at: Date.now() - 1_000, chain: 'chain-1', ...more })

/** What was notified of one alert, each change once. */
function statuses(receiver: Stub<Notification>, fingerprint: string): string[] {
  const all = receiver.requests.flatMap(({ body }) =>
    body.alerts.flatMap(({ status, labels }) =>
      labels['fingerprint'] === fingerprint ? [status] : [],
    ),
  )
  return all.filter((status, i) => status !== all[i - 1])
}

describe.runIf(present)('a real Alertmanager', { timeout: 60_000 }, () => {
  test('takes the alert with its labels and annotations, once however often it is said', async () => {
    await using receiver = await startStub<Notification>()
    await using running = await startAlertmanager(config(receiver))
    const finding = recent('f1', { from: '', grade: 'signed' })
    const message = aMessage({ at: Date.now() }, finding)
    const channel = delivery(`${running.url}/`)
    for (let i = 0; i < 3; i += 1) {
      expect(await channel.deliver(message, never)).toEqual({ kind: 'delivered' })
    }
    const [alert, ...others] = await running.alerts()
    expect(others).toEqual([])
    expect(alert?.labels).toEqual({
      alertname: 'DelegationApprovedActionInheritance',
      source: 'delegraph',
      rule_id: 'D1',
      class: 'inheritance',
      severity: 'high',
      severity_level: '4',
      grade: 'signed',
      pages: 'true',
      agent: 'agent:worker',
      tool: 'https://tools.example/ops#deploy',
      chain_id: 'chain-1',
      incident: 'incident of f1',
      fingerprint: 'fingerprint of f1',
      alert_group: 'fingerprint of f1',
    })
    expect(alert?.annotations).toMatchObject({
      summary: '[signed] worker ran deploy on an approval that alice gave to planner',
      finding: 'f1',
      proof: expect.stringContaining('delegraph export f1'),
      link: 'https://see.example/f1',
    })
    expect(alert?.generatorURL).toBe('https://see.example/f1')
    await vi.waitFor(
      () => expect(statuses(receiver, finding.fingerprint)).toEqual(['firing']),
      5_000,
    )
    expect(receiver.requests[0]?.path).toBe('/on-call')
  })

  test('forgets what is not said again, and resolves what has an end', async () => {
    await using receiver = await startStub<Notification>()
    await using running = await startAlertmanager(config(receiver, { resolveTimeout: '3s' }))
    await using store = openSqliteStore({ file: ':memory:' })
    await store.init()
    const kept = recent('kept')
    const ended = recent('ended')
    await store.write({ nodes: [nodeOf(kept)], edges: [] })
    const channel = delivery(running.url, 1_000)
    const errors: unknown[] = []
    const sender = new AlertSender({
      store,
      channels: [testChannel(channel, { kind: 'alertmanager' })],
      clock: Date.now,
      onOutcome: async () => 1,
      onError: (error) => errors.push(error),
    })
    sender.start()
    await channel.deliver(aMessage({ at: Date.now() }, ended), never)
    await vi.waitFor(() => expect(statuses(receiver, ended.fingerprint)).toEqual(['firing']), 5_000)
    await channel.deliver(aMessage({ at: Date.now(), closes: true }, ended), never)
    await vi.waitFor(
      () => expect(statuses(receiver, ended.fingerprint)).toEqual(['firing', 'resolved']),
      { timeout: 5_000, interval: 50 },
    )
    await new Promise((resolve) => setTimeout(resolve, 5_000))
    const fingerprints = (await running.alerts()).map(({ labels }) => labels['fingerprint'])
    expect(fingerprints).toEqual([kept.fingerprint])
    expect(statuses(receiver, kept.fingerprint)).not.toContain('resolved')
    expect(errors).toEqual([])
    await sender[Symbol.asyncDispose]()
    await vi.waitFor(() => expect(statuses(receiver, kept.fingerprint)).toContain('resolved'), {
      timeout: 15_000,
      interval: 100,
    })
  })

  test('is told of each finding and of no count, so that nothing stays when they end', async () => {
    await using receiver = await startStub<Notification>()
    await using running = await startAlertmanager(config(receiver))
    const parsed = channelList.parse([{ kind: 'alertmanager', name: 'am', url: running.url }])
    const [channel] = openChannels(parsed, { readSecret: () => '' })
    if (channel === undefined) throw new Error('no channel was opened')
    expect(channel.limit).toBeUndefined()
    const findings = Array.from({ length: 40 }, (_, i) => recent(`many ${i}`))
    const say = async (closes: boolean): Promise<void> => {
      for (const finding of findings)
        await channel.deliver(aMessage({ at: Date.now(), closes }, finding), never)
    }
    await say(false)
    const count = { kind: 'suppressed', closes: false, id: 'msg_s', rule: 'D1', count: 3 } as const
    const counted = { ...count, at: Date.now(), learnedAt: Date.now(), findings: [] }
    expect(await channel.deliver(counted, never)).toEqual({ kind: 'delivered' })
    expect(await running.alerts()).toHaveLength(40)
    await say(true)
    await vi.waitFor(async () => expect(await running.alerts()).toEqual([]), 5_000)
  })

  test('groups, inhibits by chain and silences, by the example that is shipped', async () => {
    await using receiver = await startStub<Notification>()
    await using running = await startAlertmanager(config(receiver, { groupWait: '1s' }))
    const channel = delivery(running.url)
    const quiet = { pages: false, severity: 3 } as const
    const broken = recent('broken', { ...quiet, rule: 'D10', class: 'validity' })
    // Begun just now: what began before the wait is notified at once, alone.
    const other = () => ({ chain: 'chain-2', at: Date.now(), ...quiet })
    const say = async (...findings: Finding[]) =>
      expect(await channel.refresh?.send(findings, Date.now(), never)).toEqual({
        kind: 'delivered',
      })
    await say(broken)
    await vi.waitFor(
      () => expect(statuses(receiver, broken.fingerprint)).toEqual(['firing']),
      5_000,
    )
    await say(broken, recent('on it'), recent('one', other()), recent('two', other()))
    const stateOf = async (id: string) =>
      (await running.alerts()).find(({ annotations }) => annotations['finding'] === id)?.status
    await vi.waitFor(
      async () => expect((await stateOf('on it'))?.inhibitedBy).toHaveLength(1),
      5_000,
    )
    await vi.waitFor(
      () => expect(statuses(receiver, 'fingerprint of two')).toEqual(['firing']),
      5_000,
    )
    const together = receiver.requests.find(({ body }) =>
      body.groupLabels['alertname']?.includes('Inherit'),
    )
    expect(together?.body.alerts).toHaveLength(2)
    expect(statuses(receiver, 'fingerprint of on it')).toEqual([])
    await running.silence('fingerprint', 'fingerprint of one')
    await vi.waitFor(async () => expect((await stateOf('one'))?.silencedBy).toHaveLength(1), {
      timeout: 5_000,
      interval: 100,
    })
  })

  test('finds nothing wrong with the example', () => {
    const { status, says } = checkConfig(EXAMPLE)
    expect(says).toContain('SUCCESS')
    expect(status).toBe(0)
  })
})

describe('what is pushed', () => {
  test('is said in portions, and the token goes with it', async () => {
    await using stub = await startStub<readonly unknown[]>()
    const { groupOf } = testRoute()
    const channel = alertmanager({ url: stub.url, bearer: 'token', resendEvery: 1_000, groupOf })
    const open = Array.from({ length: 450 }, (_, i) => recent(`f${i}`))
    expect(await channel.refresh?.send(open, Date.now(), never)).toEqual({ kind: 'delivered' })
    expect(stub.requests.map(({ body }) => body.length)).toEqual([200, 200, 50])
    expect(stub.requests[0]?.path).toBe('/api/v2/alerts')
    expect(stub.requests[0]?.headers.authorization).toBe('Bearer token')
  })

  test('stops at the first portion that is not taken', async () => {
    await using stub = await startStub()
    stub.script.push(202, 503)
    const channel = delivery(stub.url)
    const open = Array.from({ length: 450 }, (_, i) => recent(`f${i}`))
    const result = await channel.refresh?.send(open, Date.now(), never)
    expect(result).toEqual({ kind: 'later', reason: 'the receiver answered 503' })
    expect(stub.requests).toHaveLength(2)
  })
})
