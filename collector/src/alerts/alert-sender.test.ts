import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import { AlertSender } from './alert-sender.ts'
import type { Delivery } from './channel.ts'
import type { CloudEvent } from './cloud-event.ts'
import { webhook } from './kinds/webhook.ts'
import { type OwedChange, owedAlerts } from './owed-alerts.ts'
import type { AlertSenderSettings } from './sender-settings.ts'
import { testChannel, testRoute } from './testing/channel.ts'
import { aFinding, nodeOf } from './testing/finding.ts'
import { SECRET, startReceiver, type TestReceiver } from './testing/receiver.ts'

let store: GraphStore
let receiver: TestReceiver
let journal: string[]
let errors: unknown[]
beforeEach(async () => {
  store = openSqliteStore({ file: ':memory:' })
  await store.init()
  receiver = await startReceiver()
  journal = []
  errors = []
})
afterEach(async () => {
  await receiver[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

const ROUTES = [testRoute('webhook')]
let learned = 0
const QUICK = { first: 5, longest: 40 }

/** An attempt ends after `timeout` ms: short only where a test waits for that. */
function sender({
  url = receiver.url,
  timeout = 30_000,
  ...more
}: Partial<AlertSenderSettings> & {
  readonly url?: string
  readonly timeout?: number
} = {}): AlertSender {
  return new AlertSender({
    store,
    channels: [testChannel(webhook({ url, secret: SECRET, timeout }))],
    clock: Date.now,
    onOutcome: async (alerts, outcome) => {
      return journal.push(...alerts.map(({ key }) => `${key} ${outcome}`))
    },
    onError: (error) => errors.push(error),
    backoff: QUICK,
    ...more,
  })
}

type Change = Omit<OwedChange, 'cursor' | 'before'>

/** Writes a change as the projector does: the finding and what it owes in one batch. */
async function owe(change: Change, now = Date.now()): Promise<string> {
  const [before] = await store.find('Finding', 'id', [change.id])
  learned += 1
  const cursor = String(learned).padStart(8, '0')
  const known = before === undefined ? {} : { before }
  const alerts = owedAlerts({ ...change, ...known, cursor }, ROUTES, now)
  const columns = { id: change.id, state: 'withdrawn' }
  const finding =
    change.finding === undefined
      ? ({ kind: 'Finding', key: change.id, columns } as const)
      : nodeOf(change.finding)
  await store.write({ nodes: [finding, ...alerts], edges: [] })
  return alerts[0]?.key ?? ''
}

function open(id: string, now?: number): Promise<string> {
  return owe({ change: 'opened', id, finding: aFinding(id) }, now)
}

function owed(): Promise<number> {
  return store.count('Alert', { equals: { state: ['owed'] } }, 100)
}

async function stateOf(id: string): Promise<unknown> {
  const [node] = await store.find('Alert', 'id', [id])
  return node?.columns['state']
}

const eventsOf = (r: TestReceiver): CloudEvent[] =>
  r.accepted.map((one) => one.verified as CloudEvent)

describe('delivery', () => {
  test('what is owed at the start and what becomes owed later arrives, each once', async () => {
    const first = await open('f1')
    await using running = sender()
    running.start()
    await receiver.untilAccepted(1)
    const second = await open('f2')
    running.notify()
    await receiver.untilAccepted(2)
    await vi.waitFor(async () => expect(await stateOf(second)).toBe('delivered'))
    expect(await stateOf(first)).toBe('delivered')
    expect(journal).toEqual([`${first} delivered`, `${second} delivered`])
    expect(receiver.received).toHaveLength(2)
    expect(receiver.accepted[0]?.id).toBe(eventsOf(receiver)[0]?.id)
  })

  test('many alerts arrive, each once', async () => {
    await Promise.all(Array.from({ length: 250 }, (_, i) => open(`f${i}`)))
    await using running = sender()
    running.start()
    await receiver.untilAccepted(250)
    await vi.waitFor(() => expect(journal).toHaveLength(250))
    expect(new Set(receiver.received.map((one) => one.id)).size).toBe(250)
    expect(receiver.received).toHaveLength(250)
  })

  test('a withdrawal carries the finding that it takes back', async () => {
    await open('f1', Date.now() - 10)
    await owe({ change: 'withdrawn', id: 'f1' })
    await using running = sender()
    running.start()
    await receiver.untilAccepted(2)
    const [, withdrawn] = eventsOf(receiver)
    expect(withdrawn).toMatchObject({
      type: 'dev.delegraph.finding.withdrawn.v1',
      subject: 'fingerprint of f1',
      data: { state: 'withdrawn', finding: aFinding('f1') },
    })
  })

  test('a finding that comes, goes and comes again is told each time, under new ids', async () => {
    await using running = sender()
    running.start()
    const changes = ['opened', 'withdrawn', 'reopened', 'withdrawn'] as const
    for (const [i, change] of changes.entries()) {
      const finding = change === 'withdrawn' ? {} : { finding: aFinding('f1') }
      await owe({ change, id: 'f1', ...finding }, Date.now() + i)
      await vi.waitFor(() => {
        running.notify()
        expect(receiver.accepted).toHaveLength(i + 1)
      })
      await vi.waitFor(() => expect(journal).toHaveLength(i + 1))
    }
    expect(eventsOf(receiver).map((event) => event.data.change)).toEqual(changes)
    expect(new Set(receiver.received.map((one) => one.id)).size).toBe(4)
  })
})

describe('one alert', () => {
  const same = { fingerprint: 'one' }

  test('is opened by the first finding of a fingerprint and closed by the last', async () => {
    await using running = sender()
    running.start()
    await owe({ change: 'opened', id: 'f1', finding: aFinding('f1', same) })
    await owe({ change: 'opened', id: 'f2', finding: aFinding('f2', same) })
    await owe({ change: 'withdrawn', id: 'f1' })
    running.notify()
    await receiver.untilAccepted(1)
    await vi.waitFor(async () => expect(await owed()).toBe(0))
    await owe({ change: 'opened', id: 'f3', finding: aFinding('f3', same) })
    await owe({ change: 'withdrawn', id: 'f2' })
    await owe({ change: 'withdrawn', id: 'f3' })
    running.notify()
    await vi.waitFor(async () => expect(await owed()).toBe(0))
    expect(eventsOf(receiver).map(({ data }) => [data.change, data.finding.id])).toEqual([
      ['opened', 'f1'],
      ['withdrawn', 'f3'],
    ])
    expect(eventsOf(receiver)[1]?.data.occurrences).toBe(3)
  })

  test('is told again where it became graver, and to people only then', async () => {
    const inner = webhook({ url: receiver.url, secret: SECRET })
    await using running = sender({ channels: [testChannel(inner, { updates: 'worse' })] })
    running.start()
    const severities = [3, 2, 4, 4]
    for (const [i, severity] of severities.entries()) {
      const change = i === 0 ? 'opened' : 'updated'
      const body = { ...aFinding().body, facts: [String(i)] }
      await owe({ change, id: 'f1', finding: aFinding('f1', { severity, pages: false, body }) })
    }
    running.notify()
    await receiver.untilAccepted(2)
    await vi.waitFor(async () => expect(await owed()).toBe(0))
    expect(eventsOf(receiver).map(({ data }) => data.finding.severity)).toEqual([3, 4])
  })
})

describe('a rule that fires too often', () => {
  const limit = { count: 2, seconds: 1 }

  test('is counted, also across a restart, and what was never told is not withdrawn', async () => {
    const inner = webhook({ url: receiver.url, secret: SECRET })
    const channels = [testChannel(inner, { limit })]
    const before = sender({ channels })
    before.start()
    // Each at a time of its own: alerts of one millisecond have no order that a test could know.
    const now = Date.now() - 10
    for (const n of [1, 2, 3, 4, 5]) await open(`f${n}`, now + n)
    before.notify()
    await vi.waitFor(async () => expect(await owed()).toBe(0))
    await owe({ change: 'withdrawn', id: 'f5' })
    await before[Symbol.asyncDispose]()
    await using after = sender({ channels })
    after.start()
    await receiver.untilAccepted(3)
    await vi.waitFor(() =>
      expect(journal.filter((line) => line.endsWith('suppressed'))).toHaveLength(3),
    )
    const types = eventsOf(receiver).map(({ type }) => type)
    expect(types).toEqual([
      'dev.delegraph.finding.opened.v1',
      'dev.delegraph.finding.opened.v1',
      'dev.delegraph.findings.suppressed.v1',
    ])
    expect(receiver.accepted[2]?.verified).toMatchObject({
      data: {
        summary: 'D1: 3 more suppressed',
        count: 3,
        findings: expect.arrayContaining(['f3', 'f4', 'f5']),
      },
    })
    await open('f6')
    after.notify()
    await receiver.untilAccepted(4)
    expect(eventsOf(receiver)[3]?.data.finding.id).toBe('f6')
  })
})

describe('a receiver in trouble', () => {
  test('is asked again until it takes the alert, always under the same id', async () => {
    receiver.script.push(
      { status: 503 },
      'close',
      'hang',
      { status: 429, headers: { 'retry-after': '0' } },
      { status: 500 },
      { status: 408 },
    )
    const id = await open('f1')
    await using running = sender({ timeout: 200 })
    running.start()
    await receiver.untilAccepted(1)
    await vi.waitFor(async () => expect(await stateOf(id)).toBe('delivered'))
    expect(receiver.received).toHaveLength(7)
    expect(new Set(receiver.received.map((one) => one.id)).size).toBe(1)
    expect(new Set(receiver.received.map((one) => one.body)).size).toBe(1)
    expect(errors).toHaveLength(6)
    expect(journal).toEqual([`${id} delivered`])
  })

  test('is told again what it was told, byte by byte, though more was learned since', async () => {
    receiver.script.push('hang', { status: 503 })
    const finding = nodeOf(aFinding('f1'))
    let asked = 0
    await open('f1')
    const delivery = webhook({ url: receiver.url, secret: SECRET, timeout: 200 })
    await using running = sender({
      channels: [testChannel(delivery, { proof: 'inline' })],
      proof: async () => {
        asked += 1
        return { text: `{"evidence":${asked}}\n`, finding }
      },
    })
    running.start()
    await receiver.untilAccepted(1)
    const bodies = receiver.received.map(({ body }) => body)
    expect(bodies).toHaveLength(3)
    expect(new Set(bodies).size).toBe(1)
    expect(eventsOf(receiver)[0]?.data.proof?.inline).toEqual({ evidence: 1 })
  })

  test('that comes up later gets what was owed meanwhile', async () => {
    const { port } = new URL(receiver.url)
    await receiver[Symbol.asyncDispose]()
    await Promise.all([open('f1'), open('f2'), open('f3')])
    await using running = sender({ url: `http://127.0.0.1:${port}/hook` })
    running.start()
    await vi.waitFor(() => expect(errors.length).toBeGreaterThan(2))
    receiver = await startReceiver(Number(port))
    await receiver.untilAccepted(3)
    expect(receiver.received).toHaveLength(3)
  })

  test('is asked by one alert at a time', async () => {
    receiver.script.push({ status: 503, headers: { 'retry-after': '3600' } })
    await Promise.all(Array.from({ length: 20 }, (_, i) => open(`f${i}`)))
    await using running = sender()
    running.start()
    await receiver.untilReceived(1)
    await vi.waitFor(() => expect(errors).toHaveLength(1))
    running.notify()
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(receiver.received).toHaveLength(1)
  })

  test('that refuses an alert for good does not hold up the others', async () => {
    const bad = await open('f1', Date.now() - 1_000)
    receiver.script.push({ status: 400 }, { status: 204 }, { status: 400 }, { status: 301 })
    const good = await open('f2')
    await using running = sender({ maxRefusals: 3 })
    running.start()
    await vi.waitFor(async () => expect(await stateOf(bad)).toBe('dead'))
    expect(await stateOf(good)).toBe('delivered')
    expect(journal).toEqual([`${good} delivered`, `${bad} dead`])
    expect(receiver.received).toHaveLength(4)
  })

  test('a long outage does not bring an alert closer to being given up', async () => {
    const outage = Array.from({ length: 8 }, () => ({ status: 503 }))
    receiver.script.push(...outage, { status: 401 })
    const id = await open('f1')
    await using running = sender({ maxRefusals: 2 })
    running.start()
    await vi.waitFor(async () => expect(await stateOf(id)).toBe('delivered'))
    expect(receiver.received).toHaveLength(10)
  })

  test('younger alerts of the same finding wait for the older one', async () => {
    receiver.script.push({ status: 400 }, { status: 400 })
    await open('f1', Date.now() - 1_000)
    await owe({ change: 'withdrawn', id: 'f1' })
    await using running = sender()
    running.start()
    await receiver.untilAccepted(2)
    expect(eventsOf(receiver).map((event) => event.data.change)).toEqual(['opened', 'withdrawn'])
  })
})

describe('a stop', () => {
  test('between two attempts loses nothing, and the next start uses the same id', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'alerts-'))
    const file = join(folder, 'graph.sqlite')
    await store[Symbol.asyncDispose]()
    store = openSqliteStore({ file })
    await store.init()
    receiver.script.push({ status: 503 })
    const id = await open('f1')
    const before = sender()
    before.start()
    await vi.waitFor(() => expect(errors).toHaveLength(1))
    receiver.script.push({ status: 503 }, { status: 503 })
    await before[Symbol.asyncDispose]()
    await store[Symbol.asyncDispose]()

    store = openSqliteStore({ file })
    await store.init()
    await using after = sender()
    after.start()
    await receiver.untilAccepted(1)
    await vi.waitFor(async () => expect(await stateOf(id)).toBe('delivered'))
    expect(new Set(receiver.received.map((one) => one.id)).size).toBe(1)
    await after[Symbol.asyncDispose]()
    await rm(folder, { recursive: true })
  })

  test('in the middle of an attempt ends at once and keeps what is owed', async () => {
    receiver.script.push('hang')
    const id = await open('f1')
    const running = sender({
      channels: [testChannel(webhook({ url: receiver.url, secret: SECRET }))],
    })
    running.start()
    await receiver.untilReceived(1)
    await running[Symbol.asyncDispose]()
    expect(await stateOf(id)).toBe('owed')
    expect(journal).toEqual([])
  })

  test('before the start, and twice, is fine', async () => {
    const idle = sender()
    await idle[Symbol.asyncDispose]()
    await idle[Symbol.asyncDispose]()
  })

  test('after the outcome was written down and before the graph was marked resends nothing', async () => {
    const id = await open('f1')
    // The projector reads the outcome from the journal on the next start.
    await store.write({
      nodes: [{ kind: 'Alert', key: id, columns: { id, state: 'delivered' } }],
      edges: [],
    })
    await open('f2')
    await using running = sender()
    running.start()
    await receiver.untilAccepted(1)
    await vi.waitFor(() => expect(journal).toHaveLength(1))
    expect(eventsOf(receiver)[0]?.data.finding.id).toBe('f2')
  })
})

