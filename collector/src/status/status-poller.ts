import { outcomeText } from '@delegraph/graph-schema'
import { boundedMap, type StatusAnswer, type Trust } from '@delegraph/link'
import { waitAfter } from '../alerts/backoff.ts'
import { evidenceOfNode } from '../evidence/node.ts'
import { statusEvidence, statusPayload } from '../evidence/status.ts'
import type { StatusEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'
import type { Journal } from '../journal/index.ts'
import { statusRows } from '../project/status-lists.ts'
import { judgeStatusList } from '../verify/status-list.ts'
import type { FetchStatusList } from './fetch-status-list.ts'
import { entriesInUse, listsInUse } from './lists-in-use.ts'
import { isNews } from './news.ts'
import { openQuestions, questionKey } from './open-questions.ts'

export interface StatusPollerSettings {
  readonly store: GraphStore
  readonly journal: Journal
  /** The trust in force now. */
  readonly trust: () => Trust
  readonly fetch: FetchStatusList
  readonly clock: () => number
  readonly onError: (error: unknown) => void
  /** 0 to 1; `Math.random` where absent. */
  readonly random?: () => number
}

/** What is known of one list since this process started. */
interface Followed {
  /** Epoch milliseconds. */
  next: number
  failures: number
  /** The answer that the journal has; as text, for lists that are inflated are large. */
  recorded?: StatusEvidence | undefined
}

export interface StatusStanding {
  readonly answering: number
  readonly failing: number
  readonly oldestAskedAt?: number
}

const SECOND = 1_000
const TICK = 30 * SECOND
const SOONEST = 60
const LATEST = 3_600
/** Lists of roots that ended longer ago are given up, seconds. */
const GIVEN_UP = 7 * 86_400
const HOSTS_AT_ONCE = 4

/**
 * Asks the status lists that links name, and puts what changed into the journal: the graph follows the
 * journal alone, so a rebuild judges by the same answers. Each list is asked again when its answer
 * ends, at least a minute and at most an hour later, earlier by a random part so that collectors do not
 * come together, and more and more seldom while it fails. Never throws: what fails is told.
 */
export class StatusPoller implements AsyncDisposable {
  readonly #settings: StatusPollerSettings
  #followed = new Map<string, Followed>()
  /** Questions about the past that were asked, answered or not. */
  readonly #asked = boundedMap<true>(10_000)
  #cut: string | undefined
  #timer: NodeJS.Timeout | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(settings: StatusPollerSettings) {
    this.#settings = settings
  }

  /** How the lists stand that are followed now; `oldestAskedAt` is NumericDate. */
  get standing(): StatusStanding {
    const all = [...this.#followed.values()]
    const asked = all.flatMap(({ recorded }) => recorded?.askedAt ?? [])
    const failing = all.filter(({ failures }) => failures > 0).length
    return {
      answering: all.length - failing,
      failing,
      ...(asked.length === 0 ? {} : { oldestAskedAt: Math.min(...asked) }),
    }
  }

  /** Asks from now on, until it is disposed. */
  start(): void {
    this.#timer = setInterval(() => this.#tickOnce(), TICK)
    this.#tickOnce()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    clearInterval(this.#timer)
    await this.#running
  }

  #tickOnce(): void {
    this.#running ??= this.tick().finally(() => {
      this.#running = undefined
    })
  }

  /** Asks every list that is due, and then what is open about the past. */
  async tick(): Promise<void> {
    const { store, trust, clock, onError } = this.#settings
    try {
      const now = Math.floor(clock() / SECOND)
      const { uris, cut } = await listsInUse(store, trust(), now - GIVEN_UP)
      this.#tellCut(cut)
      this.#followed = new Map(
        uris.map((uri) => [uri, this.#followed.get(uri) ?? { next: 0, failures: 0 }]),
      )
      const due = [...this.#followed].filter(([, { next }]) => next <= clock())
      const hosts = [...Map.groupBy(due, ([uri]) => new URL(uri).host).values()]
      const workers = Array.from({ length: HOSTS_AT_ONCE }, async () => {
        for (let host = hosts.pop(); host !== undefined; host = hosts.pop())
          for (const [uri, followed] of host) if (!this.#stopped) await this.#ask(uri, followed)
      })
      await Promise.all(workers)
      await this.#askAboutThePast()
    } catch (error) {
      onError(error)
    }
  }

  /** Once for each new reason: what is not asked stays unknown, and somebody should know why. */
  #tellCut(cut: string | undefined): void {
    if (cut !== undefined && cut !== this.#cut)
      this.#settings.onError(new Error(`${cut}: those beyond are not asked`))
    this.#cut = cut
  }

  async #ask(uri: string, followed: Followed): Promise<void> {
    const { store, clock, random = Math.random, onError } = this.#settings
    const now = Math.floor(clock() / SECOND)
    try {
      followed.recorded ??= await this.#newestEvidence(uri)
      const before = this.#openAgain(followed.recorded)
      // Nobody can use any more what names it, and there is an answer from behind the end.
      const entries = await entriesInUse(store, uri, before?.from ?? now - GIVEN_UP)
      if (entries.length === 0) {
        followed.next = clock() + SOONEST * SECOND
        return
      }
      const { evidence, answer } = await this.#answerOf(uri, uri)
      const wait = Math.min(Math.max(answer.until - now, SOONEST), LATEST)
      if (isNews(before, answer, entries, now + wait)) {
        await this.#record(evidence)
        followed.recorded = evidence
      }
      // It says something of the past, and its host has nothing newer yet.
      if (answer.until <= now) throw new Error(`the status list of ${new URL(uri).host} has ended`)
      followed.next = clock() + wait * SECOND * (1 - random() / 10)
      followed.failures = 0
    } catch (error) {
      followed.failures += 1
      const backoff = { first: SOONEST * SECOND, longest: LATEST * SECOND, random }
      followed.next = clock() + waitAfter(followed.failures, undefined, backoff)
      onError(error)
    }
  }

  /**
   * Asks with `time` for acts that no answer covers. A static host ignores that and sends what it has: an
   * answer that does not cover the time is none. Each question is asked once.
   */
  async #askAboutThePast(): Promise<void> {
    const { store, trust, onError, clock } = this.#settings
    const tried = new Set(
      [...this.#followed].filter(([, { next }]) => next > 0).map(([uri]) => uri),
    )
    const now = Math.floor(clock() / SECOND)
    const got: StatusAnswer[] = []
    for (const { uri, at } of await openQuestions(store, trust(), now, this.#asked)) {
      if (this.#stopped || !tried.has(uri)) continue
      if (got.some((answer) => answer.uri === uri && covers(answer, at))) continue
      this.#asked.set(questionKey(uri, at), true)
      try {
        const { evidence, answer } = await this.#answerOf(uri, pastAddress(uri, at))
        if (!covers(answer, at))
          throw new Error(`${new URL(uri).host} does not answer for the past`)
        await this.#record(evidence)
        got.push(answer)
      } catch (error) {
        onError(error)
      }
    }
  }

  /** Only what verifies is kept: anything else would be the word of whoever runs the host. */
  async #answerOf(
    uri: string,
    address: string,
  ): Promise<{ readonly evidence: StatusEvidence; readonly answer: StatusAnswer }> {
    const { fetch, clock, trust } = this.#settings
    const text = await fetch(address)
    const evidence = statusEvidence({ uri, text, askedAt: Math.floor(clock() / SECOND) })
    const { outcome, answer } = judgeStatusList(evidence, trust())
    if (answer !== undefined) return { evidence, answer }
    const why = outcomeText(outcome)
    throw new Error(`the status list of ${new URL(uri).host} does not verify: ${why}`)
  }

  async #record(evidence: StatusEvidence): Promise<void> {
    const { journal, clock } = this.#settings
    const payload = statusPayload(evidence)
    await journal.append({ kind: 'status', receivedAt: clock(), payload })
  }

  /** The newest answer of those in the graph, for a process that begins. */
  async #newestEvidence(uri: string): Promise<StatusEvidence | undefined> {
    const { store } = this.#settings
    const rows = await statusRows(store, [uri])
    const newest = rows.sort((a, b) => a.from - b.from || a.until - b.until).at(-1)
    if (newest === undefined) return undefined
    const [node] = await store.find('Evidence', 'id', [newest.id])
    return node === undefined ? undefined : (evidenceOfNode(node) as StatusEvidence)
  }

  #openAgain(evidence: StatusEvidence | undefined): StatusAnswer | undefined {
    const { trust } = this.#settings
    return evidence === undefined ? undefined : judgeStatusList(evidence, trust()).answer
  }
}

function covers({ from, until }: StatusAnswer, at: number): boolean {
  return from <= at && at < until
}

/** draft-ietf-oauth-status-list-21 section 8.4: a Unix time in the query. */
function pastAddress(uri: string, at: number): string {
  const url = new URL(uri)
  url.searchParams.set('time', String(at))
  return url.href
}
