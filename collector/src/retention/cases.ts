import { type GraphNode, NODE_KINDS } from '@delegraph/graph-schema'
import type { GraphEdge, GraphStore } from '../graph/index.ts'
import { Groups } from './groups.ts'

/** Nodes that many cases share and that join none: who, what with, where. */
const SHARED: ReadonlySet<string> = new Set<GraphNode['kind']>([
  'Principal',
  'Agent',
  'Key',
  'Tool',
  'Resource',
  'StatusList',
])

/** Columns that name another thing of the same case. Others, as `agent` or `tool`, are shared. */
const JOINING: ReadonlySet<string> = new Set([
  'link',
  'parent',
  'action',
  'actionHash',
  'artefact',
  'task',
  'token',
  'chain',
  'replaces',
  'reportedParent',
  'trace',
  'session',
  'credential',
  'after',
  'decision',
  'incident',
  'fingerprint',
])
/** Control records, kept as evidence: they are of no case. */
const CONTROL: ReadonlySet<unknown> = new Set([
  'registry',
  'trust',
  'status',
  'hold',
  'retention',
  'trimmed',
])

/** Everything in a graph by the case that it belongs to. */
export interface Cases {
  /** The case of a node's key or of an item of evidence. */
  of(id: string): string
  readonly nodes: ReadonlyMap<string, readonly GraphNode[]>
}

/** Reads the graph through and joins what hangs together. */
export async function casesOf(store: GraphStore): Promise<Cases> {
  const groups = new Groups()
  const all: GraphNode[] = []
  for await (const item of store.dump()) {
    if (isEdge(item)) {
      if (joins(item)) groups.join(item.from, item.to)
      continue
    }
    if (SHARED.has(item.kind) || CONTROL.has(item.columns['kind'])) continue
    all.push(item)
    for (const [name, value] of Object.entries(item.columns)) {
      if (typeof value !== 'string' || value === '' || !JOINING.has(name)) continue
      // A hash is one thing wherever it stands; a task or a session is only one of its kind.
      groups.join(item.key, NAMED.has(name) ? `${name} ${value}` : value)
    }
  }
  return {
    of: (id) => groups.of(id),
    nodes: Map.groupBy(all, ({ key }) => groups.of(key)),
  }
}

const NAMED: ReadonlySet<string> = new Set(['task', 'session', 'trace', 'incident', 'fingerprint'])

function joins({ kind }: GraphEdge): boolean {
  return !NOT_JOINING.has(kind)
}

const NOT_JOINING: ReadonlySet<string> = new Set<GraphEdge['kind']>([
  'ISSUED_BY_PRINCIPAL',
  'ISSUED_BY',
  'HELD_BY',
  'BOUND_TO',
  'GRANTS',
  'OWNED_BY',
  'BY',
  'CALLED',
  'GIVEN_BY',
  'NAMES',
  'DONE_TO',
  'MOVED_BY',
  'MOVED_AT',
  'GAINED_BY',
])

function isEdge(item: GraphNode | GraphEdge): item is GraphEdge {
  return !(item.kind in NODE_KINDS)
}
