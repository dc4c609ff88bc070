import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { instancesOf, instanceUidOf } from '../../collector/src/api/resolvers/agent-instances.ts'
import { ocsfDelegation } from '../../collector/src/evidence/ocsf.ts'
import type { Evidence } from '../../collector/src/evidence/types.ts'
import {
  type GraphStore,
  openNeo4jStore,
  openSqliteStore,
} from '../../collector/src/graph/index.ts'
import { env, Story, T0, TOOL } from '../harness/story.ts'
import { dumpOf } from './graph-store/shapes.ts'
import { openMemoryStore } from './memory-store.ts'

const neo4j = inject('neo4j') ?? null
const stores: GraphStore[] = []

beforeAll(async () => {
  stores.push(openMemoryStore(), openSqliteStore({ file: ':memory:' }))
  if (neo4j !== null)
    stores.push(openNeo4jStore({ ...neo4j, tenant: `instances-${crypto.randomUUID()}` }))
  for (const store of stores) await store.init()
})

afterAll(async () => {
  for (const store of stores) {
    await store.clear()
    await store[Symbol.asyncDispose]()
  }
})

const at = (seconds: number) => new Date(seconds * 1000)

/** One agent under a signed link and by its word alone, as three instances; another with a name that begins alike. */
function evidence(): readonly Evidence[] {
  const story = new Story()
  const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  const call = (seconds: number, instance?: string) =>
    story.act(link, TOOL.deploy, {
      ...{ args: { env: 'staging' }, at: T0 + seconds },
      facts: instance === undefined ? {} : { instance },
    })
  call(30, 'pod-b')
  call(10, 'pod-a')
  call(50, 'pod-a')
  call(20)
  story.act({ agent: 'agent:worker pod' }, TOOL.deploy, {
    ...{ at: T0 + 5, signer: null, facts: { instance: 'x' } },
  })
  const record = ocsfDelegation({
    class_uid: 6003,
    delegation: { uid: 'd-1', created_time: (T0 + 70) * 1000 },
    ai_agent: { uid: 'agent:worker', instance_uid: 'pod-"c"' },
  })
  return [...story.evidence, ...(record === undefined ? [] : [record])]
}

async function toldTo(store: GraphStore, parts: readonly (readonly Evidence[])[]): Promise<void> {
  await store.clear()
  await new Story(store).knows('agent:worker').told(parts)
}

describe('instances of an agent', () => {
  it('are those of its calls and of records that hand on to it, the last seen first', async () => {
    for (const store of stores) {
      await toldTo(store, [evidence()])
      expect(await instancesOf('agent:worker', { store })).toEqual({
        instances: [
          { instanceUid: 'pod-"c"', firstSeenAt: at(T0 + 70), lastSeenAt: at(T0 + 70) },
          { instanceUid: 'pod-a', firstSeenAt: at(T0 + 10), lastSeenAt: at(T0 + 50) },
          { instanceUid: 'pod-b', firstSeenAt: at(T0 + 30), lastSeenAt: at(T0 + 30) },
        ],
        complete: true,
      })
      expect(await instanceUidOf('agent:worker', { store })).toBeUndefined()
      expect(await instanceUidOf('agent:worker pod', { store })).toBe('x')
      expect(await instancesOf('agent:nobody', { store })).toEqual({
        ...{ instances: [], complete: true },
      })
    }
  })

  it('are the same in any order, in portions and told twice, on every store', async () => {
    const all = evidence()
    const property = fc.asyncProperty(
      fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
      fc.integer({ min: 1, max: all.length }),
      async (shuffled, size) => {
        const parts = Array.from({ length: Math.ceil(shuffled.length / size) }, (_, i) =>
          shuffled.slice(i * size, (i + 1) * size),
        )
        const answers: unknown[] = []
        for (const store of stores) {
          for (const told of [[all], parts]) {
            await toldTo(store, told)
            answers.push([await instancesOf('agent:worker', { store }), await dumpOf(store)])
          }
        }
        for (const answer of answers) expect(answer).toEqual(answers[0])
      },
    )
    await fc.assert(property, { numRuns: 4, seed: 20261124 })
  })

  it('are the 50 of its newest calls where there are more, and it says so', async () => {
    const story = new Story()
    const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    for (let i = 0; i < 60; i += 1) {
      // The text of the newest comes first in the alphabet.
      const instance = `pod-${String(99 - i)}`
      story.act(link, TOOL.deploy, {
        ...{ args: { env: 'staging' }, at: T0 + i, facts: { instance } },
      })
    }
    for (const store of stores) {
      await toldTo(store, [story.evidence])
      const { instances, complete } = await instancesOf('agent:worker', { store })
      expect(complete).toBe(false)
      expect(instances.map(({ instanceUid }) => instanceUid)).toEqual(
        Array.from({ length: 50 }, (_, i) => `pod-${40 + i}`),
      )
      expect(await instanceUidOf('agent:worker', { store })).toBeUndefined()
    }
  })
})
