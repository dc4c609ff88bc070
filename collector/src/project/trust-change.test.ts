import { join } from 'node:path'
import type { Verdict } from '@delegraph/graph-schema'
import { jwkThumbprint, type Trust } from '@delegraph/link'
import { expect, it } from 'vitest'
import { openMemoryStore } from '../../../test/contracts/memory-store.ts'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { env, keyOf, Story, T0, TOOL, TRUST } from '../../../test/harness/story.ts'
import type { GraphStore } from '../graph/index.ts'
import { type Journal, openJournal } from '../journal/index.ts'
import { recordTrust } from '../trust/record.ts'
import { Projector } from './projector.ts'

const ROOT_KEY = jwkThumbprint(keyOf('root').jwk)
const COMPROMISED: Trust = { ...TRUST, version: '2', compromised: [{ jkt: ROOT_KEY, since: T0 }] }
const clock = () => (T0 + 60) * 1000

function follow(store: GraphStore, journal: Journal) {
  const projector = new Projector({
    store,
    journal,
    trust: TRUST,
    channels: [],
    pendingWindow: 900_000,
    clock,
    onEvents: () => {},
    onError: (error) => {
      throw error
    },
  })
  journal.onAppend(() => projector.notify())
  return projector
}

/** A worker that does what alice granted it, as log records. */
function told() {
  const story = new Story()
  const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  const id = story.act(link, TOOL.deploy, { args: { env: 'staging' }, span: false })
  const logRecords = story.evidence.flatMap((item) =>
    'text' in item
      ? [{ eventName: `delegation.${item.kind}`, body: { stringValue: item.text } }]
      : [],
  )
  const body = { resourceLogs: [{ scopeLogs: [{ logRecords }] }] }
  const record = {
    kind: 'otlp-logs',
    receivedAt: clock(),
    payload: Buffer.from(JSON.stringify(body)),
    contentType: 'application/json',
  } as const
  return { record, id }
}

async function verdictOf(store: GraphStore, id: string): Promise<Verdict> {
  const [node] = await store.find('Action', 'id', [id])
  return JSON.parse(String(node?.columns['verdict'])) as Verdict
}

async function chainOf(store: GraphStore, id: string): Promise<unknown> {
  return (await verdictOf(store, id)).chain
}

async function dumpOf(store: GraphStore): Promise<string[]> {
  const lines: string[] = []
  for await (const item of store.dump()) {
    const withdrawn = 'columns' in item && item.columns['state'] === 'withdrawn'
    if (!withdrawn) lines.push(JSON.stringify(item))
  }
  return lines
}

it('a key found compromised re-judges history, and its being cleared does again, and so does asking for more', async () => {
  using folder = temporaryFolder()
  await using journal = await openJournal({ dir: join(folder.path, 'journal') })
  const store = openMemoryStore()
  const { record, id } = told()
  await using projector = follow(store, journal)
  await projector.start()
  const trust = async (value: Trust) => {
    const { changed } = await recordTrust(value, journal, store, clock)
    await projector.caughtUp(journal.lastSeq)
    return changed
  }
  expect(await trust(TRUST)).toBe(true)
  await journal.append(record)
  await projector.caughtUp(journal.lastSeq)
  expect(await chainOf(store, id)).toEqual({ state: 'ok' })

  expect(await trust(COMPROMISED)).toBe(true)
  expect(await chainOf(store, id)).toMatchObject({ code: 'issuer_untrusted' })
  expect(await trust(COMPROMISED)).toBe(false)

  expect((await verdictOf(store, id)).identity).toMatchObject({ code: 'identity_asserted' })
  expect(await trust({ ...TRUST, holderIdentity: 'require_attested' })).toBe(true)
  expect((await verdictOf(store, id)).identity).toMatchObject({ code: 'identity_unattested' })

  expect(await trust(TRUST)).toBe(true)
  expect(await chainOf(store, id)).toEqual({ state: 'ok' })
})

it('a graph made anew judges with the trust of each time, and ends the same', async () => {
  using folder = temporaryFolder()
  await using journal = await openJournal({ dir: join(folder.path, 'journal') })
  const { record, id } = told()
  const first = openMemoryStore()
  {
    await using projector = follow(first, journal)
    await projector.start()
    await journal.append(record)
    await projector.caughtUp(journal.lastSeq)
    await recordTrust(COMPROMISED, journal, first, clock)
    await projector.caughtUp(journal.lastSeq)
  }
  const second = openMemoryStore()
  await using projector = follow(second, journal)
  await projector.start()
  await projector.caughtUp(journal.lastSeq)
  expect(await chainOf(second, id)).toMatchObject({ code: 'issuer_untrusted' })
  expect(await dumpOf(second)).toEqual(await dumpOf(first))
})
