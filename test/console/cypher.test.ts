import neo4j, { type Driver } from 'neo4j-driver'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import {
  type GraphStore,
  openNeo4jStore,
  openSqliteStore,
  type PageQuery,
} from '../../collector/src/graph/index.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { uniqueTenant } from '../harness/own-place.ts'
import { neo4jPlace } from '../harness/stores.ts'
import { type Guarded, serveGuarded } from './testing/guarded.ts'
import { type Incident, incidentOf, type Served, serve } from './testing/served.ts'

const address = inject('neo4j') ?? null

type Row = Readonly<Record<string, unknown>>

describe.runIf(address !== null && haveChromium())('copied as Cypher', { timeout: 60_000 }, () => {
  let driver: Driver
  let served: Served
  let guarded: Guarded
  let incident: Incident
  let browser: Browser
  beforeAll(async () => {
    if (address === null) throw new Error('there is no Neo4j')
    const { uri, user = 'neo4j', password } = address
    driver = neo4j.driver(
      uri,
      password === undefined ? undefined : neo4j.auth.basic(user, password),
      {
        disableLosslessIntegers: true,
        telemetryDisabled: true,
      },
    )
    served = await serve({ incident: true, place: neo4jPlace(address) })
    incident = await incidentOf(served)
    guarded = await serveGuarded({ trusted: true, place: neo4jPlace(address) })
    browser = await launchChromium()
  }, 240_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await guarded?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
    await driver?.close()
  })

  async function run(text: string): Promise<Row[]> {
    const database = address?.database === undefined ? {} : { database: address.database }
    const { records } = await driver.executeQuery(text, {}, { ...database, routing: 'READ' })
    return records.map((record) => record.toObject())
  }

  /** What the menu of a screen puts on the clipboard, asked of the database itself. */
  async function copied(url: string): Promise<Row[]> {
    const { page, faults } = await browser.page()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(url)
    await page.locator('main').getByRole('button', { name: 'Copy', exact: true }).first().click()
    await page.getByRole('menuitem', { name: 'As Cypher' }).click()
    await page.getByText('Copied as Cypher').waitFor()
    const text = await page.evaluate(() => navigator.clipboard.readText())
    expect(faults).toEqual([])
    await page.close()
    return run(text)
  }

  const ids = (rows: readonly Row[], name: string): unknown[] =>
    rows.map(({ node }) => (node as Row)[name])

  async function ask<Data>(url: string, query: string): Promise<Data> {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
    expect(errors).toBeUndefined()
    return data
  }

  it('lists the findings of the filter, in its order', async () => {
    const listed = async (args: string): Promise<string[]> => {
      const { findings } = await ask<{ findings: { nodes: { id: string }[] } }>(
        served.url,
        `{ findings(first: 50, ${args}) { ... on FindingConnection { nodes { id } } } }`,
      )
      expect(findings.nodes.length).toBeGreaterThan(0)
      return findings.nodes.map(({ id }) => id)
    }
    expect(ids(await copied(`${served.url}/findings?tab=all&hidden=yes`), 'id')).toEqual(
      await listed('orderBy: { field: RAISED_AT, direction: DESC }'),
    )
    expect(
      ids(
        await copied(`${served.url}/findings?tab=all&hidden=yes&rule=D1&order=severity&severity=3`),
        'id',
      ),
    ).toEqual(
      await listed(
        'where: { rule: ["D1"], severityAtLeast: 3 }, orderBy: { field: SEVERITY, direction: DESC }',
      ),
    )
  })

  it('lists the links of a chain with the calls under each', async () => {
    const rows = await copied(`${served.url}/chains/${incident.chain}`)
    const { chain } = await ask<{
      chain: {
        links: { nodes: { hash: string; depth: number; delegate: { id: string } }[] }
        actions: { nodes: { id: string; link: { hash: string } }[] }
      }
    }>(
      served.url,
      `{ chain(id: "${incident.chain}") { ... on Chain {
        links(first: 50) { nodes { hash depth delegate { id } } }
        actions(first: 50) { nodes { id link { hash } } } } } }`,
    )
    expect(chain.actions.nodes).not.toEqual([])
    expect(
      rows.map(({ link, depth, holder, calls }) => [link, depth, holder, (calls as []).toSorted()]),
    ).toEqual(
      chain.links.nodes.map(({ hash, depth, delegate }) => [
        ...[hash, depth, delegate.id],
        chain.actions.nodes
          .filter(({ link }) => link.hash === hash)
          .map(({ id }) => id)
          .sort(),
      ]),
    )
    // From the leaf it is the same chain.
    expect(await copied(`${served.url}/chains/${incident.leaf}`)).toEqual(rows)
  })

  it('sums up what an agent called, and how much of it on the authority of others', async () => {
    const rows = await copied(`${served.url}/agents/agent%3Aworker`)
    const { agent } = await ask<{
      agent: {
        exercised: { tools: { tool: string; uses: { value: number }; lastUsedAt: string }[] }
        inherited: { tools: { tool: string; uses: number }[] }
      }
    }>(
      served.url,
      `{ agent(id: "agent:worker") { ... on Agent {
        exercised { tools { tool uses { value } lastUsedAt } } inherited { tools { tool uses } } } } }`,
    )
    const inherited = (tool: string): number =>
      agent.inherited.tools
        .filter((one) => one.tool === tool)
        .reduce((sum, { uses }) => sum + uses, 0)
    expect(rows.some((row) => row['inherited'] === 1)).toBe(true)
    expect(rows).toEqual(
      agent.exercised.tools.map(({ tool, uses, lastUsedAt }) => ({
        ...{ tool, uses: uses.value, inherited: inherited(tool) },
        lastUsedAt: Date.parse(lastUsedAt),
      })),
    )
  })

  it('lists decisions', async () => {
    const { decisions } = await ask<{ decisions: { nodes: { id: string }[] } }>(
      guarded.url,
      '{ decisions(filter: { answer: [DENY] }) { ... on DecisionConnection { nodes { id } } } }',
    )
    expect(decisions.nodes).toHaveLength(1)
    expect(ids(await copied(`${guarded.url}/decisions?answer=deny`), 'hash')).toEqual(
      decisions.nodes.map(({ id }) => id),
    )
    expect(await copied(`${guarded.url}/decisions`)).toHaveLength(2)
  })

  it('lists what rests on a link or an approval that is explored', async () => {
    const { findings } = await ask<{ findings: { nodes: { source: { id: string } }[] } }>(
      served.url,
      `{ findings(first: 1, where: { rule: ["D1"] }) { ... on FindingConnection { nodes { source { id } } } } }`,
    )
    const approval = findings.nodes[0]?.source.id ?? ''
    for (const [kind, id] of [
      ['link', incident.chain],
      ['link', incident.leaf],
      ['approval', approval],
    ] as const) {
      const { whatIf } = await ask<{
        whatIf: { actions: { nodes: { action: { id: string } }[] } }
      }>(
        served.url,
        `{ whatIf(revoke: [{ kind: ${kind.toUpperCase()}, id: "${id}" }]) {
          ... on WhatIf { actions(first: 100) { nodes { action { id } } } } } }`,
      )
      const expected = whatIf.actions.nodes.map(({ action }) => action.id)
      expect(expected, kind).not.toEqual([])
      const rows = await copied(`${served.url}/explore?kind=${kind}&id=${id}&ask=revoke`)
      expect(
        rows.map(({ action }) => action),
        kind,
      ).toEqual(expected)
    }
  })

  it.each([
    ['{}', 'question'],
    ['{ chain: "a", agent: "b" }', 'question'],
    ['{ chain: "" }', 'question.chain'],
    ['{ findings: { first: 201 } }', 'question.findings.first'],
    ['{ findings: { where: { rule: ["D99"] } } }', 'where.rule'],
    ['{ resting: { on: { kind: KEY, id: "k" } } }', 'question.resting.on.kind'],
  ])('refuses the question %s', async (question, argument) => {
    const query = `{ cypher(question: ${question}) { __typename ... on InvalidArgumentError { argument } } }`
    expect(await ask(served.url, query)).toEqual({
      cypher: { __typename: 'InvalidArgumentError', argument },
    })
  })

  it('is offered neither of the past, nor where the store is another or not known', async () => {
    await using sqlite = await serve({ incident: false })
    const { page } = await browser.page()
    const offered = async (url: string): Promise<string[]> => {
      await page.goto(url)
      await page.locator('main').getByRole('button', { name: 'Copy', exact: true }).first().click()
      await page.getByRole('menuitem', { name: 'As curl' }).waitFor()
      // The answer about the store has had its time by the time that the menu is there.
      await page.waitForLoadState('networkidle')
      return page.getByRole('menuitem', { name: /^As/ }).allInnerTexts()
    }
    expect(await offered(`${served.url}/decisions`)).toContain('As Cypher')
    const query = '{ graphStore cypher(question: { chain: "a" }) { __typename } }'
    expect(await ask(sqlite.url, query)).toEqual({ graphStore: 'SQLITE', cypher: null })
    expect(await offered(`${sqlite.url}/decisions`)).toEqual(['As GraphQL', 'As curl'])
    expect(await offered(`${served.url}/decisions?asOf=${new Date().toISOString()}`)).toEqual([
      'As GraphQL',
      'As curl',
    ])
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('GraphStore') === true
        ? route.fulfill({ status: 500, body: '{}' })
        : route.continue(),
    )
    expect(await offered(`${served.url}/decisions`)).toEqual(['As GraphQL', 'As curl'])
    await page.close()
  })
})

