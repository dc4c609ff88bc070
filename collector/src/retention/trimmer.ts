import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import type { Trust } from '@delegraph/link'
import { CollectorError } from '../errors.ts'
import type { Journal, JournalRecord } from '../journal/index.ts'
import type { Projector } from '../project/projector.ts'
import { answerAsked, forgetAsked, takeAsked } from './asking.ts'
import { readChanges } from './change-file.ts'
import type { GraphChange } from './changes.ts'
import { pendingHolds, takeHolds } from './inbox.ts'
import { JournalOwner } from './journal-owner.ts'
import { proveInThread } from './prove-in-thread.ts'
import type { Plan } from './prove-retention.ts'
import { checkLeft, checkRoom, freeRoom } from './room.ts'
import { nextAt, OVERDUE } from './schedule.ts'
import {
  type LastRun,
  type RetentionState,
  readRetentionState,
  writeRetentionState,
} from './state.ts'
import { removeLeftWork, workFolder } from './work-folder.ts'

export interface TrimmerSettings {
  /** Data folder. */
  readonly data: string
  readonly journal: Journal
  readonly projector: () => Pick<Projector, 'caughtUp'>
  readonly trust: Trust
  /** Milliseconds. */
  readonly pendingWindow: number
  readonly retention: {
    readonly days?: number | undefined
    readonly at?: string | undefined
    readonly trimNotes: boolean
    readonly trimClosed: boolean
  }
  readonly clock: () => number
  /** Bytes free where the data is; asked of the disk where absent. */
  readonly freeRoom?: () => Promise<number>
  /** How often that is asked during a run, milliseconds; 2,000 where absent. */
  readonly roomEvery?: number
  /** Told of each run that ended. */
  readonly onRun: (run: LastRun) => void
  readonly onError: (error: unknown) => void
}

const DAY = 86_400_000
const LOOK = 2_000
/** Of one processor: what comes in meanwhile is to be received and judged. */
const SHARE = 0.5
const AGAIN = 60_000
/** So often a run that left something behind is followed by another one at once. */
const FOLLOWING = 100

/** One run at a time in a process, whosever it is. */
let turn: Promise<unknown> = Promise.resolve()

/**
 * Trims a collector's journal while it runs: at the time of the day that is configured, and when
 * somebody asks for it.
 */
export class Trimmer implements AsyncDisposable {
  readonly #settings: TrimmerSettings
  readonly #stop = new AbortController()
  #state: RetentionState = { version: 1 }
  #owner: JournalOwner | undefined
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> = Promise.resolve()
  #started = 0
  #compactAfter = 0
  #keeping: Promise<void> = Promise.resolve()

  constructor(settings: TrimmerSettings) {
    this.#settings = settings
  }

  /** When the last run began that was neither refused nor failed, epoch milliseconds. */
  get lastGood(): number | undefined {
    return this.#state.good
  }

