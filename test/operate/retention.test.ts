import { execFile } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Evidence } from '../../collector/src/evidence/types.ts'
import { type GraphStore, openSqliteStore } from '../../collector/src/graph/index.ts'
import { type Journal, openJournal, readJournal } from '../../collector/src/journal/index.ts'
import { Projector } from '../../collector/src/project/projector.ts'
import { rebuildGraph } from '../../collector/src/project/rebuild.ts'
import { recordHold, takeHolds } from '../../collector/src/retention/inbox.ts'
import { holdsIn, trimmedAt } from '../../collector/src/retention/nodes.ts'
import { compareAll } from '../../collector/src/retention/prove.ts'
import { holdPayload, retentionPayload } from '../../collector/src/retention/record.ts'
import { previewRetention, runRetention } from '../../collector/src/retention/run.ts'
import { importJournal } from '../../collector/src/transfer/import-journal.ts'
import { writeJournalFile } from '../../collector/src/transfer/journal-file.ts'
import { demoCollector } from '../harness/demo.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, Story, T0, TOOL, TRUST } from '../harness/story.ts'

const HOUR = 3_600
const now = (T0 + 2 * HOUR) * 1000
const before = (T0 + HOUR) * 1000
/** Over by the time of the run. */
const short = { iat: T0, exp: T0 + 600 }

let folder: ReturnType<typeof temporaryFolder>
let story: Story
beforeEach(() => {
  folder = temporaryFolder()
  story = new Story()
})
afterEach(() => folder[Symbol.dispose]())

function open(segmentBytes?: number): Promise<Journal> {
  const dir = join(folder.path, 'journal')
  return openJournal({ dir, ...(segmentBytes === undefined ? {} : { segmentBytes }) })
}

/** Sends what the story told since the last time, as one body. */
let sent = 0
async function send(journal: Journal, receivedAt = T0): Promise<number> {
  const told: readonly Evidence[] = story.evidence.slice(sent)
  sent = story.evidence.length
  const logRecords = told.flatMap((one) =>
    'text' in one ? [{ eventName: `delegation.${one.kind}`, body: { stringValue: one.text } }] : [],
  )
  const payload = Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
  const record = { kind: 'otlp-logs', receivedAt: receivedAt * 1000, payload } as const
  return (await journal.append({ ...record, contentType: 'application/json' })).seq
}

/** A delegation and one call within it. */
function cleanCase(task: string, more: object = {}) {
  const link = story.root(
    `agent:${task}`,
    { [TOOL.deploy]: env('staging') },
    { txn: task, ...short, ...more },
  )
  story.act(link, TOOL.deploy, { args: { env: 'staging' }, span: false })
  return link
}

/** A call that nothing covers. */
function badCase(task: string) {
  const link = story.root(
    `agent:${task}`,
    { [TOOL.deploy]: env('staging') },
    { txn: task, ...short },
  )
  story.act(link, TOOL.deploy, { args: { env: 'production' }, span: false })
  return link
}

function settings(journal: Journal, more: object = {}) {
  return {
    journal,
    data: folder.path,
    trust: TRUST,
    pendingWindow: 900_000,
    before,
    trimNotes: true,
    trimClosed: false,
    clock: () => now,
    ...more,
  }
}

async function graphOf(journal: Journal): Promise<GraphStore> {
  const store = openSqliteStore({ file: ':memory:' })
  await store.init()
  await rebuildGraph({ ...settings(journal), store, channels: [] })
  return store
}

async function openFindings(store: GraphStore): Promise<string[]> {
  const order = { orderBy: 'id', direction: 'asc', limit: 100 } as const
  const where = { equals: { state: ['open'] } }
  const nodes = await store.page({ kind: 'Finding', where, ...order })
  return nodes.map(({ key, columns }) => `${columns['rule']} ${key} ${columns['body']}`)
}

async function outcomeOf(store: GraphStore, hash: string): Promise<unknown> {
  return (await store.find('Link', 'hash', [hash]))[0]?.columns['outcome']
}

/** All bytes of the journal folder. */
function onDisk(): string {
  const dir = join(folder.path, 'journal')
  return readdirSync(dir)
    .filter((name) => name.endsWith('.journal'))
    .map((name) => readFileSync(join(dir, name), 'latin1'))
    .join('\n')
}

beforeEach(() => {
  sent = 0
})

