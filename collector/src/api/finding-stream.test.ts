import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { GraphNode, GraphStore } from '../graph/index.ts'
import { openSqliteStore } from '../graph/index.ts'
import { createEventBus } from './event-bus.ts'
import { findingStream, startOf } from './finding-stream.ts'
import { cursor, FINDING, findingEvent } from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
let next = 1
beforeEach(async () => {
  server = await startTestServer()
  next = 1
})
afterEach(() => server[Symbol.asyncDispose]())

/** Writes that many events and says so, as the projector does. */
async function happen(count = 1): Promise<void> {
  const nodes = Array.from({ length: count }, () => findingEvent(next++))
  await server.store.write({ nodes, edges: [] })
  server.bus.publish(nodes.at(-1)?.key ?? '')
}

const RAISED =
  'subscription ($after: String) { findingRaised(after: $after) { cursor change learnedAt finding { id title } } }'

interface Event {
  readonly cursor: string
  readonly change: string
  readonly finding: { readonly id: string }
}

interface Subscriber {
  readonly response: Response
  /** Waits for that many more events. */
  take(count: number): Promise<Event[]>
  /** Everything that came so far, heartbeats included. */
  text(): string
  /** Everything until the server ends the stream. */
  rest(): Promise<string>
  drop(): void
}

/** A client of its own: the bytes of the stream, and a socket that can be cut. */
async function subscribe(after?: string): Promise<Subscriber> {
  const cut = new AbortController()
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: RAISED, variables: { after } }),
    signal: cut.signal,
  })
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  let read = 0
  const events = (): Event[] =>
    [...text.matchAll(/^data: (\{.*\})$/gm)].flatMap(([, json = '{}']) => {
      const { data } = JSON.parse(json) as { data?: { findingRaised: Event } }
      return data === undefined || data === null ? [] : [data.findingRaised]
    })
  return {
    response,
    text: () => text,
    drop: () => cut.abort(),
    async rest() {
      for (;;) {
        const chunk = await reader?.read()
        if (chunk === undefined || chunk.done) return text
        text += chunk.value
      }
    },
    async take(count) {
      while (events().length < read + count) {
        const chunk = await reader?.read()
        if (chunk === undefined || chunk.done) throw new Error(`the stream ended after: ${text}`)
        text += chunk.value
      }
      const taken = events().slice(read, read + count)
      read += count
      return taken
    },
  }
}

const cursors = (from: number, to: number): string[] =>
  Array.from({ length: to - from + 1 }, (_, i) => cursor(from + i))

const seen = (events: readonly Event[]): string[] => events.map((event) => event.cursor)

describe('live', () => {
  test('without a cursor only what comes from now on is told', async () => {
    await happen(3)
    const client = await subscribe()
    await happen()
    expect(await client.take(1)).toEqual([
      {
        cursor: cursor(4),
        change: 'OPENED',
        learnedAt: expect.any(String),
        finding: { id: FINDING, title: expect.any(String) },
      },
    ])
    client.drop()
  })

  test('a connection on which nothing happens is kept alive', async () => {
    const client = await subscribe()
    expect(client.response.headers.get('content-type')).toContain('text/event-stream')
    await happen()
    await client.take(1)
    expect(client.text().startsWith(':\n\n')).toBe(true)
    client.drop()
  })

  test('a client that goes leaves nothing behind', async () => {
    const clients = await Promise.all([subscribe(), subscribe('0'), subscribe()])
    await vi.waitFor(() => expect(server.listeners()).toBe(3))
    for (const client of clients) client.drop()
    await vi.waitFor(() => expect(server.listeners()).toBe(0))
  })

  test('a client that goes while it is being answered leaves nothing behind', async () => {
    await happen(300)
    for (let i = 0; i < 20; i += 1) {
      const cut = new AbortController()
      const leaving = fetch(server.url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
        body: JSON.stringify({ query: RAISED, variables: { after: cursor(1) } }),
        signal: cut.signal,
      })
      setTimeout(() => cut.abort(), i % 7)
      await leaving.then((response) => response.text()).catch(() => undefined)
    }
    await vi.waitFor(() => expect(server.listeners()).toBe(0), 5_000)
    const client = await subscribe(cursor(299))
    expect(seen(await client.take(1))).toEqual([cursor(300)])
    client.drop()
    await vi.waitFor(() => expect(server.listeners()).toBe(0))
  })

  test('more subscriptions than allowed are refused, and one that ends makes room', async () => {
    await using small = await startTestServer({ subscriptions: { open: 0, max: 1 } })
    server = small
    const first = await subscribe()
    await vi.waitFor(() => expect(small.listeners()).toBe(1))
    expect((await subscribe()).response.status).toBe(503)
    first.drop()
    await vi.waitFor(() => expect(small.listeners()).toBe(0))
    const second = await subscribe()
    expect(second.response.status).toBe(200)
    second.drop()
  })
})