/** Texts that would end a literal, or be read as an escape, where they were pasted as they are. */
const HOSTILE = [
  "' OR true //",
  "\\' OR true //",
  '\\',
  '\\\\',
  '\\u0027 OR true //',
  '\\\\u0027 OR true //',
  '\\u005c\\u0027 OR true //',
  '"}) DETACH DELETE n //',
  '`) DETACH DELETE n //',
  '$tenant',
  '$equals.`agent`',
  '$& $1 $$ $`',
  'a\nb\tc\r\u0000d',
  '/* comment */ // comment',
  'é 🔑 \u2028',
  'x'.repeat(5_000),
]

describe.runIf(address !== null)('values in Cypher', () => {
  let driver: Driver
  let store: GraphStore
  const tenant = `${uniqueTenant()}' OR true //\\u0027`.slice(0, 100)
  beforeAll(async () => {
    if (address === null) throw new Error('there is no Neo4j')
    const { uri, user = 'neo4j', password } = address
    driver = neo4j.driver(
      uri,
      password === undefined ? undefined : neo4j.auth.basic(user, password),
      {
        disableLosslessIntegers: true,
        telemetryDisabled: true,
      },
    )
    store = openNeo4jStore({ ...address, tenant })
    await store.init()
    const columns = { at: 5, effect: 'ok', tool: 'tool' }
    await store.write({
      nodes: HOSTILE.flatMap((text, at) => [
        { kind: 'Decision', key: `d${at}`, columns: { agent: text, at } },
        { kind: 'Action', key: `a${at}`, columns: { ...columns, agent: text, credential: text } },
        { kind: 'Link', key: text, columns: { outcome: 'ok', depth: 0 } },
      ]),
      edges: HOSTILE.map((text, at) => ({ kind: 'UNDER', from: `a${at}`, to: text })),
    })
  }, 120_000)
  afterAll(async () => {
    await store?.clear()
    await store?.[Symbol.asyncDispose]()
    await driver?.close()
  })

  async function run(question: Parameters<NonNullable<GraphStore['cypher']>>[0]): Promise<Row[]> {
    const database = address?.database === undefined ? {} : { database: address.database }
    const { records } = await driver.executeQuery(store.cypher?.(question) ?? '', {}, database)
    return records.map((record) => record.toObject())
  }

  it.each(HOSTILE.map((text, at) => [text.slice(0, 40), text, at] as const))(
    'stay values: %j',
    async (_, text, at) => {
      const query: PageQuery = {
        kind: 'Decision',
        where: { equals: { agent: [text] } },
        orderBy: 'at',
        direction: 'asc',
        limit: 50,
      }
      const page = await run({ ask: 'page', query })
      expect(page.map(({ uid }) => uid)).toEqual([`d${at}`])
      const agent = await run({ ask: 'agent', agent: text })
      expect(agent).toEqual([{ tool: 'tool', uses: 1, inherited: 0, lastUsedAt: 5 }])
      const chain = await run({ ask: 'chain', link: text })
      expect(chain.map(({ link, calls }) => [link, calls])).toEqual([[text, [`a${at}`]]])
      for (const on of ['link', 'credential'] as const) {
        const resting = await run({ ask: 'resting', on, id: text, since: 0 })
        expect(resting.map(({ action }) => action)).toEqual([`a${at}`])
      }
      expect(await run({ ask: 'resting', on: 'link', id: text, since: 6 })).toEqual([])
    },
  )
})

it('has no Cypher for a store that speaks another language', async () => {
  await using store = openSqliteStore({ file: ':memory:' })
  expect(store.cypher).toBeUndefined()
})
