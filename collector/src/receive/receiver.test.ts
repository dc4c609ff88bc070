import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OTLP } from '../../../test/harness/otlp-schema.ts'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { type Journal, openJournal } from '../journal/index.ts'
import { createReceiver, decodeRecord } from './index.ts'

const root = protobuf.Root.fromJSON(OTLP)
const TRACES = root.lookupType('ExportTraceServiceRequest')

function traces(count = 1, value = 'v'): Buffer {
  const spans = Array.from({ length: count }, (_, i) => ({
    traceId: Buffer.alloc(16, i + 1),
    spanId: Buffer.alloc(8, i + 1),
    name: 'call',
    startTimeUnixNano: '1795400000000000000',
    endTimeUnixNano: '1795400001000000000',
    attributes: [{ key: 'delegation.tool', value: { stringValue: value } }],
  }))
  return Buffer.from(
    TRACES.encode(TRACES.fromObject({ resourceSpans: [{ scopeSpans: [{ spans }] }] })).finish(),
  )
}

let folder: ReturnType<typeof temporaryFolder>
let journal: Journal
let server: Server
let url: string
let overloaded = false

beforeEach(async () => {
  folder = temporaryFolder()
  journal = await openJournal({ dir: folder.path })
  overloaded = false
  const handler = createReceiver({
    journal,
    clock: () => 1_795_400_000_000,
    overloaded: () => overloaded,
    limits: { bodyBytes: 1024 * 1024, requests: 4 },
  })
  server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})

afterEach(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await journal[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

function post(
  body: Uint8Array | string,
  headers: Record<string, string> = {},
  path = '/v1/traces',
) {
  return fetch(`${url}${path}`, {
    method: 'POST',
    body: typeof body === 'string' ? body : Uint8Array.from(body),
    headers: { 'Content-Type': 'application/x-protobuf', ...headers },
  })
}

const JSON_TYPE = { 'Content-Type': 'application/json' }

describe('what is taken in', () => {
  it('answers 200 in the type it was asked in, after the body is in the journal', async () => {
    const response = await post(traces())
    expect(response.status).toBe(200)
    expect(response.headers.get('content-type')).toBe('application/x-protobuf')
    expect((await response.arrayBuffer()).byteLength).toBe(0)
    const json = await post('{"resourceSpans":[]}', JSON_TYPE)
    expect([json.status, await json.text()]).toEqual([200, '{}'])
    expect(journal.lastSeq).toBe(2)
  })

  it('keeps the bytes as they came, gzip and all, and reads them again', async () => {
    expect((await post(gzipSync(traces(2)), { 'Content-Encoding': 'gzip' })).status).toBe(200)
    const [record] = await Array.fromAsync(journal.read(1))
    expect(record).toMatchObject({ kind: 'otlp-traces', contentEncoding: 'gzip' })
    const { spans } = decodeRecord(record as NonNullable<typeof record>, ['delegation.'])
    expect(spans.map((span) => span.spanId)).toEqual(['01'.repeat(8), '02'.repeat(8)])
    expect(spans[0]?.startNs).toBe(1_795_400_000_000_000_000n)
  })

  it('takes an empty body and journals nothing', async () => {
    expect((await post('')).status).toBe(200)
    expect(journal.lastSeq).toBe(0)
  })

  it('takes logs, ids in any case and 64-bit integers as text', async () => {
    const record = {
      eventName: 'delegation.link',
      body: { stringValue: 'text' },
      traceId: 'AB'.repeat(16),
      spanId: 'CD'.repeat(8),
      attributes: [{ key: 'delegation.depth', value: { intValue: '3' } }],
    }
    const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] })
    expect((await post(body, JSON_TYPE, '/v1/logs')).status).toBe(200)
    const [stored] = await Array.fromAsync(journal.read(1))
    const { logs } = decodeRecord(stored as NonNullable<typeof stored>, ['delegation.'])
    expect(logs[0]).toMatchObject({
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      eventName: 'delegation.link',
      body: 'text',
    })
    expect(logs[0]?.attributes['delegation.depth']).toBe(3)
  })

  it('hands a span without ids on instead of dropping it', async () => {
    const span = {
      name: 'x',
      attributes: [{ key: 'delegation.tool', value: { stringValue: 't' } }],
    }
    const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    expect((await post(body, JSON_TYPE)).status).toBe(200)
    const [stored] = await Array.fromAsync(journal.read(1))
    const { spans } = decodeRecord(stored as NonNullable<typeof stored>, ['delegation.'])
    expect(spans[0]).toMatchObject({ idsInvalid: true, traceId: '', spanId: '' })
  })

  it('takes a hundred bodies at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 100 }, async () => {
        for (;;) {
          const { status } = await post(traces(3))
          if (status !== 429) return status
          await new Promise((resolve) => setTimeout(resolve, 5))
        }
      }),
    )
    expect(new Set(answers)).toEqual(new Set([200]))
    expect(journal.lastSeq).toBe(100)
  })
})

