import type { IncomingMessage } from 'node:http'
import type { Access } from '../access/access.ts'
import { recognise } from '../access/recognise.ts'
import { may } from '../access/viewer.ts'
import type { OwnOperations } from '../collector.ts'
import { mergedPage, openMetricsPage, processMetrics, readyMetrics } from '../metrics/index.ts'
import { createOperations } from '../operate/operations.ts'
import type { Readiness } from '../operate/readiness.ts'

/** What machines ask of several collectors in one process. */
export interface TenantOperations extends Disposable {
  readonly handler: ReturnType<typeof createOperations>
  /** A tenant's collector can be asked from now on. */
  operates(tenant: string, own: OwnOperations): void
  /** It could not be started. */
  failed(tenant: string): void
}

/**
 * `/readyz` and `/metrics` over all tenants. Only whoever has the role monitor is told their names and
 * all their numbers; who has a tenant's token reads the numbers of that tenant. The process is ready
 * while one of its tenants is: one that is unwell must not take the others away from their senders.
 */
export function tenantOperations(
  names: readonly string[],
  access: Access,
  store: string,
): TenantOperations {
  const parts = new Map<string, OwnOperations>()
  const failures = new Set<string>()
  const viewerOf = async (request: IncomingMessage) => (await recognise(access, request)).viewer
  const stateOf = async (tenant: string): Promise<Readiness> => {
    if (failures.has(tenant)) return unready('it could not be started; it is tried again')
    return (await parts.get(tenant)?.readiness()) ?? unready('it is being started')
  }
  const states = async (): Promise<[string, Readiness][]> =>
    Promise.all(names.map(async (name) => [name, await stateOf(name)] as [string, Readiness]))

  const { meter, scrape } = openMetricsPage()
  const ofProcess = processMetrics(meter, store)
  readyMetrics(meter, async () =>
    (await states()).map(([tenant, { ready }]) => ({ ready, labels: { tenant } })),
  )
  const handler = createOperations({
    async readiness(request) {
      const all = await states()
      const unwell = all.filter(([, { ready }]) => !ready)
      const reasons =
        unwell.length === 0 ? [] : [`${unwell.length} of ${all.length} tenants are not ready`]
      const viewer = await viewerOf(request)
      const named = viewer !== undefined && may(viewer, 'monitor')
      return {
        ready: unwell.length < all.length,
        reasons,
        ...(named ? { tenants: Object.fromEntries(all) } : {}),
      }
    },
    async mayScrape(request) {
      const viewer = await viewerOf(request)
      return viewer !== undefined && (may(viewer, 'monitor') || may(viewer, 'viewer'))
    },
    async scrape(request) {
      const viewer = await viewerOf(request)
      if (viewer === undefined || !may(viewer, 'monitor')) {
        return (await parts.get(viewer?.tenant ?? '')?.scrape()) ?? ''
      }
      const pages = new Map<string, string>()
      for (const [tenant, own] of parts) pages.set(tenant, await own.scrape())
      return mergedPage(await scrape(), pages)
    },
  })
  return {
    handler,
    operates(tenant, own) {
      failures.delete(tenant)
      parts.set(tenant, own)
    },
    failed(tenant) {
      parts.delete(tenant)
      failures.add(tenant)
    },
    [Symbol.dispose]: () => ofProcess[Symbol.dispose](),
  }
}

function unready(reason: string): Readiness {
  return { ready: false, reasons: [reason] }
}
