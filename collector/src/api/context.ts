import type { Viewer } from '../access/viewer.ts'
import type { Channel } from '../alerts/index.ts'
import type { CaseDesk } from '../cases/index.ts'
import type { GraphNode, GraphStore, NodeKind } from '../graph/index.ts'
import type { PolicyThreads } from '../policy/thread.ts'
import { newestRegistry } from '../project/newest-registry.ts'
import type { PulseCounter } from '../pulse/pulse.ts'
import type { Instants } from '../questions/asking.ts'
import type { Past } from '../questions/past.ts'
import { trimmedTimes } from '../retention/nodes.ts'
import type { TraceLinks } from '../trace-links/trace-links.ts'
import type { TriageDesk } from '../triage/index.ts'
import type { Registry } from '../verify/registry.ts'
import type { Zones } from '../zones/zones.ts'
import type { ApiEvents } from './event-bus.ts'
import { FINDING_GROUPS } from './finding-groups.ts'
import { type BudgetLimits, budgetedStore } from './limits/budget.ts'
import type { SubscriptionLimits } from './limits/subscriptions.ts'
import { createLoader, type Load } from './loader.ts'

/** What resolvers work with; one for each request. */
export interface ApiContext {
  readonly store: GraphStore
  readonly events: ApiEvents
  readonly subscriptions: SubscriptionLimits
  /** Gives the store's budget anew. */
  readonly renew: () => void
  readonly desk: TriageDesk
  readonly cases: CaseDesk
  /** Who asks. */
  readonly viewer: Viewer
  /** Epoch milliseconds. */
  readonly clock: () => number
  /** Milliseconds that missing evidence may still come. */
  readonly pendingWindow: number
  /** What is held to be critical. */
  readonly zones: Zones
  /** Where spans are looked at in other tools. */
  readonly traceLinks: TraceLinks
  /** What goes through; absent where nobody counts. */
  readonly pulse?: Pick<PulseCounter, 'now'>
  /** What one request may read; a graph of the past is read under the same. */
  readonly budget: BudgetLimits
  /** Where alerts go. */
  readonly channels: readonly Channel[]
  /** Where drafts of policies are asked; one for each collector. */
  readonly policies: PolicyThreads
  readonly load: Loaders
  /** Graphs of earlier instants; absent where there is no journal to make them from. */
  readonly past?: Past
  /** What it is asked of, where that is not now. */
  readonly instants?: Instants
  /** The contexts of root fields that are asked of the past, by their key in the answer. */
  readonly earlier: Map<string, ApiContext>
}

type KeyedKind =
  | 'Finding'
  | 'Link'
  | 'Action'
  | 'Approval'
  | 'Decision'
  | 'Agent'
  | 'Principal'
  | 'Key'
  | 'Suppression'
  | 'Case'

export interface Loaders {
  /** One node by its key. */
  readonly node: Readonly<Record<KeyedKind, Load<GraphNode>>>
  readonly findingsByAction: Load<readonly GraphNode[]>
  readonly findingsByIncident: Load<readonly GraphNode[]>
  readonly alertsByFinding: Load<readonly GraphNode[]>
  /** How many incidents are of a series. */
  readonly incidentsOfSeries: Load<number>
  /** The newest word about a finding. */
  readonly triage: Load<GraphNode>
  readonly triageEvents: Load<readonly GraphNode[]>
  readonly withdrawalsByToken: Load<readonly GraphNode[]>
  readonly withdrawalsByTask: Load<readonly GraphNode[]>
  /** When a thing was trimmed, epoch milliseconds, by `trimmedKey`. */
  readonly trimmed: Load<number>
  /** The path from the root down to a link, as far as it is known. */
  readonly path: Load<readonly GraphNode[]>
  /** The registry that is in force; the key says nothing. */
  readonly registry: Load<Registry>
}

/** What a request brings; `earlier` is its own. */
export type Given = Omit<ApiContext, 'load' | 'renew' | 'earlier'>

export function createContext(settings: Given): ApiContext {
  const { store, renew } = budgetedStore(settings.store, settings.budget)
  const byKey = (kind: NodeKind, column: string): Load<GraphNode> =>
    createLoader(async (keys) => {
      const nodes = await store.find(kind, column, keys)
      return new Map(nodes.map((node) => [node.key, node]))
    })
  const byColumn = (kind: NodeKind, column: string): Load<readonly GraphNode[]> =>
    createLoader(async (values) =>
      Map.groupBy(await store.find(kind, column, values), (node) => String(node.columns[column])),
    )
  return {
    ...settings,
    earlier: new Map(),
    store,
    renew,
    load: {
      node: {
        Finding: byKey('Finding', 'id'),
        Link: byKey('Link', 'hash'),
        Action: byKey('Action', 'id'),
        Approval: byKey('Approval', 'hash'),
        Decision: byKey('Decision', 'hash'),
        Agent: byKey('Agent', 'id'),
        Principal: byKey('Principal', 'id'),
        Key: byKey('Key', 'thumbprint'),
        Suppression: byKey('Suppression', 'id'),
        Case: byKey('Case', 'id'),
      },
      findingsByAction: byColumn('Finding', 'action'),
      findingsByIncident: byColumn('Finding', 'incident'),
      alertsByFinding: byColumn('Alert', 'finding'),
      incidentsOfSeries: createLoader((keys) => incidentsOf(store, keys)),
      triage: byKey('Triage', 'finding'),
      triageEvents: byColumn('TriageEvent', 'finding'),
      withdrawalsByToken: byColumn('Revocation', 'token'),
      withdrawalsByTask: byColumn('Revocation', 'task'),
      trimmed: createLoader((keys) => trimmedTimes(store, keys)),
      path: createLoader((links) => pathsOf(store, links)),
      registry: createLoader(async (keys) => {
        const registry = await newestRegistry(store)
        return new Map(keys.map((key) => [key, registry]))
      }),
    },
  }
}

async function incidentsOf(
  store: GraphStore,
  series: readonly string[],
): Promise<Map<string, number>> {
  const groups = await store.groups({
    ...FINDING_GROUPS,
    by: 'series',
    where: { equals: { series } },
    ...{ orderBy: 'raisedAt', direction: 'desc', limit: series.length },
  })
  return new Map(groups.map(({ key, distinct }) => [key, distinct]))
}

/** Root first. Empty where the link is not even named. A cycle ends where it closes. */
async function pathsOf(
  store: GraphStore,
  links: readonly string[],
): Promise<Map<string, readonly GraphNode[]>> {
  const nodes = new Map((await store.ancestors(links)).map((node) => [node.key, node]))
  return new Map(
    links.map((link) => {
      const path = new Set<GraphNode>()
      let next = nodes.get(link)
      while (next !== undefined && !path.has(next)) {
        path.add(next)
        const parent = next.columns['parent']
        next = typeof parent === 'string' ? nodes.get(parent) : undefined
      }
      return [link, [...path].reverse()]
    }),
  )
}
