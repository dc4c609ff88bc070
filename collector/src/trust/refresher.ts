import type { Trust } from '@delegraph/link'
import { askSource, type SourceAnswer } from './ask.ts'
import { composeTrust, wantedKeys } from './compose.ts'
import type { TrustFile } from './file.ts'
import { refreshAfter, retryAfter } from './refresh-time.ts'
import { type Source, sourceId } from './source.ts'
import { SourceError } from './source-error.ts'
import type { SourceState, SourceStates } from './source-states.ts'
import { trustText } from './text.ts'

export interface TrustRefresherSettings {
  readonly file: TrustFile
  /** The trust until now, of the journal: what a source that does not answer is known by. */
  readonly before: Trust | undefined
  readonly clock: () => number
  /** In [0, 1). */
  readonly random: () => number
  /** Takes a trust down that differs from the one before. */
  readonly onChange: (trust: Trust) => Promise<void>
  /** Told after each round of asking. */
  readonly onStates: (states: SourceStates) => Promise<void>
  readonly onWarning: (message: string) => void
}

interface Asked {
  readonly source: Source
  answer?: SourceAnswer
  answeredAt?: number
  error?: string
  failures: number
  /** When to ask again, milliseconds. */
  next: number
}

/**
 * Asks the sources of a trust file, at once and then again and again, each in its own time. A source
 * that does not answer keeps its keys.
 */
export class TrustRefresher implements AsyncDisposable {
  readonly #settings: TrustRefresherSettings
  readonly #asked: readonly Asked[]
  readonly #stop = new AbortController()
  #trust: Trust | undefined
  #round: Promise<unknown> = Promise.resolve()
  #running: Promise<void> | undefined
  #wake: (() => void) | undefined

  constructor(settings: TrustRefresherSettings) {
    this.#settings = settings
    const sources = new Map(
      settings.file.sourced.map(({ source }) => [sourceId(source), source] as const),
    )
    this.#asked = [...sources.values()].map((source) => ({ source, failures: 0, next: 0 }))
  }

  /** Asks all sources now and gives the trust that comes of it; `onChange` is told of a change only. */
  refresh(): Promise<Trust> {
    return this.#ask(() => this.#asked)
  }

  /** Goes on asking until it is disposed. */
  follow(): void {
    if (this.#asked.length > 0) this.#running ??= this.#run()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort()
    this.#wake?.()
    await this.#running
    await this.#round.catch(() => {})
  }

  async #run(): Promise<void> {
    for (;;) {
      const next = Math.min(...this.#asked.map((one) => one.next))
      await this.#sleep(next - this.#settings.clock())
      if (this.#stop.signal.aborted) return
      try {
        await this.#ask(() => this.#due())
      } catch (error) {
        // The journal is full or gone: the change is found again in the next round.
        this.#settings.onWarning(`the trust roots were not recorded: ${messageOf(error)}`)
      }
    }
  }

  #sleep(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      // Never at once: a clock that stands still must not spin.
      const timer = setTimeout(resolve, Math.max(milliseconds, 1_000))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
      if (this.#stop.signal.aborted) this.#wake()
    })
  }

  #due(): Asked[] {
    const now = this.#settings.clock()
    return this.#asked.filter((one) => one.next <= now)
  }

  /** One round at a time: each goes on from the trust that the one before left. */
  #ask(whom: () => readonly Asked[]): Promise<Trust> {
    const round = this.#round.catch(() => {}).then(() => this.#askAll(whom()))
    this.#round = round
    return round
  }

  async #askAll(due: readonly Asked[]): Promise<Trust> {
    await Promise.all(due.map((one) => this.#askOne(one)))
    const { file, before, clock, onChange, onStates } = this.#settings
    const known = this.#trust ?? before
    if (this.#stop.signal.aborted && known !== undefined) return known
    // A key that is gone was in use up to this second.
    const until = Math.floor(clock() / 1000) + 1
    const trust = composeTrust(file, this.#found(), known, until)
    if (this.#trust !== undefined && trustText(trust) !== trustText(this.#trust)) {
      await onChange(trust)
    }
    this.#trust = trust
    if (this.#asked.length > 0) await onStates(this.#states())
    return trust
  }

  async #askOne(one: Asked): Promise<void> {
    const { clock, random, onWarning } = this.#settings
    const { source } = one
    try {
      const answer = await askSource(source, this.#stop.signal)
      refuseOlder(answer, one.answer)
      this.#warn(source, answer, one.answer)
      one.answer = answer
      one.answeredAt = clock()
      delete one.error
      one.failures = 0
      one.next = clock() + refreshAfter(source, answer.refresh, random())
    } catch (error) {
      if (!(error instanceof SourceError)) throw error
      one.failures += 1
      one.next = clock() + retryAfter(one.failures, random())
      if (this.#stop.signal.aborted) return
      one.error = error.message
      onWarning(`${source.name}: ${error.message}; the keys known until now stay`)
    }
  }

  #found(): Map<string, SourceAnswer> {
    return new Map(
      this.#asked.flatMap(({ source, answer }) =>
        answer === undefined ? [] : [[sourceId(source), answer] as const],
      ),
    )
  }

  /** Says once what an operator should know of an answer. */
  #warn(source: Source, answer: SourceAnswer, before: SourceAnswer | undefined): void {
    const { onWarning } = this.#settings
    if (this.#keys(source, answer) > 0) return
    if (before !== undefined && this.#keys(source, before) === 0) return
    if (answer.revoked === true) onWarning(`${source.name} withdrew all keys of its trust domain`)
    else onWarning(`${source.name} has no key that is of use: ${answer.skipped.join('; ')}`)
  }

  #keys(source: Source, answer: SourceAnswer): number {
    return wantedKeys(this.#settings.file, source, answer).length
  }

  #states(): SourceStates {
    const states = this.#asked.map(
      ({ source, answer, answeredAt, error }): [string, SourceState] => [
        source.name,
        {
          ...(answer === undefined ? {} : { keys: this.#keys(source, answer) }),
          ...(answeredAt === undefined ? {} : { answered: new Date(answeredAt).toISOString() }),
          ...(error === undefined ? {} : { error }),
        },
      ],
    )
    return Object.fromEntries(states)
  }
}

/** A bundle that was replaced can come back from a cache; SPIFFE Trust Domain and Bundle, 4.1.1. */
function refuseOlder(answer: SourceAnswer, before: SourceAnswer | undefined): void {
  const { sequence } = answer
  if (sequence === undefined || before?.sequence === undefined) return
  if (sequence < before.sequence) {
    throw new SourceError(`is older than what it said before: ${sequence} after ${before.sequence}`)
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
