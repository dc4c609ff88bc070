import { spawn } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { type Journal, type JournalFileSystem, nodeFileSystem, openJournal } from './index.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

function body(text: string) {
  return { kind: 'otlp-traces', receivedAt: 1, payload: Buffer.from(text) } as const
}

async function texts(journal: Journal, from = 1): Promise<string[]> {
  const found: string[] = []
  for await (const record of journal.read(from)) found.push(Buffer.from(record.payload).toString())
  return found
}

async function write(dir: string, ...bodies: string[]): Promise<void> {
  await using journal = await openJournal({ dir })
  for (const text of bodies) await journal.append(body(text))
}

function onlySegment(dir: string): string {
  const [name] = readdirSync(dir).filter((file) => file.endsWith('.journal'))
  return join(dir, name ?? '')
}

describe('the journal', () => {
  it('gives back what was appended, in order, with everything about it', async () => {
    const dir = folder.path
    {
      await using journal = await openJournal({ dir })
      const record = {
        kind: 'otlp-logs',
        receivedAt: 1_795_400_000_123,
        payload: Buffer.from([0, 1, 255]),
        tenant: 'acme',
        contentType: 'application/json',
        contentEncoding: 'gzip',
      } as const
      expect(await journal.append(record)).toEqual({ seq: 1 })
      expect(await journal.append(body('second'))).toEqual({ seq: 2 })
    }
    await using journal = await openJournal({ dir })
    expect(journal.lastSeq).toBe(2)
    const all = await Array.fromAsync(journal.read(1))
    expect(all[0]).toMatchObject({
      seq: 1,
      kind: 'otlp-logs',
      receivedAt: 1_795_400_000_123,
      tenant: 'acme',
      contentType: 'application/json',
      contentEncoding: 'gzip',
    })
    expect(Buffer.from(all[0]?.payload ?? [])).toEqual(Buffer.from([0, 1, 255]))
    expect(await texts(journal, 2)).toEqual(['second'])
  })

  it('goes on in a new segment beyond its size and reads across all of them', async () => {
    const dir = folder.path
    await using journal = await openJournal({ dir, segmentBytes: 200 })
    const wanted = Array.from({ length: 20 }, (_, i) => `record ${i} ${'x'.repeat(50)}`)
    for (const text of wanted) await journal.append(body(text))
    expect(journal.stats.segments).toBeGreaterThan(5)
    expect(await texts(journal)).toEqual(wanted)
    expect(await texts(journal, 18)).toEqual(wanted.slice(17))
  })

  it('follows a growing tail from where the last reader stopped', async () => {
    await using journal = await openJournal({ dir: folder.path })
    for (let i = 1; i <= 50; i += 1) {
      await journal.append(body(`n${i}`))
      expect(await texts(journal, i)).toEqual([`n${i}`])
    }
    expect(await texts(journal, 49)).toEqual(['n49', 'n50'])
  })

  it('lets appends that wait share one sync', async () => {
    await using journal = await openJournal({ dir: folder.path })
    await Promise.all(Array.from({ length: 100 }, (_, i) => journal.append(body(`${i}`))))
    expect(journal.lastSeq).toBe(100)
    expect(journal.stats.syncs).toBeLessThan(5)
  })

  it('loses only the torn record when its tail is cut at any byte', async () => {
    const dir = join(folder.path, 'whole')
    mkdirSync(dir)
    await write(dir, 'first', 'second', 'third')
    const whole = readFileSync(onlySegment(dir))
    const third = whole.lastIndexOf(Buffer.from([0xd1, 0xe6, 0x4a, 0x01]))
    for (let cut = third; cut < whole.length; cut += 1) {
      const torn = join(folder.path, `cut-${cut}`)
      mkdirSync(torn)
      copyFileSync(onlySegment(dir), join(torn, '0000000000000001.journal'))
      truncateSync(onlySegment(torn), cut)
      await using journal = await openJournal({ dir: torn })
      expect(await texts(journal)).toEqual(['first', 'second'])
      expect(journal.stats.quarantined).toHaveLength(cut === third ? 0 : 1)
      await journal.append(body('fourth'))
      expect(await texts(journal)).toEqual(['first', 'second', 'fourth'])
    }
  })

  it('loses only the damaged record when any bit of it flips', async () => {
    const dir = join(folder.path, 'whole')
    mkdirSync(dir)
    await write(dir, 'first', 'second', 'third')
    const whole = readFileSync(onlySegment(dir))
    const magic = Buffer.from([0xd1, 0xe6, 0x4a, 0x01])
    const second = whole.indexOf(magic, 1)
    const third = whole.indexOf(magic, second + 1)
    for (let at = second; at < third; at += 1) {
      const bent = join(folder.path, `flip-${at}`)
      mkdirSync(bent)
      const bytes = Buffer.from(whole)
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (at % 8)), at)
      writeFileSync(join(bent, '0000000000000001.journal'), bytes)
      await using journal = await openJournal({ dir: bent })
      expect(await texts(journal)).toEqual(['first', 'third'])
      expect(journal.stats.quarantined).toEqual([{ segment: 1, from: second, to: third }])
      expect(readFileSync(onlySegment(bent))).toEqual(bytes)
    }
  })

  it('is not fooled by a payload that holds a whole record', async () => {
    const dir = join(folder.path, 'inner')
    mkdirSync(dir)
    await write(dir, 'inner record')
    const inner = readFileSync(onlySegment(dir))
    const outer = join(folder.path, 'outer')
    mkdirSync(outer)
    {
      await using journal = await openJournal({ dir: outer })
      await journal.append({ ...body(''), payload: inner })
      await journal.append(body('behind'))
    }
    await using journal = await openJournal({ dir: outer })
    expect(journal.stats.records).toBe(2)
    expect(await texts(journal)).toEqual([inner.toString(), 'behind'])
  })

  it('is held by one process at a time', async () => {
    await using journal = await openJournal({ dir: folder.path })
    await expect(openJournal({ dir: folder.path })).rejects.toMatchObject({
      code: 'journal_locked',
    })
    expect(journal.lastSeq).toBe(0)
  })

  it('takes over the lock of a process that is gone', async () => {
    writeFileSync(join(folder.path, 'lock'), JSON.stringify({ pid: 2 ** 22 + 1, started: '1' }))
    await using journal = await openJournal({ dir: folder.path })
    expect(await journal.append(body('x'))).toEqual({ seq: 1 })
  })
})

