import { outcomeOf, outcomeText } from '@delegraph/graph-schema'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import { FINDING, finding, findingEvent, LEAF, link, NOW, node, SECOND } from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

const MISSING = outcomeOf('chain_incomplete')
const THEN = new Date(NOW - 60_000).toISOString()
const REFUSED = new Date(NOW - 120_000).toISOString()

function decision(hash: string, verdict: string, at: number) {
  return node('Decision', hash, { hash, verdict, kind: 'request', at, link: LEAF, outcome: 'ok' })
}

const RULE = {
  ...{ id: 'sup_1', matcher: { rule: ['D1'] }, reason: 'known', owner: 'bob' },
  ...{ createdAt: NOW - 70_000, until: NOW + 1_000, state: 'active' },
}

let server: TestServer
let then: GraphStore
beforeAll(async () => {
  then = openSqliteStore({ file: ':memory:' })
  await then.init()
  await then.write({
    nodes: [
      finding(FINDING, { title: 'as it was', triage: 'acknowledged' }),
      findingEvent(1),
      decision('d-early', 'allow', SECOND - 100),
      link(LEAF, { verdict: MISSING, outcome: outcomeText(MISSING), depth: 1 }),
      node('Suppression', 'sup_1', RULE),
    ],
    edges: [],
  })
  server = await startTestServer({
    clock: () => NOW,
    past: async (knownAt) =>
      new Date(knownAt).toISOString() === REFUSED
        ? { refused: 'the journal is too large' }
        : { store: then },
  })
  await server.store.write({
    nodes: [
      findingEvent(1),
      findingEvent(2),
      decision('d-early', 'allow', SECOND - 100),
      decision('d-late', 'deny', SECOND - 10),
      node('Suppression', 'sup_1', { ...RULE, state: 'ended', endedAt: NOW - 1 }),
    ],
    edges: [],
  })
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await then[Symbol.asyncDispose]()
})

async function data(query: string): Promise<Record<string, unknown>> {
  const { data, errors } = await ask(server, query)
  expect(errors).toEqual([])
  return data ?? {}
}

test('decisions of then are listed, each with its link as it was judged then', async () => {
  const fields =
    '{ ... on DecisionConnection { nodes { id link { verdict { state } } } totalCount { value } } }'
  expect(
    await data(
      `{ now: decisions ${fields} past: decisions(asOf: { knownAt: "${THEN}" }) ${fields} }`,
    ),
  ).toMatchObject({
    now: { nodes: [{ id: 'd-late' }, { id: 'd-early', link: { verdict: { state: 'OK' } } }] },
    past: {
      nodes: [{ id: 'd-early', link: { verdict: { state: 'UNKNOWN' } } }],
      totalCount: { value: 1 },
    },
  })
})

test('decisions leave out what was decided later than validAt, whatever else bounds them', async () => {
  const ids = async (args: string): Promise<unknown> =>
    (await data(`{ decisions(${args}) { ... on DecisionConnection { nodes { id } } } }`))[
      'decisions'
    ]
  const at = (second: number): string => new Date(second * 1_000).toISOString()
  expect(await ids(`asOf: { validAt: "${at(SECOND - 10)}" }`)).toEqual({
    nodes: [{ id: 'd-late' }, { id: 'd-early' }],
  })
  expect(await ids(`asOf: { validAt: "${at(SECOND - 10.001)}" }`)).toEqual({
    nodes: [{ id: 'd-early' }],
  })
  expect(
    await ids(`asOf: { validAt: "${at(SECOND)}" }, filter: { before: "${at(SECOND - 10)}" }`),
  ).toEqual({ nodes: [{ id: 'd-early' }] })
})

test('the log of changes has the newest first, pages, and each finding as it was then', async () => {
  const page = (args: string): string => `findingEvents(${args}) { ... on FindingEventConnection {
    nodes { cursor change finding { id title triage { state } } } pageInfo { hasNextPage endCursor } totalCount { value } } }`
  const { first, past } = (await data(
    `{ first: ${page('first: 1')} past: ${page(`asOf: { knownAt: "${THEN}" }`)} }`,
  )) as {
    first: { nodes: { cursor: string }[]; pageInfo: { endCursor: string } }
    past: unknown
  }
  expect(first).toMatchObject({
    nodes: [{ cursor: findingEvent(2).key, finding: { id: FINDING } }],
    pageInfo: { hasNextPage: true },
    totalCount: { value: 2 },
  })
  const second = await data(`{ ${page(`first: 1, after: "${first.pageInfo.endCursor}"`)} }`)
  expect(second).toMatchObject({
    findingEvents: { nodes: [{ cursor: findingEvent(1).key }], pageInfo: { hasNextPage: false } },
  })
  expect(past).toMatchObject({
    nodes: [{ cursor: findingEvent(1).key, finding: { title: 'as it was' } }],
    totalCount: { value: 1 },
  })
})

