import { OK, outcomeText } from '@delegraph/graph-schema'
import { describe, expect, it } from 'vitest'
import { openStoreOf } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import type { GraphEdge, GraphNode, GraphStore } from '../../collector/src/graph/index.ts'
import { isMissing, openAsking } from '../../collector/src/questions/asking.ts'
import { followsOf } from '../../collector/src/questions/paths/ends.ts'
import { reachedBy } from '../../collector/src/questions/paths/reached-by.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const AGENTS = 5_000
const LENGTH = 5
const TOOLS = 500
const T0 = 1_700_000_000
const agent = (i: number) => `agent:${i}`
const tool = (i: number) => `https://tools-${i}.example.com/mcp#do`

/** Chains of five agents each, all given by one person, for one tool each; the last of each made calls. */
async function fill(store: GraphStore): Promise<void> {
  const nodes: GraphNode[] = [
    { kind: 'Principal', key: 'person:alice', columns: { id: 'person:alice' } },
  ]
  const edges: GraphEdge[] = []
  for (let i = 0; i < AGENTS; i += 1) {
    const depth = i % LENGTH
    const chain = `link-${i - depth}`
    const uri = tool(Math.floor(i / LENGTH) % TOOLS)
    nodes.push({ kind: 'Agent', key: agent(i), columns: { id: agent(i) } })
    nodes.push({
      kind: 'Link',
      key: `link-${i}`,
      columns: {
        ...{ hash: `link-${i}`, profile: 'aat-02/strict-1', grade: 'signed', chain, depth },
        ...{ agent: agent(i), principal: 'person:alice', task: `task-${chain}`, learnedAt: 1 },
        ...{ issuedAt: T0, expiresAt: T0 + 3_600, signature: 'valid', outcome: outcomeText(OK) },
        ...{ tools: JSON.stringify({ [uri]: {} }), verdict: JSON.stringify(OK), flags: '[]' },
        ...(depth === 0 ? {} : { parent: `link-${i - 1}` }),
      },
    })
    edges.push({ kind: 'GRANTS', from: `link-${i}`, to: uri })
    if (depth > 0) edges.push({ kind: 'DERIVED_FROM', from: `link-${i}`, to: `link-${i - 1}` })
    if (depth < LENGTH - 1) continue
    nodes.push({
      kind: 'Action',
      key: `call-${i}`,
      columns: {
        ...{ id: `call-${i}`, agent: agent(i), tool: uri, link: `link-${i}`, effect: 'ok' },
        ...{ at: T0 * 1000 + i, callers: JSON.stringify([agent(i - 1)]), approvals: '[]' },
        ...{ args: '{}', argNames: '[]', authority: '{"kind":"chain"}', verdict: '{}' },
      },
    })
    edges.push({ kind: 'ASKED_BY', from: `call-${i}`, to: agent(i - 1) })
  }
  for (let i = 0; i < nodes.length; i += 1_000)
    await store.write({ nodes: nodes.slice(i, i + 1_000), edges: [] })
  for (let i = 0; i < edges.length; i += 1_000)
    await store.write({ nodes: [], edges: edges.slice(i, i + 1_000) })
}

describe.each(storePlaces())('who could reach something among 5,000 agents on $name', (place) => {
  it('is answered as a whole', async () => {
    using folder = temporaryFolder()
    const config = { ...readConfig({ data: folder.path }, {}), store: place.store }
    await using store = await openStoreOf(config, place.env)
    await store.init()
    await fill(store)
    const at = (T0 + 60) * 1000
    const asking = await openAsking(store, { validAt: at, knownAt: at, pendingWindow: 1 })
    const asked = { since: 0, maxDepth: 16, inForce: true, follows: followsOf([]) }
    const ends = [
      // Two chains of five, and whoever gave both.
      {
        to: { kind: 'tool', id: tool(3) } as const,
        ids: [15, 16, 17, 18, 19, 2515, 2516, 2517, 2518, 2519],
      },
      { to: { kind: 'agent', id: agent(14) } as const, ids: [10, 11, 12, 13] },
    ]
    // A server plans each statement when it hears it first, which is no part of the walk.
    for (const { to } of ends) await reachedBy(to, asked, asking)
    for (const { to, ids } of ends) {
      const answer = await reachedBy(to, asked, asking)
      if (isMissing(answer)) throw new Error(answer.missing)
      expect(answer.cappedBy).toEqual([])
      expect(answer.reachers.map(({ start }) => start.id).sort()).toEqual(
        [...ids.map(agent), 'person:alice'].sort(),
      )
    }
    await store.clear()
  }, 300_000)
})
