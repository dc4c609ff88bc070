import { afterEach, beforeEach, expect, test } from 'vitest'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import { deliveryPayload, owe, takeDelivery } from './outbox.ts'
import { testRoute } from './testing/channel.ts'
import { aFinding, NOW } from './testing/finding.ts'

let store: GraphStore
beforeEach(async () => {
  store = openSqliteStore({ file: ':memory:' })
  await store.init()
})
afterEach(() => store[Symbol.asyncDispose]())

const opened = { change: 'opened', id: 'f1', finding: aFinding('f1'), cursor: '1' } as const
const record = { receivedAt: NOW, seq: 7 }

test('a delivery that is known before the alert stays one, as in a rebuild', async () => {
  const [alert] = await owe(store, [opened], [testRoute()], NOW)
  if (alert === undefined) throw new Error('nothing is owed')
  const payload = deliveryPayload([alert], 'delivered')
  await store.write({ nodes: await takeDelivery(store, { ...record, payload }), edges: [] })
  const [again] = await owe(store, [opened], [testRoute()], NOW + 1_000)
  expect(again).toMatchObject({ key: alert.key, columns: { state: 'delivered' } })
  await store.write({ nodes: again === undefined ? [] : [again], edges: [] })
  // From here on the graph knows it: when it comes back, it is news.
  const [back] = await owe(store, [{ ...opened, change: 'reopened' }], [testRoute()], NOW + 2_000)
  expect(back?.columns['state']).toBe('owed')
})

test('what comes back within one millisecond is another message', async () => {
  const idOf = async (cursor: string): Promise<unknown> => {
    const [alert] = await owe(store, [{ ...opened, cursor }], [testRoute()], NOW)
    return JSON.parse(String(alert?.columns['body'])).id
  }
  const first = await idOf('0000000000000001.00000000')
  expect(await idOf('0000000000000001.00000004')).toBe(first)
  expect(await idOf('0000000000000002.00000000')).not.toBe(first)
})

test('records of the first form, without what they were about, are read', async () => {
  const payload = Buffer.from('{"id":"a","state":"delivered"}')
  expect(await takeDelivery(store, { ...record, payload })).toEqual([
    {
      kind: 'Alert',
      key: 'a',
      columns: {
        ...{ id: 'a', state: 'delivered', deliveredAt: NOW },
        ...{ recordedAs: 7, recordedState: 'delivered' },
      },
    },
  ])
})

test('a record of what the sender has marked itself does not undo what came since', async () => {
  const alerts = await owe(store, [opened], [testRoute()], NOW)
  const owedAnew = alerts.map((alert) => ({
    ...alert,
    columns: { ...alert.columns, recordedAs: record.seq },
  }))
  await store.write({ nodes: owedAnew, edges: [] })
  const payload = deliveryPayload(alerts, 'delivered')
  expect(await takeDelivery(store, { ...record, payload })).toEqual([])
  expect(await takeDelivery(store, { ...record, seq: 8, payload })).toHaveLength(1)
})
