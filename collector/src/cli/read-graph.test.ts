import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { readConfig } from '../config.ts'
import { openSqliteStore } from '../graph/index.ts'
import { openJournal } from '../journal/index.ts'
import { configOfOne, openGraphToRead } from './read-graph.ts'

let folder: ReturnType<typeof temporaryFolder>
beforeEach(() => {
  folder = temporaryFolder()
})
afterEach(() => folder[Symbol.dispose]())

const config = () => readConfig({ data: folder.path }, {})
const file = () => join(folder.path, 'graph.sqlite')

async function graphAt(position: number): Promise<void> {
  await using store = openSqliteStore({ file: file() })
  await store.init()
  await store.write({ nodes: [], edges: [], position })
}

describe('a graph that is only read', () => {
  it('is not made by asking: nothing, or a journal alone, is no graph in which nothing was found', async () => {
    await expect(openGraphToRead(config())).rejects.toMatchObject({
      code: 'no_graph',
      message: expect.stringContaining('there is nothing in'),
    })
    {
      await using journal = await openJournal({ dir: join(folder.path, 'journal') })
      await journal.append({ kind: 'otlp-logs', receivedAt: 1, payload: Buffer.alloc(0) })
    }
    await expect(openGraphToRead(config())).rejects.toThrow('a journal and no graph')
    // Begun and never made.
    new DatabaseSync(file()).close()
    await expect(openGraphToRead(config())).rejects.toThrow('another version')
  })

  it('is not emptied by asking where it is of another version', async () => {
    await graphAt(7)
    const db = new DatabaseSync(file())
    db.exec("UPDATE migration SET digest = 'another'")
    db.close()
    await expect(openGraphToRead(config())).rejects.toMatchObject({
      code: 'no_graph',
      message: expect.stringContaining('delegraph rebuild'),
    })
    await using store = openSqliteStore({ file: file() })
    expect(await store.position()).toBe(7)
  })

  it('says what it does not have yet', async () => {
    const said: string[] = []
    await graphAt(1)
    {
      await using journal = await openJournal({ dir: join(folder.path, 'journal') })
      for (const receivedAt of [1, 2, 3]) {
        await journal.append({ kind: 'otlp-logs', receivedAt, payload: Buffer.alloc(0) })
      }
    }
    await using _ = await openGraphToRead(config(), (message) => said.push(message))
    expect(said).toEqual([
      'the graph lacks the newest 2 of 3 journal records; they are not in what follows',
    ])
  })

  it('is that of one tenant, by name', () => {
    mkdirSync(folder.path, { recursive: true })
    const path = join(folder.path, 'delegraph.json')
    writeFileSync(path, JSON.stringify({ data: folder.path, tenants: { acme: {}, other: {} } }))
    expect(() => configOfOne({ config: path })).toThrow('--tenant: acme, other')
    expect(configOfOne({ config: path, tenant: 'acme' }).data).toBe(
      join(folder.path, 'tenants', 'acme'),
    )
  })
})
