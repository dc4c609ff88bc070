import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { askForRun } from '../../collector/src/retention/asking.ts'
import { demoCollector } from '../harness/demo.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const DAY = 86_400_000

const KNOWN = `{ findings(first: 1, where: { rule: ["D1"] }) { ... on FindingConnection { nodes {
  id agent { id } action { id } chain { id } } } } }`
const CASES = `query ($asOf: AsOf) { cases(first: 20, asOf: $asOf) { ... on CaseConnection { totalCount { value } nodes {
  id title state version size openedAt openedBy updatedAt updatedBy closedAt closedBy
  items { nodes { kind id note addedAt addedBy subject { __typename ... on Finding { title } ... on Chain { complete }
    ... on Action { tool } ... on Agent { id } ... on NotFoundError { message trimmedAt } } } }
  history { nodes { version at by change title state comment items { kind id note } } } } }
  ... on UserError { message } } }`
const saying = (field: string, type: string) =>
  `mutation ($input: ${type}!) { told: ${field}(input: $input) { __typename ... on Case { id version } ... on UserError { message } } }`
const OPEN = saying('openCase', 'OpenCaseInput')
const ADD = saying('addToCase', 'AddToCaseInput')
const TAKE = saying('takeFromCase', 'TakeFromCaseInput')
const CHANGE = saying('changeCase', 'ChangeCaseInput')

for (const { name, store, env } of storePlaces()) {
  describe(`cases on ${name}`, () => {
    it('are as they were when the graph is made anew, and as they were known before', async () => {
      using folder = temporaryFolder()
      const prepared = await prepare(join(folder.path, 'demo'))
      const { trust, registry } = prepared
      const own = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
      const config: Config = { ...own, store, trust, registry }
      let now = Date.now()
      const start = () =>
        startCollector({ config, env, logger: pino({ level: 'silent' }), clock: () => now })
      let told: unknown
      let dump: string[]
      let add: object
      {
        await using collector = await start()
        await play(prepared, collector.otlpUrl)
        await collector.settled()
        const finding = await riding(collector)
        const items = [
          { kind: 'FINDING', id: finding.id, note: 'where it began' },
          { kind: 'CHAIN', id: finding.chain.id },
          { kind: 'AGENT', id: finding.agent.id },
        ]
        now += 1_000
        const { id } = await say(collector, OPEN, { title: 'Riding', comment: 'on call', items })
        const input = (expectedVersion: number, rest: object) => ({
          case: id,
          expectedVersion,
          ...rest,
        })
        const before = new Date(now).toISOString()
        now += 1_000
        add = input(1, {
          items: [{ kind: 'ACTION', id: finding.action.id }],
          idempotencyKey: 'add-1',
        })
        expect(await say(collector, ADD, add)).toMatchObject({ version: 2 })
        expect(await say(collector, ADD, add)).toMatchObject({ version: 2 })
        await say(collector, TAKE, input(2, { items: [{ kind: 'AGENT', id: finding.agent.id }] }))
        await say(collector, CHANGE, input(3, { comment: 'an approval was ridden' }))
        await say(collector, CHANGE, input(4, { state: 'CLOSED', title: 'Ridden' }))
        await say(collector, CHANGE, input(5, { state: 'OPEN' }))
        await say(collector, CHANGE, input(6, { state: 'CLOSED' }))
        told = await ask(collector, CASES)
        expect(told).toMatchObject({
          cases: {
            nodes: [
              {
                ...{ title: 'Ridden', state: 'CLOSED', version: 7, size: 3 },
                items: {
                  nodes: [
                    { kind: 'FINDING', note: 'where it began', subject: { __typename: 'Finding' } },
                    { kind: 'CHAIN', subject: { __typename: 'Chain', complete: true } },
                    { kind: 'ACTION', subject: { __typename: 'Action' } },
                  ],
                },
              },
            ],
          },
        })
        // What was not known then is not told of then.
        now += 1_000
        const then = (await ask(collector, CASES, { asOf: { knownAt: before } })) as Told
        expect(then.cases.nodes).toMatchObject([{ version: 1, size: 3, state: 'OPEN' }])
        expect(then.cases.nodes[0]?.history.nodes).toHaveLength(1)
        dump = await dumpOf(collector)
        await collector.store.clear()
      }
      {
        await using collector = await start()
        await collector.settled()
        expect(await ask(collector, CASES)).toEqual(told)
        expect(await dumpOf(collector)).toEqual(dump)
        // The key of what was done is known again, though the case is closed since.
        expect(await say(collector, ADD, add)).toMatchObject({ __typename: 'Case', version: 7 })
        await collector.store.clear()
      }
    }, 120_000)
  })
}

