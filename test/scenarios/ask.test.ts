import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { main } from '../../collector/src/cli/main.ts'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const DEPLOY = 'https://tools.example.com/mcp#deploy'

const stores = storePlaces()

type Row = Readonly<Record<string, unknown>>
type Answer = Readonly<Record<string, Row & { readonly nodes?: readonly Row[] }>>

describe.each(stores)('questions on the incident, graph in $name', ({ store, env }) => {
  const folder = temporaryFolder()
  let collector: Collector
  let before = 0
  let finding: Row
  let approval = ''
  let action = ''

  async function ask(query: string): Promise<Answer> {
    const response = await fetch(collector.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await response.json()) as { data: Answer; errors?: unknown }
    expect(errors).toBeUndefined()
    return data
  }

  beforeAll(async () => {
    const prepared = await prepare(join(folder.path, 'demo'))
    const config = {
      ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
      ...{ trust: prepared.trust, registry: prepared.registry, store },
      zones: [{ name: 'production', criticality: 5, tools: [DEPLOY], resources: [] }],
    }
    collector = await startCollector({ config, env, logger: pino({ level: 'silent' }) })
    before = Date.now()
    await new Promise((resolve) => setTimeout(resolve, 5))
    await play(prepared, collector.otlpUrl)
    await collector.settled()
    const { findings } = await ask(
      '{ findings(where: { rule: ["D1"] }) { ... on FindingConnection { nodes { id action { id } culprit { id } } } } }',
    )
    finding = findings?.nodes?.[0] ?? {}
    action = (finding['action'] as { id: string }).id
    approval = (finding['culprit'] as { id: string }).id
  }, 120_000)

  afterAll(async () => {
    if (store.kind === 'neo4j') await collector.store.clear()
    await collector[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it('why: alice said yes, to planner and to nobody else', async () => {
    const { why } = await ask(`{ why(action: "${action}") { __typename ... on Why {
      sentence yes { id } authority { kind breaksAt { delegate { id } } } approvals { id approver { id } }
      findings { rule } snapshot { watermark } } } }`)
    expect(why).toMatchObject({
      __typename: 'Why',
      yes: { id: 'person:alice' },
      authority: { kind: 'NONE', breaksAt: { delegate: { id: 'agent:worker' } } },
      approvals: [{ id: approval, approver: { id: 'person:alice' } }],
    })
    expect(why?.['sentence']).toContain('which was for planner and for nobody else')
    expect(why?.['findings']).toContainEqual({ rule: 'D1' })
  })

  it('blast radius: the approval was given to planner, and worker rode on it', async () => {
    const { blastRadius } = await ask(`{ blastRadius(from: { kind: APPROVAL, id: "${approval}" }) {
      __typename ... on BlastRadius {
        granted { rows } reachable { rows agents exercised exercisable } capped
        exercised { totalCount { value } nodes { agent { id } tool rule decided effectClass lastAction { id } witness { kind sentence } } }
        exercisable { nodes { agent { id } rule principal { id } } }
        byEffect { effectClass exercised exercisable } owners { owner { id } agents { id } }
        chokePoints { kind id cuts of } } } }`)
    expect(blastRadius).toMatchObject({
      granted: { rows: 1 },
      reachable: { rows: 2, agents: 2, exercised: 1, exercisable: 1 },
      capped: false,
      exercised: {
        totalCount: { value: 1 },
        nodes: [
          {
            ...{ agent: { id: 'agent:worker' }, tool: DEPLOY, rule: 'CALLABLE', decided: false },
            ...{ effectClass: 4, lastAction: { id: action } },
          },
        ],
      },
      exercisable: {
        nodes: [
          { agent: { id: 'agent:planner' }, rule: 'GIVEN', principal: { id: 'person:alice' } },
        ],
      },
      byEffect: [{ effectClass: 4, exercised: 1, exercisable: 1 }],
      owners: [
        {
          owner: { id: 'person:alice' },
          agents: [{ id: 'agent:planner' }, { id: 'agent:worker' }],
        },
      ],
      chokePoints: [{ kind: 'approval', id: approval, cuts: 1, of: 1 }],
    })
  })

  it('paths: the approval leads to worker by what it did and by no grant, and not past it', async () => {
    const query = (more: string): string => `{ paths(from: { kind: APPROVAL, id: "${approval}" },
      to: { kind: AGENT, id: "agent:worker" }${more}) { __typename ... on Paths { complete cappedBy to { kind name }
        paths { rule inForce decided steps { kind id sentence } } chokePoints { kind id cuts of } } } }`
    const { paths } = await ask(query(''))
    expect(paths).toMatchObject({
      complete: true,
      cappedBy: [],
      to: { kind: 'AGENT', name: 'worker' },
    })
    const found = paths?.['paths'] as { rule: string; inForce: boolean; steps: Row[] }[]
    expect(found[0]).toMatchObject({
      ...{ rule: 'CALLABLE', inForce: false },
      steps: [{ kind: 'agent', sentence: 'worker did deploy(env "staging") with it' }],
    })
    const granted = await ask(query(', rules: [GIVEN]'))
    expect(granted['paths']).toMatchObject({ paths: [], complete: true })
    const around = await ask(query(', avoid: [{ kind: AGENT, id: "agent:worker" }]'))
    expect(around['paths']).toMatchObject({ paths: [] })
  })

  it('reached by: both agents and alice reach deploy, each by the way that is shortest', async () => {
    const { reachedBy } = await ask(`{ reachedBy(to: { kind: TOOL, id: "${DEPLOY}" }) { __typename
      ... on ReachedBy { lookedAt cappedBy reachers(first: 10) { totalCount { value } nodes {
        start { kind id name } way { rule inForce steps { sentence } } } } } } }`)
    const { nodes = [], totalCount } = (reachedBy?.['reachers'] ?? {}) as {
      nodes?: readonly { start: Row; way: Row }[]
      totalCount: Row
    }
    expect(reachedBy).toMatchObject({ cappedBy: [] })
    expect(totalCount).toEqual({ value: nodes.length })
    const byName = new Map(nodes.map(({ start, way }) => [start['id'], { start, way }]))
    expect([...byName.keys()].sort()).toEqual(['agent:planner', 'agent:worker', 'person:alice'])
    expect(byName.get('agent:planner')?.way).toMatchObject({ rule: 'GIVEN', inForce: true })
    expect(byName.get('person:alice')?.start).toMatchObject({ kind: 'PRINCIPAL', name: 'alice' })
  })

  it('zones: what the configuration holds to be critical comes first and is counted', async () => {
    const { zones, blastRadius } = await ask(`{ zones { name criticality }
      blastRadius(from: { kind: AGENT, id: "agent:planner" }) { ... on BlastRadius {
        exercisable(first: 1) { nodes { tool zones { name } } }
        byZone { zone { name } count { rows exercisable } chokePoints { kind cuts of sentence } } } } }`)
    expect(zones).toEqual([{ name: 'production', criticality: 5 }])
    expect(blastRadius).toMatchObject({
      exercisable: { nodes: [{ tool: DEPLOY, zones: [{ name: 'production' }] }] },
    })
    const [zone] = (blastRadius?.['byZone'] ?? []) as {
      count: { exercisable: number }
      chokePoints: { of: number; sentence: string }[]
    }[]
    expect(zone?.chokePoints[0]?.of).toBe(zone?.count.exercisable)
    expect(zone?.chokePoints[0]?.sentence).toContain('in force in the zone production')
  })

  it('what if: without the approval the incident stops, and nothing in order breaks', async () => {
    const { whatIf } =
      await ask(`{ whatIf(revoke: [{ kind: APPROVAL, id: "${approval}" }]) { __typename ... on WhatIf {
      loses { value } keeps { value } unknown { value } legitimateLost { value } capped
      actions(fate: [LOSES]) { nodes { action { id } fate sentence rules } } } } }`)
    expect(whatIf).toMatchObject({
      loses: { value: 1 },
      legitimateLost: { value: 0 },
      capped: false,
      actions: { nodes: [{ action: { id: action }, fate: 'LOSES', rules: ['D9'] }] },
    })
  })

  it('coverage: every hop of both agents is proven', async () => {
    const { coverage } = await ask(
      '{ coverage(agents: ["agent:planner", "agent:worker"]) { nodes { agent { id } proven dark hops { value } } } }',
    )
    expect(coverage?.nodes).toMatchObject([
      { agent: { id: 'agent:planner' }, proven: 6, dark: 0, hops: { value: 6 } },
      { agent: { id: 'agent:worker' }, proven: 3, dark: 0, hops: { value: 3 } },
    ])
  })

  it('least privilege: worker needed what it was given once, and never to look', async () => {
    const { leastPrivilege } =
      await ask(`{ leastPrivilege(agent: "agent:worker") { __typename ... on LeastPrivilege {
      granted { tool source } exercised { tool uses { value } } inherited { tool from { id } uses } unused { tool limits }
      proposal { tools complete sentence code } } } }`)
    expect(leastPrivilege).toMatchObject({
      exercised: [{ tool: DEPLOY, uses: { value: 3 } }],
      inherited: [{ tool: DEPLOY, from: { id: 'agent:planner' }, uses: 1 }],
      unused: [{ tool: 'https://tools.example.com/mcp#status' }],
      proposal: {
        tools: { [DEPLOY]: { env: { constraint_type: 'exact', value: 'staging' } } },
        complete: true,
      },
    })
  })

  it('is asked of the past: before the incident nothing of it was known', async () => {
    const then = new Date(before).toISOString()
    const now = await ask('{ findings { ... on FindingConnection { totalCount { value } } } }')
    const past = await ask(`{
      findings(asOf: { knownAt: "${then}" }) { ... on FindingConnection { totalCount { value } } }
      why(action: "${action}", asOf: { knownAt: "${then}" }) { __typename }
      action(id: "${action}", asOf: { knownAt: "${then}" }) { __typename }
      agent(id: "agent:worker", asOf: { knownAt: "${then}" }) { ... on Agent { owner { id } exercised { tools { tool } } } }
      present: agent(id: "agent:worker") { ... on Agent { exercised { tools { tool } } } }
    }`)
    expect(now['findings']).not.toMatchObject({ totalCount: { value: 0 } })
    expect(past).toEqual({
      findings: { totalCount: { value: 0 } },
      why: { __typename: 'NotFoundError' },
      action: { __typename: 'NotFoundError' },
      // The registry was there already.
      agent: { owner: { id: 'person:alice' }, exercised: { tools: [] } },
      present: { exercised: { tools: [{ tool: DEPLOY }] } },
    })
  })

  it('answers the same of an instant just now, replayed from the journal, as the graph does', async () => {
    const query = (
      asOf: string,
    ): string => `{ findings(first: 100, orderBy: { field: SEVERITY }${asOf}) { ... on FindingConnection { nodes {
      id rule severity title grade certainty action { id why { sentence } findings { id } } agent { granted { permissions { tool limits } } } } } } }`
    const known = new Date(Date.now() - 1).toISOString()
    expect(await ask(query(`, asOf: { knownAt: "${known}" }`))).toEqual(await ask(query('')))
  })

  it('says what cannot be told of the past, and never answers with now', async () => {
    const answer = await ask(`{
      chain(id: "x", asOf: { validAt: "2026-01-01T00:00:00Z" }) { __typename ... on InvalidArgumentError { argument } }
      finding(id: "x", asOf: { knownAt: "2999-01-01T00:00:00Z" }) { __typename ... on InvalidArgumentError { argument } }
      findings(asOf: { validAt: "2026-01-01T00:00:00Z" }) { ... on FindingConnection { totalCount { value } } }
      leastPrivilege(agent: "agent:worker", asOf: { validAt: "2026-01-01T00:00:00Z" }) { ... on LeastPrivilege { granted { tool } exercised { tool } } }
    }`)
    expect(answer).toEqual({
      chain: { __typename: 'InvalidArgumentError', argument: 'asOf.validAt' },
      finding: { __typename: 'InvalidArgumentError', argument: 'asOf.knownAt' },
      findings: { totalCount: { value: 0 } },
      leastPrivilege: { granted: [], exercised: [] },
    })
  })

  // The command line opens the graph itself: in a Neo4j of its own it has nothing to find.
  if (store.kind !== 'sqlite') return
  it('the command line answers while the collector runs, by ids as people see them', async () => {
    const delegraph = async (command: string, ...args: string[]) => {
      let stdout = ''
      const write = vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
        stdout += String(text)
        return true
      })
      vi.spyOn(process.stderr, 'write').mockImplementation(() => true)
      const status = await main(['ask', command, '--data', folder.path, ...args])
      write.mockRestore()
      vi.restoreAllMocks()
      return { status, stdout: stripVTControlCharacters(stdout) }
    }
    const why = await delegraph('why', String(finding['id']))
    expect(why.status).toBe(0)
    expect(why.stdout).toContain('whose yes       person:alice')
    expect(why.stdout).toContain('<- the permission ends here')
    const reach = await delegraph('blast-radius', '--', 'approval', approval.slice(0, 8))
    expect(reach.stdout).toContain('inheritance adds 1')
    expect(reach.stdout).toContain('1. approval')
    const ways = ['--', 'approval', approval.slice(0, 8), 'agent', 'agent:worker']
    const told = await delegraph('paths', ...ways)
    expect(told.stdout).toContain('worker did deploy(env "staging") with it')
    const granted = await delegraph('paths', '--rule', 'given', ...ways)
    expect(granted.stdout).toContain('none is recorded')
    const avoiding = await delegraph('paths', '--avoid', 'tool', DEPLOY, 'agent', ...ways)
    expect(avoiding.status).toBe(2)
    const back = await delegraph('reached-by', 'tool', DEPLOY)
    expect(back.stdout).toMatch(/REACHED BY 3 of 3 agents and principals/)
    expect(back.stdout).toContain('person:alice')
    const lost = await delegraph('what-if', '--json', '--', 'approval', approval.slice(0, 8))
    expect(JSON.parse(lost.stdout)).toMatchObject({ loses: 1, legitimateLost: 0 })
    expect((await delegraph('coverage')).stdout).toContain('every hop of worker is shown')
    const least = await delegraph('least-privilege', 'agent:worker')
    expect(least.stdout).toContain('delegraph.narrow(chain, {')
    const then = ['--as-of', new Date(before).toISOString()]
    const past = await delegraph('coverage', 'agent:worker', ...then)
    expect(past.stdout).toContain('nothing was heard of worker')
    // Who rode on it used nothing up: it is still there for planner.
    expect(why.stdout).toContain('in force        yes, at ')
    const earlier = ['--valid-at', new Date(before).toISOString()]
    expect((await delegraph('why', action, ...earlier)).status).toBe(2)
    const unreached = await delegraph('blast-radius', 'agent', 'agent:worker', ...earlier, '--json')
    expect(JSON.parse(unreached.stdout)).toMatchObject({ reachable: { exercised: 0 } })
    expect((await delegraph('why', 'nothing')).status).toBe(2)
    expect((await delegraph('what-if', 'link')).status).toBe(2)
  }, 120_000)
})
