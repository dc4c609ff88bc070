import { spawn } from 'node:child_process'
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { crc32 } from 'node:zlib'
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

/** What each record of a segment begins with. */
function markOf(segment: Buffer): Buffer {
  return segment.subarray(0, 12)
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
    const third = whole.lastIndexOf(markOf(whole))
    for (let cut = third; cut < whole.length; cut += 1) {
      const torn = join(folder.path, `cut-${cut}`)
      mkdirSync(torn)
      copyFileSync(onlySegment(dir), join(torn, basename(onlySegment(dir))))
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
    const second = whole.indexOf(markOf(whole), 1)
    const third = whole.indexOf(markOf(whole), second + 1)
    for (let bit = second * 8; bit < third * 8; bit += 1) {
      const bent = join(folder.path, `flip-${bit}`)
      mkdirSync(bent)
      const bytes = Buffer.from(whole)
      const at = bit >> 3
      bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << (bit & 7)), at)
      writeFileSync(join(bent, basename(onlySegment(dir))), bytes)
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

  it('keeps the first record readable when the second is torn around records of its own', async () => {
    // A sender who knows the format hides a record in a body and waits for a full disk.
    const other = join(folder.path, 'other')
    mkdirSync(other)
    {
      await using journal = await openJournal({ dir: other })
      for (let i = 0; i < 5; i += 1) {
        await journal.append({ kind: 'registry', receivedAt: 1, payload: Buffer.from('forged') })
      }
    }
    const hidden = readFileSync(onlySegment(other))
    const dir = join(folder.path, 'torn')
    mkdirSync(dir)
    {
      await using journal = await openJournal({ dir })
      await journal.append(body('first'))
      await journal.append({ ...body(''), payload: Buffer.concat([hidden, Buffer.alloc(100)]) })
    }
    truncateSync(onlySegment(dir), readFileSync(onlySegment(dir)).length - 50)
    await using journal = await openJournal({ dir })
    expect(journal.lastSeq).toBe(1)
    await journal.append(body('next'))
    expect(await texts(journal)).toEqual(['first', 'next'])
  })

  it('finds records again behind a hole of any size in a large segment', async () => {
    const dir = folder.path
    {
      await using journal = await openJournal({ dir })
      for (let i = 0; i < 12; i += 1) {
        await journal.append({ ...body(''), payload: Buffer.alloc(1_000_000, i + 1) })
      }
    }
    const bytes = readFileSync(onlySegment(dir))
    bytes.fill(0, 4 * 1024 * 1024 - 7, 9 * 1024 * 1024)
    writeFileSync(onlySegment(dir), bytes)
    await using journal = await openJournal({ dir })
    const read = await Array.fromAsync(journal.read(1), (record) => record.seq)
    expect(read).toEqual([1, 2, 3, 4, 11, 12])
    expect(journal.stats).toMatchObject({ records: 6, quarantined: [{ segment: 1 }] })
  })

  it('finds a record whose beginning lies across the border of two reads', async () => {
    const dir = folder.path
    const chunk = 4 * 1024 * 1024
    for (let short = 1; short <= 12; short += 1) {
      const place = join(dir, `${short}`)
      {
        await using journal = await openJournal({ dir: place })
        await journal.append({ ...body(''), payload: Buffer.alloc(chunk - 47 - short) })
        await journal.append(body('behind'))
      }
      const bytes = readFileSync(onlySegment(place))
      expect(bytes.lastIndexOf(markOf(bytes))).toBe(chunk - short)
      bytes.writeUInt8(1, 1_000)
      writeFileSync(onlySegment(place), bytes)
      await using journal = await openJournal({ dir: place })
      expect(await texts(journal)).toEqual(['behind'])
    }
  })

  it('reads later what it saw when it was opened, wherever the reading begins', async () => {
    const dir = folder.path
    for (let run = 0; run < 3; run += 1) {
      await using journal = await openJournal({ dir, segmentBytes: 300 })
      for (let i = 0; i < 7; i += 1) await journal.append(body(`${run}-${i} ${'y'.repeat(40)}`))
    }
    for (const [i, name] of readdirSync(dir).entries()) {
      const bytes = readFileSync(join(dir, name))
      const at = (i * 97) % bytes.length
      bytes.writeUInt8(bytes.readUInt8(at) ^ 0x10, at)
      writeFileSync(join(dir, name), bytes)
    }
    await using journal = await openJournal({ dir, segmentBytes: 300 })
    const all = await texts(journal)
    expect(all).toHaveLength(journal.stats.records)
    expect(all.length).toBeLessThan(21)
    for (let from = 1; from <= 21; from += 1) {
      const seqs = await Array.fromAsync(journal.read(from), (record) => record.seq)
      expect(await texts(journal, from)).toEqual(all.slice(all.length - seqs.length))
      expect(seqs.every((seq) => seq >= from)).toBe(true)
    }
  })

  it('keeps a record of a kind that it does not know', async () => {
    await write(folder.path, 'first', 'second')
    const path = onlySegment(folder.path)
    const bytes = readFileSync(path)
    const second = bytes.indexOf(markOf(bytes), 1)
    bytes.writeUInt8(200, second + 20)
    bytes.writeUInt32LE(crc32(bytes.subarray(second, -4)), bytes.length - 4)
    writeFileSync(path, bytes)
    await using journal = await openJournal({ dir: folder.path })
    const kinds = await Array.fromAsync(journal.read(1), (record) => record.kind)
    expect(kinds).toEqual(['otlp-traces', 'unknown'])
    expect(journal.stats.quarantined).toEqual([])
  })

  it('refuses a record that it could not give back, and goes on', async () => {
    await using journal = await openJournal({ dir: folder.path })
    const refused = [
      { ...body('x'), tenant: 'é'.repeat(128) },
      { ...body('x'), receivedAt: 1.5 },
      { ...body('x'), receivedAt: -1 },
      { ...body('x'), payload: Buffer.alloc(128 * 1024 * 1024 + 1) },
    ]
    for (const record of refused) {
      await expect(journal.append(record)).rejects.toMatchObject({ code: 'record_invalid' })
    }
    expect(await journal.append({ ...body('x'), tenant: 'é'.repeat(127) })).toEqual({ seq: 1 })
  })

  it('refuses a segment whose name says nothing instead of passing over it', async () => {
    writeFileSync(join(folder.path, '0000000000000001.journal'), 'x')
    await expect(openJournal({ dir: folder.path })).rejects.toMatchObject({
      code: 'journal_unreadable',
    })
    // The lock is free again.
    rmSync(join(folder.path, '0000000000000001.journal'))
    await using journal = await openJournal({ dir: folder.path })
    expect(journal.lastSeq).toBe(0)
  })

  it('calls its listeners after each sync, and is closed once however often it is asked', async () => {
    const seen: number[] = []
    const journal = await openJournal({ dir: folder.path })
    journal.onAppend(() => seen.push(journal.lastSeq))
    await journal.append(body('one'))
    await journal.append(body('two'))
    await journal[Symbol.asyncDispose]()
    await using next = await openJournal({ dir: folder.path })
    await journal[Symbol.asyncDispose]()
    await expect(openJournal({ dir: folder.path })).rejects.toMatchObject({
      code: 'journal_locked',
    })
    await expect(journal.append(body('late'))).rejects.toMatchObject({ code: 'journal_unwritable' })
    expect(await texts(next)).toEqual(['one', 'two'])
    expect(seen).toEqual([1, 2])
  })
})

