import { openNeo4jStore } from '../../collector/src/graph/index.ts'
import type { Neo4jAddress } from '../harness/neo4j/neo4j.ts'
import { Story } from '../harness/story.ts'
import type { StoredStory } from './sqlite-story.ts'

/** As `sqliteStory`, in a real Neo4j under a tenant of its own. */
export async function neo4jStory(address: Neo4jAddress): Promise<StoredStory> {
  const store = openNeo4jStore({ ...address, tenant: `story-${crypto.randomUUID()}` })
  await store.init()
  return {
    story: new Story(store),
    async [Symbol.asyncDispose]() {
      await store.clear()
      await store[Symbol.asyncDispose]()
    },
  }
}
