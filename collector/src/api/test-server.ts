import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { directCases } from '../cases/testing/direct-cases.ts'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import { directDesk } from '../triage/testing/direct-desk.ts'
import { type ApiSettings, createApi } from './create-api.ts'
import { createEventBus, type EventBus } from './event-bus.ts'
import { EDGES, NODES } from './test-graph.ts'

export interface TestServer extends AsyncDisposable {
  readonly url: string
  readonly store: GraphStore
  readonly bus: EventBus
  /** How many listen on the bus. */
  listeners(): number
  readonly errors: unknown[]
}

/** The API on a free loopback port over a SQLite graph in memory. */
export async function startTestServer(
  settings: Partial<ApiSettings> & { readonly empty?: boolean } = {},
): Promise<TestServer> {
  const store = settings.store ?? openSqliteStore({ file: ':memory:' })
  await store.init()
  if (settings.empty !== true) await store.write({ nodes: NODES, edges: EDGES })
  const bus = createEventBus()
  const errors: unknown[] = []
  let listeners = 0
  const events = {
    subscribe(listener: (cursor: string) => void) {
      listeners += 1
      const end = bus.subscribe(listener)
      return () => {
        listeners -= 1
        end()
      }
    },
  }
  const onError = (error: unknown): unknown => errors.push(error)
  const server = createServer(
    createApi({
      ...{ store, events, desk: directDesk(store, settings.clock), onError },
      cases: directCases(store, settings.clock),
      pendingWindow: 900_000,
      ...settings,
    }),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/graphql`,
    store,
    bus,
    errors,
    listeners: () => listeners,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await store[Symbol.asyncDispose]()
    },
  }
}

export interface Answer {
  readonly status: number
  readonly data: Record<string, unknown> | null | undefined
  readonly errors: readonly {
    readonly message: string
    readonly extensions?: Record<string, unknown>
  }[]
}

/** Posts a query as a client does. */
export async function ask(
  server: Pick<TestServer, 'url'>,
  query: string,
  variables: Readonly<Record<string, unknown>> = {},
): Promise<Answer> {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors = [] } = (await response.json()) as Answer
  return { status: response.status, data, errors }
}
