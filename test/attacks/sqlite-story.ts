import { join } from 'node:path'
import type { Verdict } from '@delegraph/graph-schema'
import { openSqliteStore } from '../../collector/src/graph/sqlite/sqlite-store.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { Story } from '../harness/story.ts'

export type StoredStory = { readonly story: Story } & AsyncDisposable

/** A story that the collector's own code judges in a SQLite file, as `delegraph start` has it. */
export async function sqliteStory(): Promise<StoredStory> {
  const folder = temporaryFolder()
  const store = openSqliteStore({ file: join(folder.path, 'graph.sqlite') })
  await store.init()
  return {
    story: new Story(store),
    async [Symbol.asyncDispose]() {
      await store[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    },
  }
}

/** What was found about one action. */
export async function judged(story: Story, id: string) {
  const { columns } = await story.action(id)
  return {
    columns,
    verdict: JSON.parse(String(columns['verdict'])) as Verdict,
    flags: JSON.parse(String(columns['flags'])) as readonly string[],
  }
}
