import type { RegistryEntry } from '@delegraph/graph-schema'
import { type IssuedLink, signingInputHash, textDigest } from '@delegraph/link'
import fc from 'fast-check'
import { describe, expect, inject, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'
import { type GraphStore, openNeo4jStore, openSqliteStore } from '../../graph/index.ts'
import { isMissing } from '../asking.ts'
import { REACH_RULES } from '../blast-radius/ground.ts'
import type { Start } from '../blast-radius/start.ts'
import { askingOf } from '../testing/asking.ts'
import { type End, followsOf } from './ends.ts'
import { askedForwards, reachedBy } from './reached-by.ts'

// More runs: DELEGRAPH_FUZZ_RUNS=500 npx vitest run collector/src/questions/paths
const RUNS = Number(process.env['DELEGRAPH_FUZZ_RUNS'] ?? 60)
const neo4j = inject('neo4j') ?? null

const AGENTS = ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => `agent:${name}`)
const TOOLS = Object.values(TOOL)
const PEOPLE = ['person:alice', 'person:bob']
const RESOURCES = ['memory:1', 'file:2', 'agent:a', 'agent:d']
const CREDENTIAL = textDigest('credential')

const agent = fc.constantFrom(...AGENTS)
const tool = fc.constantFrom(...TOOLS)
const index = fc.nat(40)
/** Numbers stand for the link that was given so many before. */
const resource = fc.option(fc.oneof(fc.constantFrom(...RESOURCES), index))

/** One thing that happens, or that an owner says. */
const event = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      ...{ what: fc.constant('root' as const), agent, tools: fc.subarray(TOOLS, { minLength: 1 }) },
      ...{ by: fc.constantFrom(...PEOPLE), over: fc.boolean() },
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ what: fc.constant('link' as const), of: index, agent, tools: fc.subarray(TOOLS) },
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      ...{ what: fc.constant('act' as const), of: index, agent, tool, resource },
      ...{ alone: fc.boolean(), control: fc.boolean(), approval: fc.option(index) },
      ...{ drivers: fc.subarray(AGENTS, { maxLength: 2 }), credential: fc.boolean() },
    }),
  },
  fc.record({
    what: fc.constant('approve' as const),
    of: index,
    tool,
    by: fc.constantFrom(...PEOPLE),
  }),
  fc.record({ what: fc.constant('class' as const), agent, tool }),
  fc.record({
    ...{ what: fc.constant('move' as const), agent, resource: fc.constantFrom(...RESOURCES) },
    op: fc.constantFrom('wrote' as const, 'read' as const),
  }),
  {
    weight: 4,
    arbitrary: fc.record({
      ...{ what: fc.constant('entry' as const), agent, tool },
      callers: fc.subarray(AGENTS, { maxLength: 2 }),
      type: fc.constantFrom('standing' as const, 'export' as const, 'owner' as const),
      by: fc.constantFrom(...PEOPLE),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      what: fc.constant('issue' as const),
      to: fc.subarray(AGENTS, { minLength: 1, maxLength: 3 }),
      tools: fc.subarray(TOOLS),
    }),
  },
)
type Event = typeof event extends fc.Arbitrary<infer One> ? One : never

/** A link or an approval is the one that was given so many before. */
const end: fc.Arbitrary<End | { readonly kind: 'link' | 'approval'; readonly of: number }> =
  fc.oneof(
    fc.record({ kind: fc.constantFrom('link' as const, 'approval' as const), of: index }),
    fc.record({ kind: fc.constant('tool' as const), id: tool }),
    fc.record({ kind: fc.constant('agent' as const), id: agent }),
    fc.record({ kind: fc.constant('resource' as const), id: fc.constantFrom(...RESOURCES) }),
    fc.constant({ kind: 'credential' as const, id: CREDENTIAL }),
  )

