import type { GraphNode } from '@delegraph/graph-schema'
import { createLinkMemo, type LinkMemo, NO_TRUST, type Trust, textDigest } from '@delegraph/link'
import { type AlertRoute, type OwedChange, owe, takeDelivery } from '../alerts/index.ts'
import { parseCasePayload } from '../cases/record.ts'
import { takeCase } from '../cases/take.ts'
import { CollectorError } from '../errors.ts'
import { evidenceOfLog, evidenceOfSpan, WANTED, WANTED_BODIES } from '../evidence/extract.ts'
import { evidenceNode, evidenceOfNode } from '../evidence/node.ts'
import { parseStatusPayload } from '../evidence/status.ts'
import type { Evidence, ForeignEvidence, SignedKind } from '../evidence/types.ts'
import { type GraphBatch, type GraphStore, pagesOf, StoreError } from '../graph/index.ts'
import type { Journal, JournalRecord } from '../journal/index.ts'
import { decodeItems } from '../receive/index.ts'
import type { GraphChange } from '../retention/changes.ts'
import { holdNode, retentionBase, retentionBaseNode, trimmedNodes } from '../retention/nodes.ts'
import { parseHold, parseRetention } from '../retention/record.ts'
import { alertsOfMove, eventOfMove } from '../triage/moves.ts'
import { parseTriagePayload } from '../triage/record.ts'
import { quietBy, withStanding } from '../triage/standing.ts'
import { takeTriage } from '../triage/take.ts'
import { parseTrustText, trustText } from '../trust/text.ts'
import { NO_REGISTRY, type Registry } from '../verify/registry.ts'
import type { ChangedFinding } from './findings.ts'
import type { Learned } from './learned.ts'
import { newestRegistry } from './newest-registry.ts'
import { registryNodes } from './registry.ts'
import { judge, type StepResult, type StepSettings, step } from './step.ts'
import { takeOut } from './take-retention.ts'
import { trustInForce } from './trust-in-force.ts'

export interface ProjectorSettings {
  readonly store: GraphStore
  readonly journal: Pick<Journal, 'lastSeq' | 'read' | 'retentions'>
  /** Whom it trusts until the journal says otherwise. */
  readonly trust: Trust
  readonly channels: readonly AlertRoute[]
  /** How long missing evidence may still come, milliseconds. */
  readonly pendingWindow: number
  readonly clock: () => number
  /** Told after each batch that changed a finding, with the newest cursor. */
  readonly onEvents: (cursor: string) => void
  readonly onError: (error: unknown) => void
  /** Stands before the memo of verdicts on links, for metrics. */
  readonly watchMemo?: (memo: LinkMemo) => LinkMemo
  readonly observer?: ProjectorObserver
  /**
   * What becomes of the graph when this retention record is taken in; undefined where nobody found out:
   * then it is made anew.
   */
  readonly trimming?: (record: JournalRecord) => AsyncIterable<GraphChange> | undefined
}

/** Told of what is taken in, for metrics. Must not throw. */
export interface ProjectorObserver {
  /** An item of evidence was read, of this kind. */
  item(kind: Evidence['kind']): void
  /** A record is in the graph, so long after it was received; not told of records of earlier runs. */
  inGraph(milliseconds: number): void
  changed(changes: readonly ChangedFinding[]): void
  failed(): void
}

const BATCH_RECORDS = 64
const BATCH_EVIDENCE = 500
const PAGE = 500
const MEMO_LINKS = 10_000

/** Records that change what everything is judged by, or what is owed. */
const CONTROL: ReadonlySet<string> = new Set([
  'registry',
  'trust',
  'alert-delivered',
  'triage',
  'case',
  'hold',
  'retention',
])
/** Links first: all others are judged against them. */
const REJUDGED: readonly (SignedKind | ForeignEvidence['kind'] | 'status')[] = [
  'link',
  'foreign',
  'approval',
  'decision',
  'revocation',
  'completion',
  'credential',
  'identity',
  'status',
]

/**
 * Follows the journal and keeps the graph equal to it. One at a time and in order: the graph is a
 * function of the journal, and the position that says how far it has come is written behind it.
 */
