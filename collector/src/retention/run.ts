import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Trust } from '@delegraph/link'
import { CollectorError } from '../errors.ts'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import type { Journal } from '../journal/index.ts'
import { Trimmed } from '../journal/trimmed.ts'
import { rebuildGraph } from '../project/rebuild.ts'
import { type Plan, planRetention } from './plan.ts'
import { differences } from './prove.ts'
import { retentionPayload } from './record.ts'

export interface RetentionSettings {
  readonly journal: Journal
  /** Data folder: graphs that are made to compare lie there for the time of the run. */
  readonly data: string
  readonly trust: Trust
  readonly pendingWindow: number
  readonly before: number
  /** Open notes do not keep what they rest on. */
  readonly trimNotes: boolean
  readonly clock: () => number
  readonly onProgress?: (label: string, done: number, all: number) => void
}

/** What would go now. Makes a graph of its own from the journal and leaves the one in use alone. */
export function previewRetention(settings: RetentionSettings): Promise<Plan> {
  return beside(settings, async ({ whole }) => planOf(settings, whole))
}

/**
 * Trims what the plan names: proves first that everything that stays is judged the same without it, then
 * writes one record to the journal, from which on it is gone, then takes it off the disk. Whatever
 * graph was made before begins anew when it sees that record.
 *
 * @throws CollectorError `retention_refused` where something that stays would change; nothing is trimmed
 */
export function runRetention(settings: RetentionSettings): Promise<Plan> {
  return beside(settings, async ({ whole, open }) => {
    const { journal } = settings
    const plan = await planOf(settings, whole)
    if (plan.bodies === 0) return plan
    const without = await open('without', withoutBodies(journal, plan))
    const found = await differences(whole, without, plan.record)
    if (found.length > 0) {
      throw new CollectorError('retention_refused', `nothing was trimmed: ${found.join('; ')}`)
    }
    const payload = retentionPayload(plan.record)
    await journal.append({ kind: 'retention', receivedAt: settings.clock(), payload })
    await journal.compact()
    return plan
  })
}

function planOf(settings: RetentionSettings, store: GraphStore): Promise<Plan> {
  const { journal, before, trimNotes, clock } = settings
  return planRetention({ store, records: () => journal.read(1), before, trimNotes, now: clock() })
}

/** The journal as it would be read with the plan's record in it. */
function withoutBodies(journal: Journal, plan: Plan): Journal {
  const trimmed = new Trimmed()
  trimmed.add({ payload: retentionPayload(plan.record), seq: journal.lastSeq + 1 })
  return {
    get lastSeq() {
      return journal.lastSeq
    },
    get stats() {
      return journal.stats
    },
    get retentions() {
      return journal.retentions
    },
    append: (record) => journal.append(record),
    async *read(from) {
      for await (const record of journal.read(from)) if (!trimmed.has(record.seq)) yield record
    },
    onAppend: (listener) => journal.onAppend(listener),
    compact: () => journal.compact(),
    [Symbol.asyncDispose]: () => journal[Symbol.asyncDispose](),
  }
}

/** Works with graphs in a folder that is removed at the end. */
async function beside<T>(
  settings: RetentionSettings,
  work: (graphs: {
    readonly whole: GraphStore
    readonly open: (name: string, journal: Journal) => Promise<GraphStore>
  }) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(settings.data, 'retention-'))
  await using graphs = new AsyncDisposableStack()
  graphs.defer(() => rmSync(folder, { recursive: true, force: true }))
  const open = async (name: string, journal: Journal): Promise<GraphStore> => {
    const store = graphs.use(openSqliteStore({ file: join(folder, `${name}.sqlite`) }))
    await store.init()
    const { trust, pendingWindow, clock, onProgress } = settings
    await rebuildGraph({
      store,
      journal,
      trust,
      channels: [],
      pendingWindow,
      clock,
      onProgress: (done) => onProgress?.(name, done, journal.lastSeq),
    })
    return store
  }
  return await work({ whole: await open('whole', settings.journal), open })
}
