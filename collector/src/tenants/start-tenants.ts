import { openGate } from '../access/gate.ts'
import { type Collector, type CollectorOptions, consoleUrl, startCollector } from '../collector.ts'
import type { Config } from '../config.ts'
import { CollectorError } from '../errors.ts'
import { ofTenant, openFront } from './front.ts'
import { tenantOperations } from './operations.ts'
import { messageOf, startEach } from './start-each.ts'
import { configOfTenant } from './tenant-config.ts'

/** Several collectors behind one address. */
export interface Tenants extends AsyncDisposable {
  readonly otlpUrl: string
  readonly graphqlUrl: string
  /** Where the web console is; absent where none is built. */
  readonly consoleUrl?: string
  /** By the name of the tenant; one that could not be started yet is not there. */
  readonly collectors: ReadonlyMap<string, Collector>
}

/**
 * Starts a collector for each tenant of the configuration. They share a process, two ports and a login,
 * and nothing of what they know: no query can name another tenant's graph, since none is handed to it.
 * One whose journal or graph is unwell is tried again while the others work.
 *
 * @throws CollectorError, JournalError, StoreError as `startCollector` does
 */
export async function startTenants(
  options: Pick<CollectorOptions, 'config' | 'env' | 'logger' | 'clock'>,
): Promise<Tenants> {
  const { config, env, logger, clock = Date.now } = options
  const names = checked(config)
  const onError = (error: unknown): void => logger.warn({ err: messageOf(error) }, 'the login')
  await using cleanup = new AsyncDisposableStack()
  const { access, audit } = cleanup.use(openGate({ config, tenants: names, env, logger, clock }))
  const operations = cleanup.use(tenantOperations(names, access, config.store.kind))
  await using fronts = new AsyncDisposableStack()
  const { allowRemote } = config
  const otlp = await openFront(names, access, config.otlp, allowRemote, onError)
  fronts.use(otlp.listening)
  const { handler } = operations
  const ofAll: typeof handler = (request, response) =>
    handler(request, response) || access.browser?.handler(request, response) === true
  const api = await openFront(names, access, config.api, allowRemote, onError, ofAll)
  fronts.use(api.listening)

  const collectors = new Map<string, Collector>()
  const start = async (name: string): Promise<Collector> => {
    const own = configOfTenant(config, name)
    const collector = await startCollector({
      config: own,
      env,
      logger: logger.child({ tenant: name }),
      clock,
      front: {
        access: ofTenant(access, name),
        ...(audit === undefined ? {} : { audit }),
        operates: (asked) => operations.operates(name, asked),
        async listen(handler, address) {
          const front = address === own.otlp ? otlp : api
          front.serve(name, handler)
          return {
            url: front.listening.url,
            async [Symbol.asyncDispose]() {
              front.drop(name)
            },
          }
        },
      },
    })
    collectors.set(name, collector)
    return collector
  }
  cleanup.defer(async () => {
    await Promise.all([...collectors.values()].map((one) => one[Symbol.asyncDispose]()))
  })
  cleanup.use(await startEach(names, start, operations.failed, logger))
  // Behind the collectors, to be closed before them.
  cleanup.use(fronts.move())
  const owned = cleanup.move()
  return {
    otlpUrl: otlp.listening.url,
    graphqlUrl: `${api.listening.url}/graphql`,
    ...([...collectors.values()].some(({ consoleUrl }) => consoleUrl !== undefined)
      ? { consoleUrl: consoleUrl(config, api.listening.url) }
      : {}),
    collectors,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** The names of the tenants; every credential is to be of one of them. */
function checked(config: Config): string[] {
  const names = Object.keys(config.tenants ?? {})
  if (names.length === 0) throw new CollectorError('config_invalid', 'tenants: none is configured')
  if (config.auth === undefined) {
    throw new CollectorError(
      'config_invalid',
      'tenants: configure auth, whose credentials say which tenant is meant',
    )
  }
  for (const { name, tenant, roles } of config.auth.tokens) {
    // Who only watches is of none.
    if (names.includes(tenant) || roles.every((role) => role === 'monitor')) continue
    throw new CollectorError('config_invalid', `auth.tokens: ${name} is of no tenant: ${tenant}`)
  }
  return names
}