export class Projector implements AsyncDisposable {
  readonly #settings: ProjectorSettings
  readonly #memo: LinkMemo
  #registry: Registry = NO_REGISTRY
  #trust: Trust = NO_TRUST
  #position = 0
  #eventSeq = 0
  #eventIndex = 0
  #stopped = false
  #running: Promise<void> | undefined
  #wake: (() => void) | undefined

  /** Newest record when it was started. */
  #inherited = 0
  /** Retention records that the graph was begun or trimmed with. */
  #trimmedWith = ''
  /** The record that the graph has to have again before it is whole. */
  #anewUntil = 0
  /** When the oldest record was received that is not in the graph, where one waits. */
  #waitingSince: number | undefined

  constructor(settings: ProjectorSettings) {
    this.#settings = settings
    const memo = createLinkMemo({ max: MEMO_LINKS })
    this.#memo = settings.watchMemo?.(memo) ?? memo
  }

  /** Sequence number of the last journal record that is in the graph. */
  get position(): number {
    return this.#position
  }

  /** When the oldest record that is not in the graph was received, epoch milliseconds. */
  get waitingSince(): number | undefined {
    return this.#waitingSince
  }

  /** Whether the graph is being made anew, and knows only the beginning of the journal. */
  get isAnew(): boolean {
    return this.#position < this.#anewUntil
  }

  get registry(): Registry {
    return this.#registry
  }

  /** The trust roots that it judges by now. */
  get trust(): Trust {
    return this.#trust
  }

  /**
   * Reads where the graph stands and follows the journal from there until it is disposed.
   *
   * @throws CollectorError `graph_ahead`
   */
  async start(): Promise<void> {
    const { store } = this.#settings
    this.#position = await store.position()
    const { lastSeq } = this.#settings.journal
    this.#inherited = lastSeq
    if (this.#position > lastSeq) {
      // New records would be taken for old ones and never reach the graph.
      throw new CollectorError(
        'graph_ahead',
        `the graph has ${this.#position} journal records and the journal only ${lastSeq}: it was made from another journal, or the newest records of this one are damaged or lost. Use the journal that it came from, another tenant, or "delegraph rebuild", which makes it from what is there`,
      )
    }
    await this.#beginAnewIfTrimmed()
    this.#registry = await newestRegistry(store)
    const inForce = await trustInForce(store)
    this.#trust = parseTrustText(inForce?.text) ?? this.#settings.trust
    await this.#restoreCursor()
    this.#running = this.#run()
  }

  /**
   * A graph that was begun before something was trimmed holds it still, and verdicts that rest on it:
   * it is made anew, as it would have been without.
   */
  async #beginAnewIfTrimmed(): Promise<void> {
    this.#trimmedWith = await retentionBase(this.#settings.store)
    if (this.#trimmedWith !== this.#settings.journal.retentions.join(' ')) await this.#beginAnew()
  }

