import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openStoreOf } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { type GraphStore, openSqliteStore } from '../../collector/src/graph/index.ts'
import {
  type Journal,
  type JournalRecord,
  openJournal,
  openJournalView,
} from '../../collector/src/journal/index.ts'
import { Projector } from '../../collector/src/project/projector.ts'
import { rebuildGraph } from '../../collector/src/project/rebuild.ts'
import { askForRun } from '../../collector/src/retention/asking.ts'
import { readChanges } from '../../collector/src/retention/change-file.ts'
import { pendingHolds, recordHold, takeHolds } from '../../collector/src/retention/inbox.ts'
import { JournalOwner } from '../../collector/src/retention/journal-owner.ts'
import { trimmedAt } from '../../collector/src/retention/nodes.ts'
import { type Owner, proveRetention } from '../../collector/src/retention/prove-retention.ts'
import { Trimmer } from '../../collector/src/retention/trimmer.ts'
import { workFolder } from '../../collector/src/retention/work-folder.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'
import { env, T0, TOOL, TRUST } from '../harness/story.ts'
import { CaseStory } from './testing/cases.ts'

const HOUR = 3_600
const now = (T0 + 2 * HOUR) * 1000
const before = (T0 + HOUR) * 1000
const TRIMMED = 'unknown:chain_incomplete:trimmed'

let folder: ReturnType<typeof temporaryFolder>
let story: CaseStory
beforeEach(() => {
  folder = temporaryFolder()
  story = new CaseStory()
})
afterEach(() => folder[Symbol.dispose]())

const around = { trust: TRUST, pendingWindow: 900_000, channels: [], clock: () => now }

/** Sends what the story told since. */
async function send(journal: Journal, at = T0): Promise<number> {
  const record = { kind: 'otlp-logs', receivedAt: at * 1000, payload: story.body() } as const
  return (await journal.append({ ...record, contentType: 'application/json' })).seq
}

