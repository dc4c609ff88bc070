import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import type { GraphStore } from '../graph/index.ts'
import type { Journal } from '../journal/index.ts'

/** Whether a collector can do its work, and what is in its way. */
export interface Readiness {
  readonly ready: boolean
  /** Plain sentences. No address and nothing of what was received. */
  readonly reasons: readonly string[]
  /** Of each tenant, for whoever may know their names. */
  readonly tenants?: Readonly<Record<string, Readiness>>
}

export interface ReadinessSettings {
  readonly store: Pick<GraphStore, 'health'>
  readonly journal: Pick<Journal, 'stats'>
  /** Folder of the journal. */
  readonly dir: string
  /** How much the graph has until it has what the journal held at the start; undefined when it does. */
  readonly replaying: () => { readonly done: number; readonly all: number } | undefined
  /** True while senders are asked to slow down. */
  readonly overloaded: () => boolean
  /** Milliseconds that the store may take to answer; 2,000 where absent. */
  readonly patience?: number
}

export async function readiness(settings: ReadinessSettings): Promise<Readiness> {
  const { journal, replaying, overloaded } = settings
  const read = replaying()
  const reasons = [
    ...(await storeReasons(settings)),
    ...(await journalReasons(settings.dir)),
    ...(journal.stats.failing ? ['the journal could not be written when it was tried last'] : []),
    ...(read === undefined
      ? []
      : [`the journal is being read into the graph: ${read.done} of ${read.all} records`]),
    ...(overloaded() ? ['the graph is too far behind the journal: senders are slowed down'] : []),
  ]
  return { ready: reasons.length === 0, reasons }
}

async function storeReasons({ store, patience = 2_000 }: ReadinessSettings): Promise<string[]> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<'late'>((resolve) => {
    timer = setTimeout(() => resolve('late'), patience)
  })
  try {
    const health = await Promise.race([store.health(), late])
    if (health === 'late') return ['the graph store does not answer in time']
    return health.ok ? [] : ['the graph store cannot be reached']
  } catch {
    return ['the graph store cannot be reached']
  } finally {
    clearTimeout(timer)
  }
}

async function journalReasons(dir: string): Promise<string[]> {
  try {
    await access(dir, constants.W_OK)
    return []
  } catch {
    return ['the folder of the journal cannot be written']
  }
}
