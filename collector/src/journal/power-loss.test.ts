import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { type Journal, openJournal } from './index.ts'
import { type Chance, type ForgetfulDisk, forgetfulDisk } from './testing/forgetful-file-system.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

/** Small numbers from a seed, the same at every run. */
function chanceOf(seed: number): Chance {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}

/** Writes until the power goes; gives what was acknowledged. */
async function writeUntilCut(disk: ForgetfulDisk, chance: Chance, run: string): Promise<string[]> {
  const acknowledged: string[] = []
  // The process that held the lock is gone with the power.
  rmSync(join(folder.path, 'lock'), { force: true })
  const journal = await openJournal({ dir: folder.path, fs: disk.fs, segmentBytes: 2_000 })
  disk.stopAfter(disk.operations + 5 + chance(120))
  for (let i = 0; i < 40; i += 1) {
    const text = `${run}-${i}-${'z'.repeat(chance(900))}`
    const record = { kind: 'otlp-traces', receivedAt: 1, payload: Buffer.from(text) } as const
    void journal.append(record).then(() => acknowledged.push(text))
    if (chance(3) > 0) await turns(chance(12))
  }
  await turns(60)
  return acknowledged
}

async function turns(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) await new Promise((resolve) => setImmediate(resolve))
}

/** Acknowledged records that are gone after the last of several power cuts, over many seeds. */
async function lost(broken: { sync?: boolean; syncFolder?: boolean }, seeds: number) {
  let acknowledged = 0
  let gone = 0
  let quarantined = 0
  for (let seed = 1; seed <= seeds; seed += 1) {
    const chance = chanceOf(seed)
    let disk = forgetfulDisk(broken)
    const known: string[] = []
    for (let cut = 0; cut < 3; cut += 1) {
      known.push(...(await writeUntilCut(disk, chance, `${seed}-${cut}`)))
      disk = disk.afterPowerCut(chance)
    }
    rmSync(join(folder.path, 'lock'), { force: true })
    await using journal = await openJournal({ dir: folder.path, fs: disk.fs })
    const found = new Set(await textsIn(journal))
    expect(found.size).toBe(journal.stats.records)
    acknowledged += known.length
    gone += known.filter((text) => !found.has(text)).length
    quarantined += journal.stats.quarantined.length
  }
  return { acknowledged, gone, quarantined }
}

async function textsIn(journal: Journal): Promise<string[]> {
  const texts: string[] = []
  let last = 0
  for await (const record of journal.read(1)) {
    expect(record.seq).toBeGreaterThan(last)
    last = record.seq
    texts.push(Buffer.from(record.payload).toString())
  }
  return texts
}

/** Opens what a process left behind and gives the records. */
async function recovered(disk: ForgetfulDisk): Promise<string[]> {
  rmSync(join(folder.path, 'lock'), { force: true })
  await using journal = await openJournal({ dir: folder.path, fs: disk.fs })
  return textsIn(journal)
}

/** What of a journal is to be there after a cut, and what must not be. */
interface Expected {
  readonly there: Set<string>
  readonly gone: Set<string>
}

/** Writes, trims and takes off the disk at once, until the power goes. */
async function trimUntilCut(
  disk: ForgetfulDisk,
  chance: Chance,
  run: string,
  { there, gone }: Expected,
): Promise<void> {
  rmSync(join(folder.path, 'lock'), { force: true })
  const journal = await openJournal({ dir: folder.path, fs: disk.fs, segmentBytes: 2_000 })
  const seqs = new Map<string, number>()
  for await (const { seq, kind, payload } of journal.read(1)) {
    if (kind === 'otlp-traces') seqs.set(Buffer.from(payload).toString(), seq)
  }
  disk.stopAfter(disk.operations + 60 + chance(600))
  for (let i = 0; i < 60; i += 1) {
    const text = `${run}-${i}-${'z'.repeat(chance(900))}`
    const record = { kind: 'otlp-traces', receivedAt: 1, payload: Buffer.from(text) } as const
    void journal.append(record).then(({ seq }) => {
      seqs.set(text, seq)
      there.add(text)
    })
    if (chance(8) === 0) {
      const chosen = [...seqs].filter(() => chance(3) === 0)
      // From now on nobody knows, until the record is acknowledged.
      for (const [text] of chosen) {
        there.delete(text)
        seqs.delete(text)
      }
      const bodies = chosen.map(([, seq]) => [seq, seq])
      const payload = Buffer.from(JSON.stringify({ bodies }))
      void journal.append({ kind: 'retention', receivedAt: 1, payload }).then(() => {
        for (const [text] of chosen) gone.add(text)
      })
      void journal.compact()
    }
    if (chance(3) > 0) await turns(chance(12))
  }
  await turns(200)
}