describe('retention', () => {
  it('takes what is old, ended and in order, from disk and graph, and says that it is gone', async () => {
    await using journal = await open()
    const gone = cleanCase('old')
    await send(journal)
    const bad = badCase('bad')
    await send(journal)
    const fresh = cleanCase('fresh', { iat: T0 + 1.5 * HOUR, exp: T0 + 1.6 * HOUR })
    await send(journal, T0 + 1.5 * HOUR)
    await using whole = await graphOf(journal)
    const kept = (await openFindings(whole)).filter((one) => one.includes('bad'))
    expect(kept.length).toBeGreaterThan(0)
    expect(await outcomeOf(whole, gone.hash)).toBe('ok')

    const preview = await previewRetention(settings(journal))
    expect(preview).toMatchObject({ bodies: 1, chains: 1, kept: { finding_open: 1 } })
    expect(journal.stats.records).toBe(3)
    expect(await runRetention(settings(journal))).toEqual(preview)

    expect(onDisk()).not.toContain(gone.text)
    expect(onDisk()).toContain(bad.text)
    expect(journal.stats.records).toBe(3)
    await using after = await graphOf(journal)
    expect(await outcomeOf(after, gone.hash)).toBe('unknown:chain_incomplete:trimmed')
    expect(await outcomeOf(after, fresh.hash)).toBe('ok')
    expect((await openFindings(after)).filter((one) => one.includes('bad'))).toEqual(kept)
    expect(await trimmedAt(after, 'chain', gone.hash)).toBe(now)
    expect(await trimmedAt(after, 'chain', bad.hash)).toBeUndefined()
    expect(await whole.find('Action', 'link', [gone.hash])).toHaveLength(1)
    expect(await after.find('Action', 'link', [gone.hash])).toEqual([])
    // Another run finds nothing more, and another reader sees the same.
    expect(await runRetention(settings(journal))).toMatchObject({ bodies: 0 })
    expect((await Array.fromAsync(readJournal(join(folder.path, 'journal')))).length).toBe(3)
  })

  it('stays trimmed in another place, where the numbers are others', async () => {
    const file = join(folder.path, 'journal.ndjson')
    const dir = join(folder.path, 'elsewhere')
    const gone = cleanCase('old')
    {
      await using journal = await open()
      await send(journal)
      badCase('bad')
      await send(journal)
      await runRetention(settings(journal))
    }
    await writeJournalFile(readJournal(join(folder.path, 'journal')), file)
    await using journal = await openJournal({ dir })
    expect(await importJournal(file, journal, () => now)).toMatchObject({ records: 2 })
    const kinds = await Array.fromAsync(journal.read(1), ({ kind }) => kind)
    expect(kinds).toEqual(['otlp-logs', 'retention'])
    await using store = await graphOf(journal)
    expect(await outcomeOf(store, gone.hash)).toBe('unknown:chain_incomplete:trimmed')
    expect(await openFindings(store)).not.toEqual([])
  })

  it('trims nothing where the graph would say something else of what stays', async () => {
    await using journal = await open()
    const kept = cleanCase('kept')
    await send(journal)
    cleanCase('old')
    await send(journal)
    await using whole = await graphOf(journal)
    // A plan that forgot what it takes away.
    const isGone = (key: string) => key !== kept.hash
    const differences = async (without: GraphStore) =>
      (await Array.fromAsync(compareAll({ whole, without }, { isGone }))).flatMap(
        ({ difference }) => difference ?? [],
      )
    await using nothing = openSqliteStore({ file: ':memory:' })
    await nothing.init()
    expect(await differences(nothing)).toEqual([`Link ${kept.hash} would be gone`])
    const columns = { hash: kept.hash, outcome: 'ok' }
    await nothing.write({ nodes: [{ kind: 'Link', key: kept.hash, columns }], edges: [] })
    expect(await differences(nothing)).toEqual([`Link ${kept.hash} would say something else`])
    expect(await differences(whole)).toEqual([])
  })

  it('says of what comes late that its chain was trimmed, never that it is in order', async () => {
    await using journal = await open()
    const root = cleanCase('old', { depth: 3 })
    await send(journal)
    const child = story.link(root, 'agent:late', { [TOOL.deploy]: env('staging') }, short)
    story.act(child, TOOL.deploy, { args: { env: 'staging' }, span: false })
    expect((await runRetention(settings(journal))).bodies).toBe(1)
    await send(journal, T0 + 2 * HOUR)
    await using store = await graphOf(journal)
    expect(await outcomeOf(store, child.hash)).toBe('unknown:chain_incomplete:trimmed')
    const [action, ...others] = await store.find('Action', 'link', [child.hash])
    expect(others).toEqual([])
    const verdict = JSON.parse(String(action?.columns['verdict']))
    expect(verdict.chain).toEqual({ state: 'unknown', code: 'chain_incomplete', detail: 'trimmed' })
    expect(JSON.parse(String(action?.columns['authority'])).kind).not.toBe('chain')
  })

  it('keeps what has not expired, what newer evidence belongs to, and open notes unless told otherwise', async () => {
    await using journal = await open()
    cleanCase('long', { exp: T0 + 20 * HOUR })
    await send(journal)
    const link = cleanCase('again')
    await send(journal)
    story.act(link, TOOL.deploy, { args: { env: 'staging' }, span: false })
    await send(journal, T0 + 1.5 * HOUR)
    cleanCase('noted')
    await send(journal)
    const strict = await previewRetention(settings(journal, { trimNotes: false }))
    expect(strict.bodies).toBe(0)
    const plan = await previewRetention(settings(journal))
    expect(plan).toMatchObject({ bodies: 1, kept: { not_expired: 1, newer_evidence: 1 } })
    expect(plan.tasks).toEqual(['noted'])
  })

  it('lets a body go only with every case in it, and a case only with every body of it', async () => {
    await using journal = await open()
    cleanCase('one')
    badCase('two')
    await send(journal)
    expect(await previewRetention(settings(journal))).toMatchObject({
      bodies: 0,
      kept: { finding_open: 1 },
    })
    // Nothing of ours in it: only its age counts.
    await send(journal)
    expect(await previewRetention(settings(journal))).toMatchObject({ bodies: 1, chains: 0 })
  })

  it('keeps what is held by chain, task or finding, until it is released', async () => {
    await using journal = await open()
    const chain = cleanCase('a')
    await send(journal)
    cleanCase('b')
    await send(journal)
    cleanCase('c')
    await send(journal)
    const words = { version: 1, reason: 'case 7', by: 'counsel', at: now } as const
    const hold = (id: string, what: 'chain' | 'task', target: string) => ({
      ...{ kind: 'hold' as const, receivedAt: now },
      payload: holdPayload({ ...words, type: 'hold', id, what, target }),
    })
    await journal.append(hold('h1', 'chain', chain.hash))
    await journal.append(hold('h2', 'task', 'b'))
    const held = await previewRetention(settings(journal))
    expect(held).toMatchObject({ bodies: 1, kept: { held: 2 } })
    expect(held.tasks).toEqual(['c'])
    await using store = await graphOf(journal)
    expect(await holdsIn(store)).toMatchObject([
      { id: 'h1', what: 'chain', by: 'counsel', reason: 'case 7' },
      { id: 'h2', what: 'task', target: 'b' },
    ])
    const release = holdPayload({ ...words, type: 'release', id: 'h2', reason: 'closed' })
    await journal.append({ kind: 'hold', receivedAt: now, payload: release })
    const plan = await runRetention(settings(journal))
    expect([...plan.tasks].sort()).toEqual(['b', 'c'])
    await using after = await graphOf(journal)
    expect(await holdsIn(after)).toMatchObject([{ id: 'h1' }, { released: { reason: 'closed' } }])
    expect(await outcomeOf(after, chain.hash)).toBe('ok')
  })

  it('is done when its one record is written: whatever happens behind it', async () => {
    const gone = cleanCase('old')
    const file = openSqliteStore({ file: ':memory:' })
    await file.init()
    {
      await using journal = await open()
      const seq = await send(journal)
      await rebuildGraph({ ...settings(journal), store: file, channels: [] })
      expect(await outcomeOf(file, gone.hash)).toBe('ok')
      // The power goes between the record and what takes the bodies off the disk.
      const record = {
        version: 1 as const,
        at: now,
        before,
        bodies: [[seq, seq] as [number, number]],
      }
      const names = { links: [{ hash: gone.hash, chain: gone.hash }], findings: [], tasks: [] }
      const payload = retentionPayload({ ...record, ...names })
      await journal.append({ kind: 'retention', receivedAt: now, payload })
    }
    expect(onDisk()).toContain(gone.text)
    await using journal = await open()
    expect(await Array.fromAsync(journal.read(1), ({ kind }) => kind)).toEqual(['retention'])
    // A graph that was made before begins anew by itself.
    await using projector = new Projector({
      ...{ ...settings(journal), store: file, channels: [], onEvents() {} },
      onError: (error) => expect.unreachable(String(error)),
    })
    await projector.start()
    await projector.caughtUp(journal.lastSeq)
    expect(await outcomeOf(file, gone.hash)).toBe('unknown:chain_incomplete:trimmed')
    await journal.compact()
    expect(onDisk()).not.toContain(gone.text)
  })

  it('takes files that hold nothing else away whole, and numbers go on behind them', async () => {
    {
      await using journal = await open(1)
      for (const task of ['a', 'b', 'c']) {
        cleanCase(task)
        await send(journal)
      }
      expect(journal.stats.segments).toBe(3)
      expect((await runRetention(settings(journal))).bodies).toBe(3)
      expect(journal.stats).toMatchObject({ segments: 1, records: 1 })
      expect(await send(journal, T0 + 2 * HOUR)).toBe(5)
    }
    await using journal = await open(1)
    expect(await Array.fromAsync(journal.read(1), ({ seq }) => seq)).toEqual([4, 5])
    expect(journal.stats.quarantined).toEqual([])
  })

  it('hands a hold over to the collector that has the journal, or to the next run', async () => {
    const words = { version: 1, reason: 'asked by counsel', by: 'ana', at: now } as const
    const record = { ...words, type: 'hold', id: 'h', what: 'task', target: 'a' } as const
    expect(await recordHold(folder.path, record)).toBe('recorded')
    {
      await using _ = await open()
      expect(await recordHold(folder.path, { ...record, id: 'i' })).toBe('handed_over')
    }
    await using journal = await open()
    expect(journal.lastSeq).toBe(1)
    await takeHolds(folder.path, journal, (error) => expect.unreachable(String(error)))
    await takeHolds(folder.path, journal, (error) => expect.unreachable(String(error)))
    expect(journal.lastSeq).toBe(2)
    await using store = await graphOf(journal)
    expect((await holdsIn(store)).map(({ id }) => id)).toEqual(['h', 'i'])
  })
})

