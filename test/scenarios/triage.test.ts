import { writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { main } from '../../collector/src/cli/main.ts'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

interface Page {
  readonly event_action: string
  readonly dedup_key: string
}

let server: Server
let pages: Page[]
beforeEach(async () => {
  pages = []
  server = createServer(async (request, response) => {
    let body = ''
    for await (const part of request) body += String(part)
    pages.push(JSON.parse(body) as Page)
    response.writeHead(202).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterEach(() => new Promise((resolve) => server.close(resolve)))

const TRIAGE = `mutation ($input: TriageInput!) { triage(input: $input) { __typename
  ... on UserError { message } } }`
const SUPPRESS = `mutation ($until: DateTime!) { suppress(input: { matcher: { rule: ["D1"] }, reason: "known", until: $until }) {
  ... on Suppression { id } } }`
const KEYED_SUPPRESS = `mutation ($until: DateTime!, $key: String) {
  suppress(input: { matcher: { rule: ["D8"] }, reason: "known", until: $until, idempotencyKey: $key }) {
    __typename ... on Suppression { id } ... on UserError { message } } }`
const KEYED_END = `mutation ($id: ID!, $key: String) { endSuppression(input: { id: $id, idempotencyKey: $key }) {
  __typename ... on Suppression { active } ... on UserError { message } } }`
const STANDING = `{ findings(first: 100, orderBy: { field: URGENCY }) { ... on FindingConnection { nodes { id rule state pages
  triage { state version assignee reason note until updatedAt updatedBy suppressedBy { id }
    history { at by state assignee reason comment until version } } } } }
  suppressions { nodes { id matcher reason owner createdAt until endedAt active } } }`

for (const { name, store, env } of storePlaces()) {
  describe(`triage on ${name}`, () => {
    it('tells the pager, and is there again when the graph is made anew', async () => {
      using folder = temporaryFolder()
      const prepared = await prepare(join(folder.path, 'demo'))
      const routingKeyFile = join(folder.path, 'key')
      writeFileSync(routingKeyFile, 'R'.repeat(32))
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2/enqueue`
      const config: Config = {
        ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
        store,
        trust: prepared.trust,
        registry: prepared.registry,
        channels: [
          {
            kind: 'pagerduty',
            name: 'pager',
            match: { rules: ['D1'] },
            groupBy: 'fingerprint',
            routingKeyFile,
            url,
            limit: { count: 30, seconds: 600 },
          },
        ],
      }
      const start = () => startCollector({ config, env, logger: pino({ level: 'silent' }) })
      let told: unknown
      let dump: string[]
      {
        await using collector = await start()
        await play(prepared, collector.otlpUrl)
        await collector.settled()
        await delivered(collector)
        // What evidence adds to a finding triggers again: from here on every page counts.
        expect(new Set(pages.map(({ event_action }) => event_action))).toEqual(new Set(['trigger']))
        const { length } = pages
        const paged = async (...actions: readonly string[]): Promise<void> => {
          await delivered(collector)
          expect(pages.slice(length).map(({ event_action }) => event_action)).toEqual(actions)
        }
        const { findings } = (await ask(collector, STANDING)) as Standing
        const first = findings.nodes[0]
        expect(first).toMatchObject({ rule: 'D1', pages: true, triage: { state: 'NEW' } })
        const id = first?.id ?? ''
        const say = async (expected: number, word: object) => {
          const input = { findings: [id], expectedVersions: [expected], ...word }
          expect(await ask(collector, TRIAGE, { input })).toEqual({
            triage: { __typename: 'TriagePayload' },
          })
        }

        await say(0, { state: 'ACKNOWLEDGED', assignee: 'bob', comment: 'on it' })
        await paged('acknowledge')
        const args = ['--url', collector.graphqlUrl, '--reason', 'intended-delegation']
        expect(await run(['findings', 'close', id, ...args])).toBe(`closed        ${id}  bob  `)
        await paged('acknowledge', 'resolve')
        await say(2, { state: 'NEW' })
        const until = new Date(Date.now() + 3_600_000).toISOString()
        await paged('acknowledge', 'resolve', 'trigger')
        const { suppress } = (await ask(collector, SUPPRESS, { until })) as {
          suppress: { id: string }
        }
        await paged('acknowledge', 'resolve', 'trigger', 'resolve')
        await ask(
          collector,
          'mutation ($id: ID!) { endSuppression(input: { id: $id }) { __typename } }',
          {
            id: suppress.id,
          },
        )
        const back = ['acknowledge', 'resolve', 'trigger', 'resolve', 'trigger'] as const
        await paged(...back)
        await ask(collector, SUPPRESS, { until })
        await paged(...back, 'resolve')
        // It is quiet already.
        await say(3, { state: 'ACCEPTED', reason: 'APPROVED_EXCEPTION', until, comment: 'T-1' })
        await paged(...back, 'resolve')
        expect(new Set(pages.map(({ dedup_key }) => dedup_key)).size).toBe(1)
        told = await ask(collector, STANDING)
        dump = await dumpOf(collector)
        await collector.store.clear()
      }
      const before = pages.length
      {
        await using collector = await start()
        await collector.settled()
        expect(await ask(collector, STANDING)).toEqual(told)
        expect(await dumpOf(collector)).toEqual(dump)
        await new Promise((resolve) => setTimeout(resolve, 500))
        expect(pages.slice(before)).toEqual([])
        await collector.store.clear()
      }
    }, 120_000)

    it('applies what comes again with its key once, also when the graph was made anew', async () => {
      using folder = temporaryFolder()
      const prepared = await prepare(join(folder.path, 'demo'))
      const { trust, registry } = prepared
      const own = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
      const config: Config = { ...own, store, trust, registry }
      const start = () => startCollector({ config, env, logger: pino({ level: 'silent' }) })
      const until = new Date(Date.now() + 3_600_000).toISOString()
      const words = async (collector: Collector, id: string): Promise<unknown[]> => {
        const input = { findings: [id], expectedVersions: [0], state: 'ACKNOWLEDGED' }
        const suppress = { until, key: 'rule-1' }
        const first = (await ask(collector, KEYED_SUPPRESS, suppress)) as {
          suppress: { id: string }
        }
        const end = { id: first.suppress.id, key: 'end-1' }
        return [
          await ask(collector, TRIAGE, { input: { ...input, idempotencyKey: 'word-1' } }),
          first,
          await ask(collector, KEYED_END, end),
          // Each of them with other input.
          await ask(collector, TRIAGE, {
            input: { ...input, comment: 'x', idempotencyKey: 'word-1' },
          }),
          await ask(collector, KEYED_SUPPRESS, { ...suppress, key: 'word-1' }),
          await ask(collector, KEYED_END, { ...end, key: 'rule-1' }),
        ]
      }
      let dump: string[]
      let told: unknown[]
      let id: string
      {
        await using collector = await start()
        await play(prepared, collector.otlpUrl)
        await collector.settled()
        const { findings } = (await ask(collector, STANDING)) as Standing
        id = findings.nodes[0]?.id ?? ''
        // Two at once are one as well.
        const [one, other] = await Promise.all([words(collector, id), words(collector, id)])
        expect(other).toEqual(one)
        told = one
        const refused = {
          __typename: 'InvalidArgumentError',
          message: expect.stringContaining('new'),
        }
        expect(told).toEqual([
          { triage: { __typename: 'TriagePayload' } },
          { suppress: { __typename: 'Suppression', id: expect.stringMatching(/^sup_/) } },
          { endSuppression: { __typename: 'Suppression', active: false } },
          ...['triage', 'suppress', 'endSuppression'].map((field) => ({ [field]: refused })),
        ])
        const { findings: said, suppressions } = (await ask(collector, STANDING)) as Standing
        expect(said.nodes[0]?.triage).toMatchObject({ version: 1, history: [{ version: 1 }] })
        expect(suppressions.nodes).toMatchObject([{ active: false }])
        dump = await dumpOf(collector)
        await collector.store.clear()
      }
      {
        await using collector = await start()
        await collector.settled()
        expect(await words(collector, id)).toEqual(told)
        expect(await dumpOf(collector)).toEqual(dump)
        await collector.store.clear()
      }
    }, 120_000)
  })
}

interface Standing {
  readonly findings: { readonly nodes: readonly { readonly id: string; readonly triage: object }[] }
  readonly suppressions: { readonly nodes: readonly object[] }
}

async function ask(collector: Collector, query: string, variables = {}): Promise<unknown> {
  const response = await fetch(collector.graphqlUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await response.json()) as { data: unknown; errors?: unknown }
  expect(errors).toBeUndefined()
  return data
}

/** Waits until the pager got all that is owed to it; what a word owes is in the graph before it is answered. */
async function delivered({ store }: Collector): Promise<void> {
  const where = { equals: { state: ['owed'] } }
  await vi.waitFor(async () => expect(await store.count('Alert', where, 10)).toBe(0), {
    timeout: 20_000,
    interval: 50,
  })
}

/** The command line in this process: what it prints, up to the title. */
async function run(argv: readonly string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  try {
    expect(await main(argv)).toBe(0)
    return String(write.mock.calls[0]?.[0]).split(/(?<= {2}bob {2})/)[0] ?? ''
  } finally {
    write.mockRestore()
  }
}

async function dumpOf(collector: Collector): Promise<string[]> {
  const lines: string[] = []
  for await (const item of collector.store.dump()) lines.push(JSON.stringify(item))
  return lines
}
