import type { Trust } from '@delegraph/link'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import type { JournalRecord } from '../journal/index.ts'
import { Projector } from '../project/projector.ts'

/** The graph as it was known at an instant, or why it is not told. */
export type Past = (
  knownAt: number,
) => Promise<{ readonly store: GraphStore } | { readonly refused: string }>

export interface PastSettings {
  /** The records of the journal from the first on. */
  readonly records: () => AsyncIterable<JournalRecord>
  /** When evidence was trimmed last, epoch milliseconds; nothing was where absent. */
  readonly trimmedAt?: () => number | undefined | Promise<number | undefined>
  /** Whom the collector trusted before its journal said otherwise. */
  readonly trust: Trust
  /** Milliseconds. */
  readonly pendingWindow: number
  readonly limits?: PastLimits
}

/** What is replayed at most for one instant. */
export interface PastLimits {
  readonly records: number
  /** Bytes of payload. */
  readonly bytes: number
  readonly milliseconds: number
}

const LIMITS: PastLimits = { records: 50_000, bytes: 128 * 1024 * 1024, milliseconds: 30_000 }
/** A clock that is set back by more than this hides records that were received in between. */
const CLOCK_STEP = 24 * 3600 * 1000
/** Instants that are kept; an older graph is in memory alone, and goes with its last reader. */
const KEPT = 2

/**
 * Makes the graph again as it was at an instant: every record that had been received by then, replayed
 * into an embedded graph in memory by the projector itself. Exact, since the graph is a function of
 * those records and of nothing else, and bounded: what is larger is refused and never cut.
 */
export function createPast(settings: PastSettings): Past {
  const kept = new Map<number, ReturnType<Past>>()
  let turn: Promise<unknown> = Promise.resolve()
  return (knownAt) => {
    const known = kept.get(knownAt)
    if (known !== undefined) return known
    // One after the other: each of them fills memory.
    const made = turn.then(() => replay(knownAt, settings))
    turn = made.catch(() => {})
    kept.set(knownAt, made)
    made.catch(() => kept.delete(knownAt))
    for (const oldest of [...kept.keys()].slice(0, -KEPT)) kept.delete(oldest)
    return made
  }
}

async function replay(knownAt: number, settings: PastSettings): ReturnType<Past> {
  const trimmedAt = await settings.trimmedAt?.()
  // What was known then and is gone now cannot be told, and what is left of it would look whole.
  if (trimmedAt !== undefined && trimmedAt > knownAt)
    return { refused: 'evidence was trimmed since, and what was known then cannot be told whole' }
  const limits = settings.limits ?? LIMITS
  const deadline = performance.now() + limits.milliseconds
  const size = await sizeOf(knownAt, settings, limits, deadline)
  if ('refused' in size) return size
  const store = openSqliteStore({ file: ':memory:' })
  await store.init()
  let failure: unknown
  const projector = new Projector({
    store,
    journal: {
      ...{ lastSeq: size.lastSeq, retentions: size.retentions },
      read: (from) => until(knownAt, from, settings),
    },
    trust: settings.trust,
    channels: [],
    pendingWindow: settings.pendingWindow,
    clock: () => knownAt,
    onEvents: () => {},
    onError: (error) => {
      failure ??= error
    },
  })
  await projector.start()
  while (projector.position < size.lastSeq && failure === undefined && performance.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, 5))
  const isWhole = projector.position >= size.lastSeq
  await projector[Symbol.asyncDispose]()
  if (failure !== undefined) throw failure
  if (!isWhole) return refusal(`took longer than ${limits.milliseconds / 1000} seconds to replay`)
  while ((await projector.settle()) > 0) {
    if (performance.now() > deadline) return refusal('took too long to settle')
  }
  return { store }
}

async function sizeOf(
  knownAt: number,
  settings: PastSettings,
  limits: PastLimits,
  deadline: number,
): Promise<
  | { readonly lastSeq: number; readonly retentions: readonly number[] }
  | { readonly refused: string }
> {
  let [lastSeq, records, bytes] = [0, 0, 0]
  const retentions: number[] = []
  for await (const { seq, kind, payload } of until(knownAt, 1, settings)) {
    lastSeq = seq
    if (kind === 'retention') retentions.push(seq)
    records += 1
    bytes += payload.length
    if (records > limits.records) return refusal(`has more than ${limits.records} records`)
    if (bytes > limits.bytes) return refusal(`is larger than ${limits.bytes} bytes`)
    if (performance.now() > deadline) return refusal('took too long to read')
  }
  return { lastSeq, retentions }
}

function refusal(why: string): { readonly refused: string } {
  return { refused: `the journal up to then ${why}, and is not replayed for a question` }
}

async function* until(
  knownAt: number,
  from: number,
  { records }: PastSettings,
): AsyncGenerator<JournalRecord> {
  for await (const record of records()) {
    if (record.receivedAt > knownAt + CLOCK_STEP) return
    if (record.seq >= from && record.receivedAt <= knownAt) yield record
  }
}