  /** A run that is to be made each day was not made, or to no end, for two days. */
  get isOverdue(): boolean {
    const { retention, clock } = this.#settings
    return retention.at !== undefined && clock() - (this.lastGood ?? this.#started) > OVERDUE
  }

  /** For the projector: what becomes of the graph by a record that was written here. */
  changesOf(record: JournalRecord): AsyncIterable<GraphChange> | undefined {
    const file = this.#owner?.changesOf(record)
    return file === undefined ? undefined : readChanges(file)
  }

  /** Ends what a stop interrupted, and looks from now on whether there is something to do. */
  async start(): Promise<void> {
    const { data, clock } = this.#settings
    this.#started = clock()
    removeLeftWork(data)
    await forgetAsked(data)
    const { running: _, ...state } = await readRetentionState(data)
    this.#state = state
    const look = (): void => {
      this.#running = this.#look().catch(this.#settings.onError)
      void this.#running.then(() => {
        if (!this.#stop.signal.aborted) this.#timer = setTimeout(look, LOOK)
      })
    }
    look()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort(new Error('the collector was stopped'))
    clearTimeout(this.#timer)
    await this.#running
  }

  async #look(): Promise<void> {
    const { data, retention, clock } = this.#settings
    await this.#compact()
    for (const { id, days } of await takeAsked(data)) {
      await answerAsked(data, await this.#runAll(id, days))
    }
    const { days, at } = retention
    if (days === undefined || at === undefined) return
    const last = this.#state.last?.at ?? this.#started
    if (nextAt(at, last) <= clock()) await this.#runAll(randomUUID(), days)
  }

  /** Runs until nothing is left that may go. Gives all of it as one. */
  async #runAll(id: string, days: number): Promise<LastRun> {
    let all: LastRun | undefined
    for (let i = 0; i < FOLLOWING; i += 1) {
      const mine = turn.then(() => this.#run(id, days))
      turn = mine
      const run = await mine
      all = {
        ...run,
        at: all?.at ?? run.at,
        seconds: run.seconds + (all?.seconds ?? 0),
        outcome: run.outcome === 'nothing' && all !== undefined ? 'trimmed' : run.outcome,
        bodies: run.bodies + (all?.bodies ?? 0),
        bytes: run.bytes + (all?.bytes ?? 0),
        chains: run.chains + (all?.chains ?? 0),
        findings: run.findings + (all?.findings ?? 0),
      }
      if (run.outcome !== 'trimmed' || run.left === 0) break
    }
    if (all === undefined) throw new TypeError('no run was made')
    // One that a stop ended is made up for at the next start.
    if (this.#stop.signal.aborted) return all
    const good = all.outcome === 'trimmed' || all.outcome === 'nothing' ? all.at : this.#state.good
    this.#state = { ...this.#state, last: all, ...(good === undefined ? {} : { good }) }
    await this.#keep()
    this.#settings.onRun(all)
    return all
  }

  async #run(id: string, days: number): Promise<LastRun> {
    const { clock, onError } = this.#settings
    const at = clock()
    const since = performance.now()
    const before = at - days * DAY
    const nothing = { bodies: 0, bytes: 0, chains: 0, findings: 0, left: 0, kept: {}, before }
    const ended = (): Pick<LastRun, 'id' | 'at' | 'seconds'> => ({
      ...{ id, at, seconds: (performance.now() - since) / 1000 },
    })
    try {
      const { bodies, bytes, chains, findings, left, kept } = await this.#trim(id, at, before)
      const plan = { bodies, bytes, chains, findings: findings.length, left, kept, before }
      return { ...ended(), outcome: bodies === 0 ? 'nothing' : 'trimmed', ...plan }
    } catch (error) {
      const isRefused = error instanceof CollectorError && error.code === 'retention_refused'
      if (!isRefused && !this.#stop.signal.aborted) onError(error)
      const message = error instanceof Error ? error.message : String(error)
      return { ...ended(), outcome: isRefused ? 'refused' : 'failed', ...nothing, message }
    } finally {
      this.#owner = undefined
      const { running: _, ...state } = this.#state
      this.#state = state
    }
  }

  async #trim(id: string, now: number, before: number): Promise<Plan> {
    const { data, journal, projector, trust, pendingWindow, retention, clock } = this.#settings
    const { trimNotes, trimClosed } = retention
    using folder = workFolder(data)
    const owner = new JournalOwner({
      journal,
      clock,
      takeHolds: () => this.#takeHolds(),
      hasHolds: async () => (await pendingHolds(data)).length > 0,
      onCommit: async () => {
        this.#state = { ...this.#state, compacting: true }
        await this.#keep()
      },
    })
    this.#owner = owner
    await this.#takeHolds()
    const { freeRoom: free = () => freeRoom(data), roomEvery = LOOK } = this.#settings
    checkRoom(data, journal.stats.bytes, await free())
    const full = new AbortController()
    const watch = setInterval(() => {
      free()
        .then(checkLeft)
        .catch((error: unknown) => full.abort(error))
    }, roomEvery)
    const plan = await proveInThread(
      {
        ...{ dir: join(data, 'journal'), lastSeq: journal.lastSeq, folder: folder.path },
        ...{ trust, pendingWindow, before, now, trimNotes, trimClosed, holds: [], share: SHARE },
      },
      owner,
      (step, done, all) => this.#tell({ id, since: now, step, done, all }),
      AbortSignal.any([this.#stop.signal, full.signal]),
    ).finally(() => clearInterval(watch))
    // The changes lie in the folder until the graph has them.
    if (owner.seq !== undefined) await projector().caughtUp(owner.seq)
    await this.#compact()
    return plan
  }

  async #takeHolds(): Promise<void> {
    const { data, journal } = this.#settings
    await takeHolds(data, journal, (error) => {
      throw error
    })
  }

  /** Takes what is trimmed off the disk, where that is not done; tries it again later where it fails. */
  async #compact(): Promise<void> {
    const { signal } = this.#stop
    if (this.#state.compacting !== true || performance.now() < this.#compactAfter) return
    try {
      await this.#settings.journal.compact(signal)
    } catch (cause) {
      this.#compactAfter = performance.now() + AGAIN
      this.#settings.onError(new Error('what was trimmed is still on the disk', { cause }))
      return
    }
    if (signal.aborted) return
    const { compacting: _, ...state } = this.#state
    this.#state = state
    await this.#keep()
  }

  #tell(running: NonNullable<RetentionState['running']>): void {
    this.#state = { ...this.#state, running }
    this.#keep().catch(this.#settings.onError)
  }

  /** One after the other: the newest is the one that stays. */
  #keep(): Promise<void> {
    const { data } = this.#settings
    this.#keeping = this.#keeping.catch(() => {}).then(() => writeRetentionState(data, this.#state))
    return this.#keeping
  }
}
