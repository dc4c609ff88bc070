import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import protobuf from 'protobufjs'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { OTLP } from '../../../test/harness/otlp-schema.ts'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { type Journal, nodeFileSystem, openJournal } from '../journal/index.ts'
import { createReceiver, decodeItems, decodeRecord, type ReceiverSettings } from './index.ts'

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
  await serve({})
})

/** Starts a server over the journal with small limits, and with what a test says otherwise. */
async function serve(settings: Partial<ReceiverSettings>): Promise<void> {
  const handler = createReceiver({
    journal,
    clock: () => 1_795_400_000_000,
    overloaded: () => overloaded,
    limits: { bodyBytes: 1024 * 1024, requests: 4 },
    ...settings,
  })
  server = createServer(handler)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function stop(): Promise<void> {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
}

async function serveInstead(settings: Partial<ReceiverSettings>): Promise<void> {
  await stop()
  await serve(settings)
}

afterEach(async () => {
  await stop()
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

/** A request that is written by hand, and the status it gets; 0 where the connection just ends. */
function sending(
  headers: Record<string, string>,
  write: (body: { write(part: Buffer): void; end(): void; cut(): void }) => void,
): Promise<number> {
  return new Promise((resolve) => {
    const sent = request(`${url}/v1/traces`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/x-protobuf', ...headers },
    })
    sent.on('response', (response) => {
      response.resume()
      resolve(response.statusCode ?? 0)
      sent.destroy()
    })
    sent.on('error', () => resolve(0))
    write({
      write: (part) => void sent.write(part),
      end: () => void sent.end(),
      cut: () => void sent.destroy(),
    })
  })
}

/** An append that the test lets go on when it wants to. */
function heldJournal() {
  const held: (() => void)[] = []
  const append: Journal['append'] = async (record) => {
    await new Promise<void>((resolve) => held.push(resolve))
    return journal.append(record)
  }
  const proxy: Journal = {
    get lastSeq() {
      return journal.lastSeq
    },
    get stats() {
      return journal.stats
    },
    get retentions() {
      return journal.retentions
    },
    append,
    appendNext: (decide) => journal.appendNext(decide),
    compact: () => journal.compact(),
    read: (from) => journal.read(from),
    onAppend: (listener) => journal.onAppend(listener),
    [Symbol.asyncDispose]: async () => {},
  }
  return { journal: proxy, held }
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 2))
}

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

