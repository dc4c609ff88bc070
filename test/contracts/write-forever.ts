import { openSqliteStore } from '../../collector/src/graph/index.ts'

// Writes batches until it is killed, and says which were acknowledged: FILE.
const [file = ''] = process.argv.slice(2)
const store = openSqliteStore({ file })
await store.init()
for (let i = (await store.position()) + 1; ; i += 1) {
  const keys = Array.from({ length: 20 }, (_, n) => `${i}.${n}`)
  await store.write({
    nodes: keys.map((key) => ({
      kind: 'Link',
      key,
      columns: { agent: `batch ${i}`, text: key.repeat(200) },
    })),
    edges: keys.map((key) => ({ kind: 'HELD_BY', from: key, to: `batch ${i}` })),
    position: i,
  })
  process.stdout.write(`${i}\n`)
}
