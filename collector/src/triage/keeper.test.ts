import { expect, test } from 'vitest'
import { openMemoryStore } from '../../../test/contracts/memory-store.ts'
import { cursor, finding, findingEvent, NOW } from '../api/test-graph.ts'
import type { GraphStore } from '../graph/index.ts'
import { TriageKeeper } from './keeper.ts'
import { directDesk } from './testing/direct-desk.ts'

const HOUR = 3_600_000

async function open() {
  const store = openMemoryStore()
  const time = { now: NOW }
  const clock = () => time.now
  await store.write({ nodes: [finding('f1', { severity: 2 })], edges: [] })
  const desk = directDesk(store, clock)
  const errors: unknown[] = []
  const keeper = new TriageKeeper({ store, desk, clock, onError: (error) => errors.push(error) })
  const say = async (word: object, expected = 0) =>
    expect(await desk.say({ findings: [{ id: 'f1', expected }], ...word }, 'bob')).toBeUndefined()
  return { store, time, desk, keeper, say, errors }
}

async function triageOf(store: GraphStore) {
  const [node] = await store.find('Triage', 'finding', ['f1'])
  return node?.columns
}

test('what was accepted comes back when its time is over, and says so', async () => {
  const { store, time, keeper, say } = await open()
  await say({ state: 'accepted', reason: 'approved_exception', until: NOW + HOUR })
  await keeper.round()
  expect(await triageOf(store)).toMatchObject({ state: 'accepted', until: NOW + HOUR })
  time.now = NOW + HOUR
  await keeper.round()
  expect(await triageOf(store)).toMatchObject({
    state: 'new',
    version: 2,
    updatedBy: 'delegraph',
    note: expect.stringContaining('is over'),
  })
  expect((await triageOf(store))?.['until']).toBeUndefined()
  const [node] = await store.find('Finding', 'id', ['f1'])
  expect(node?.columns['triage']).toBe('new')
})

test('a suppression ends when its time is over', async () => {
  const { store, time, desk, keeper } = await open()
  const rule = { matcher: { rule: ['D1'] }, reason: 'known', until: NOW + HOUR }
  const id = await desk.suppress(rule, 'bob')
  time.now = NOW + HOUR - 1
  await keeper.round()
  expect((await store.find('Finding', 'id', ['f1']))[0]?.columns['suppressedBy']).toBe(id)
  time.now = NOW + HOUR
  await keeper.round()
  expect((await store.find('Finding', 'id', ['f1']))[0]?.columns).toMatchObject({
    suppressed: false,
    suppressedBy: '',
  })
  expect((await store.find('Suppression', 'id', [String(id)]))[0]?.columns).toMatchObject({
    state: 'ended',
    endedAt: NOW + HOUR,
    endedBy: 'delegraph',
  })
})

test('what was closed comes back where new evidence opens it again, and not for older evidence', async () => {
  const { store, keeper, say } = await open()
  const event = (n: number) => ({
    ...findingEvent(n, 'f1'),
    columns: { ...findingEvent(n, 'f1').columns, change: 'reopened' },
  })
  await store.write({ nodes: [event(0)], edges: [] })
  await say({ state: 'closed', reason: 'fixed' })
  await keeper.round()
  expect(await triageOf(store)).toMatchObject({ state: 'closed' })
  await store.write({ nodes: [event(7)], edges: [] })
  expect(event(7).key).toBe(cursor(7))
  await keeper.round()
  expect(await triageOf(store)).toMatchObject({
    state: 'new',
    note: expect.stringContaining('new evidence'),
  })
})

test('what got graver than it was when it was put aside comes back', async () => {
  const { store, keeper, say } = await open()
  await say({ state: 'accepted', reason: 'test_traffic', until: NOW + HOUR })
  await store.write({
    nodes: [finding('f1', { severity: 5 }), { ...findingEvent(9, 'f1') }],
    edges: [],
  })
  await keeper.round()
  expect(await triageOf(store)).toMatchObject({
    state: 'new',
    note: expect.stringContaining('graver'),
  })
})

test('while it runs it finds what became due while nobody was there, and follows the clock', async () => {
  const { store, keeper, say, errors } = await open()
  await say({ state: 'closed', reason: 'fixed' })
  await store.write({ nodes: [finding('f1', { severity: 5 })], edges: [] })
  keeper.start()
  await expect.poll(async () => (await triageOf(store))?.['state']).toBe('new')
  await keeper[Symbol.asyncDispose]()
  expect(errors).toEqual([])
})
