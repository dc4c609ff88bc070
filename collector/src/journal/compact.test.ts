import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { inspectJournal, type Journal, openJournal, openJournalView, readJournal } from './index.ts'
import type { JournalRecord } from './record.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

const RECORDS = 300

function body(text: string) {
  return { kind: 'otlp-traces', receivedAt: 1, payload: Buffer.from(text) } as const
}

function retention(...bodies: [number, number][]) {
  return { ...body(JSON.stringify({ bodies })), kind: 'retention' } as const
}

/** Small files, each with some that go and some that stay; the first few go whole. */
async function filled(dir: string): Promise<Journal> {
  const journal = await openJournal({ dir, segmentBytes: 2_000 })
  for (let i = 1; i <= RECORDS; i += 1) await journal.append(body(`${i}-${'z'.repeat(200)}`))
  return journal
}

function isGone(seq: number): boolean {
  return seq < 40 || seq % 3 === 0
}

async function trim(journal: Journal): Promise<void> {
  const gone = Array.from({ length: RECORDS }, (_, i) => i + 1).filter(isGone)
  await journal.append(retention(...gone.map((seq): [number, number] => [seq, seq])))
}

/** Reads on a record at a time, and lets others have their turn. */
async function slowly(records: AsyncIterable<JournalRecord>): Promise<number[]> {
  const seqs: number[] = []
  for await (const { seq, payload, kind } of records) {
    if (kind === 'otlp-traces')
      expect(Number.parseInt(Buffer.from(payload).toString(), 10)).toBe(seq)
    seqs.push(seq)
    await turn()
  }
  return seqs
}

function expectWhole(seqs: readonly number[], until: number): void {
  expect(seqs).toEqual([...seqs].sort((a, b) => a - b))
  expect(new Set(seqs).size).toBe(seqs.length)
  const missing = Array.from({ length: until }, (_, i) => i + 1).filter(
    (seq) => !isGone(seq) && !seqs.includes(seq),
  )
  expect(missing).toEqual([])
}

describe('taking trimmed records off the disk', () => {
  it('disturbs nobody who reads or appends, and nobody reads a record twice', async () => {
    const dir = folder.path
    await using journal = await filled(dir)
    const view = await openJournalView(dir, RECORDS)
    // They began before anything was trimmed, and are somewhere in a file.
    const early = [slowly(journal.read(1)), slowly(view.read(1)), slowly(readJournal(dir))]
    for (let i = 0; i < 20; i += 1) await turn()
    await trim(journal)
    const compacting = journal.compact()
    const late = [slowly(journal.read(1)), slowly(readJournal(dir)), slowly(journal.read(150))]
    const appended = Array.from({ length: 60 }, async (_, i) => {
      for (let k = 0; k < i; k += 1) await turn()
      return (await journal.append(body(`${RECORDS + 2 + i}-late`))).seq
    })
    await compacting
    for (const seqs of await Promise.all(early)) expectWhole(seqs, RECORDS)
    const [all, beside, middle] = await Promise.all(late)
    for (const seqs of [all, beside, await slowly(journal.read(1))]) {
      expectWhole(seqs ?? [], RECORDS)
      expect(seqs?.filter((seq) => seq <= RECORDS && isGone(seq))).toEqual([])
    }
    expect(middle?.[0]).toBe(151)
    const acknowledged = await Promise.all(appended)
    expect(new Set(acknowledged).size).toBe(60)
    expect(await slowly(journal.read(RECORDS + 2))).toEqual(acknowledged.sort((a, b) => a - b))
    const text = readdirSync(dir)
      .map((name) => readFileSync(join(dir, name), 'latin1'))
      .join()
    expect(/default(1|39|42|300)-z/.test(text)).toBe(false)
    expect(/default40-z/.test(text)).toBe(true)
    expect(await inspectJournal(dir, 1_000)).toMatchObject({ damaged: 0 })
  })

  it('goes on where a stop interrupted it, after a start too', async () => {
    const dir = folder.path
    {
      await using journal = await filled(dir)
      await trim(journal)
      const stop = new AbortController()
      const running = journal.compact(stop.signal)
      for (let i = 0; i < 30; i += 1) await turn()
      stop.abort()
      await running
      expectWhole(await slowly(journal.read(1)), RECORDS)
    }
    await using journal = await openJournal({ dir })
    expectWhole(await slowly(journal.read(1)), RECORDS)
    await journal.compact()
    const kept = RECORDS - Array.from({ length: RECORDS }, (_, i) => i + 1).filter(isGone).length
    expect(journal.stats.records).toBe(kept + 1)
    expectWhole(await slowly(journal.read(1)), RECORDS)
  })
})

describe('appending on the sight of everything before', () => {
  it('has nothing between the record and what it was decided on', async () => {
    await using journal = await openJournal({ dir: folder.path })
    await journal.append(body('1'))
    const others: Promise<{ readonly seq: number }>[] = []
    const [first, second] = await Promise.all([
      journal.appendNext(async (lastSeq) => {
        for (let i = 0; i < 20; i += 1) {
          others.push(journal.append(body(`${i}`)))
          await turn()
        }
        expect(journal.lastSeq).toBe(lastSeq)
        return body(`behind ${lastSeq}`)
      }),
      journal.appendNext(async (lastSeq) => body(`behind ${lastSeq}`)),
    ])
    const seqs = (await Promise.all(others)).map(({ seq }) => seq)
    const texts = new Map<number, string>()
    for await (const { seq, payload } of journal.read(1)) {
      texts.set(seq, Buffer.from(payload).toString())
    }
    for (const one of [first, second]) {
      expect(texts.get(one?.seq ?? 0)).toBe(`behind ${(one?.seq ?? 0) - 1}`)
    }
    expect(first?.seq).toBe(2)
    expect(seqs.length).toBe(20)
    expect([...texts.keys()]).toHaveLength(23)
  })

  it('appends nothing where nothing is decided on, or the decision fails, and lets the others go on', async () => {
    await using journal = await openJournal({ dir: folder.path })
    expect(await journal.appendNext(async () => undefined)).toBeUndefined()
    const fails = journal.appendNext(async () => {
      throw new Error('cannot tell')
    })
    const other = journal.append(body('one'))
    await expect(fails).rejects.toThrow('cannot tell')
    expect(await other).toEqual({ seq: 1 })
  })
})