describe('a power cut', () => {
  it('takes no acknowledged record, three times in a row, whatever pages it leaves', async () => {
    const { acknowledged, gone, quarantined } = await lost({}, 60)
    expect(gone).toBe(0)
    expect(acknowledged).toBeGreaterThan(1_000)
    expect(quarantined).toBeGreaterThan(10)
  })

  it('takes nothing that a start has read after a kill, synced by the killed process or not', async () => {
    let unacknowledged = 0
    for (let seed = 1; seed <= 40; seed += 1) {
      const chance = chanceOf(seed)
      const disk = forgetfulDisk()
      const acknowledged = await writeUntilCut(disk, chance, `${seed}`)
      const killed = disk.afterKill()
      const read = await recovered(killed)
      expect(await recovered(killed.afterPowerCut(chance))).toEqual(read)
      expect(read).toEqual(expect.arrayContaining(acknowledged))
      unacknowledged += read.length - acknowledged.length
    }
    expect(unacknowledged).toBeGreaterThan(20)
  })

  it('takes nothing that stays, and brings nothing back that is gone, in the middle of trimming', async () => {
    let [kept, trimmed, copies] = [0, 0, 0]
    for (let seed = 1; seed <= 40; seed += 1) {
      const chance = chanceOf(seed)
      let disk = forgetfulDisk()
      const expected: Expected = { there: new Set(), gone: new Set() }
      for (let cut = 0; cut < 3; cut += 1) {
        await trimUntilCut(disk, chance, `${seed}-${cut}`, expected)
        disk = chance(2) === 0 ? disk.afterPowerCut(chance) : disk.afterKill()
        const names = await disk.fs.list('')
        copies += names.length - new Set(names.map((name) => name.slice(0, 16))).size
      }
      rmSync(join(folder.path, 'lock'), { force: true })
      await using journal = await openJournal({ dir: folder.path, fs: disk.fs })
      const all = await textsIn(journal)
      const found = new Set(all)
      expect([...expected.there].filter((text) => !found.has(text))).toEqual([])
      expect([...expected.gone].filter((text) => found.has(text))).toEqual([])
      await journal.compact()
      expect(await textsIn(journal)).toEqual(all)
      expect(journal.stats.records).toBe(all.length)
      kept += expected.there.size
      trimmed += expected.gone.size
    }
    expect(kept).toBeGreaterThan(300)
    expect(trimmed).toBeGreaterThan(200)
    // Some cuts were in the middle: a copy was there beside its original, or a part of one.
    expect(copies).toBeGreaterThan(5)
  })

  it('at any step of taking trimmed records off the disk leaves what stays, and nothing else', async () => {
    const left = ['1', '3', '5', '7', '9']
    let steps = 0
    for (let step = 0; ; step += 1) {
      const chance = chanceOf(step + 1)
      const disk = forgetfulDisk()
      rmSync(join(folder.path, 'lock'), { force: true })
      const journal = await openJournal({ dir: folder.path, fs: disk.fs, segmentBytes: 200 })
      for (let i = 1; i <= 10; i += 1) {
        const payload = Buffer.from(`${i}`)
        await journal.append({ kind: 'otlp-traces', receivedAt: 1, payload })
      }
      const bodies = [2, 4, 6, 8, 10].map((seq) => [seq, seq])
      const payload = Buffer.from(JSON.stringify({ bodies }))
      await journal.append({ kind: 'retention', receivedAt: 1, payload })
      disk.stopAfter(disk.operations + step)
      let done = false
      void journal.compact().then(() => {
        done = true
      })
      await turns(100)
      for (let cut = 0; cut < 8; cut += 1) {
        const texts = await recovered(disk.afterPowerCut(chance))
        expect(texts.filter((text) => !text.startsWith('{'))).toEqual(left)
      }
      if (done) break
      steps += 1
    }
    expect(steps).toBeGreaterThan(20)
  })

  it('would take some without the sync of the data or of the folder', async () => {
    expect((await lost({ sync: true }, 10)).gone).toBeGreaterThan(0)
    expect((await lost({ syncFolder: true }, 10)).gone).toBeGreaterThan(0)
  })
})
