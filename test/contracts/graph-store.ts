import { afterAll, beforeAll, beforeEach, describe } from 'vitest'
import type { GraphStore } from '../../collector/src/graph/index.ts'
import { grouping } from './graph-store/grouping.ts'
import { hostileInput } from './graph-store/hostile-input.ts'
import { paging } from './graph-store/paging.ts'
import { reading } from './graph-store/reading.ts'
import { writing } from './graph-store/writing.ts'

/** A function that gives the store of the current test, empty when the test begins. */
export type TheStore = () => GraphStore

/**
 * Holds one implementation to the contract of `GraphStore`.
 *
 * @param open gives an initialised graph that nobody else uses
 */
export function describeGraphStore(name: string, open: () => Promise<GraphStore>): void {
  describe(`the graph store contract on ${name}`, () => {
    let store: GraphStore | undefined
    const current: TheStore = () => {
      if (store === undefined) throw new Error('the store is not open')
      return store
    }
    beforeAll(async () => {
      store = await open()
    })
    beforeEach(async () => {
      await current().clear()
    })
    afterAll(async () => {
      await store?.clear()
      await store?.[Symbol.asyncDispose]()
    })
    writing(current)
    reading(current)
    paging(current)
    grouping(current)
    hostileInput(current)
  })
}
