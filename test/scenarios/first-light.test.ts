import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import type { GraphNode } from '../../collector/src/graph/index.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const silent = pino({ level: 'silent' })

function configOf(
  data: string,
  files: { trust: string; registry: string },
  store: Config['store'],
) {
  return { ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}), ...files, store }
}

async function ask(collector: Collector, query: string): Promise<unknown> {
  const response = await fetch(collector.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query }),
  })
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

const QUERY = `{ findings(first: 10, where: { class: [INHERITANCE], rule: ["D1"] }) { ... on FindingConnection { nodes {
  rule title severity grade counterfactual pages
  hops { delegator { name } delegate { name } covers signature }
} } } }`

/** The whole graph but what says when something was learned. */
async function graphOf(collector: Collector): Promise<string[]> {
  const lines: string[] = []
  for await (const item of collector.store.dump()) lines.push(JSON.stringify(item))
  return lines
}

async function openFindings(collector: Collector): Promise<GraphNode[]> {
  return collector.store.page({
    kind: 'Finding',
    where: { equals: { state: ['open'] } },
    orderBy: 'id',
    direction: 'asc',
    limit: 100,
  })
}

const stores = storePlaces()

for (const { name, store, env } of stores) {
  describe(`one approval, three agents, on ${name}`, () => {
    const folder = temporaryFolder()
    let collector: Collector
    beforeAll(async () => {
      const prepared = await prepare(join(folder.path, 'demo'))
      const { trust, registry } = prepared
      const config = configOf(folder.path, { trust, registry }, store)
      collector = await startCollector({ config, env, logger: silent })
      await play(prepared, collector.otlpUrl)
      await collector.settled()
    }, 180_000)
    afterAll(async () => {
      await collector?.store.clear()
      await collector?.[Symbol.asyncDispose]()
      folder[Symbol.dispose]()
    })

    it('finds worker on the approval of planner, proven and certain, and pages for nothing else', async () => {
      const found = (await openFindings(collector)).map((node) => node.columns)
      const inherited = found.filter((columns) => columns['class'] !== 'exposure')
      expect(
        inherited.sort((a, b) => (String(a['rule']) < String(b['rule']) ? -1 : 1)),
      ).toMatchObject([
        {
          rule: 'D1',
          agent: 'agent:worker',
          from: 'agent:planner',
          grade: 'proven',
          certainty: 'certain',
          severity: 4,
          pages: true,
        },
        { rule: 'D5', agent: 'agent:worker', pages: false },
        { rule: 'D8', agent: 'agent:worker', action: inherited[0]?.['action'], pages: false },
      ])
      // No enforcement point is part of the story: that is noted of every call under a link.
      const notes = found.filter((columns) => columns['class'] === 'exposure')
      expect(new Set(notes.map((columns) => columns['rule']))).toEqual(new Set(['D8']))
    })

    it('answers the same through GraphQL', async () => {
      expect(await ask(collector, QUERY)).toEqual({
        findings: {
          nodes: [
            {
              rule: 'D1',
              title: 'worker did deploy(env "staging") on an approval that alice gave to planner',
              severity: 4,
              grade: 'PROVEN',
              pages: true,
              counterfactual: expect.stringContaining('worker alone would have been denied'),
              hops: [
                {
                  delegator: { name: 'alice' },
                  delegate: { name: 'planner' },
                  covers: 'YES',
                  signature: 'VALID',
                },
                {
                  delegator: { name: 'planner' },
                  delegate: { name: 'worker' },
                  covers: 'NO',
                  signature: 'VALID',
                },
              ],
            },
          ],
        },
      })
    })

    it('judges the look-alikes by the authority that they really had', async () => {
      const actions = await collector.store.page({
        kind: 'Action',
        where: { equals: { agent: ['agent:worker'] } },
        orderBy: 'at',
        direction: 'asc',
        limit: 10,
      })
      const kinds = actions.map((node) => JSON.parse(String(node.columns['authority'])).kind)
      expect(kinds.sort()).toEqual(['approved', 'chain', 'none'])
      expect(new Set(actions.map((node) => node.columns['grade']))).toEqual(new Set(['proven']))
    })

    it('has both halves of every deployment: of who called and of the server, and they agree', async () => {
      const actions = await collector.store.page({
        kind: 'Action',
        where: {},
        orderBy: 'id',
        direction: 'asc',
        limit: 100,
      })
      const deployed = actions.filter(({ columns }) => String(columns['tool']).endsWith('#deploy'))
      expect(deployed.length).toBeGreaterThan(0)
      for (const { columns } of deployed) {
        expect(columns['calledReceipt']).toMatch(/^[\w-]{43}$/)
        expect(JSON.parse(String(columns['flags']))).toContain('receipts_agree')
      }
    })

    it('keeps no private key, no salt and no argument that no grant constrains', async () => {
      const text = (await graphOf(collector)).join('\n')
      expect(text).not.toContain('"d":')
      expect(text).not.toContain('action_salt')
      const disclosed = (
        await collector.store.page({
          kind: 'Action',
          where: {},
          orderBy: 'id',
          direction: 'asc',
          limit: 100,
        })
      ).map((node) => node.columns['args'])
      expect(new Set(disclosed)).toEqual(new Set(['{"env":"staging"}', '{}']))
    })
  })
}

