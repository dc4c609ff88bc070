import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NO_TRUST, type ToolGrants } from '@delegraph/link'
import { createDelegraph, createKey } from '@delegraph/sdk'
import {
  collectorLinkStore,
  createGuard,
  firstOf,
  type GuardPolicy,
  memoryLinkStore,
} from '@delegraph/sdk/guard'
import { instrumentFetch, serveHttp } from '@delegraph/sdk/http'
import { pino } from 'pino'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { cast } from '../../sdk/src/testing/cast.ts'
import { temporaryFolder } from './own-place.ts'
import type { StorePlace } from './stores.ts'

export const RESOURCE = 'https://ops.example.com/mcp'
export const SERVICE_TOOLS = ['deploy', 'drop', 'count'] as const
export type ServiceTool = (typeof SERVICE_TOOLS)[number]

const toolUri = (name: string) => `${RESOURCE}#${name}`

/** Drops nothing; a forbid that overflows at every count. */
export const STRICT = `@id("all") permit(principal, action, resource);
@id("nothing-is-dropped") forbid(principal, action == Action::"${toolUri('drop')}", resource);
@id("overflows") forbid(principal, action == Action::"${toolUri('count')}", resource)
when { context.chain.ageSeconds + 9007199254740991 * 9007199254740991 > 0 };`

export interface Governed extends AsyncDisposable {
  readonly collector: Collector
  /** Of the console, without a slash at the end. */
  readonly url: string
  /** The folder of the collector. */
  readonly folder: string
  /** HTTP status of the call, by the service whose guard has this policy. */
  call(tool: ServiceTool, policy?: GuardPolicy): Promise<number>
  /** Until all that was done has been judged. */
  told(): Promise<void>
}

/** A collector, and HTTP services on loopback that worker calls; in front of each a guard with its policy. */
export async function serveGoverned(
  place: StorePlace = { store: { kind: 'sqlite' }, env: {} },
): Promise<Governed> {
  await using stack = new AsyncDisposableStack()
  const folder = stack.use(temporaryFolder())
  const signer = await createKey()
  const service = { signer, kid: 'ops', iss: 'https://ops.example.com' }
  const known = { iss: service.iss, kid: service.kid, jwk: signer.jwk }
  const people = await cast()
  const { anchors, approvers, keys } = people
  const config = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
  const collector = stack.use(
    await startCollector({
      config: { ...config, store: place.store },
      env: place.env,
      logger: pino({ level: 'silent' }),
      trust: {
        ...{ ...NO_TRUST, version: '1', anchors, approvers },
        ...{ pdps: [known], toolServers: [{ ...known, aud: RESOURCE }] },
      },
    }),
  )
  const evidence = { collector: collector.otlpUrl }
  const worker = createDelegraph({ agent: 'agent:worker', key: keys.worker, ...evidence })
  const ops = createDelegraph({ agent: 'agent:ops', key: await createKey(), ...evidence })
  const tools: ToolGrants = Object.fromEntries(SERVICE_TOOLS.map((name) => [toolUri(name), {}]))
  const chain = people.alice.issue({ to: worker.holder, tools, audience: RESOURCE })
  const links = memoryLinkStore()
  links.remember?.(chain.texts)
  const store = firstOf(links, collectorLinkStore({ url: collector.graphqlUrl }))

  const servers = new AsyncDisposableStack()
  const serve = async (policy: GuardPolicy | undefined): Promise<string> => {
    const guard = createGuard({
      ...{ audience: RESOURCE, trust: { anchors }, links: store, decisions: service },
      ...(policy === undefined ? {} : { policy }),
    })
    const server = createServer(async (request, response) => {
      const status = await serveHttp(
        ops,
        { resource: RESOURCE, receipts: service, guard },
        { headers: request.headers, name: (request.url ?? '').slice(1), args: {} },
        { handle: () => 200, refuse: () => 403 },
      )
      response.writeHead(status).end()
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    servers.defer(async () => {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    })
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
  const services = new Map<string, Promise<string>>()
  const urlOf = (policy: GuardPolicy | undefined): Promise<string> => {
    const key = JSON.stringify(policy ?? null)
    const url = services.get(key) ?? serve(policy)
    services.set(key, url)
    return url
  }
  const send = instrumentFetch(worker, {
    resource: RESOURCE,
    describe: ({ pathname }) => ({ name: pathname.slice(1), args: {} }),
  })
  const owned = stack.move()
  return {
    collector,
    folder: folder.path,
    url: (collector.consoleUrl ?? '').replace(/\/$/, ''),
    async call(tool, policy) {
      const url = await urlOf(policy)
      const response = await worker.under(chain, () => send(`${url}/${tool}`, { method: 'POST' }))
      return response.status
    },
    async told() {
      await Promise.all([worker.flush(), ops.flush(), people.flush()])
      await collector.settled()
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([worker.shutdown(), ops.shutdown()])
      await servers.disposeAsync()
      await owned.disposeAsync()
    },
  }
}