  async #beginAnew(): Promise<void> {
    const { store, journal } = this.#settings
    this.#anewUntil = journal.lastSeq
    this.#trimmedWith = journal.retentions.join(' ')
    await store.clear()
    await store.write({ nodes: [retentionBaseNode(this.#trimmedWith)], edges: [] })
    this.#position = 0
    this.#registry = NO_REGISTRY
    this.#trust = this.#settings.trust
  }

  /** Tells it that the journal has grown. */
  notify(): void {
    this.#wake?.()
  }

  /** Resolves when everything up to `seq` is in the graph. */
  async caughtUp(seq: number): Promise<void> {
    while (this.#position < seq && !this.#stopped) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
  }

  /** Judges again what was waiting for evidence whose time is over. Returns how many actions. */
  async settle(): Promise<number> {
    const { store, clock } = this.#settings
    const now = clock()
    const due = await store.page({
      kind: 'Action',
      where: { equals: { settled: [false] }, max: { settlesAt: now } },
      orderBy: 'settlesAt',
      direction: 'asc',
      limit: PAGE,
    })
    if (due.length === 0) return 0
    const result = await judge(
      store,
      due.map((node) => node.key),
      [],
      this.#stepSettings(now),
    )
    await this.#commit(result, undefined, now)
    return due.length
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.#wake?.()
    await this.#running
  }

  async #run(): Promise<void> {
    while (!this.#stopped) {
      try {
        const moved = await this.#advance()
        // Only behind the whole journal: what was delivered is known by then.
        if (!this.#stopped) await this.settle()
        if (!moved) await this.#sleep(1_000)
      } catch (error) {
        // The store is away or slow: nothing is lost, the journal waits.
        this.#fail(error)
        await this.#sleep(1_000)
      }
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  /** Takes the next records in. False where there were none. */
  async #advance(): Promise<boolean> {
    const { journal, store } = this.#settings
    const until = journal.lastSeq
    if (until <= this.#position) return false
    let portion: Learned[] = []
    let records: JournalRecord['receivedAt'][] = []
    let seq = this.#position
    let now = 0
    const flush = async (): Promise<void> => {
      if (records.length === 0) return
      if (portion.length > 0) await this.#takePortion(portion, now)
      await store.write({ nodes: [], edges: [], position: seq })
      this.#position = seq
      if (seq > this.#inherited) this.#tellWaits(records)
      portion = []
      records = []
      this.#waitingSince = undefined
    }
    for await (const record of journal.read(this.#position + 1)) {
      if (this.#stopped) break
      this.#waitingSince ??= record.receivedAt
      if (CONTROL.has(record.kind)) {
        await flush()
        if (record.kind === 'retention' && !this.#isTrimmedWith(record)) {
          if (!(await this.#trim(record))) return true
        } else await this.#takeControl(record)
        seq = record.seq
        this.#waitingSince = undefined
        continue
      }
      // Time stands still while the journal is replayed: it is judged as of when it was received.
      now = record.receivedAt
      records.push(now)
      seq = record.seq
      // One body may hold millions of spans: they are never in memory at once.
      for (const evidence of this.#evidenceOf(record)) {
        portion.push({ evidence, learnedAt: now })
        this.#settings.observer?.item(evidence.kind)
        if (portion.length < BATCH_EVIDENCE) continue
        await this.#takePortion(portion, now)
        portion = []
        // Others want to be answered too.
        await new Promise((resolve) => setImmediate(resolve))
      }
      if (records.length >= BATCH_RECORDS) await flush()
    }
    await flush()
    if (!this.#stopped && this.#position < until) {
      // What lies behind the last record that was read is trimmed.
      await store.write({ nodes: [], edges: [], position: until })
      this.#position = until
    }
    return true
  }

  #tellWaits(receivedAt: readonly number[]): void {
    const { observer, clock } = this.#settings
    if (observer === undefined) return
    const now = clock()
    for (const at of receivedAt) observer.inGraph(now - at)
  }

  #fail(error: unknown): void {
    this.#settings.observer?.failed()
    this.#settings.onError(error)
  }

  /** A record that cannot be read any more is said and passed over: it must not stop all others. */
  *#evidenceOf(record: JournalRecord): Generator<Evidence> {
    try {
      if (record.kind === 'status') {
        yield parseStatusPayload(record.payload)
        return
      }
      for (const item of decodeItems(record, WANTED, WANTED_BODIES)) {
        yield* item.kind === 'span' ? evidenceOfSpan(item.span) : evidenceOfLog(item.log)
      }
    } catch (cause) {
      this.#fail(new Error(`journal record ${record.seq} cannot be read`, { cause }))
    }
  }

  /**
   * Takes a portion in. A store that is away is tried again later; evidence that breaks the judging is
   * a fault of ours: it is looked for by halves, said and passed over, so that it stops nothing else.
   */
  async #takePortion(portion: readonly Learned[], now: number): Promise<void> {
    try {
      const result = await step(this.#settings.store, portion, this.#stepSettings(now))
      await this.#commit(result, undefined, now)
    } catch (cause) {
      if (cause instanceof StoreError) throw cause
      const [only, ...others] = portion
      if (only === undefined) return
      if (others.length === 0) {
        const message = `evidence ${only.evidence.id} cannot be judged`
        this.#fail(new Error(message, { cause }))
        return
      }
      const half = Math.ceil(portion.length / 2)
      await this.#takePortion(portion.slice(0, half), now)
      await this.#takePortion(portion.slice(half), now)
    }
  }

  async #takeControl(record: JournalRecord): Promise<void> {
    if (record.kind === 'registry') await this.#takeRegistry(record)
    else if (record.kind === 'trust') await this.#takeTrust(record)
    else if (record.kind === 'triage') await this.#takeTriage(record)
    else if (record.kind === 'case') await this.#takeCase(record)
    else if (record.kind === 'hold' || record.kind === 'retention') await this.#takeKeeping(record)
    else await this.#takeDelivery(record)
    this.#position = record.seq
  }

  async #takeDelivery(record: JournalRecord): Promise<void> {
    const { store } = this.#settings
    const nodes = await takeDelivery(store, record)
    await store.write({ nodes, edges: [], position: record.seq })
  }

  /** Where people stand with findings; what changed thereby is told like any change of a finding. */
  async #takeTriage(record: JournalRecord): Promise<void> {
    const { store, channels, onEvents } = this.#settings
    let cursor: string | undefined
    try {
      const said = parseTriagePayload(record.payload)
      for await (const { nodes, moved } of takeTriage(store, said, record.seq)) {
        const events: GraphNode[] = []
        const owed: OwedChange[] = []
        for (const move of moved) {
          cursor = this.#nextCursor(this.#position)
          events.push(eventNode(cursor, move.before.key, eventOfMove(move), record.receivedAt))
          owed.push(...alertsOfMove(move, said, cursor))
        }
        events.push(...(await owe(store, owed, channels, record.receivedAt)))
        // A word counts once: its step is written with the position, or not at all.
        const last = said.type === 'triage' ? { position: record.seq } : {}
        await store.write({ nodes: [...nodes, ...events], edges: [], ...last })
      }
    } catch (cause) {
      if (cause instanceof StoreError) throw cause
      this.#fail(new Error(`journal record ${record.seq} cannot be read`, { cause }))
    }
    await store.write({ nodes: [], edges: [], position: record.seq })
    if (cursor !== undefined) onEvents(cursor)
  }

  /** What people gather; it changes no finding, and nothing of it is judged. */
  async #takeCase(record: JournalRecord): Promise<void> {
    const { store } = this.#settings
    let batch: GraphBatch = { nodes: [], edges: [] }
    try {
      batch = await takeCase(store, parseCasePayload(record.payload))
    } catch (cause) {
      if (cause instanceof StoreError) throw cause
      this.#fail(new Error(`journal record ${record.seq} cannot be read`, { cause }))
    }
    await store.write({ ...batch, position: record.seq })
  }

  #isTrimmedWith({ seq }: JournalRecord): boolean {
    return this.#trimmedWith.split(' ').includes(String(seq))
  }

  /**
   * Takes out of the graph what a record names that came since the graph was begun; or begins it anew,
   * where nobody knows what that is.
   *
   * @returns whether it goes on behind the record
   */
  async #trim(record: JournalRecord): Promise<boolean> {
    const { store, trimming } = this.#settings
    const changes = trimming?.(record)
    if (changes === undefined) {
      await this.#beginAnew()
      return false
    }
    await takeOut(store, parseRetention(record.payload), changes)
    const base = `${this.#trimmedWith} ${record.seq}`.trim()
    await store.write({ nodes: [retentionBaseNode(base)], edges: [], position: record.seq })
    this.#trimmedWith = base
    this.#position = record.seq
    return true
  }

  /** What must stay, and what is gone. */
  async #takeKeeping(record: JournalRecord): Promise<void> {
    const { store } = this.#settings
    let nodes: GraphNode[] = []
    try {
      if (record.kind === 'retention') nodes = trimmedNodes(parseRetention(record.payload))
      else
        nodes = [await holdNode(store, parseHold(record.payload))].filter(
          (one) => one !== undefined,
        )
    } catch (cause) {
      if (cause instanceof StoreError) throw cause
      this.#fail(new Error(`journal record ${record.seq} cannot be read`, { cause }))
    }
    await store.write({ nodes, edges: [], position: record.seq })
  }

  /** A newer registry re-judges everything: what was in order yesterday may not have been. */
  async #takeRegistry(record: JournalRecord): Promise<void> {
    const { store } = this.#settings
    const text = Buffer.from(record.payload).toString('utf8')
    const nodes = registryNodes(text, record.receivedAt)
    await store.write({ nodes: nodes.nodes, edges: nodes.edges })
    this.#registry = await newestRegistry(store)
    await this.#judgeAllActions(record.receivedAt)
    await store.write({ nodes: [], edges: [], position: record.seq })
  }

