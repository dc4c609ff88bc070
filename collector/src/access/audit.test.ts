import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAudit } from './audit.ts'
import type { AuditEntry } from './audit-entry.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delegraph-audit-'))
})
afterAll(() => rm(folder, { recursive: true }))

const entry = (n: number): AuditEntry => ({
  at: Date.UTC(2026, 10, 24, 10),
  by: 'bob',
  tenant: 'default',
  from: '127.0.0.1',
  surface: 'graphql',
  operation: 'query',
  fields: ['findings'],
  status: 200,
  took: n,
})

test('each entry is a line for its owner alone, in the log and in the file', async () => {
  const file = join(folder, 'audit.ndjson')
  const logged: AuditEntry[] = []
  const errors: unknown[] = []
  {
    await using audit = openAudit({
      file,
      maxBytes: 1_000_000,
      log: (one) => logged.push(one),
      onError: (error) => errors.push(error),
      clock: Date.now,
    })
    for (let n = 0; n < 20; n += 1) audit.note(entry(n))
  }
  const lines = (await readFile(file, 'utf8')).trim().split('\n')
  expect(lines.map((line) => JSON.parse(line).took)).toEqual(logged.map(({ took }) => took))
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ at: '2026-11-24T10:00:00.000Z', by: 'bob' })
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect(errors).toEqual([])
})

test('the file does not grow without end, and the one before is kept', async () => {
  const file = join(folder, 'small.ndjson')
  const maxBytes = 4_096
  const onError = (error: unknown) => {
    throw error
  }
  const audit = openAudit({ file, maxBytes, log: () => {}, onError, clock: Date.now })
  for (let n = 0; n < 200; n += 1) {
    audit.note(entry(n))
    // Now and then many wait at once.
    if (n % 5 === 0 && n < 100) await new Promise((resolve) => setTimeout(resolve, 2))
  }
  await audit[Symbol.asyncDispose]()
  expect((await stat(file)).size).toBeLessThanOrEqual(maxBytes)
  expect((await stat(`${file}.1`)).size).toBeLessThanOrEqual(maxBytes)
  const last = (await readFile(file, 'utf8')).trim().split('\n').at(-1) ?? ''
  expect(JSON.parse(last).took).toBe(199)
})

test('a disk that fails holds nobody up and is said', async () => {
  const errors: unknown[] = []
  const audit = openAudit({
    file: join(folder, 'none', 'audit.ndjson'),
    maxBytes: 4_096,
    log: () => {},
    onError: (error) => errors.push(error),
    clock: Date.now,
  })
  audit.note(entry(1))
  await audit[Symbol.asyncDispose]()
  expect(String(errors[0])).toContain('ENOENT')
})