it('a case says of what it holds when the evidence of it was trimmed, and a rebuild says the same', async () => {
  let now = Date.now()
  const retention = { days: 5, trimNotes: true, trimClosed: true }
  await using demo = await demoCollector({ retention }, { clock: () => now })
  const { collector, folder } = demo
  const { store } = collector
  const finding = await riding(collector)
  const link = (await store.find('Link', 'chain', [finding.chain.id])).at(-1)?.key
  const [approval] = await store.page({
    ...{ kind: 'Approval', where: {}, orderBy: 'hash', direction: 'asc', limit: 1 },
  })
  const items = [
    { kind: 'FINDING', id: finding.id },
    { kind: 'CHAIN', id: finding.chain.id },
    { kind: 'LINK', id: link },
    { kind: 'ACTION', id: finding.action.id },
    { kind: 'APPROVAL', id: approval?.key },
  ]
  const { id } = await say(collector, OPEN, { title: 'Riding', items })
  const { findings } = (await ask(
    collector,
    '{ findings(first: 100) { ... on FindingConnection { nodes { id } } } }',
  )) as { findings: { nodes: { id: string }[] } }
  await ask(collector, 'mutation ($input: TriageInput!) { triage(input: $input) { __typename } }', {
    input: {
      findings: findings.nodes.map((one) => one.id),
      expectedVersions: findings.nodes.map(() => 0),
      ...{ state: 'CLOSED', reason: 'FIXED' },
    },
  })
  now += 10 * DAY
  await collector.projector.settle()
  expect(await askForRun(folder, 5, () => {})).toMatchObject({ outcome: 'trimmed' })
  await collector.settled()
  const trimmedAt = new Date(now).toISOString()
  const told = (await ask(collector, CASES)) as Told
  const [kept] = told.cases.nodes
  expect(kept).toMatchObject({ id, state: 'OPEN', size: 5 })
  expect(kept?.items.nodes.map(({ kind, subject }) => [kind, subject])).toEqual(
    items.map(({ kind, id: one }) => [
      kind,
      {
        __typename: 'NotFoundError',
        message: `${kind.toLowerCase()} ${one} was trimmed on ${trimmedAt.slice(0, 10)}: its evidence is older than what is kept`,
        trimmedAt,
      },
    ]),
  )
  // It is open, and can be gone on with.
  expect(
    await say(collector, CHANGE, { case: id, expectedVersion: 1, comment: 'too late' }),
  ).toMatchObject({ version: 2 })
}, 120_000)

interface Told {
  readonly cases: {
    readonly nodes: readonly {
      readonly items: {
        readonly nodes: readonly { readonly kind: string; readonly subject: object }[]
      }
      readonly history: { readonly nodes: readonly object[] }
    }[]
  }
}

interface Riding {
  readonly id: string
  readonly agent: { readonly id: string }
  readonly action: { readonly id: string }
  readonly chain: { readonly id: string }
}

async function riding(collector: Collector): Promise<Riding> {
  const { findings } = (await ask(collector, KNOWN)) as { findings: { nodes: Riding[] } }
  const [finding] = findings.nodes
  if (finding === undefined) throw new Error('the incident was not found')
  return finding
}

async function say(
  collector: Collector,
  query: string,
  input: object,
): Promise<{ readonly id: string; readonly version: number }> {
  const { told } = (await ask(collector, query, { input })) as {
    told: { __typename: string; id: string; version: number }
  }
  expect(told).toMatchObject({ __typename: 'Case' })
  return told
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

async function dumpOf(collector: Collector): Promise<string[]> {
  const lines: string[] = []
  for await (const item of collector.store.dump()) lines.push(JSON.stringify(item))
  return lines
}
