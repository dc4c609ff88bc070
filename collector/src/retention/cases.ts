import { type GraphNode, NODE_KINDS } from '@delegraph/graph-schema'
import type { GraphEdge } from '../graph/index.ts'
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

/** Everything in a graph by the case that it belongs to; takes in more while the graph grows. */
export class Cases {
  readonly #groups = new Groups()

  /** The case of a node's key, of an item of evidence, or of what a hold is on. */
  of(id: string): string {
    return this.#groups.of(id)
  }

  join(a: string, b: string): void {
    this.#groups.join(a, b)
  }

  /** Whether it is of a case. */
  node({ kind, key, columns }: GraphNode): boolean {
    if (SHARED.has(kind) || CONTROL.has(columns['kind'])) return false
    for (const [name, value] of Object.entries(columns)) {
      if (typeof value !== 'string' || value === '' || !JOINING.has(name)) continue
      this.#groups.join(key, nameOf(name, value))
    }
    return true
  }

  edge({ kind, from, to }: GraphEdge): void {
    if (!NOT_JOINING.has(kind)) this.#groups.join(from, to)
  }
}

/** A hash is one thing wherever it stands; a task or a session is only one of its kind. */
export function nameOf(column: string, value: string): string {
  return NAMED.has(column) ? `${column} ${value}` : value
}

const NAMED: ReadonlySet<string> = new Set(['task', 'session', 'trace', 'incident', 'fingerprint'])

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

export function isEdge(item: GraphNode | GraphEdge): item is GraphEdge {
  return !(item.kind in NODE_KINDS)
}