/** The real file system, failing where a test says so and counting its syncs. */
function failing(
  fail: { append?: boolean; sync?: boolean },
  counts: { syncs: number; appended: number },
) {
  const fs: JournalFileSystem = {
    ...nodeFileSystem,
    async openToAppend(path) {
      const file = await nodeFileSystem.openToAppend(path)
      return {
        size: file.size,
        async append(parts) {
          if (fail.append === true) throw Object.assign(new Error('no space'), { code: 'ENOSPC' })
          counts.appended += 1
          await file.append(parts)
        },
        async sync() {
          if (fail.sync === true) throw Object.assign(new Error('i/o'), { code: 'EIO' })
          await file.sync()
          counts.syncs += 1
        },
        close: () => file.close(),
      }
    },
  }
  return fs
}

describe('a disk that fails', () => {
  it('refuses appends, acknowledges none of them, and recovers when there is room again', async () => {
    const fail = { append: false, sync: false }
    const counts = { syncs: 0, appended: 0 }
    await using journal = await openJournal({ dir: folder.path, fs: failing(fail, counts) })
    await journal.append(body('before'))
    for (const kind of ['append', 'sync'] as const) {
      fail[kind] = true
      await expect(journal.append(body('lost'))).rejects.toMatchObject({
        code: 'journal_unwritable',
      })
      fail[kind] = false
      await journal.append(body(`after ${kind}`))
    }
    const found = await texts(journal)
    expect(found.filter((text) => text !== 'lost')).toEqual([
      'before',
      'after append',
      'after sync',
    ])
    expect(journal.stats.segments).toBe(3)
  })

  it('acknowledges nothing before the sync that covers it', async () => {
    const counts = { syncs: 0, appended: 0 }
    await using journal = await openJournal({ dir: folder.path, fs: failing({}, counts) })
    for (let i = 1; i <= 10; i += 1) {
      await journal.append(body(`${i}`))
      expect(counts.syncs).toBeGreaterThanOrEqual(i)
      expect(counts.syncs).toBe(counts.appended)
    }
  })
})

describe('a process that is killed', () => {
  it('keeps every acknowledged record, twenty times over', async () => {
    const dir = folder.path
    const script = new URL('../../../test/harness/append-forever.ts', import.meta.url).pathname
    let known = 0
    for (let round = 0; round < 20; round += 1) {
      const acknowledged = await killedWriter(script, dir, 15 + ((round * 37) % 60))
      await using journal = await openJournal({ dir })
      const recovered = new Set(await texts(journal))
      for (const text of acknowledged) expect(recovered.has(text)).toBe(true)
      expect(journal.stats.records).toBeGreaterThanOrEqual(known + acknowledged.length)
      known = journal.stats.records
    }
    expect(known).toBeGreaterThan(200)
  }, 120_000)
})

/** Runs a writer, kills it a while after its first acknowledgement, and gives what it acknowledged. */
function killedWriter(script: string, dir: string, milliseconds: number): Promise<string[]> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['--conditions=delegraph-source', script, dir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    let output = ''
    let doomed = false
    child.stdout.on('data', (data: Buffer) => {
      output += data.toString()
      if (!doomed) setTimeout(() => child.kill('SIGKILL'), milliseconds)
      doomed = true
    })
    child.on('exit', () => {
      // The last line may be cut.
      resolve(output.split('\n').slice(0, -1))
    })
  })
}
