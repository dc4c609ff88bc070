import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { readConfig } from '../../collector/src/config.ts'
import type { GraphNode, GraphStore } from '../../collector/src/graph/index.ts'
import { startTenants, type Tenants } from '../../collector/src/tenants/start-tenants.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import type { StorePlace } from '../harness/stores.ts'

/** The tenant that has secrets, and the one that must not learn them. */
export type Tenant = 'acme' | 'other'

export function tokenOf(name: string): string {
  return `${name}-0123456789-0123456789-0123456789`
}

/** An administrator and a sender of each of the two. */
export function authOf(names: readonly string[]) {
  return authSettings.parse({
    tokens: names.map((name) => ({
      name,
      tenant: name.split('-')[0],
      roles: [name.endsWith('admin') ? 'admin' : 'ingest'],
      sha256: createHash('sha256').update(tokenOf(name)).digest('hex'),
    })),
  })
}

/** An OTLP request as real agents sent it. */
export interface Sent {
  readonly path: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array<ArrayBuffer>
}

export interface Recorded extends Disposable {
  readonly sent: readonly Sent[]
  /** Without what only the incident has: two look-alikes, and the root that the incident has in common. */
  readonly part: readonly Sent[]
  readonly trust: string
  readonly registry: string
}

/** What the agents of the incident of `npm start` send, in order. */
export async function recordIncident(): Promise<Recorded> {
  const folder = temporaryFolder()
  const prepared = await prepare(join(folder.path, 'demo'))
  const sent: Sent[] = []
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part as Buffer)
    const { 'content-type': type = '', 'content-encoding': encoding } = request.headers
    const headers = { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) }
    sent.push({ path: request.url ?? '', headers, body: Uint8Array.from(Buffer.concat(parts)) })
    response.writeHead(200).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const told = await play(prepared, `http://127.0.0.1:${(server.address() as AddressInfo).port}`)
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  const { trust, registry } = prepared
  const incident = told.find(({ name }) => name === 'approval riding')?.chain ?? ''
  return {
    sent,
    part: without(incident, sent),
    trust,
    registry,
    [Symbol.dispose]: () => folder[Symbol.dispose](),
  }
}

interface LogRecord {
  readonly attributes: readonly { readonly key: string; readonly value: { stringValue?: string } }[]
}

/** The log records of all tasks but that of one chain, of which only the root stays. */
function without(chain: string, sent: readonly Sent[]): Sent[] {
  const bodies = sent.flatMap((one) => {
    if (one.headers['content-type'] !== 'application/json') return []
    const body = JSON.parse(new TextDecoder().decode(one.body)) as {
      resourceLogs: { scopeLogs: { logRecords: LogRecord[] }[] }[]
    }
    return [{ ...one, scopes: body.resourceLogs.flatMap(({ scopeLogs }) => scopeLogs) }]
  })
  const said = ({ attributes }: LogRecord, name: string): string | undefined =>
    attributes.find(({ key }) => key === name)?.value.stringValue
  const isRoot = (record: LogRecord): boolean => said(record, 'delegation.link.hash') === chain
  const records = bodies.flatMap(({ scopes }) => scopes.flatMap(({ logRecords }) => logRecords))
  const root = records.find(isRoot)
  const task = root && said(root, 'delegation.task.id')
  if (task === undefined) throw new Error('the root of the incident was not sent')
  return bodies.map(({ path, headers, scopes }) => {
    const scopeLogs = scopes.map(({ logRecords }) => ({
      logRecords: logRecords.filter(
        (record) => record === root || said(record, 'delegation.task.id') !== task,
      ),
    }))
    return {
      path,
      headers,
      body: new TextEncoder().encode(JSON.stringify({ resourceLogs: [{ scopeLogs }] })),
    }
  })
}

/** Where the findings of `acme` are told; `other` has no channel. */
const ACME_CHANNEL = {
  ...({ name: 'acme-channel', kind: 'ocsf', match: {}, groupBy: 'fingerprint' } as const),
  ...({ proof: 'hash' } as const),
}

