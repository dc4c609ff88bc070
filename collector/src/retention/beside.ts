import { join } from 'node:path'
import { EDGE_KINDS, type EdgeKind, type NodeKind } from '@delegraph/graph-schema'
import type { Trust } from '@delegraph/link'
import { NOT_DUMPED } from '../graph/columns.ts'
import { type GraphBatch, type GraphStore, openSqliteStore } from '../graph/index.ts'
import type { JournalView } from '../journal/index.ts'
import { followGraph } from '../project/rebuild.ts'
import { edgesId, nodeId } from './changes.ts'

export interface BesideSettings {
  readonly trust: Trust
  /** Milliseconds. */
  readonly pendingWindow: number
  readonly clock: () => number
}

/** What was written to a graph: nodes, and what goes out from one. */
export interface Touched {
  readonly nodes: Map<string, { readonly kind: NodeKind; readonly key: string }>
  readonly edges: Map<string, { readonly kind: EdgeKind; readonly from: string }>
}

/** A graph that is made beside the one in use, to compare; it lies in a folder that somebody removes. */
export class GraphBeside implements AsyncDisposable {
  readonly store: GraphStore
  readonly #settings: BesideSettings
  #touched: Touched = { nodes: new Map(), edges: new Map() }

  private constructor(store: GraphStore, settings: BesideSettings) {
    this.store = watched(store, (batch) => touch(this.#touched, batch))
    this.#settings = settings
  }

  static async open(folder: string, name: string, settings: BesideSettings): Promise<GraphBeside> {
    const store = openSqliteStore({ file: join(folder, `${name}.sqlite`) })
    await store.init()
    return new GraphBeside(store, settings)
  }

  /** Takes in what the journal has beyond it. */
  async follow(
    journal: Pick<JournalView, 'lastSeq' | 'read' | 'retentions'>,
    onProgress: (position: number) => void = () => {},
  ): Promise<void> {
    await followGraph({ ...this.#settings, store: this.store, journal, channels: [], onProgress })
  }

  /** What was written since it was asked last. */
  takeTouched(): Touched {
    const touched = this.#touched
    this.#touched = { nodes: new Map(), edges: new Map() }
    return touched
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.store[Symbol.asyncDispose]()
  }
}

function watched(store: GraphStore, onWrite: (batch: GraphBatch) => void): GraphStore {
  return new Proxy(store, {
    get(target, name) {
      if (name === 'write') {
        return async (batch: GraphBatch): Promise<void> => {
          onWrite(batch)
          await target.write(batch)
        }
      }
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}

function touch({ nodes, edges }: Touched, batch: GraphBatch): void {
  const one = (kind: NodeKind, key: string): void => {
    if (!NOT_DUMPED.has(kind)) nodes.set(nodeId(kind, key), { kind, key })
  }
  for (const { kind, key } of [...batch.nodes, ...(batch.removed ?? [])]) one(kind, key)
  for (const { kind, from, to } of batch.edges) {
    one(EDGE_KINDS[kind].from, from)
    one(EDGE_KINDS[kind].to, to)
  }
  for (const { kind, from } of [...batch.edges, ...(batch.cleared ?? [])]) {
    edges.set(edgesId(kind, from), { kind, from })
  }
}
