import { join } from 'node:path'
import type { Verdict } from '@delegraph/graph-schema'
import { signJws } from '@delegraph/link'
import { beforeAll, describe, expect, it } from 'vitest'
import { packed } from '../../../link/src/testing/third-party.ts'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { env, keyOf, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { parseStatusPayload } from '../evidence/status.ts'
import {
  createCertificate,
  type TestCertificate,
  type TlsServer,
} from '../fetch/testing/tls-server.ts'
import { openSqliteStore } from '../graph/index.ts'
import { type Journal, openJournal } from '../journal/index.ts'
import { fetchStatusList } from './fetch-status-list.ts'
import { StatusPoller } from './status-poller.ts'

const PATH = '/status/7'
const HOUR = 3600

let certificate: TestCertificate
beforeAll(async () => {
  certificate = await createCertificate()
})

/** A status list over https, the poller that asks it, and a story that hears what it recorded. */
async function place() {
  await using cleanup = new AsyncDisposableStack()
  const asked: string[] = []
  const state = {
    /** What the list holds at a time; undefined: it answers 404. */
    text: (_time: number | undefined): string | undefined => undefined,
    now: T0 + 60,
  }
  const server: TlsServer = cleanup.use(
    await certificate.serve((request, response) => {
      const url = new URL(request.url ?? '', 'https://localhost')
      asked.push(`${url.pathname}${url.search}`)
      const time = url.searchParams.get('time')
      const text = state.text(time === null ? undefined : Number(time))
      if (text === undefined) response.writeHead(404).end()
      else response.writeHead(200, { 'content-type': 'application/statuslist+jwt' }).end(text)
    }),
  )
  const folder = cleanup.use(temporaryFolder())
  const store = cleanup.use(openSqliteStore({ file: join(folder.path, 'graph.sqlite') }))
  await store.init()
  const journal: Journal = cleanup.use(await openJournal({ dir: join(folder.path, 'journal') }))
  const story = new Story(store)
  const [anchor] = story.trust.anchors
  if (anchor === undefined) throw new Error('the story has an anchor')
  story.trust = { ...story.trust, anchors: [{ ...anchor, status_hosts: [server.host] }] }
  const errors: string[] = []
  const poller = () =>
    new StatusPoller({
      store,
      journal,
      trust: () => story.trust,
      fetch: fetchStatusList({ ca: certificate.ca, allowAddresses: ['127.0.0.1'] }),
      clock: () => state.now * 1000,
      random: () => 0,
      onError: (error) => errors.push(String(error)),
    })
  let heard = 0
  const owned = cleanup.move()
  return {
    story,
    state,
    asked,
    errors,
    journal,
    uri: `${server.url}${PATH}`,
    poller,
    /** Lets the graph follow the journal. */
    async follow() {
      for await (const record of journal.read(heard + 1)) {
        heard = record.seq
        await story.told([[parseStatusPayload(record.payload)]])
      }
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  }
}

function answer(uri: string, from: number, values: Record<number, number>, claims = {}): string {
  return signJws(
    { alg: 'Ed25519', kid: 'root', typ: 'statuslist+jwt' },
    {
      sub: uri,
      iat: from,
      exp: from + HOUR,
      status_list: { bits: 2, lst: packed(2, 64, values) },
      ...claims,
    },
    keyOf('root'),
  )
}

function listed(story: Story, uri: string, idx = 7) {
  story.knows('agent:planner')
  const status = { status_list: { idx, uri } }
  return story.root(
    'agent:planner',
    { [TOOL.deploy]: env('staging') },
    { status, iat: T0, exp: T0 + 20 * HOUR },
  )
}

async function statusOf(story: Story, id: string) {
  const { columns } = await story.action(id)
  return (JSON.parse(String(columns['verdict'])) as Verdict).status
}

describe('a status list that a root names', () => {
  it('is asked, recorded, and judges what was done under it', async () => {
    await using it = await place()
    const id = it.story.act(listed(it.story, it.uri), TOOL.deploy, {
      args: { env: 'staging' },
      at: T0 + 30,
    })
    await it.story.told()
    expect(await statusOf(it.story, id)).toMatchObject({ code: 'status_unknown' })
    it.state.text = () => answer(it.uri, T0, {})
    await using poller = it.poller()
    await poller.tick()
    await it.follow()
    expect([it.errors, it.asked]).toEqual([[], [PATH]])
    expect(await statusOf(it.story, id)).toEqual({ state: 'ok' })
  })

  it('that does not change is recorded once for each of its windows, and is asked no more than once in each', async () => {
    await using it = await place()
    listed(it.story, it.uri)
    await it.story.told()
    await using poller = it.poller()
    it.state.text = () => answer(it.uri, it.state.now - 1, {}, { exp: it.state.now + 12 * HOUR })
    const before = it.journal.lastSeq
    for (let minute = 0; minute < 11 * 60; minute++) {
      it.state.now += 60
      await poller.tick()
    }
    await it.follow()
    // An hour at most between two questions: each is asked, and says nothing new.
    expect(it.asked.length).toBe(11)
    expect(it.journal.lastSeq - before).toBe(1)
    for (let hour = 0; hour < 3; hour++) {
      it.state.now += HOUR
      await poller.tick()
    }
    expect(it.journal.lastSeq - before).toBe(2)
  })

  it('that changes an entry in use is recorded at once, and not where it changes others', async () => {
    await using it = await place()
    listed(it.story, it.uri)
    await it.story.told()
    await using poller = it.poller()
    let values: Record<number, number> = {}
    it.state.text = () =>
      answer(it.uri, it.state.now - 1, values, { exp: it.state.now + 12 * HOUR })
    const seqs = []
    for (const next of [{}, { 8: 1 }, { 7: 2, 8: 1 }, { 7: 2, 8: 1, 9: 1 }]) {
      values = next
      await poller.tick()
      seqs.push(it.journal.lastSeq)
      it.state.now += HOUR
    }
    expect(seqs).toEqual([1, 1, 2, 2])
  })

  it('is not asked again by a process that begins, where nobody can use it any more and its answer is there', async () => {
    await using it = await place()
    listed(it.story, it.uri)
    await it.story.told()
    it.state.now = T0 + 21 * HOUR
    it.state.text = () => answer(it.uri, it.state.now - 1, {})
    for (let process = 0; process < 3; process++) {
      await using poller = it.poller()
      await poller.tick()
      await it.follow()
    }
    expect(it.asked).toEqual([PATH])
  })

  it('that fails is asked more and more seldom, and what fails is told', async () => {
    await using it = await place()
    listed(it.story, it.uri)
    await it.story.told()
    await using poller = it.poller()
    for (let minute = 0; minute < 180; minute++) {
      it.state.now += 60
      await poller.tick()
    }
    expect(it.asked.length).toBeGreaterThan(4)
    expect(it.asked.length).toBeLessThan(14)
    expect(it.errors.every((error) => error.includes('answered 404'))).toBe(true)
    expect(it.journal.lastSeq).toBe(0)
  })

  it('that has ended and is not made anew is recorded once, and asked more and more seldom', async () => {
    await using it = await place()
    listed(it.story, it.uri)
    await it.story.told()
    await using poller = it.poller()
    it.state.text = () => answer(it.uri, T0, {}, { exp: T0 + 30 })
    for (let minute = 0; minute < 180; minute++) {
      it.state.now += 60
      await poller.tick()
    }
    expect(it.asked.length).toBeLessThan(14)
    expect(it.journal.lastSeq).toBe(1)
  })

  it('whose answer does not verify is not recorded', async () => {
    await using it = await place()
    listed(it.story, it.uri)
    await it.story.told()
    it.state.text = () => answer(`${it.uri}0`, T0, {})
    await using poller = it.poller()
    await poller.tick()
    expect(it.errors).toEqual([expect.stringContaining('status_unknown:sub')])
    expect(it.journal.lastSeq).toBe(0)
  })

  it('is never asked for a link that no anchor signed, nor at a host that its anchor does not list', async () => {
    await using it = await place()
    const root = listed(it.story, it.uri)
    it.story.evidence.length = 0
    const status = { status_list: { idx: 7, uri: it.uri } }
    it.story.forge(root, { status }, keyOf('stranger'))
    listed(it.story, 'https://elsewhere.example.com/status/7')
    await it.story.told()
    await using poller = it.poller()
    await poller.tick()
    expect([it.asked, it.errors]).toEqual([[], []])
  })
})

describe('an act that no answer covers', () => {
  const told = async (it: Awaited<ReturnType<typeof place>>) => {
    const root = listed(it.story, it.uri)
    const id = it.story.act(root, TOOL.deploy, { args: { env: 'staging' }, at: T0 + 30 })
    await it.story.told()
    it.state.now = T0 + 2 * HOUR
    return id
  }

  it('is asked about with its time, once', async () => {
    await using it = await place()
    const id = await told(it)
    it.state.text = (time) => answer(it.uri, time === undefined ? it.state.now - 1 : time - 5, {})
    await using poller = it.poller()
    for (let round = 0; round < 3; round++) {
      await poller.tick()
      await it.follow()
    }
    expect(it.asked).toEqual([PATH, `${PATH}?time=${T0 + 30}`])
    expect(await statusOf(it.story, id)).toEqual({ state: 'ok' })
  })

  it('stays unknown where the host ignores the time and sends what it has', async () => {
    await using it = await place()
    const id = await told(it)
    it.state.text = () => answer(it.uri, it.state.now - 1, {})
    await using poller = it.poller()
    for (let round = 0; round < 3; round++) {
      await poller.tick()
      await it.follow()
    }
    expect(it.asked).toEqual([PATH, `${PATH}?time=${T0 + 30}`])
    expect(it.errors).toEqual([expect.stringContaining('does not answer for the past')])
    expect(await statusOf(it.story, id)).toEqual({
      state: 'unknown',
      code: 'status_unknown',
      detail: 'stale',
    })
  })
})