test('suppressions, an approval, a decision, a node and texts are those of then', async () => {
  const asOf = `asOf: { knownAt: "${THEN}" }`
  expect(
    await data(`{
      suppressions(${asOf}) { nodes { id active endedAt } }
      now: suppressions { nodes { active } }
      approval(id: "approval-hash", ${asOf}) { __typename }
      decision(id: "d-late", ${asOf}) { __typename }
      node(id: "Finding:${FINDING}", ${asOf}) { ... on Finding { title } }
      gone: node(id: "Approval:approval-hash", ${asOf}) { __typename }
      linkTexts(hashes: ["${LEAF}", "root-link-hash"], ${asOf}) { hash }
    }`),
  ).toEqual({
    suppressions: { nodes: [{ id: 'sup_1', active: true, endedAt: null }] },
    now: { nodes: [{ active: false }] },
    approval: { __typename: 'NotFoundError' },
    decision: { __typename: 'NotFoundError' },
    node: { title: 'as it was' },
    gone: null,
    linkTexts: [{ hash: LEAF }],
  })
})

test.each([
  [`decisions(asOf: { knownAt: "${REFUSED}" })`, 'asOf.knownAt'],
  [`findingEvents(asOf: { knownAt: "${REFUSED}" })`, 'asOf.knownAt'],
  [`findingEvents(asOf: { validAt: "${THEN}" })`, 'asOf.validAt'],
  [`decision(id: "d-early", asOf: { validAt: "${THEN}" })`, 'asOf.validAt'],
  [`approval(id: "approval-hash", asOf: { knownAt: "2999-01-01T00:00:00Z" })`, 'asOf.knownAt'],
])('%s is refused, and never answered with now', async (field, argument) => {
  const answer = await data(
    `{ it: ${field} { __typename ... on InvalidArgumentError { argument } } }`,
  )
  expect(answer['it']).toEqual({ __typename: 'InvalidArgumentError', argument })
})

test.each([
  'suppressions(ASOF) { nodes { id } }',
  `node(id: "Finding:${FINDING}", ASOF) { nodeId }`,
  `linkTexts(hashes: ["${LEAF}"], ASOF) { hash }`,
])('%s, which has no union, is an error there', async (field) => {
  const asOf = `asOf: { knownAt: "${REFUSED}" }`
  const answer = await ask(server, `{ ${field.replace('ASOF', asOf)} }`)
  expect(answer.errors).toMatchObject([
    { message: expect.stringContaining('too large'), extensions: { code: 'INVALID_ARGUMENT' } },
  ])
})

test('a page and a request say what they were read from', async () => {
  await server.store.write({ nodes: [], edges: [], position: 7 })
  await then.write({ nodes: [], edges: [], position: 3 })
  const SNAPSHOT = 'snapshot { validAt knownAt watermark }'
  const pages = (asOf: string) =>
    ['findings', 'findingEvents', 'decisions', 'suppressions'].map((field) => {
      const page = field === 'suppressions' ? '' : '__typename ... on UserError { message }'
      const type = `${field[0]?.toUpperCase()}${field.slice(1, -1)}Connection`
      return `${field}(asOf: { ${asOf} }) { ${page} ${page === '' ? SNAPSHOT : `... on ${type} { ${SNAPSHOT} }`} }`
    })
  const others = (asOf: string) =>
    `findingGroups(by: SERIES, asOf: { ${asOf} }) { ... on FindingGroupConnection { ${SNAPSHOT} } }
     search(text: "agent", asOf: { ${asOf} }) { ... on Matches { ${SNAPSHOT} } }
     coverage(first: 1, asOf: { ${asOf} }) { ${SNAPSHOT} }`
  const now = new Date(NOW).toISOString()
  const whole = await data(
    `{ snapshot { validAt knownAt watermark } ${pages('').join(' ')} ${others('')}
      posture { ... on Posture { ${SNAPSHOT} } } }`,
  )
  for (const [field, answer] of Object.entries(whole)) {
    const { snapshot = answer } = answer as { snapshot?: unknown }
    expect([field, snapshot]).toEqual([field, { validAt: now, knownAt: now, watermark: '7' }])
  }
  const asOf = `knownAt: "${THEN}"`
  const before = await data(
    `{ snapshot(asOf: { ${asOf} }) { validAt knownAt watermark } ${pages(asOf).join(' ')} ${others(asOf)} }`,
  )
  for (const [field, answer] of Object.entries(before)) {
    const { snapshot = answer } = answer as { snapshot?: unknown }
    expect([field, snapshot]).toEqual([field, { validAt: THEN, knownAt: THEN, watermark: '3' }])
  }
})