describe('a finding that travels', () => {
  const main = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
  const run = (...args: string[]) =>
    spawnSync(process.execPath, ['--conditions=delegraph-source', main, ...args], {
      encoding: 'utf8',
    })

  it('is derived again from its file alone, and not from one that was changed', async () => {
    using folder = temporaryFolder()
    const prepared = await prepare(join(folder.path, 'demo'))
    const { trust, registry } = prepared
    const config = configOf(folder.path, { trust, registry }, { kind: 'sqlite' })
    let id = ''
    {
      await using collector = await startCollector({ config, env: {}, logger: silent })
      await play(prepared, collector.otlpUrl)
      await collector.settled()
      const found = await openFindings(collector)
      id = found.find(({ columns }) => columns['rule'] === 'D1')?.key ?? ''
    }
    const path = join(folder.path, 'finding.json')
    expect(run('export', id, '--data', folder.path, '--out', path).status).toBe(0)
    const good = run('verify', path, '--trust', trust)
    expect([good.status, good.stdout]).toEqual([0, expect.stringContaining('derived again')])
    expect(readFileSync(path, 'utf8')).not.toContain('"d":')

    const proof = JSON.parse(readFileSync(path, 'utf8'))
    expect(proof.trust).toBe(JSON.parse(readFileSync(trust, 'utf8')).version)
    const without = (kind: string) => ({
      ...proof,
      evidence: proof.evidence.filter(
        (item: { evidence: { kind: string } }) => item.evidence.kind !== kind,
      ),
    })
    const changed = [
      without('approval'),
      without('receipt'),
      without('link'),
      { ...proof, finding: { ...proof.finding, agent: 'agent:somebody-else' } },
    ]
    for (const file of changed) {
      writeFileSync(path, JSON.stringify(file))
      const { status, stdout } = run('verify', path, '--trust', trust, '--json')
      expect([status, JSON.parse(stdout).holds]).toEqual([3, false])
    }
    writeFileSync(path, JSON.stringify({ ...proof, evidence: [{ evidence: { kind: 'link' } }] }))
    expect(run('verify', path, '--trust', trust).status).toBe(1)
  }, 180_000)
})

describe('one journal', () => {
  it.runIf(stores.length > 1)(
    'gives the same graph on SQLite and on Neo4j, field by field',
    async () => {
      using folder = temporaryFolder()
      const prepared = await prepare(join(folder.path, 'demo'))
      const { trust, registry } = prepared
      const graphs: string[][] = []
      for (const { store, env } of storePlaces()) {
        const config = configOf(folder.path, { trust, registry }, store)
        await using collector = await startCollector({ config, env, logger: silent })
        if (graphs.length === 0) await play(prepared, collector.otlpUrl)
        await collector.settled()
        graphs.push(await graphOf(collector))
        if (store.kind === 'neo4j') await collector.store.clear()
      }
      const [sqlite, other] = graphs
      expect(other).toEqual(sqlite)
      const findings = sqlite?.filter((line) => line.includes('"kind":"Finding"'))
      expect(findings?.filter((line) => line.includes('"rule":"D1"'))).toHaveLength(1)
    },
    180_000,
  )

  it('gives the same graph when it is read again from the beginning', async () => {
    using folder = temporaryFolder()
    const prepared = await prepare(join(folder.path, 'demo'))
    const { trust, registry } = prepared
    const config = configOf(folder.path, { trust, registry }, { kind: 'sqlite' })
    let before: string[] = []
    {
      await using collector = await startCollector({ config, env: {}, logger: silent })
      await play(prepared, collector.otlpUrl)
      await collector.settled()
      before = await graphOf(collector)
      await collector.store.clear()
    }
    await using collector = await startCollector({ config, env: {}, logger: silent })
    await collector.settled()
    const after = await graphOf(collector)
    const open = (lines: string[]) => lines.filter((line) => !line.includes('"withdrawn"'))
    expect(open(after)).toEqual(open(before))
  }, 180_000)
})
