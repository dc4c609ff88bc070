import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GraphStore, openSqliteStore } from '../../collector/src/graph/index.ts'
import { dumpOf, link } from './graph-store/shapes.ts'

let dir = ''
let file = ''

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'delegraph-sqlite-'))
  file = join(dir, 'graph.sqlite')
})

afterEach(() => rmSync(dir, { recursive: true, force: true }))

async function opened(): Promise<GraphStore> {
  const store = openSqliteStore({ file })
  await store.init()
  return store
}

/** A graph of some pages, closed. */
async function filled(): Promise<void> {
  await using store = await opened()
  const nodes = Array.from({ length: 300 }, (_, i) => link(`l${i}`, { text: 'x'.repeat(500) }))
  await store.write({ nodes, edges: [], position: 5 })
}

/** What another program's view of the file is changed by. */
function sql(...statements: string[]): void {
  const db = new DatabaseSync(file)
  for (const statement of statements) db.exec(statement)
  db.close()
}

describe('a graph in a SQLite file', () => {
  it('is there after it was closed and opened again', async () => {
    await filled()
    await using store = await opened()
    expect(await store.position()).toBe(5)
    expect(await store.find('Link', 'hash', ['l7'])).toEqual([
      link('l7', { text: 'x'.repeat(500) }),
    ])
  })

  it('shows what one connection wrote to another', async () => {
    await using one = await opened()
    await using two = await opened()
    await one.write({ nodes: [link('a')], edges: [], position: 1 })
    expect(await two.position()).toBe(1)
    await two.write({ nodes: [link('b')], edges: [], position: 2 })
    expect(await dumpOf(one)).toEqual([link('a'), link('b')])
  })

  it('is whole up to what was acknowledged, however often its writer is killed', async () => {
    let acknowledged = 0
    for (let kill = 0; kill < 10; kill += 1) {
      acknowledged = Math.max(acknowledged, await killedWriter(3 + kill * 2))
      await using store = await opened()
      const position = await store.position()
      expect(position).toBeGreaterThanOrEqual(acknowledged)
      // Each batch with its relationships, and nothing of the next one.
      expect(await store.count('Link', {}, 1_000_000)).toBe(position * 20)
      expect(await store.count('Agent', {}, 1_000_000)).toBe(position)
      expect(await store.neighbours('HELD_BY', 'in', [`batch ${position}`])).toHaveLength(20)
    }
    const db = new DatabaseSync(file)
    expect(db.prepare('PRAGMA integrity_check').all()).toEqual([{ integrity_check: 'ok' }])
    db.close()
  }, 120_000)

  it('of an older form is emptied, so that the journal fills it again', async () => {
    await filled()
    sql('ALTER TABLE "Link" DROP COLUMN "purpose"', `UPDATE migration SET digest = 'old'`)
    await using store = await opened()
    expect(await store.position()).toBe(0)
    expect(await dumpOf(store)).toEqual([])
    await store.write({ nodes: [link('a', { purpose: 'p' })], edges: [] })
    expect(await store.find('Link', 'hash', ['a'])).toEqual([link('a', { purpose: 'p' })])
  })

  it('gets the indexes that are new and keeps what is in it', async () => {
    await filled()
    sql('DROP INDEX "Link_agent"', `DELETE FROM migration WHERE id = '0002-lookups'`)
    await using store = await opened()
    expect(await store.position()).toBe(5)
    const db = new DatabaseSync(file)
    const index = db.prepare(`SELECT name FROM sqlite_schema WHERE name = 'Link_agent'`).get()
    expect(index).toBeDefined()
    db.close()
  })
})

describe('a file that is no graph', () => {
  const refused = {
    code: 'store_corrupt',
    message: expect.stringMatching(/rebuilt from the journal/),
  }

  it('is refused where it is another kind of file', async () => {
    writeFileSync(file, 'this is not a database, however long it goes on\n'.repeat(100))
    await expect(opened()).rejects.toMatchObject(refused)
  })

  it('is refused where it is another program’s database, and left as it was', async () => {
    sql('CREATE TABLE customer (name TEXT)', `INSERT INTO customer VALUES ('alice')`)
    const before = readFileSync(file)
    await expect(opened()).rejects.toMatchObject(refused)
    expect(new DatabaseSync(file).prepare('SELECT name FROM customer').all()).toHaveLength(1)
    expect(statSync(file).size).toBe(before.length)
  })

  it('is refused where another program marked it', async () => {
    sql('PRAGMA application_id = 1234', 'CREATE TABLE "Evidence" (id TEXT)')
    await expect(opened()).rejects.toMatchObject(refused)
  })

  it('is told from one that may not be opened', async () => {
    await expect(async () =>
      openSqliteStore({ file: join(dir, 'none', 'graph.sqlite') }),
    ).rejects.toMatchObject({
      code: 'store_unreachable',
      message: expect.stringContaining('cannot be opened'),
    })
  })

  for (const [what, damage] of [
    ['cut short', () => truncateSync(file, 8_192)],
    ['overwritten in its middle', () => overwrite(file, 4_096)],
    ['overwritten at its beginning', () => overwrite(file, 16)],
  ] as const) {
    it(`is found out at the latest when it is read, where it was ${what}`, async () => {
      await filled()
      damage()
      const reading = async (): Promise<void> => {
        await using store = await opened()
        await store.position()
        await dumpOf(store)
        await store.count('Link', { equals: { agent: ['x'] } }, 10)
      }
      await expect(reading()).rejects.toMatchObject(refused)
    })
  }
})

describe('health', () => {
  it('is bad while another process holds the file', async () => {
    await using store = await opened()
    const other = new DatabaseSync(file)
    other.exec('BEGIN IMMEDIATE')
    expect(await store.health()).toMatchObject({
      ok: false,
      problem: expect.stringContaining('locked'),
    })
    other.exec('ROLLBACK')
    other.close()
    expect(await store.health()).toMatchObject({ ok: true })
  })
})

/** Lets a writer acknowledge some batches, kills it, and gives the last that it acknowledged. */
async function killedWriter(batches: number): Promise<number> {
  const script = join(import.meta.dirname, 'write-forever.ts')
  const child = spawn(process.execPath, ['--conditions=delegraph-source', script, file], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  child.stdout.on('data', (data: Buffer) => {
    said += data.toString()
    if (said.split('\n').length > batches) child.kill('SIGKILL')
  })
  await once(child, 'close')
  // The last line may be cut off.
  const lines = said.split('\n').slice(0, -1)
  expect(lines.length).toBeGreaterThanOrEqual(batches)
  return Number(lines.at(-1))
}

function overwrite(path: string, offset: number): void {
  const bytes = readFileSync(path)
  bytes.fill(0xa5, offset, offset + 40_000)
  writeFileSync(path, bytes)
}
