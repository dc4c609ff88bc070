import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import { AlertSender } from './alert-sender.ts'
import { pagerduty } from './kinds/pagerduty.ts'
import { deliveryPayload, takeDelivery } from './outbox.ts'
import { owedAlerts } from './owed-alerts.ts'
import { testChannel, testRoute } from './testing/channel.ts'
import { aFinding, nodeOf } from './testing/finding.ts'
import { type Stub, startStub } from './testing/stub.ts'

interface Event {
  readonly event_action: string
  readonly dedup_key: string
  readonly payload?: { readonly summary: string }
}

const SECONDS = 600
const COUNTED = 'delegraph suppressed D1'

let store: GraphStore
let receiver: Stub<Event>
let journal: { readonly payload: Buffer; readonly receivedAt: number; readonly seq: number }[]
let errors: unknown[]
let now: number
let learned: number
beforeEach(async () => {
  store = openSqliteStore({ file: ':memory:' })
  await store.init()
  receiver = await startStub<Event>()
  journal = []
  errors = []
  now = Date.now()
  learned = 0
})
afterEach(async () => {
  await receiver[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})

function start(onRecord: () => void = () => {}): AlertSender {
  const delivery = pagerduty({ url: receiver.url, routingKey: 'R'.repeat(32) })
  const sender = new AlertSender({
    store,
    channels: [
      testChannel(delivery, {
        ...{ kind: 'pagerduty', updates: 'worse', endsCounts: true },
        limit: { count: 1, seconds: SECONDS },
      }),
    ],
    clock: () => now,
    onOutcome: async (alerts, outcome) => {
      onRecord()
      const seq = journal.length + 1
      journal.push({ payload: deliveryPayload(alerts, outcome), receivedAt: now, seq })
      return seq
    },
    onError: (error) => errors.push(error),
    backoff: { first: 1, longest: 2 },
  })
  sender.start()
  return sender
}

/** As the projector writes it: the finding and what it owes in one batch. */
async function change(id: string, what: 'opened' | 'withdrawn'): Promise<void> {
  const [before] = await store.find('Finding', 'id', [id])
  learned += 1
  const alerts = owedAlerts(
    {
      ...{ change: what, id, cursor: String(learned).padStart(8, '0') },
      ...(what === 'opened' ? { finding: aFinding(id) } : {}),
      ...(before === undefined ? {} : { before }),
    },
    [testRoute()],
    now,
  )
  const finding =
    what === 'opened'
      ? nodeOf(aFinding(id))
      : ({ kind: 'Finding', key: id, columns: { id, state: 'withdrawn' } } as const)
  await store.write({ nodes: [finding, ...alerts], edges: [] })
}

/** Until as many were heard, and nothing more is due. */
async function heard(sender: AlertSender, count: number): Promise<void> {
  await vi.waitFor(() => {
    sender.notify()
    expect(receiver.requests).toHaveLength(count)
  })
  await settled(sender)
}

async function settled(sender: AlertSender): Promise<void> {
  await vi.waitFor(async () => {
    sender.notify()
    expect(await store.count('Alert', { equals: { state: ['owed'] } }, 10)).toBe(0)
  })
  await new Promise((resolve) => setTimeout(resolve, 30))
}

function later(seconds: number): void {
  now += seconds * 1000
}

/** What was said of the count, in order. */
function said(): string[] {
  return receiver.requests
    .filter(({ body }) => body.dedup_key === COUNTED)
    .map(({ body }) => body.payload?.summary ?? body.event_action)
}

const COUNT = 'D1: 2 more suppressed'

/** One that is told, two that are held, and the count of them. */
async function counted(sender: AlertSender): Promise<void> {
  for (const id of ['f1', 'f2', 'f3']) await change(id, 'opened')
  await heard(sender, 1)
  later(SECONDS + 1)
  await heard(sender, 2)
}

describe('what was counted at a receiver that keeps it open', () => {
  test('is over once nothing more was suppressed for as long as the limit looks back, and said once', async () => {
    await using sender = start()
    await counted(sender)
    expect(said()).toEqual([COUNT])
    later(SECONDS - 1)
    await settled(sender)
    expect(said()).toEqual([COUNT])
    later(2)
    await heard(sender, 3)
    expect(said()).toEqual([COUNT, 'resolve'])
    later(10 * SECONDS)
    await settled(sender)
    expect(said()).toEqual([COUNT, 'resolve'])
    expect(errors).toEqual([])
  })

  test('stays while more is held, and begins again after its end', async () => {
    await using sender = start()
    await counted(sender)
    await change('f4', 'opened')
    await heard(sender, 3)
    await change('f5', 'opened')
    await settled(sender)
    later(SECONDS + 1)
    await heard(sender, 4)
    expect(said()).toEqual([COUNT, 'D1: 1 more suppressed'])
    later(SECONDS + 1)
    await heard(sender, 5)
    expect(said()).toEqual([COUNT, 'D1: 1 more suppressed', 'resolve'])
    for (const id of ['f6', 'f7']) await change(id, 'opened')
    await settled(sender)
    later(SECONDS + 1)
    await heard(sender, 7)
    later(SECONDS + 1)
    await heard(sender, 8)
    expect(said().slice(3)).toEqual(['D1: 1 more suppressed', 'resolve'])
  })

  test('is over also after a restart, and where all that was counted was told since', async () => {
    {
      await using before = start()
      for (const id of ['f1', 'f2']) await change(id, 'opened')
      await heard(before, 1)
      later(SECONDS + 1)
      await heard(before, 2)
    }
    await change('f2', 'withdrawn')
    await using after = start()
    await settled(after)
    await change('f2', 'opened')
    await heard(after, 3)
    const counted = { state: ['suppressed'], finding: ['f2'] }
    expect(await store.count('Alert', { equals: counted }, 10)).toBe(0)
    later(SECONDS + 1)
    await heard(after, 4)
    expect(said()).toEqual(['D1: 1 more suppressed', 'resolve'])
  })

  test('is asked again where the receiver is away, and is over once though the journal failed', async () => {
    let failures = 0
    await using sender = start(() => {
      if (failures === 0) return
      failures -= 1
      throw new Error('disk full')
    })
    await counted(sender)
    receiver.script.push(503, 429)
    later(SECONDS + 1)
    await vi.waitFor(() => {
      later(1)
      sender.notify()
      expect(said()).toEqual([COUNT, 'resolve', 'resolve', 'resolve'])
    })
    await settled(sender)
    expect(errors).toHaveLength(2)
    for (const id of ['f4', 'f5']) await change(id, 'opened')
    await settled(sender)
    later(SECONDS + 1)
    failures = 1
    await vi.waitFor(() => {
      later(1)
      sender.notify()
      expect(said().slice(4)).toEqual(['D1: 1 more suppressed', 'D1: 1 more suppressed'])
    })
    await settled(sender)
    const times = receiver.requests.length
    later(SECONDS + 1)
    await heard(sender, times + 1)
    expect(said().slice(6)).toEqual(['resolve'])
  })

  test.each([
    ['is still to be over', false],
    ['is over and not said again', true],
  ])('in a graph made anew from the journal, %s', async (_, ended) => {
    {
      await using before = start()
      await counted(before)
      if (ended) {
        later(SECONDS + 1)
        await heard(before, 3)
      }
    }
    await store.clear()
    for (const record of journal) {
      await store.write({ nodes: await takeDelivery(store, record), edges: [] })
    }
    const told = receiver.requests.length
    await using after = start()
    await settled(after)
    expect(receiver.requests).toHaveLength(told)
    later(SECONDS + 1)
    await heard(after, ended ? told : told + 1)
    expect(said()).toEqual([COUNT, 'resolve'])
  })
})