describe('the books', () => {
  test('an outcome that cannot be written down is delivered again, under the same id', async () => {
    const id = await open('f1')
    let full = 2
    await using running = sender({
      onOutcome: async () => {
        if (full-- > 0) throw new Error('disk full')
        return 1
      },
    })
    running.start()
    await vi.waitFor(async () => expect(await stateOf(id)).toBe('delivered'))
    expect(receiver.received).toHaveLength(3)
    expect(new Set(receiver.received.map((one) => one.id)).size).toBe(1)
  })

  test('an alert that is owed anew while it is under way is sent anew', async () => {
    const id = await open('f1', Date.now() - 1_000)
    let again = true
    const inner = webhook({ url: receiver.url, secret: SECRET })
    const delivery: Delivery = {
      async deliver(message, signal) {
        const result = await inner.deliver(message, signal)
        if (again) {
          await owe({ change: 'withdrawn', id: 'f1' })
          await open('f1')
        }
        again = false
        return result
      },
    }
    await using running = sender({ channels: [testChannel(delivery)] })
    running.start()
    // It heard the first: so it hears that this is over, and that it is back.
    await receiver.untilAccepted(3)
    await vi.waitFor(async () => expect(await stateOf(id)).toBe('delivered'))
    expect(new Set(receiver.received.map((one) => one.id)).size).toBe(3)
    expect(journal).toHaveLength(3)
  })

  test('after a rebuild, steps on the way to what was delivered are not sent', async () => {
    const now = Date.now()
    const early = aFinding('f1', { grade: 'signed' })
    const step = await owe({ change: 'opened', id: 'f1', finding: early }, now - 2_000)
    const end = await owe({ change: 'updated', id: 'f1', finding: aFinding('f1') }, now - 1_000)
    await store.write({
      nodes: [{ kind: 'Alert', key: end, columns: { id: end, state: 'delivered' } }],
      edges: [],
    })
    // Delivered in a form that the rebuilt graph never had: only the journal names it.
    const stray = {
      kind: 'Alert',
      key: 'stray',
      columns: { id: 'stray', state: 'delivered' },
    } as const
    await store.write({ nodes: [stray], edges: [] })
    await using running = sender()
    running.start()
    await vi.waitFor(async () => expect(await stateOf(step)).toBe('superseded'))
    await open('f2')
    running.notify()
    await receiver.untilAccepted(1)
    expect(eventsOf(receiver)[0]?.data.finding.id).toBe('f2')
  })

  test('alerts of a channel that is no longer configured are kept', async () => {
    const [alert] = owedAlerts(
      { change: 'opened', id: 'f1', finding: aFinding('f1'), cursor: '1' },
      [testRoute('old')],
      Date.now(),
    )
    await store.write({ nodes: alert === undefined ? [] : [alert], edges: [] })
    await open('f2')
    await using running = sender()
    running.start()
    await receiver.untilAccepted(1)
    expect(await stateOf(alert?.key ?? '')).toBe('owed')
  })

  test('no error names the address or the secret', async () => {
    receiver.script.push({ status: 500 }, 'close', { status: 403 })
    await open('f1')
    await using running = sender()
    running.start()
    await receiver.untilAccepted(1)
    const told = errors.map(String).join('\n')
    expect(told).not.toContain(receiver.url)
    expect(told).not.toContain(SECRET.slice(6))
    expect(told).toContain('the receiver answered 500')
  })
})
