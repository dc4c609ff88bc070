import { expect, it } from 'vitest'
import { openMemoryStore } from '../../../test/contracts/memory-store.ts'
import { pagesOf } from './pages.ts'

it.each([0, 1, 2, 3, 4, 5])('gives all of %i nodes once, in order', async (count) => {
  await using store = openMemoryStore()
  const ids = Array.from({ length: count }, (_, i) => `agent:${i}`)
  const nodes = ids.map((id) => ({ kind: 'Agent' as const, key: id, columns: { id } }))
  await store.write({ nodes, edges: [] })
  const query = { kind: 'Agent', where: {}, orderBy: 'id', direction: 'asc', limit: 2 } as const
  const pages = await Array.fromAsync(pagesOf(store, query))
  expect(pages.flat().map(({ key }) => key)).toEqual(ids)
  expect(pages.map((page) => page.length)).toEqual([[], [1], [2], [2, 1], [2, 2], [2, 2, 1]][count])
})

it('goes on behind the last of several nodes that are equal in the order', async () => {
  await using store = openMemoryStore()
  const ids = ['a', 'b', 'c']
  const nodes = ids.map((id) => ({ kind: 'Action' as const, key: id, columns: { id, at: 7 } }))
  await store.write({ nodes, edges: [] })
  const query = { kind: 'Action', where: {}, orderBy: 'at', direction: 'asc', limit: 2 } as const
  const pages = await Array.fromAsync(pagesOf(store, query))
  expect(pages.flat().map(({ key }) => key)).toEqual(ids)
})
