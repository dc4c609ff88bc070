import { type GraphNode, type GraphStore, pagesOf } from '../graph/index.ts'
import type { TriageDesk } from './desk.ts'
import { BY_ITSELF } from './states.ts'

export interface KeeperSettings {
  readonly store: GraphStore
  readonly desk: TriageDesk
  /** Epoch milliseconds. */
  readonly clock: () => number
  readonly onError: (error: unknown) => void
}

const PAGE = 200
const LONGEST_SLEEP = 30_000
const SHORTEST_SLEEP = 1_000

const OVER = 'the time for which it was accepted is over'
const AGAIN = 'new evidence: it was withdrawn and holds again'
const GRAVER = 'new evidence: it is graver than when it was put aside'

/**
 * Brings back what was put aside: what was accepted until now, what was closed and holds anew, what got
 * graver since; and ends suppressions whose time is over. It says so in the journal like anybody else,
 * so that a rebuild need not know what time it was.
 */
export class TriageKeeper implements AsyncDisposable {
  readonly #settings: KeeperSettings
  #position = ''
  #stopped = false
  #news = true
  #wake: (() => void) | undefined
  #running: Promise<void> | undefined

  constructor(settings: KeeperSettings) {
    this.#settings = settings
  }

  /** Looks through everything once, and then at what changes. */
  start(): void {
    this.#running ??= this.#run()
  }

  /** Says that findings may have changed. */
  notify(): void {
    this.#news = true
    this.#wake?.()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true
    this.notify()
    await this.#running
  }

  /** Puts right what is due now. */
  async round(): Promise<void> {
    const { store, desk, clock } = this.#settings
    const now = clock()
    const over = await this.#dueTriage(now)
    if (over.length > 0) await desk.bringBack(over, OVER)
    const rules = await store.find('Suppression', 'state', ['active'])
    for (const { key, columns } of rules) {
      if (Number(columns['until']) <= now) await desk.end(key, BY_ITSELF)
    }
    await this.#followEvents()
  }

  async #run(): Promise<void> {
    let all = false
    while (!this.#stopped) {
      this.#news = false
      try {
        if (!all) await this.#lookThrough()
        all = true
        await this.round()
        await this.#sleep(await this.#untilNext())
      } catch (error) {
        if (this.#stopped) return
        // The journal or the store is away; what is due stays due.
        this.#settings.onError(error)
        await this.#sleep(1_000)
      }
    }
  }

  /** Everything that is put aside, once: it may have changed while nobody was here. */
  async #lookThrough(): Promise<void> {
    const { store } = this.#settings
    const [newest] = await store.page({ ...EVENTS, direction: 'desc', where: {}, limit: 1 })
    this.#position = newest?.key ?? ''
    const pages = pagesOf(store, {
      kind: 'Triage',
      where: { equals: { state: ['closed', 'accepted'] } },
      orderBy: 'finding',
      direction: 'asc',
      limit: PAGE,
    })
    for await (const page of pages) await this.#examine(page)
  }

  async #followEvents(): Promise<void> {
    const { store } = this.#settings
    for (;;) {
      const events = await store.page({
        ...EVENTS,
        direction: 'asc',
        where: {},
        limit: PAGE,
        after: { value: this.#position, key: this.#position },
      })
      const last = events.at(-1)
      if (last === undefined) return
      const ids = [...new Set(events.map(({ columns }) => String(columns['finding'])))]
      const triage = await store.find('Triage', 'finding', ids)
      await this.#examine(
        triage.filter(({ columns: { state } }) => state === 'closed' || state === 'accepted'),
      )
      this.#position = last.key
    }
  }

  async #examine(aside: readonly GraphNode[]): Promise<void> {
    if (aside.length === 0) return
    const { store, desk } = this.#settings
    const ids = aside.map(({ key }) => key)
    const findings = new Map((await store.find('Finding', 'id', ids)).map((n) => [n.key, n]))
    const events = Map.groupBy(await store.find('FindingEvent', 'finding', ids), ({ columns }) =>
      String(columns['finding']),
    )
    const isGraver = ({ key, columns }: GraphNode): boolean =>
      Number(findings.get(key)?.columns['severity'] ?? 0) > Number(columns['severity'] ?? 5)
    const isAgain = ({ key, columns }: GraphNode): boolean =>
      columns['state'] === 'closed' &&
      (events.get(key) ?? []).some(
        (event) =>
          event.columns['change'] === 'reopened' &&
          // A cursor begins with the journal's position when the change was learned.
          Number.parseInt(event.key, 10) >= Number(columns['recordedAs'] ?? 0),
      )
    const graver = aside.filter(isGraver).map(({ key }) => key)
    const again = aside.filter((node) => !isGraver(node) && isAgain(node)).map(({ key }) => key)
    if (graver.length > 0) await desk.bringBack(graver, GRAVER)
    if (again.length > 0) await desk.bringBack(again, AGAIN)
  }

  async #dueTriage(now: number): Promise<string[]> {
    const due = await this.#settings.store.page({
      ...ACCEPTED,
      where: { equals: { state: ['accepted'] }, max: { until: now } },
      limit: PAGE,
    })
    return due.map(({ key }) => key)
  }

  async #untilNext(): Promise<number> {
    const { store, clock } = this.#settings
    const now = clock()
    const [next] = await store.page({
      ...ACCEPTED,
      where: { equals: { state: ['accepted'] } },
      limit: 1,
    })
    const rules = await store.find('Suppression', 'state', ['active'])
    const times = [...(next === undefined ? [] : [next]), ...rules].map(({ columns }) =>
      Number(columns['until']),
    )
    const wait = Math.min(...times.map((at) => at - now), LONGEST_SLEEP)
    // What could not be put right is not tried again without a pause.
    return wait > 0 ? wait : SHORTEST_SLEEP
  }

  #sleep(milliseconds: number): Promise<void> {
    if (this.#news || this.#stopped) return Promise.resolve()
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, Math.max(milliseconds, 10))
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }
}

const EVENTS = { kind: 'FindingEvent', orderBy: 'cursor' } as const
const ACCEPTED = { kind: 'Triage', orderBy: 'until', direction: 'asc' } as const
