import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../../test/contracts/memory-store.ts'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { TRUST } from '../../../test/harness/story.ts'
import { type GraphStore, StoreError } from '../graph/index.ts'
import { type Journal, openJournal } from '../journal/index.ts'
import { Projector } from './projector.ts'

function follow(store: GraphStore, journal: Journal, onError: (error: unknown) => void = () => {}) {
  const projector = new Projector({
    store,
    journal,
    trust: TRUST,
    channels: [],
    pendingWindow: 900_000,
    clock: () => 0,
    onEvents: () => {},
    onError,
  })
  journal.onAppend(() => projector.notify())
  return projector
}

function spans(tool: string, spanId = 'cd'.repeat(8), more: Record<string, string> = {}) {
  const attributes = Object.entries({ 'delegation.tool': tool, ...more }).map(([key, text]) => ({
    key,
    value: { stringValue: text },
  }))
  const span = { traceId: 'ab'.repeat(16), spanId, name: tool, attributes }
  const body = { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }
  return {
    kind: 'otlp-traces',
    receivedAt: 1,
    payload: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json',
  } as const
}

describe('the projector', () => {
  it('refuses a graph that has more than its journal: it was made from another one', async () => {
    using folder = temporaryFolder()
    await using journal = await openJournal({ dir: join(folder.path, 'journal') })
    const store = openMemoryStore()
    await store.write({ nodes: [], edges: [], position: 9 })
    await expect(follow(store, journal).start()).rejects.toMatchObject({ code: 'graph_ahead' })
  })

  it('waits while the graph is away and loses nothing', async () => {
    using folder = temporaryFolder()
    await using journal = await openJournal({ dir: join(folder.path, 'journal') })
    const store = openMemoryStore()
    let away = true
    const errors: unknown[] = []
    const flaky: GraphStore = {
      ...store,
      write: (batch) =>
        away ? Promise.reject(new StoreError('store_unreachable', 'away')) : store.write(batch),
    }
    await using projector = follow(flaky, journal, (error) => {
      errors.push(error)
      away = errors.length < 2
    })
    await projector.start()
    await journal.append(spans('urn:tool'))
    await projector.caughtUp(1)
    expect(errors).toHaveLength(2)
    const found = await store.find('Action', 'tool', ['urn:tool'])
    expect(found).toHaveLength(1)
    expect(await store.position()).toBe(1)
  })

  it('passes over evidence that cannot be judged, says so, and takes the rest in', async () => {
    using folder = temporaryFolder()
    await using journal = await openJournal({ dir: join(folder.path, 'journal') })
    const store = openMemoryStore()
    const broken: GraphStore = {
      ...store,
      write: (batch) =>
        batch.nodes.some((node) => node.columns['tool'] === 'urn:broken')
          ? Promise.reject(new TypeError('a fault of ours'))
          : store.write(batch),
    }
    const errors: unknown[] = []
    await using projector = follow(broken, journal, (error) => errors.push(error))
    await projector.start()
    const bodies = ['urn:good', 'urn:broken', 'urn:fine'].map((tool, i) =>
      spans(tool, `${i + 1}`.repeat(16)),
    )
    await Promise.all(bodies.map((body) => journal.append(body)))
    await projector.caughtUp(3)
    expect(errors.map(String)).toEqual([expect.stringContaining('cannot be judged')])
    for (const tool of ['urn:good', 'urn:fine']) {
      expect(await store.find('Action', 'tool', [tool])).toHaveLength(1)
    }
  })

  it('takes in text with half a character and arguments without end', async () => {
    using folder = temporaryFolder()
    await using journal = await openJournal({ dir: join(folder.path, 'journal') })
    const store = openMemoryStore()
    const errors: unknown[] = []
    await using projector = follow(store, journal, (error) => errors.push(error))
    await projector.start()
    const nested = `${'['.repeat(30_000)}${']'.repeat(30_000)}`
    const args = ['{"a":"\\ud800"}', `{"a":${nested}}`, '{"a":1e999}', 'not json']
    for (const [i, text] of args.entries()) {
      await journal.append(
        spans('urn:\ud800', `${i + 1}`.repeat(16), {
          'delegation.action.args': text,
          'delegation.agent.id': 'agent:\udfff',
        }),
      )
    }
    await projector.caughtUp(args.length)
    expect(errors).toEqual([])
    expect(await store.find('Action', 'agent', ['agent:\ufffd'])).toHaveLength(args.length)
  })

  it('goes on where the graph stands after a restart', async () => {
    using folder = temporaryFolder()
    const store = openMemoryStore()
    for (const tool of ['urn:first', 'urn:second']) {
      await using journal = await openJournal({ dir: join(folder.path, 'journal') })
      await using projector = follow(store, journal)
      await projector.start()
      await journal.append(spans(tool))
      await projector.caughtUp(journal.lastSeq)
    }
    expect(await store.position()).toBe(2)
    // One call told twice, and differently: one action, and it says so.
    const [action, ...others] = await store.find('Action', 'trace', ['ab'.repeat(16)])
    expect(others).toEqual([])
    expect(String(action?.columns['flags'])).toContain('attribute_disagrees')
  })
})