interface Faults {
  create?: boolean
  syncFolder?: boolean
  append?: boolean
  /** Part of the bytes is written before the disk is full. */
  partly?: boolean
  sync?: boolean
  remove?: boolean
  rename?: boolean
}

/** The real file system, failing where a test says so; counts what succeeded and what is open. */
function failing(fail: Faults) {
  const counts = { appended: 0, syncs: 0, folderSyncs: 0, open: 0 }
  const stumble = (fault: keyof Faults, code: string): void => {
    if (fail[fault] === true) throw Object.assign(new Error(code), { code })
  }
  const fs: JournalFileSystem = {
    ...nodeFileSystem,
    async create(path) {
      stumble('create', 'EMFILE')
      const file = await nodeFileSystem.create(path)
      counts.open += 1
      return {
        async append(parts) {
          stumble('append', 'ENOSPC')
          if (fail.partly === true) {
            const all = Buffer.concat(parts)
            await file.append([all.subarray(0, all.length / 2)])
          }
          stumble('partly', 'ENOSPC')
          await file.append(parts)
          counts.appended += 1
        },
        async sync() {
          stumble('sync', 'EIO')
          await file.sync()
          counts.syncs += 1
        },
        async close() {
          await file.close()
          counts.open -= 1
        },
      }
    },
    async remove(path) {
      stumble('remove', 'EIO')
      await nodeFileSystem.remove(path)
    },
    async rename(path, to) {
      stumble('rename', 'EIO')
      await nodeFileSystem.rename(path, to)
    },
    async syncFolder(path) {
      stumble('syncFolder', 'EIO')
      await nodeFileSystem.syncFolder(path)
      counts.folderSyncs += 1
    },
  }
  return { fs, counts }
}