async function told(
  events: readonly Event[],
  store?: GraphStore,
): Promise<{
  readonly story: Story
  readonly links: readonly string[]
  readonly approvals: readonly string[]
}> {
  const story = new Story(store).knows('agent:a', 'agent:b')
  const links: IssuedLink[] = []
  const approvals: string[] = []
  const at = <Item>(items: readonly Item[], i: number): Item | undefined => items[i % items.length]
  for (const [i, one] of events.entries()) tell(one, T0 + 20 + i)
  await story.told()
  return {
    story,
    links: links.map(({ hash }) => hash),
    approvals: approvals.map((text) => signingInputHash(text) ?? ''),
  }

  function tell(one: Event, when: number): void {
    switch (one.what) {
      case 'root': {
        const tools = Object.fromEntries(one.tools.map((uri) => [uri, env('staging')]))
        const exp = one.over ? { exp: T0 + 40 } : {}
        links.push(story.root(one.agent, tools, { sub: one.by, ...exp }))
        return
      }
      case 'link': {
        const parent = at(links, one.of)
        if (parent === undefined || parent.claims.del_depth >= 3) return
        const held = JSON.stringify(parent.claims)
        const kept = one.tools.filter((uri) => held.includes(uri))
        const tools = Object.fromEntries(kept.map((uri) => [uri, env('staging')]))
        const { exp } = parent.claims
        links.push(
          story.link(parent, one.agent, tools, { exp, iat: T0 + 10 + parent.claims.del_depth }),
        )
        return
      }
      case 'act': {
        const link = one.alone ? undefined : at(links, one.of)
        const named =
          typeof one.resource === 'number'
            ? at(links, one.resource)?.hash
            : (one.resource ?? undefined)
        const approval = one.approval === null ? undefined : at(approvals, one.approval)
        const said = {
          ...(named === undefined ? {} : { resource: named }),
          ...(one.control ? { control: true as const } : {}),
        }
        story.act(link ?? { agent: one.agent }, one.tool, {
          ...{ args: { env: 'staging' }, at: when, drivers: one.drivers, said },
          ...(approval === undefined ? {} : { approvals: [approval] }),
          ...(one.credential ? { credential: CREDENTIAL } : {}),
        })
        return
      }
      case 'approve': {
        const link = at(links, one.of)
        if (link === undefined) return
        const call = story.propose(link, one.tool, { env: 'staging' })
        approvals.push(story.approve(link, call, { by: one.by }))
        return
      }
      case 'class':
        approvals.push(story.approveClass(one.agent, one.tool))
        return
      case 'move':
        story.move(one.agent, one.op, { resource: one.resource, at: when * 1000 })
        return
      case 'entry':
        story.registry(entryOf(one))
        return
      case 'issue':
        story.credential(CREDENTIAL, {
          event: 'issued',
          ...{ issued_to: one.to },
          ...(one.tools.length === 0 ? {} : { tools: one.tools }),
        })
    }
  }
}

function entryOf(one: Extract<Event, { what: 'entry' }>): RegistryEntry {
  const tools = { [one.tool]: env('staging') }
  switch (one.type) {
    case 'standing':
      return { type: 'standing', agent: one.agent, tools }
    case 'export':
      return { type: 'export', agent: one.agent, callers: one.callers, tools }
    case 'owner':
      return { type: 'owner', agent: one.agent, owner: one.by }
  }
}

/** The question from every agent and principal, over all that follows from each. */
async function fromEverybody(story: Story, to: End, asked: Parameters<typeof askedForwards>[2]) {
  const all = async (kind: 'Agent' | 'Principal'): Promise<Start[]> =>
    (
      await story.store.page({ kind, where: {}, orderBy: 'id', direction: 'asc', limit: 1_000 })
    ).map(({ key }) => ({ kind: kind === 'Agent' ? 'agent' : 'principal', id: key }))
  const starts = [...(await all('Agent')), ...(await all('Principal'))]
  return askedForwards(starts, to, asked, askingOf(story, T0 + 60))
}

const question = fc.record({
  events: fc.array(event, { minLength: 3, maxLength: 16 }),
  end,
  avoid: fc.option(fc.record({ kind: fc.constant('agent' as const), id: agent }), { freq: 1 }),
  rules: fc.option(fc.subarray([...REACH_RULES], { minLength: 1 })),
  inForce: fc.boolean(),
})

async function agrees(
  { events, end, avoid, rules, inForce }: typeof question extends fc.Arbitrary<infer Q> ? Q : never,
  store?: GraphStore,
): Promise<number> {
  const { story, ...given } = await told(events, store)
  const all = 'of' in end ? (end.kind === 'link' ? given.links : given.approvals) : []
  const to = 'of' in end ? { kind: end.kind, id: all[end.of % all.length] ?? 'none' } : end
  const follows = followsOf(avoid === null ? [] : [avoid], rules ?? undefined)
  const asked = { since: 0, maxDepth: 16, inForce, follows }
  const answer = await reachedBy(to, asked, askingOf(story, T0 + 60))
  if (isMissing(answer)) return 0
  const { reachers } = await fromEverybody(story, to, asked)
  expect(answer.reachers).toEqual(reachers)
  expect(answer.cappedBy).toEqual([])
  return reachers.length
}

describe('whoever could reach something', () => {
  it('is who reaches it when everybody is asked, by the same way, in any graph', async () => {
    let found = 0
    await fc.assert(
      fc.asyncProperty(question, async (one) => {
        found += await agrees(one)
      }),
      { numRuns: RUNS, seed: 20261124 },
    )
    expect(found).toBeGreaterThan(RUNS / 2)
  })

  it.runIf(neo4j !== null)('is the same on every store', async () => {
    await using sqlite = openSqliteStore({ file: ':memory:' })
    await using server = openNeo4jStore({
      ...(neo4j as NonNullable<typeof neo4j>),
      tenant: `reached-${crypto.randomUUID()}`,
    })
    const stores = [sqlite, server]
    for (const store of stores) await store.init()
    for (const one of fc.sample(question, { numRuns: 2, seed: 7 })) {
      const found: number[] = []
      for (const store of stores) {
        await store.clear()
        found.push(await agrees(one, store))
      }
      expect(found[1]).toBe(found[0])
    }
    await server.clear()
  })
})