  /** Other trust roots re-judge everything, links and artefacts included. */
  async #takeTrust(record: JournalRecord): Promise<void> {
    const { store } = this.#settings
    const text = Buffer.from(record.payload).toString('utf8')
    const evidence = { kind: 'trust', id: textDigest(text), text, seq: record.seq } as const
    const before = (await trustInForce(store))?.text ?? trustText(this.#settings.trust)
    await store.write({ nodes: [evidenceNode(evidence, record.receivedAt)], edges: [] })
    this.#trust = parseTrustText(text) ?? this.#trust
    if (text !== before) await this.#judgeEverything(record.receivedAt)
    await store.write({ nodes: [], edges: [], position: record.seq })
  }

  async #judgeEverything(now: number): Promise<void> {
    for (const kind of REJUDGED) {
      for await (const page of this.#pages('Evidence', { kind: [kind] })) {
        const learned = page.map((node) => ({
          evidence: evidenceOfNode(node),
          learnedAt: Number(node.columns['learnedAt'] ?? now),
        }))
        await this.#takePortion(learned, now)
      }
    }
    await this.#judgeAllActions(now)
  }

  async #judgeAllActions(now: number): Promise<void> {
    for await (const page of this.#pages('Action', {})) {
      const actions = page.map((node) => node.key)
      const result = await judge(this.#settings.store, actions, [], this.#stepSettings(now))
      await this.#commit(result, undefined, now)
    }
  }

  #pages(
    kind: 'Action' | 'Evidence',
    equals: Readonly<Record<string, readonly string[]>>,
  ): AsyncGenerator<GraphNode[]> {
    const byId = { orderBy: 'id', direction: 'asc', limit: PAGE } as const
    return pagesOf(this.#settings.store, { kind, where: { equals }, ...byId })
  }

  async #commit(result: StepResult, seq: number | undefined, now: number): Promise<void> {
    const { store, channels, onEvents } = this.#settings
    const at = seq ?? this.#position
    const extra: GraphNode[] = []
    const owed: OwedChange[] = []
    let cursor: string | undefined
    const judged = result.changes.flatMap(({ finding, node }) => (finding ? [node] : []))
    const standing = new Map((await withStanding(store, judged)).map((node) => [node.key, node]))
    for (const change of result.changes) {
      cursor = this.#nextCursor(at)
      extra.push(eventNode(cursor, change.id, change.change, now))
      const quiet = quietBy(standing.get(change.id)?.columns ?? {})
      owed.push({ ...change, cursor, ...(quiet === undefined ? {} : { quiet }) })
    }
    extra.push(...(await owe(store, owed, channels, now)))
    await store.write({
      nodes: [...result.nodes.map((node) => standing.get(node.key) ?? node), ...extra],
      edges: result.edges,
      ...(result.cleared === undefined ? {} : { cleared: result.cleared }),
      ...(seq === undefined ? {} : { position: seq }),
    })
    if (seq !== undefined) this.#position = seq
    this.#settings.observer?.changed(result.changes)
    if (cursor !== undefined) onEvents(cursor)
  }

  #stepSettings(now: number): StepSettings {
    const { pendingWindow } = this.#settings
    return { trust: this.#trust, registry: this.#registry, memo: this.#memo, now, pendingWindow }
  }

  /** Sorts as text in the order of learning, also across restarts and rebuilds. */
  #nextCursor(seq: number): string {
    this.#eventIndex = seq === this.#eventSeq ? this.#eventIndex + 1 : 0
    this.#eventSeq = seq
    return `${String(seq).padStart(16, '0')}.${String(this.#eventIndex).padStart(8, '0')}`
  }

  async #restoreCursor(): Promise<void> {
    const [last] = await this.#settings.store.page({
      kind: 'FindingEvent',
      where: {},
      orderBy: 'cursor',
      direction: 'desc',
      limit: 1,
    })
    if (last === undefined) return
    const [seq, index] = last.key.split('.')
    this.#eventSeq = Number(seq)
    this.#eventIndex = Number(index)
  }
}

function eventNode(cursor: string, finding: string, change: string, learnedAt: number): GraphNode {
  return { kind: 'FindingEvent', key: cursor, columns: { cursor, finding, change, learnedAt } }
}
