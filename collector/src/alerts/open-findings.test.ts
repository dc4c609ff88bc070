import { expect, test } from 'vitest'
import { openMemoryStore } from '../../../test/contracts/memory-store.ts'
import { openFindings } from './open-findings.ts'
import { testRoute } from './testing/channel.ts'
import { aFinding, nodeOf } from './testing/finding.ts'

test('what is said again and again is what holds and nobody put aside', async () => {
  const store = openMemoryStore()
  const standing = {
    fresh: { triage: 'new' },
    'taken on': { triage: 'acknowledged' },
    'worked on': { triage: 'in_progress' },
    closed: { triage: 'closed' },
    accepted: { triage: 'accepted' },
    suppressed: { triage: 'new', suppressed: true },
    withdrawn: { state: 'withdrawn' },
  }
  const nodes = Object.entries(standing).map(([id, columns]) => {
    const node = nodeOf(aFinding(id))
    return { ...node, columns: { ...node.columns, ...columns } }
  })
  await store.write({ nodes, edges: [] })
  const open = await openFindings(store, testRoute())
  expect(open.map(({ id }) => id).sort()).toEqual(['fresh', 'taken on', 'worked on'])
})