describe('replay', () => {
  test('from the beginning everything is told, page after page, and then what comes', async () => {
    await happen(350)
    const client = await subscribe('0')
    expect(seen(await client.take(350))).toEqual(cursors(1, 350))
    await happen(2)
    expect(seen(await client.take(2))).toEqual(cursors(351, 352))
    client.drop()
  })

  test('after a dropped connection nothing is lost and nothing doubled', async () => {
    const got: string[] = []
    let client = await subscribe('0')
    await happen(5)
    got.push(...seen(await client.take(5)))
    for (let round = 0; round < 5; round += 1) {
      client.drop()
      await happen(7)
      client = await subscribe(got.at(-1))
      await happen(3)
      got.push(...seen(await client.take(10)))
    }
    client.drop()
    expect(got).toEqual(cursors(1, 55))
  })

  test('what is written while the replay runs is told once', async () => {
    await happen(120)
    const client = await subscribe(cursor(10))
    const writing = (async () => {
      for (let i = 0; i < 60; i += 1) await happen()
    })()
    const events = await client.take(170)
    await writing
    expect(seen(events)).toEqual(cursors(11, 180))
    await happen()
    expect(seen(await client.take(1))).toEqual([cursor(181)])
    client.drop()
  })

  test('what is written during the very read is not missed', async () => {
    const store = openSqliteStore({ file: ':memory:' })
    await store.init()
    const bus = createEventBus()
    await store.write({ nodes: [findingEvent(1)], edges: [] })
    // The read has its rows; before it resolves, one more event is written and told.
    const slow = {
      ...({} as GraphStore),
      page: async (query: Parameters<GraphStore['page']>[0]) => {
        const rows = await store.page(query)
        if (rows.length === 0 && raced === 0) {
          raced = 1
          await store.write({ nodes: [findingEvent(2)], edges: [] })
          bus.publish(cursor(2))
        }
        return rows
      },
    }
    let raced = 0
    const stream = findingStream({ store: slow, events: bus }, '0', () => {})
    const got: GraphNode[] = []
    for (let i = 0; i < 2; i += 1) {
      const { value } = await stream.next()
      if (value !== undefined) got.push(value)
    }
    expect(got.map((node) => node.key)).toEqual([cursor(1), cursor(2)])
    await stream.return?.()
    expect(await stream.next()).toEqual({ done: true, value: undefined })
  })

  test('a list of findings and a subscription join without a gap by findingCursor', async () => {
    expect((await ask(server, '{ findingCursor }')).data).toEqual({ findingCursor: '0' })
    await happen(4)
    const { data } = await ask(server, '{ findingCursor }')
    await happen(2)
    const client = await subscribe(String(data?.['findingCursor']))
    expect(seen(await client.take(2))).toEqual(cursors(5, 6))
    client.drop()
  })
})

describe('a cursor that leads nowhere', () => {
  test.each([
    ['', 'CURSOR_INVALID'],
    ['yesterday at ten', 'CURSOR_INVALID'],
    ['1'.repeat(100), 'CURSOR_INVALID'],
    [cursor(0), 'CURSOR_NOT_KEPT'],
    [cursor(2), 'CURSOR_NOT_KEPT'],
    [cursor(999), 'CURSOR_NOT_KEPT'],
    ['00', 'CURSOR_NOT_KEPT'],
  ])('%j is an error and no silent gap', async (after, code) => {
    await happen()
    next = 3
    await happen(3)
    const { response, rest } = await subscribe(after)
    expect(response.status).toBe(400)
    expect(await rest()).toContain(`"code":"${code}"`)
    expect(server.listeners()).toBe(0)
  })

  test('a store that fails ends the stream with an error', async () => {
    const failing = {
      ...({} as GraphStore),
      page: () => Promise.reject(new Error('gone')),
    }
    let ends = 0
    const stream = findingStream({ store: failing, events: createEventBus() }, '0', () => {
      ends += 1
    })
    await expect(stream.next()).rejects.toThrow('gone')
    expect(await stream.next()).toEqual({ done: true, value: undefined })
    await stream.return?.()
    expect(ends).toBe(1)
  })

  test('before the first event there is nothing to miss', async () => {
    expect(await startOf(server.store, undefined)).toBe('0')
    expect(await startOf(server.store, '0')).toBe('0')
  })
})
