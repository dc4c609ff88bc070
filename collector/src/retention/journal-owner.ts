import { CollectorError } from '../errors.ts'
import type { Journal, JournalRecord, NewRecord } from '../journal/index.ts'
import type { ChangeFile } from './change-file.ts'
import type { Owner, Proposal } from './prove-retention.ts'
import { retentionPayload } from './record.ts'

export interface JournalOwnerSettings {
  readonly journal: Journal
  readonly clock: () => number
  /** Takes in the holds that somebody left. @throws where one cannot be read */
  readonly takeHolds: () => Promise<void>
  /** Whether somebody left one since. */
  readonly hasHolds: () => Promise<boolean>
  /** Told before the record is written: from then on something is to be taken off the disk. */
  readonly onCommit: () => Promise<void>
  /** How long appends may wait, milliseconds; 3,000 where absent. */
  readonly patience?: number
}

/** So near behind, it is quick to look at what is left. */
const NEAR = 64
/** Asked so often, it does not come nearer: appends wait a little longer. */
const OFTEN = 5
const PATIENCE = 3_000
/** How often appends may wait to no end. */
const WAITS = 3

/**
 * The one who has the journal, while somebody else proves what may go. What is appended goes on until
 * the last look: then it waits for as long as that takes, within bounds.
 */
export class JournalOwner implements Owner {
  readonly #settings: JournalOwnerSettings
  #asked = 0
  #waits = 0
  /** Decides what is appended while the others wait. */
  #decide: ((record: NewRecord | undefined) => void) | undefined
  #waiting: Promise<unknown> = Promise.resolve()
  #written: { readonly payload: Buffer; readonly file: ChangeFile } | undefined
  #seq: number | undefined

  constructor(settings: JournalOwnerSettings) {
    this.#settings = settings
  }

  /** The record that was written; undefined as long as none is. */
  get seq(): number | undefined {
    return this.#seq
  }

  /** What becomes of the graph by this record, where it is the one that was written here. */
  changesOf(record: JournalRecord): ChangeFile | undefined {
    return this.#written?.payload.equals(record.payload) === true ? this.#written.file : undefined
  }

  /** @throws CollectorError `retention_refused` where the last look was not over in time, again and again */
  async next(at: number): Promise<{ readonly lastSeq: number; readonly last: boolean }> {
    this.release()
    if (this.#waits >= WAITS) {
      const message = 'nothing was trimmed: evidence comes faster than it can be looked at'
      throw new CollectorError('retention_refused', message)
    }
    const { journal, takeHolds, patience = PATIENCE } = this.#settings
    await takeHolds()
    this.#asked += 1
    if (journal.lastSeq - at > NEAR && this.#asked < OFTEN) {
      return { lastSeq: journal.lastSeq, last: false }
    }
    // Where that comes to no end, it has to come near again first.
    this.#asked = 0
    this.#waits += 1
    return new Promise((resolve, reject) => {
      let timer: NodeJS.Timeout | undefined
      this.#waiting = journal
        .appendNext((lastSeq) => {
          const decided = Promise.withResolvers<NewRecord | undefined>()
          this.#decide = decided.resolve
          timer = setTimeout(() => this.release(), patience)
          resolve({ lastSeq, last: true })
          return decided.promise
        })
        .finally(() => clearTimeout(timer))
      this.#waiting.catch(reject)
    })
  }

  release(): void {
    this.#decide?.(undefined)
    this.#decide = undefined
  }

  async commit({ record, changes, since }: Proposal): Promise<boolean> {
    const { clock, hasHolds, onCommit } = this.#settings
    await onCommit()
    // Whoever asked for something to be kept meanwhile is heard first.
    if (await hasHolds()) this.release()
    const decide = this.#decide
    if (decide === undefined) return false
    this.#decide = undefined
    const payload = retentionPayload(record)
    this.#written = { payload, file: { path: changes, since } }
    decide({ kind: 'retention', receivedAt: clock(), payload })
    const result = await (this.#waiting as Promise<{ readonly seq: number } | undefined>)
    this.#seq = result?.seq
    return result !== undefined
  }
}