const FAULTS = ['create', 'syncFolder', 'append', 'partly', 'sync'] as const

describe('a disk that fails', () => {
  for (const fault of FAULTS) {
    it(`acknowledges nothing when ${fault} fails, and goes on when it works again`, async () => {
      const fail: Faults = {}
      const { fs, counts } = failing(fail)
      {
        await using journal = await openJournal({ dir: folder.path, fs, segmentBytes: 1 })
        await journal.append(body('before'))
        fail[fault] = true
        const lost = await Promise.allSettled(
          Array.from({ length: 30 }, (_, i) => journal.append(body(`lost ${i}`))),
        )
        for (const result of lost) {
          expect(result).toMatchObject({ reason: { code: 'journal_unwritable' } })
        }
        fail[fault] = false
        await journal.append(body('after'))
        expect(await texts(journal)).toEqual(['before', 'after'])
        // Nothing is left of a segment in which nothing was acknowledged.
        expect(journal.stats.segments).toBe(2)
        expect(readdirSync(folder.path).filter((name) => name.endsWith('.journal'))).toHaveLength(2)
      }
      expect(counts.open).toBe(0)
      await using journal = await openJournal({ dir: folder.path })
      expect(await texts(journal)).toEqual(['before', 'after'])
      expect(journal.stats.quarantined).toEqual([])
    })
  }

  it('never writes to a segment again whose sync failed, and keeps what it acknowledged', async () => {
    const fail: Faults = {}
    const { fs } = failing(fail)
    {
      await using journal = await openJournal({ dir: folder.path, fs })
      await journal.append(body('before'))
      const first = onlySegment(folder.path)
      fail.partly = true
      await expect(journal.append(body('lost'))).rejects.toMatchObject({
        code: 'journal_unwritable',
        cause: { code: 'ENOSPC' },
      })
      fail.partly = false
      const { length } = readFileSync(first)
      await journal.append(body('after'))
      expect(readFileSync(first)).toHaveLength(length)
      expect(journal.stats.segments).toBe(2)
    }
    await using journal = await openJournal({ dir: folder.path })
    expect(await texts(journal)).toEqual(['before', 'after'])
    expect(journal.stats.quarantined).toHaveLength(1)
  })

  it('reads on when even the remains of a failed segment cannot be removed', async () => {
    const fail: Faults = {}
    const { fs } = failing(fail)
    await using journal = await openJournal({ dir: folder.path, fs })
    fail.partly = true
    fail.remove = true
    await expect(journal.append(body('lost'))).rejects.toMatchObject({ code: 'journal_unwritable' })
    fail.partly = false
    await journal.append(body('after'))
    expect(await texts(journal)).toEqual(['after'])
  })

  it('acknowledges nothing before the sync that covers it', async () => {
    const { fs, counts } = failing({})
    await using journal = await openJournal({ dir: folder.path, fs, segmentBytes: 200 })
    for (let i = 1; i <= 10; i += 1) {
      await journal.append(body(`${i}`))
      expect(counts.syncs).toBe(i)
      expect(counts.appended).toBe(i)
      // One more when it was opened.
      expect(counts.folderSyncs).toBe(journal.stats.segments + 1)
    }
    await Promise.all(Array.from({ length: 50 }, () => journal.append(body('together'))))
    expect(counts.syncs).toBeLessThan(15)
  })
})