export interface World extends AsyncDisposable {
  readonly tenants: Tenants
  store(tenant: Tenant): GraphStore
  send(tenant: Tenant, sent: readonly Sent[]): Promise<void>
  /** Resolves when every alert is delivered: nothing changes by itself after that. */
  told(tenant: Tenant): Promise<void>
  /** The text of the answer. */
  ask(tenant: Tenant, query: string): Promise<string>
  /** The events of a subscription, or the error, as text: what comes until it has been quiet. */
  listen(tenant: Tenant, query: string, meanwhile?: () => Promise<void>): Promise<string>
}

/** Two tenants behind one address, with the same trust and registry, where time stands still. */
export async function startWorld(
  { trust, registry }: Pick<Recorded, 'trust' | 'registry'>,
  { store, env }: StorePlace,
  now: number,
): Promise<World> {
  await using cleanup = new AsyncDisposableStack()
  const folder = cleanup.use(temporaryFolder())
  const read = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
  const config = {
    ...read,
    // Much is asked, and no time goes by in which more might be.
    api: { ...read.api, rate: { ...read.api.rate, requests: 10_000_000, cost: 10_000_000_000 } },
    store,
    auth: authOf(['acme-admin', 'acme-sender', 'other-admin', 'other-sender']),
    tenants: {
      acme: { trust, registry, channels: [{ ...ACME_CHANNEL, file: join(folder.path, 'told') }] },
      other: { trust, registry, channels: [] },
    },
  }
  const logger = pino({ level: 'silent' })
  const tenants = cleanup.use(await startTenants({ config, env, logger, clock: () => now }))
  // One whose graph does not answer in time is tried again while the other works.
  while (tenants.collectors.size < 2) await new Promise((resolve) => setTimeout(resolve, 100))
  cleanup.defer(async () => {
    for (const { store: own } of tenants.collectors.values()) await own.clear()
  })
  const of = (tenant: Tenant) => {
    const collector = tenants.collectors.get(tenant)
    if (collector === undefined) throw new Error(`no collector of ${tenant}`)
    return collector
  }
  const post = (tenant: Tenant, query: string, headers: Readonly<Record<string, string>>) =>
    fetch(tenants.graphqlUrl, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${tokenOf(`${tenant}-admin`)}`,
        ...headers,
      },
      body: JSON.stringify({ query }),
    })
  const owned = cleanup.move()
  return {
    tenants,
    store: (tenant) => of(tenant).store,
    async send(tenant, sent) {
      for (const { path, headers, body } of sent) {
        const authorization = `Bearer ${tokenOf(`${tenant}-sender`)}`
        const answer = await fetch(`${tenants.otlpUrl}${path}`, {
          method: 'POST',
          headers: { ...headers, authorization },
          body,
        })
        if (!answer.ok) throw new Error(`${path} was answered ${answer.status}`)
        await of(tenant).settled()
      }
    },
    async told(tenant) {
      const owed = { equals: { state: ['owed'] } }
      while ((await of(tenant).store.count('Alert', owed, 1)) > 0)
        await new Promise((resolve) => setTimeout(resolve, 50))
      await of(tenant).settled()
    },
    async ask(tenant, query) {
      const answer = await post(tenant, query, {})
      if (answer.status === 429) throw new Error('it was asked more than it answers in a minute')
      return answer.text()
    },
    async listen(tenant, query, meanwhile) {
      const response = await post(tenant, query, { accept: 'text/event-stream' })
      const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
      if (reader === undefined) return ''
      let text = ''
      let quiet = 0
      let next = reader.read()
      await meanwhile?.()
      while (quiet < 3) {
        const pause = new Promise<undefined>((resolve) => setTimeout(resolve, 100))
        const part = await Promise.race([next, pause])
        if (part?.done === true) break
        quiet = part === undefined ? quiet + 1 : 0
        text += part?.value ?? ''
        if (part !== undefined) next = reader.read()
      }
      await reader.cancel()
      return text
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Every node of a graph, those that a dump leaves out too. */
export async function nodesOf(store: GraphStore): Promise<GraphNode[]> {
  const nodes: GraphNode[] = []
  for await (const item of store.dump()) if ('columns' in item) nodes.push(item)
  for (const [kind, orderBy] of [
    ['FindingEvent', 'cursor'],
    ['TriageEvent', 'id'],
  ] as const) {
    nodes.push(...(await store.page({ kind, where: {}, orderBy, direction: 'asc', limit: 1_000 })))
  }
  return nodes
}
