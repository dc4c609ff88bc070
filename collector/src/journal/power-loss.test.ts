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

  it('would take some without the sync of the data or of the folder', async () => {
    expect((await lost({ sync: true }, 10)).gone).toBeGreaterThan(0)
    expect((await lost({ syncFolder: true }, 10)).gone).toBeGreaterThan(0)
  })
})
