import { EVENT } from '@delegraph/graph-schema'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type FakeCollector, startFakeCollector } from '../testing/fake-collector.ts'
import type { EvidenceEvent } from './event.ts'
import { LogSender, type SenderSettings } from './log-sender.ts'

let collector: FakeCollector
let losses: string[]
const open: LogSender[] = []

beforeEach(async () => {
  collector = await startFakeCollector()
  losses = []
})
afterEach(async () => {
  await Promise.all(open.splice(0).map((sender) => sender.shutdown(0)))
  await collector[Symbol.asyncDispose]()
})

function sender(settings: Partial<SenderSettings> = {}): LogSender {
  const made = new LogSender({
    collector: collector.url,
    resource: { 'service.name': 'agent:a' },
    onLoss: (loss) => losses.push(loss),
    ...settings,
  })
  open.push(made)
  return made
}

function event(text: string): EvidenceEvent {
  const ids = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16) }
  return { name: EVENT.receipt, text, attributes: { 'delegation.depth': 2 }, ids, time: 1 }
}

const RETRY_NOW = { 'retry-after': '0' }

test('a record carries the signed text, its name twice and its ids', async () => {
  const made = sender()
  made.enqueue(event('text'))
  expect(await made.flush()).toBe(true)
  expect(collector.records()).toEqual([
    {
      eventName: 'delegation.receipt',
      body: 'text',
      attributes: { 'event.name': 'delegation.receipt', 'delegation.depth': 2 },
      traceId: 'a'.repeat(32),
      spanId: 'b'.repeat(16),
    },
  ])
  expect(collector.bodies.at(0)?.toString()).toContain('"severityNumber":9')
})

test('records go out by themselves, in order', async () => {
  const made = sender({ delay: 1 })
  for (const text of ['1', '2', '3']) made.enqueue(event(text))
  while (made.stats.sent < 3) await new Promise((resolve) => setTimeout(resolve, 5))
  expect(collector.records().map((record) => record.body)).toEqual(['1', '2', '3'])
})

test('many records go out in several requests', async () => {
  const made = sender()
  for (let index = 0; index < 600; index++) made.enqueue(event(String(index)))
  expect(await made.flush()).toBe(true)
  expect(collector.records().map((record) => record.body)).toEqual(
    Array.from({ length: 600 }, (_, index) => String(index)),
  )
  expect(collector.requests.length).toBe(3)
})

test('large records are spread over requests', async () => {
  const made = sender()
  for (let index = 0; index < 5; index++) made.enqueue(event('x'.repeat(500_000)))
  expect(await made.flush()).toBe(true)
  expect(collector.requests.length).toBe(3)
})

describe.each([429, 502, 503, 504])('a %d', (status) => {
  test('is tried again until the collector takes it', async () => {
    collector.script({ status, headers: RETRY_NOW }, { status, headers: RETRY_NOW })
    const made = sender()
    made.enqueue(event('text'))
    expect(await made.flush()).toBe(true)
    expect(made.stats).toEqual({ queued: 0, sent: 1, dropped: 0, refused: 0, retries: 2 })
    expect(collector.records().length).toBe(1)
  })
})

test('a flush does not overrule what Retry-After asks for', async () => {
  collector.script({ status: 429, headers: { 'retry-after': '30' } })
  const made = sender()
  made.enqueue(event('text'))
  expect(await made.flush(50)).toBe(false)
  expect(await made.flush(50)).toBe(false)
  expect(collector.requests.length).toBe(1)
  expect(made.stats.queued).toBe(1)
})

describe.each([400, 401, 413, 500])('a %d', (status) => {
  test('is final: the batch is counted and let go', async () => {
    collector.script({ status })
    const made = sender()
    made.enqueue(event('lost'))
    expect(await made.flush()).toBe(true)
    made.enqueue(event('kept'))
    await made.flush()
    expect(made.stats).toMatchObject({ refused: 1, sent: 1, queued: 0, retries: 0 })
    expect(collector.records().map((record) => record.body)).toEqual(['kept'])
    expect(losses).toEqual(['refused'])
  })
})

test('a redirect is not followed: evidence goes to the configured host alone', async () => {
  await using other = await startFakeCollector()
  collector.script({ status: 307, headers: { location: `${other.url}/v1/logs` } })
  const made = sender()
  made.enqueue(event('text'))
  await made.flush()
  expect(other.requests.length).toBe(0)
  expect(made.stats.refused).toBe(1)
})

test('a collector that is down costs the caller nothing but memory', async () => {
  const made = sender({ collector: 'http://127.0.0.1:1' })
  for (let index = 0; index < 3; index++) expect(made.enqueue(event('text'))).toBe(true)
  expect(await made.flush(20)).toBe(false)
  expect(made.stats).toMatchObject({ queued: 3, sent: 0, dropped: 0 })
  expect(losses).toContain('unreachable')
  await made.shutdown(0)
  expect(made.stats).toMatchObject({ queued: 0, dropped: 3 })
})

test('a collector that never answers is given up and tried again', async () => {
  collector.script('hang')
  const made = sender({ timeout: 30 })
  made.enqueue(event('text'))
  expect(await made.flush(10_000)).toBe(true)
  expect(made.stats).toMatchObject({ sent: 1, retries: 1 })
})

test('a full queue loses the newest and counts it', async () => {
  const made = sender({ maxQueue: 2, delay: 60_000 })
  expect([1, 2, 3, 4].map((index) => made.enqueue(event(String(index))))).toEqual([
    true,
    true,
    false,
    false,
  ])
  await made.flush()
  expect(collector.records().map((record) => record.body)).toEqual(['1', '2'])
  expect(made.stats).toMatchObject({ sent: 2, dropped: 2 })
  expect(losses).toContain('queue_full')
})

test('a sender that is shut down takes nothing more', async () => {
  const made = sender()
  made.enqueue(event('before'))
  await made.shutdown()
  expect(made.enqueue(event('after'))).toBe(false)
  expect(collector.records().map((record) => record.body)).toEqual(['before'])
})

test('headers for the collector are sent', async () => {
  const made = sender({ headers: { authorization: 'Bearer secret' } })
  made.enqueue(event('text'))
  await made.flush()
  expect(collector.requests.at(0)?.headers.authorization).toBe('Bearer secret')
})