describe('the command line', () => {
  const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
  /** Beside the collector of this process, which must go on. */
  const delegraph = (...args: string[]) =>
    new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
      const argv = ['--conditions=delegraph-source', MAIN, ...args]
      execFile(process.execPath, argv, (error, stdout, stderr) =>
        resolve({ status: error?.code ?? 0, stdout, stderr }),
      )
    })

  it('holds a finding of a collector that runs, releases it, and previews while that runs', async () => {
    const demo = await demoCollector()
    const data = ['--data', demo.folder]
    const open = { equals: { state: ['open'], rule: ['D1'] } }
    const order = { orderBy: 'id', direction: 'asc', limit: 1 } as const
    const [finding] = await demo.collector.store.page({ kind: 'Finding', where: open, ...order })
    const words = ['--reason', 'case 7', '--by', 'counsel']
    const added = await delegraph('hold', 'add', 'finding', finding?.key ?? '', ...words, ...data)
    expect(added).toMatchObject({ status: 0, stderr: '' })
    expect(added.stdout).toContain('handed over to the collector')
    const until = async (ended: boolean) => {
      for (;;) {
        const [hold] = await holdsIn(demo.collector.store)
        if (hold !== undefined && (hold.released !== undefined) === ended) return hold
        await new Promise((resolve) => setTimeout(resolve, 100))
      }
    }
    const hold = await until(false)
    expect(hold).toMatchObject({ what: 'finding', target: finding?.key, by: 'counsel' })
    const listed = await delegraph('hold', 'list', '--json', ...data)
    expect(JSON.parse(listed.stdout)).toEqual([hold])
    await delegraph('hold', 'release', hold.id.slice(0, 8), '--reason', 'closed', ...data)
    expect(await until(true)).toMatchObject({ released: { reason: 'closed' } })

    const wrong = await delegraph('hold', 'add', 'planet', 'x', '--reason', 'r', ...data)
    expect(wrong.status).toBe(2)
    const ageless = await delegraph('retention', 'run', ...data)
    expect([ageless.status, ageless.stderr]).toEqual([2, expect.stringContaining('retention.days')])
    const trust = ['--trust', demo.config.trust ?? '']
    const preview = await delegraph(
      'retention',
      'preview',
      '--days',
      '1',
      '--json',
      ...data,
      ...trust,
    )
    expect(preview.stderr).toBe('')
    // Everything is of today.
    expect(JSON.parse(preview.stdout)).toMatchObject({ bodies: 0, kept: {} })
    await demo[Symbol.asyncDispose]()
  }, 180_000)

  it('lists and releases a hold that no graph knows yet, and warns of what nobody knows', async () => {
    using place = temporaryFolder()
    const data = ['--data', place.path]
    const { status, stdout, stderr } = await delegraph(
      ...['hold', 'add', 'task', 'unheard', '--reason', 'case 7', '--by', 'counsel', ...data],
    )
    expect([status, stdout]).toEqual([0, expect.stringContaining(': recorded')])
    // There is no graph in which it could be known or not.
    expect(stderr).toBe('')
    const list = async () => {
      const listed = await delegraph('hold', 'list', '--json', ...data)
      expect(listed.stderr).toBe('')
      return JSON.parse(listed.stdout) as { id: string; target: string; released?: object }[]
    }
    const [hold, ...others] = await list()
    expect([hold?.target, hold?.released, others]).toEqual(['unheard', undefined, []])
    const released = await delegraph('hold', 'release', hold?.id ?? '', '--reason', 'over', ...data)
    expect(released.status).toBe(0)
    expect((await list())[0]).toMatchObject({ released: { reason: 'over' } })
    {
      await using store = openSqliteStore({ file: join(place.path, 'graph.sqlite') })
      await store.init()
    }
    const slip = await delegraph('hold', 'add', 'chain', 'slip', '--reason', 'r', ...data)
    expect([slip.status, slip.stderr]).toEqual([0, expect.stringContaining('is the id right?')])
  }, 180_000)
})