describe('what is refused', () => {
  it('answers 400 to bytes that are no OTLP, and says where', async () => {
    const cut = traces().subarray(0, -3)
    const answers = [
      await post(cut),
      await post('hello there'),
      await post(Buffer.from([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f])),
      await post(Buffer.from([0x03])),
      await post('{"resourceSpans":7}', JSON_TYPE),
      await post('{"resourceSpans":[', JSON_TYPE),
      await post('[]', JSON_TYPE),
      await post(Buffer.from('not gzip'), { 'Content-Encoding': 'gzip' }),
      await post(gzipSync(traces()).subarray(0, -9), { 'Content-Encoding': 'gzip' }),
    ]
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 400))
    expect(await answers[4]?.json()).toEqual({
      message: expect.stringContaining('resourceSpans is not a list of objects'),
    })
    expect(journal.lastSeq).toBe(0)
  })

  it('answers 413 before it has read too much, and to a body that opens to too much', async () => {
    const large = Buffer.alloc(1024 * 1024 + 1)
    expect((await post(large)).status).toBe(413)
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024))
    expect(bomb.length).toBeLessThan(100_000)
    expect((await post(bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413)
  })

  it('answers 415 to other types and encodings, 404 and 405 to other paths and methods', async () => {
    expect((await post('x', { 'Content-Type': 'text/plain' })).status).toBe(415)
    expect((await post(traces(), { 'Content-Encoding': 'br' })).status).toBe(415)
    expect((await post(traces(), {}, '/v1/metrics')).status).toBe(404)
    expect((await fetch(`${url}/v1/traces`)).status).toBe(405)
  })

  it('answers 429 with Retry-After while the graph is behind', async () => {
    overloaded = true
    const response = await post(traces())
    expect([response.status, response.headers.get('retry-after')]).toEqual([429, '2'])
  })

  it('refuses values nested deeper than 32 and takes those that are not', async () => {
    const nested = (depth: number) => {
      let value: object = { stringValue: 'x' }
      for (let i = 1; i < depth; i += 1) value = { arrayValue: { values: [value] } }
      const span = { attributes: [{ key: 'delegation.tool', value }] }
      return JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    }
    expect((await post(nested(32), JSON_TYPE)).status).toBe(200)
    expect((await post(nested(33), JSON_TYPE)).status).toBe(400)
    const encoded = (depth: number) =>
      Buffer.from(TRACES.encode(TRACES.fromObject(JSON.parse(nested(depth)))).finish())
    expect((await post(encoded(32))).status).toBe(200)
    expect((await post(encoded(33))).status).toBe(400)
    expect((await post('['.repeat(500_000), JSON_TYPE)).status).toBe(400)
  })

  it('answers 503 with Retry-After when the journal is closed, never 500', async () => {
    await journal[Symbol.asyncDispose]()
    const response = await post(traces())
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2'])
    journal = await openJournal({ dir: folder.path })
  })
})