describe('what is trimmed', () => {
  const retention = (...bodies: [number, number][]) =>
    ({
      ...body(JSON.stringify({ bodies })),
      kind: 'retention',
    }) as const

  it('is not read from the moment that it is named, and goes from the disk', async () => {
    const dir = folder.path
    {
      await using journal = await openJournal({ dir })
      for (const text of ['one', 'two', 'three', 'four']) await journal.append(body(text))
      await journal.append(retention([1, 1], [3, 3]))
      expect((await texts(journal)).slice(0, 2)).toEqual(['two', 'four'])
      expect(journal.retentions).toEqual([5])
      await journal.compact()
      expect(journal.stats).toMatchObject({ records: 3, segments: 1 })
      expect((await texts(journal)).slice(0, 2)).toEqual(['two', 'four'])
      expect(readFileSync(onlySegment(dir)).includes('three')).toBe(false)
      expect(await journal.append(body('five'))).toEqual({ seq: 6 })
      await journal.compact()
      expect(journal.stats.records).toBe(4)
    }
    await using journal = await openJournal({ dir })
    expect(journal.lastSeq).toBe(6)
    expect(await texts(journal, 6)).toEqual(['five'])
  })

  it('names neither itself, nor what comes behind it, nor anything where it cannot be read', async () => {
    await using journal = await openJournal({ dir: folder.path })
    await journal.append(body('one'))
    await journal.append(retention([1, 9], [2, 2], [3, 3]))
    await journal.append({ ...body('no JSON'), kind: 'retention' })
    await journal.append({ ...body('{"bodies":[[2,1],[0,1],["1","1"],7]}'), kind: 'retention' })
    expect((await texts(journal))[0]).toBe('one')
    expect(journal.stats.records).toBe(4)
  })

  it('survives a stop between the new file and the end of the old one', async () => {
    const dir = folder.path
    {
      await using journal = await openJournal({ dir })
      for (const text of ['one', 'two', 'three']) await journal.append(body(text))
      await journal.append(retention([2, 2]))
    }
    const old = onlySegment(dir)
    const copy = readFileSync(old)
    {
      await using journal = await openJournal({ dir })
      await journal.compact()
    }
    // The old one was not removed yet.
    writeFileSync(old, copy)
    await using journal = await openJournal({ dir })
    expect((await texts(journal)).slice(0, 2)).toEqual(['one', 'three'])
    expect(journal.stats).toMatchObject({ segments: 1, quarantined: [] })
    await journal.compact()
    expect(readFileSync(onlySegment(dir)).includes('two')).toBe(false)
  })

  for (const fault of ['create', 'append', 'sync', 'rename', 'syncFolder', 'remove'] as const) {
    it.each([true, false])(
      `stays unread, and nothing else is lost, when ${fault} fails while it is taken away; tried again at once: %s`,
      async (again) => {
        const fail: Faults = {}
        const { fs } = failing(fail)
        {
          await using journal = await openJournal({ dir: folder.path, fs })
          for (const text of ['one', 'two', 'three']) await journal.append(body(text))
          await journal.append(retention([2, 2]))
          fail[fault] = true
          await expect(journal.compact()).rejects.toThrow()
          fail[fault] = false
          expect((await texts(journal)).slice(0, 2)).toEqual(['one', 'three'])
          expect(readdirSync(folder.path).filter((name) => name.endsWith('.part'))).toEqual([])
          if (again) {
            await journal.compact()
            expect(readFileSync(onlySegment(folder.path)).includes('two')).toBe(false)
          }
        }
        await using journal = await openJournal({ dir: folder.path })
        expect((await texts(journal)).slice(0, 2)).toEqual(['one', 'three'])
        await journal.append(body('four'))
        await journal.compact()
        expect((await texts(journal)).filter((text) => !text.startsWith('{'))).toEqual([
          'one',
          'three',
          'four',
        ])
      },
    )
  }
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
