import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { type JournalRecord, type NewRecord, openJournal, readJournal } from '../journal/index.ts'
import { importJournal } from './import-journal.ts'
import { checkJournalFile, writeJournalFile } from './journal-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'delegraph-transfer-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const RECORDS: NewRecord[] = [
  { kind: 'trust', receivedAt: 1, payload: Buffer.from('{"anchors":[]}') },
  {
    kind: 'otlp-logs',
    receivedAt: 2,
    payload: Buffer.from([0, 255, 10, 13]),
    tenant: 'acme',
    contentType: 'application/json',
    contentEncoding: 'gzip',
  },
  { kind: 'otlp-traces', receivedAt: 3, payload: Buffer.alloc(0) },
  { kind: 'registry', receivedAt: 4, payload: Buffer.from('x.y.z') },
]

async function exported(name = 'out.ndjson'): Promise<string> {
  const dir = join(folder, 'source')
  {
    await using journal = await openJournal({ dir })
    for (const record of RECORDS) await journal.append(record)
  }
  const file = join(folder, name)
  expect(await writeJournalFile(readJournal(dir), file)).toBe(4)
  return file
}

async function contents(dir: string): Promise<Omit<JournalRecord, 'seq'>[]> {
  const all = await Array.fromAsync(readJournal(dir))
  return all.map(({ seq: _, ...record }) => ({ ...record, payload: Buffer.from(record.payload) }))
}

it('restores an empty journal to the same records, times included', async () => {
  const file = await exported()
  const dir = join(folder, 'target')
  {
    await using journal = await openJournal({ dir })
    const seen: number[] = []
    const result = await importJournal(
      file,
      journal,
      () => 99,
      (done) => void seen.push(done),
    )
    expect(result).toEqual({ how: 'restored', records: 4, left: 0 })
    expect(seen).toEqual([1, 2, 3, 4])
  }
  expect(await contents(dir)).toEqual(await contents(join(folder, 'source')))
})

it('adds only evidence to a journal that has something, as received now', async () => {
  const file = await exported()
  const dir = join(folder, 'target')
  {
    await using journal = await openJournal({ dir })
    await journal.append({ kind: 'otlp-logs', receivedAt: 50, payload: Buffer.from('own') })
    const result = await importJournal(file, journal, () => 99)
    expect(result).toEqual({ how: 'merged', records: 2, left: 2 })
  }
  const all = await contents(dir)
  expect(all.map(({ kind, receivedAt }) => [kind, receivedAt])).toEqual([
    ['otlp-logs', 50],
    ['otlp-logs', 99],
    ['otlp-traces', 99],
  ])
})

it('takes nothing of a file that was cut, changed, or is another', async () => {
  const file = await exported()
  const text = readFileSync(file, 'utf8')
  const lines = text.trimEnd().split('\n')
  const damage: [string, string, string][] = [
    ['cut', `${lines.slice(0, -1).join('\n')}\n`, 'ends too early'],
    ['cut in a line', text.slice(0, 200), 'is no NDJSON'],
    ['one line less', `${lines.toSpliced(2, 1).join('\n')}\n`, 'another number'],
    ['one bit', text.replace('"receivedAt":2', '"receivedAt":3'), 'was changed'],
    ['more behind', `${text}${lines[1]}\n`, 'goes on behind its end'],
    ['another kind', text.replace('"registry"', '"nonsense"'), 'that is no record'],
    ['another format', text.replace('journal/1', 'journal/9'), 'is no delegraph-journal/1'],
    ['empty', '', 'ends too early'],
  ]
  await using journal = await openJournal({ dir: join(folder, 'target') })
  for (const [name, bytes, message] of damage) {
    const path = join(folder, `${name}.ndjson`)
    writeFileSync(path, bytes)
    await expect(
      importJournal(path, journal, () => 99),
      name,
    ).rejects.toThrow(message)
  }
  await expect(checkJournalFile(join(folder, 'none'))).rejects.toThrow('cannot be read')
  expect(journal.lastSeq).toBe(0)
})

it('does not write over a file that is there', async () => {
  const file = await exported()
  await expect(writeJournalFile(readJournal(join(folder, 'source')), file)).rejects.toMatchObject({
    code: 'file_unreadable',
    message: expect.stringContaining('such a file already'),
  })
})