describe('an answer', () => {
  it('comes only after the journal has the body on the disk', async () => {
    const { journal: slow, held } = heldJournal()
    await serveInstead({ journal: slow })
    let answered = false
    const answer = post(traces()).then((response) => {
      answered = true
      return response.status
    })
    await until(() => held.length === 1)
    expect(await Promise.race([answer, nextTurns(20)])).toBeUndefined()
    expect(answered).toBe(false)
    held[0]?.()
    expect(await answer).toBe(200)
    expect(journal.lastSeq).toBe(1)
  })

  it('is 503 with Retry-After while the disk is full, and 200 again when there is room', async () => {
    await stop()
    await journal[Symbol.asyncDispose]()
    let full = false
    journal = await openJournal({
      dir: folder.path,
      fs: {
        ...nodeFileSystem,
        async create(path) {
          const file = await nodeFileSystem.create(path)
          return {
            append: async (parts) => {
              if (full) throw Object.assign(new Error('full'), { code: 'ENOSPC' })
              await file.append(parts)
            },
            sync: () => file.sync(),
            close: () => file.close(),
          }
        },
      },
    })
    await serve({})
    const statuses: number[] = []
    for (const isFull of [false, true, true, false]) {
      full = isFull
      const response = await post(traces())
      statuses.push(response.status)
      expect(response.headers.get('retry-after')).toBe(isFull ? '2' : null)
      if (isFull) expect(await response.text()).toBe('\x12\x0cnot taken in')
    }
    expect(statuses).toEqual([200, 503, 503, 200])
    expect(journal.stats.records).toBe(2)
  })

  it('is 429 to one request too many and to one byte too many, and 200 when others are done', async () => {
    const { journal: slow, held } = heldJournal()
    const size = traces().length
    await serveInstead({ journal: slow, limits: { requests: 3, bytesInFlight: 2.5 * size } })
    const first = [post(traces()), post(traces())]
    await until(() => held.length === 2)
    // There is a place, but no room.
    const third = await post(traces())
    expect([third.status, third.headers.get('retry-after')]).toEqual([429, '1'])
    held.splice(0).forEach((go) => {
      go()
    })
    expect((await Promise.all(first)).map((response) => response.status)).toEqual([200, 200])
    const more = [1, 2, 3].map(() => post('{}', JSON_TYPE))
    await until(() => held.length === 3)
    const fourth = await post('{}', JSON_TYPE)
    expect([fourth.status, await fourth.json()]).toEqual([429, { message: 'too much at once' }])
    held.splice(0).forEach((go) => {
      go()
    })
    expect((await Promise.all(more)).map((response) => response.status)).toEqual([200, 200, 200])
  })

  it('says why in the format of the request: google.rpc.Status', async () => {
    const bad = await post(Buffer.from([0x02]))
    const body = Buffer.from(await bad.arrayBuffer())
    expect([body[0], body[1]]).toEqual([0x12, body.length - 2])
    expect(body.subarray(2).toString()).toMatch(/^not an OTLP traces request: .* at byte \d+$/)
    expect(bad.headers.get('content-type')).toBe('application/x-protobuf')
    expect((await post('x', JSON_TYPE)).headers.get('content-type')).toBe('application/json')
  })

  it('gives the record to the tenant that the request is from, 401 to nobody and 403 to who may not', async () => {
    await serveInstead({
      admit: ({ headers: { authorization } }) => {
        if (authorization === 'broken') throw new Error('no answer')
        if (authorization === undefined) return { refused: 401 }
        if (authorization === 'Bearer reader') return { refused: 403 }
        return { tenant: authorization.slice('Bearer '.length) }
      },
    })
    const as = (authorization: string) => post(traces(), { Authorization: authorization })
    expect((await as('Bearer acme')).status).toBe(200)
    const nobody = await post(traces())
    expect([nobody.status, nobody.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    expect((await as('Bearer reader')).status).toBe(403)
    expect((await as('broken')).status).toBe(503)
    const tenants = await Array.fromAsync(journal.read(1), ({ tenant }) => tenant)
    expect(tenants).toEqual(['acme'])
  })
})

describe('a sender who does odd things', () => {
  it('may send byte by byte', async () => {
    const body = traces(20)
    const status = await sending({}, async (sent) => {
      for (const byte of body) {
        sent.write(Buffer.from([byte]))
        if (byte % 16 === 0) await nextTurns(1)
      }
      sent.end()
    })
    expect(status).toBe(200)
    const [record] = await Array.fromAsync(journal.read(1))
    expect(Buffer.from(record?.payload ?? [])).toEqual(body)
  })

  it('is told 413 as soon as an endless body is too large', async () => {
    const part = Buffer.alloc(256 * 1024)
    const status = await sending({}, (sent) => {
      // Never ended.
      for (let i = 0; i < 5; i += 1) sent.write(part)
    })
    expect(status).toBe(413)
  })

  it('may go away before the end, and nothing of it is kept', async () => {
    const body = traces()
    for (const headers of [{ 'Content-Length': String(body.length + 10) }, {}]) {
      const status = await sending(headers, async (sent) => {
        sent.write(body)
        await nextTurns(50)
        sent.cut()
      })
      expect(status).toBe(0)
    }
    // Every place is free again.
    const answers = await Promise.all([1, 2, 3, 4].map(() => post(traces())))
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200, 200])
    expect(journal.lastSeq).toBe(4)
  })

  it('may write any address', async () => {
    expect((await post(traces(), {}, '/v1/traces?x=//')).status).toBe(200)
    for (const path of ['//v1/traces', '/v1/traces/', '/__proto__', '//', '/v1/%74races']) {
      expect((await post(traces(), {}, path)).status).toBe(404)
    }
  })

  it('may send many bodies at once that open to much more', async () => {
    await serveInstead({ limits: { bodyBytes: 8 * 1024 * 1024 } })
    const value = 'v'.repeat(5_000_000)
    const large = gzipSync(traces(1, value))
    expect(large.length).toBeLessThan(20_000)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => post(large, { 'Content-Encoding': 'gzip' })),
    )
    expect(answers.map((answer) => answer.status)).toEqual(answers.map(() => 200))
    for await (const record of journal.read(1)) {
      const [item] = decodeItems(record, ['delegation.'])
      expect(item).toMatchObject({ span: { attributes: { 'delegation.tool': value } } })
    }
    expect(journal.lastSeq).toBe(20)
  })

  it('may send a bomb against the limits that are set where none are given', async () => {
    await serveInstead({ limits: {} })
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024 + 1))
    expect(bomb.length).toBeLessThan(100_000)
    expect((await post(bomb, { 'Content-Encoding': 'gzip' })).status).toBe(413)
    const declared = await sending({ 'Content-Length': String(64 * 1024 * 1024 + 1) }, (sent) =>
      sent.write(Buffer.from([0])),
    )
    expect(declared).toBe(413)
  })
})

async function nextTurns(count: number): Promise<undefined> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve))
  return undefined
}

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
      message: expect.stringContaining('at byte 17'),
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