/** A journal with a graph that follows it, trimmed while both are in use. */
async function live(store: GraphStore, { knowsChanges = true } = {}) {
  await using cleanup = new AsyncDisposableStack()
  const journal = cleanup.use(await openJournal({ dir: join(folder.path, 'journal') }))
  cleanup.use(store)
  await store.init()
  await store.clear()
  let owner: JournalOwner | undefined
  const projector = new Projector({
    ...{ ...around, store, journal, onEvents() {} },
    onError: (error) => expect.unreachable(String(error)),
    trimming(record: JournalRecord) {
      const file = knowsChanges ? owner?.changesOf(record) : undefined
      return file === undefined ? undefined : readChanges(file)
    },
  })
  await projector.start()
  cleanup.use(projector)
  journal.onAppend(() => projector.notify())
  const owned = cleanup.move()
  return {
    journal,
    store,
    projector,
    settled: () => projector.caughtUp(journal.lastSeq),
    /** @param meanwhile what happens before each time that the owner is asked, from the first on */
    async trim(...meanwhile: (() => unknown)[]) {
      using work = workFolder(folder.path)
      const mine = new JournalOwner({
        ...{ journal, clock: () => now, onCommit: async () => {} },
        takeHolds: () =>
          takeHolds(folder.path, journal, (error) => {
            throw error
          }),
        hasHolds: async () => (await pendingHolds(folder.path)).length > 0,
      })
      owner = mine
      const asked: Owner = {
        async next(at) {
          await meanwhile.shift()?.()
          return mine.next(at)
        },
        release: () => mine.release(),
        commit: (proposal) => mine.commit(proposal),
      }
      const plan = await proveRetention(
        {
          ...{ ...around, before, now, trimNotes: true, trimClosed: false, holds: [] },
          view: await openJournalView(join(folder.path, 'journal'), journal.lastSeq),
          ...{ folder: work.path, share: 1, onProgress() {} },
        },
        asked,
      ).finally(() => mine.release())
      if (knowsChanges) await projector.caughtUp(journal.lastSeq)
      return plan
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

/** Everything that a graph says, but for findings that were withdrawn. */
async function dumped(store: GraphStore): Promise<string[]> {
  const lines: string[] = []
  for await (const item of store.dump()) {
    const passing = 'columns' in item && item.kind === 'Finding' && item.columns['state'] !== 'open'
    if (!passing) lines.push(JSON.stringify(item))
  }
  return lines
}

async function madeAnew(journal: Journal): Promise<string[]> {
  await using store = openSqliteStore({ file: ':memory:' })
  await store.init()
  await rebuildGraph({ ...around, store, journal })
  return await dumped(store)
}

async function outcomeOf(store: GraphStore, hash: string): Promise<unknown> {
  return (await store.find('Link', 'hash', [hash]))[0]?.columns['outcome']
}

function sqlite(): GraphStore {
  return openSqliteStore({ file: ':memory:' })
}

describe.each(storePlaces())('trimming a journal in use, graph in $name', (place) => {
  const opened = (): Promise<GraphStore> =>
    openStoreOf({ ...readConfig({ data: folder.path }, {}), store: place.store }, place.env)

  it('takes what is gone out of the graph, which is then as one that is made anew', async () => {
    await using one = await live(await opened())
    const gone = story.clean('old')
    await send(one.journal)
    const other = story.clean('older')
    await send(one.journal)
    // The agent of what goes is known by what stays as well.
    story.knows('agent:bad')
    const bad = story.bad('bad')
    await send(one.journal)
    await one.settled()
    expect(await outcomeOf(one.store, gone.hash)).toBe('ok')
    const plan = await one.trim()
    expect(plan).toMatchObject({ bodies: 2, chains: 2, kept: { finding_open: 1 } })
    expect(await outcomeOf(one.store, gone.hash)).toBe(TRIMMED)
    expect(await one.store.find('Action', 'link', [gone.hash, other.hash])).toEqual([])
    expect(await trimmedAt(one.store, 'chain', other.hash)).toBe(now)
    expect(await outcomeOf(one.store, bad.hash)).toBe('ok')
    expect(await dumped(one.store)).toEqual(await madeAnew(one.journal))
  }, 600_000)

  it('goes on judging what comes behind it as one that is made anew does', async () => {
    await using one = await live(await opened())
    const root = story.clean('old', { depth: 3 })
    await send(one.journal)
    const child = story.link(root, 'agent:late', { [TOOL.deploy]: env('staging') }, CaseStory.short)
    story.call(child)
    expect((await one.trim()).bodies).toBe(1)
    await send(one.journal, T0 + 2 * HOUR)
    story.clean('new', { iat: T0 + HOUR, exp: T0 + 20 * HOUR })
    await send(one.journal, T0 + 2 * HOUR)
    await one.settled()
    expect(await outcomeOf(one.store, child.hash)).toBe(TRIMMED)
    expect(await dumped(one.store)).toEqual(await madeAnew(one.journal))
  }, 600_000)
})

describe('what comes between the proof and the record', () => {
  it('keeps the case that it belongs to: a late link, and a late call', async () => {
    await using one = await live(sqlite())
    const linked = story.clean('linked', { depth: 3 })
    await send(one.journal)
    const called = story.clean('called')
    await send(one.journal)
    const gone = story.clean('gone')
    await send(one.journal)
    const plan = await one.trim(
      async () => {
        const grants = { [TOOL.deploy]: env('staging') }
        story.call(story.link(linked, 'agent:late', grants, CaseStory.short))
        await send(one.journal, T0 + 2 * HOUR)
      },
      async () => {
        story.call(called)
        await send(one.journal, T0 + 2 * HOUR)
      },
    )
    expect(plan).toMatchObject({ bodies: 1, kept: { newer_evidence: 2 }, tasks: ['gone'] })
    expect(await outcomeOf(one.store, linked.hash)).toBe('ok')
    expect(await outcomeOf(one.store, called.hash)).toBe('ok')
    expect(await outcomeOf(one.store, gone.hash)).toBe(TRIMMED)
    expect(await dumped(one.store)).toEqual(await madeAnew(one.journal))
  })

  it('wins where it is a hold, also one that was only left for the collector', async () => {
    await using one = await live(sqlite())
    const held = story.clean('held')
    await send(one.journal)
    const gone = story.clean('gone')
    await send(one.journal)
    const words = { version: 1, type: 'hold', id: 'h', reason: 'case 7', by: 'counsel' } as const
    const hold = { ...words, what: 'chain', target: held.hash, at: now } as const
    const plan = await one.trim(async () => {
      expect(await recordHold(folder.path, hold)).toBe('handed_over')
    })
    expect(plan).toMatchObject({ bodies: 1, kept: { held: 1 } })
    expect(await outcomeOf(one.store, held.hash)).toBe('ok')
    expect(await outcomeOf(one.store, gone.hash)).toBe(TRIMMED)
  })

  it('stays in the graph where it names what else went: agents, tools, keys', async () => {
    await using one = await live(sqlite())
    const gone = story.clean('shared')
    await send(one.journal)
    const plan = await one.trim(async () => {
      // The same agent, in another task.
      const more = { txn: 'other', iat: T0 + HOUR, exp: T0 + 20 * HOUR }
      story.call(story.root('agent:shared', { [TOOL.deploy]: env('staging') }, more))
      await send(one.journal, T0 + 2 * HOUR)
    })
    expect(plan.bodies).toBe(1)
    expect(await outcomeOf(one.store, gone.hash)).toBe(TRIMMED)
    expect(await one.store.find('Agent', 'id', ['agent:shared'])).toHaveLength(1)
    expect(await dumped(one.store)).toEqual(await madeAnew(one.journal))
  })

  it('leaves nothing to trim where it comes for all of it', async () => {
    await using one = await live(sqlite())
    const links = ['a', 'b'].map((task) => story.clean(task))
    // One body: what keeps one of its cases keeps all.
    await send(one.journal)
    const plan = await one.trim(async () => {
      for (const link of links.slice(0, 1)) story.call(link)
      await send(one.journal, T0 + 2 * HOUR)
    })
    expect(plan).toMatchObject({ bodies: 0, kept: { newer_evidence: 1 } })
    expect(one.journal.retentions).toEqual([])
  })

  it('refuses where it comes without end, and lets senders go on', async () => {
    await using one = await live(sqlite())
    const late: (() => Promise<unknown>)[] = []
    for (const task of ['a', 'b', 'c', 'd']) {
      const link = story.clean(task)
      await send(one.journal)
      late.push(async () => {
        story.call(link)
        await send(one.journal, T0 + 2 * HOUR)
      })
    }
    await expect(one.trim(...late)).rejects.toMatchObject({
      code: 'retention_refused',
      message: expect.stringContaining('keeps coming'),
    })
    expect(one.journal.retentions).toEqual([])
    expect(one.journal.stats.records).toBe(7)
    expect(await send(one.journal, T0 + 2 * HOUR)).toBe(8)
  })
})

describe('the last look', () => {
  it('lets what is appended wait for a while and no longer, three times at most', async () => {
    await using journal = await openJournal({ dir: join(folder.path, 'journal') })
    const owner = new JournalOwner({
      ...{ journal, clock: () => now, patience: 30, onCommit: async () => {} },
      ...{ takeHolds: async () => {}, hasHolds: async () => false },
    })
    const record = { version: 1 as const, at: now, before, bodies: [], links: [] }
    const proposal = {
      record: { ...record, findings: [], tasks: [] },
      changes: 'none',
      since: new Map(),
    }
    for (let i = 0; i < 3; i += 1) {
      expect(await owner.next(journal.lastSeq)).toEqual({ lastSeq: i, last: true })
      // It is not over in time.
      expect(await send(journal)).toBe(i + 1)
      expect(await owner.commit(proposal)).toBe(false)
    }
    await expect(owner.next(journal.lastSeq)).rejects.toMatchObject({ code: 'retention_refused' })
    expect(journal.retentions).toEqual([])
    expect(owner.seq).toBeUndefined()
  })

  it('comes when it is near, or does not come nearer', async () => {
    await using journal = await openJournal({ dir: join(folder.path, 'journal') })
    for (let i = 0; i < 100; i += 1) await send(journal)
    const owner = new JournalOwner({
      ...{ journal, clock: () => now, onCommit: async () => {} },
      ...{ takeHolds: async () => {}, hasHolds: async () => false },
    })
    const answers = []
    for (let i = 0; i < 5; i += 1) answers.push(await owner.next(0))
    expect(answers.map(({ last }) => last)).toEqual([false, false, false, false, true])
    owner.release()
    expect(await owner.next(90)).toEqual({ lastSeq: 100, last: true })
    owner.release()
  })
})

describe('a disk without room', () => {
  it.each([
    ['at the beginning', 0, 'a run needs'],
    ['in the middle', 1, 'only 0 MiB were left'],
  ])('is not filled by a run: %s', async (_, looks, says) => {
    await using one = await live(sqlite())
    for (let i = 0; i < 50; i += 1) {
      story.clean(`task-${i}`)
      await send(one.journal)
    }
    let asked = 0
    await using trimmer = new Trimmer({
      ...{ data: folder.path, journal: one.journal, trust: TRUST, pendingWindow: 900_000 },
      ...{ clock: () => now, projector: () => one.projector, onRun() {}, onError() {} },
      retention: { trimNotes: true, trimClosed: false },
      roomEvery: 20,
      freeRoom: async () => {
        asked += 1
        return asked > looks ? 0 : 2 ** 40
      },
    })
    await trimmer.start()
    const run = await askForRun(folder.path, 1, () => {})
    expect(run).toMatchObject({ outcome: 'failed', bodies: 0 })
    expect(run.message).toContain('nothing was trimmed')
    expect(run.message).toContain(says)
    expect(one.journal.retentions).toEqual([])
    expect(await send(one.journal)).toBe(51)
  })
})

describe('a graph whose record was written by somebody else', () => {
  it('is made anew, and says so until it is whole', async () => {
    await using one = await live(sqlite(), { knowsChanges: false })
    const gone = story.clean('gone')
    await send(one.journal)
    for (let i = 0; i < 100; i += 1) {
      story.bad(`bad-${i}`)
      await send(one.journal)
    }
    await one.settled()
    expect(one.projector.isAnew).toBe(false)
    const plan = await one.trim()
    expect(plan.bodies).toBe(1)
    let seen = false
    while (one.projector.isAnew || one.projector.position < one.journal.lastSeq) {
      seen ||= one.projector.isAnew
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(seen).toBe(true)
    expect(await outcomeOf(one.store, gone.hash)).toBe(TRIMMED)
    expect(await dumped(one.store)).toEqual(await madeAnew(one.journal))
  })
})
