import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { action, DEPLOY, finding, NOW, READ, ROOT } from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

const COUNT = 57

/** Ties everywhere: three times of raising, two severities. */
const FINDINGS = Array.from({ length: COUNT }, (_, i) =>
  finding(`f${String(i).padStart(3, '0')}`, {
    raisedAt: NOW + (i % 3),
    at: NOW + 1_000 * i,
    severity: (i % 5) + 1,
    rule: i % 2 === 0 ? 'D1' : 'D2',
    state: i % 4 === 0 ? 'withdrawn' : 'open',
    grade: i % 2 === 0 ? 'proven' : 'observed',
    agent: i % 7 === 0 ? 'agent:planner' : 'agent:worker',
    tool: i % 2 === 0 ? DEPLOY : READ,
    chain: i < 10 ? ROOT : `chain-${i}`,
    task: `task-${i % 2}`,
    pages: i % 6 === 0,
  }),
)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ empty: true })
  await server.store.write({ nodes: FINDINGS, edges: [] })
})
afterAll(() => server[Symbol.asyncDispose]())

const PAGE = `query ($first: Int, $after: String, $where: FindingFilter, $orderBy: FindingOrder) {
  findings(first: $first, after: $after, where: $where, orderBy: $orderBy) {
    ... on FindingConnection {
      edges { cursor node { id severity } } nodes { id }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor } totalCount { value approximate }
    }
    ... on InvalidArgumentError { message argument }
  }
}`

interface Page {
  readonly edges: readonly {
    readonly cursor: string
    readonly node: { id: string; severity: number }
  }[]
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: {
    readonly hasNextPage: boolean
    readonly hasPreviousPage: boolean
    readonly startCursor: string | null
    readonly endCursor: string | null
  }
  readonly totalCount: { readonly value: number; readonly approximate: boolean }
  readonly argument?: string
}

async function page(variables: Readonly<Record<string, unknown>>): Promise<Page> {
  const { errors, data } = await ask(server, PAGE, variables)
  expect(errors).toEqual([])
  return data?.['findings'] as Page
}

async function all(variables: Readonly<Record<string, unknown>>): Promise<string[]> {
  const ids: string[] = []
  let after: string | null = null
  for (;;) {
    const { nodes, pageInfo }: Page = await page({ ...variables, after })
    expect(pageInfo.hasPreviousPage).toBe(after !== null)
    ids.push(...nodes.map((node) => node.id))
    if (!pageInfo.hasNextPage) return ids
    after = pageInfo.endCursor
  }
}

describe('pages', () => {
  test.each(
    ['RAISED_AT', 'HAPPENED_AT', 'SEVERITY'].flatMap((field) =>
      ['ASC', 'DESC'].flatMap((direction) =>
        [1, 4, 200].map((first) => ({ field, direction, first })),
      ),
    ),
  )('every finding comes once, ties included: $field $direction by $first', async (order) => {
    const { first, ...orderBy } = order
    const ids = await all({ first, orderBy })
    expect(new Set(ids).size).toBe(COUNT)
    expect(ids).toHaveLength(COUNT)
  })

  test('the order is the one that was asked for', async () => {
    const { edges } = await page({ first: 200, orderBy: { field: 'SEVERITY', direction: 'DESC' } })
    const severities = edges.map((edge) => edge.node.severity)
    expect(severities).toEqual([...severities].sort((a, b) => b - a))
  })

  test('a finding that comes between two pages moves nothing', async () => {
    const order = { first: 20, orderBy: { field: 'HAPPENED_AT', direction: 'DESC' } }
    const one = await page(order)
    const late = finding('late', { at: NOW + 1_000_000, chain: 'late' })
    await server.store.write({ nodes: [late], edges: [] })
    const two = await page({ ...order, after: one.pageInfo.endCursor })
    const seen = [...one.nodes, ...two.nodes].map((node) => node.id)
    expect(new Set(seen).size).toBe(40)
    expect(seen).not.toContain('late')
    await server.store.write({ nodes: [finding('late', { state: 'withdrawn' })], edges: [] })
  })

  test('an empty page has no cursors', async () => {
    const { pageInfo, nodes } = await page({ where: { agent: ['agent:nobody'] } })
    expect(nodes).toEqual([])
    expect(pageInfo).toEqual({
      hasNextPage: false,
      hasPreviousPage: false,
      startCursor: null,
      endCursor: null,
    })
  })

  test.each([0, -1, 201, 2_147_483_647])('first: %i is refused by name', async (first) => {
    expect(await page({ first })).toEqual({
      message: 'first must be from 1 to 200',
      argument: 'first',
    })
  })

  test('a cursor that is broken, or of another order, is refused', async () => {
    const { pageInfo } = await page({ first: 3, orderBy: { field: 'SEVERITY' } })
    const forged = (parts: unknown): string =>
      Buffer.from(JSON.stringify(parts)).toString('base64url')
    const bad = [
      'x',
      '',
      forged({}),
      forged([]),
      forged(['raisedAt', 'desc', 'text', 'key']),
      forged(['raisedAt', 'desc', null, 'key']),
      forged(['raisedAt', 'desc', 1, { key: 1 }]),
      forged(['id"; DROP TABLE Finding; --', 'desc', 1, 'key']),
      'y'.repeat(10_000),
      pageInfo.endCursor,
    ]
    for (const after of bad) expect(await page({ after })).toMatchObject({ argument: 'after' })
  })

  test('a number that was counted up to its limit says so', async () => {
    await using busy = await startTestServer({ empty: true })
    const nodes = Array.from({ length: 10_050 }, (_, i) => action(`t-${i}`, { authority: '{}' }))
    await busy.store.write({
      nodes: [...nodes, { kind: 'Agent', key: 'agent:worker', columns: {} }],
      edges: [],
    })
    const { data } = await ask(
      busy,
      '{ agent(id: "agent:worker") { ... on Agent { exercised { complete tools { uses { value approximate } } } actions(first: 1) { totalCount { value approximate } } } } }',
    )
    const count = { value: 10_000, approximate: true }
    expect(data).toEqual({
      agent: {
        exercised: { complete: false, tools: [{ uses: count }] },
        actions: { totalCount: count },
      },
    })
  })
})

describe('filters', () => {
  const time = (offset: number): string => new Date(NOW + offset).toISOString()
  test.each<[string, Record<string, unknown>, (i: number) => boolean]>([
    ['rule', { rule: ['D2'] }, (i) => i % 2 === 1],
    ['two rules', { rule: ['D1', 'D2'] }, () => true],
    ['severityAtLeast', { severityAtLeast: 4 }, (i) => i % 5 >= 3],
    ['state', { state: ['WITHDRAWN'] }, (i) => i % 4 === 0],
    ['grade', { grade: ['OBSERVED'] }, (i) => i % 2 === 1],
    ['agent', { agent: ['agent:planner'] }, (i) => i % 7 === 0],
    ['tool', { tool: [READ] }, (i) => i % 2 === 1],
    ['chain', { chain: [ROOT] }, (i) => i < 10],
    ['task', { task: ['task-1'] }, (i) => i % 2 === 1],
    ['pages', { pages: true }, (i) => i % 6 === 0],
    ['no pages', { pages: false }, (i) => i % 6 !== 0],
    ['raisedAfter includes', { raisedAfter: time(2) }, (i) => i % 3 === 2],
    ['raisedBefore excludes', { raisedBefore: time(1) }, (i) => i % 3 === 0],
    [
      'happened',
      { happenedAfter: time(5_000), happenedBefore: time(8_000) },
      (i) => i > 4 && i < 8,
    ],
    ['all of them', { state: ['OPEN'], rule: ['D1'], pages: true }, (i) => i % 12 === 6],
    ['another offset', { raisedAfter: '2026-11-24T12:00:00.002+02:00' }, (i) => i % 3 === 2],
    ['an empty list', { agent: [] }, () => false],
    ['null', { agent: null, pages: null, severityAtLeast: null }, () => true],
  ])('%s', async (_, where, wanted) => {
    const { nodes, totalCount } = await page({ first: 200, where })
    const ids = FINDINGS.flatMap((node, i) => (wanted(i) ? [node.key] : []))
    const found = nodes.map((node) => node.id).filter((id) => id !== 'late')
    expect(found.sort()).toEqual(ids)
    expect(totalCount.approximate).toBe(false)
  })

  test.each<[string, Record<string, unknown>]>([
    ['where.rule', { rule: ['D99'] }],
    ['where.rule', { rule: ['toString'] }],
    ['where.severityAtLeast', { severityAtLeast: 6 }],
    ['where.severityAtLeast', { severityAtLeast: 0 }],
    ['where.agent', { agent: ['x'.repeat(2_000)] }],
    ['where.tool', { tool: Array.from({ length: 101 }, String) }],
  ])('%s out of range is refused by name', async (argument, where) => {
    expect(await page({ where })).toMatchObject({ argument })
  })

  test.each(['2026-11-24', '2026-11-24T10:00:00', '2026-02-30T10:00:00Z', 'now', 1, ''])(
    'a time that is no instant is refused: %s',
    async (raisedAfter) => {
      const { errors, data } = await ask(server, PAGE, { where: { raisedAfter } })
      expect(data).toBeUndefined()
      expect(errors[0]?.message).toContain('raisedAfter')
    },
  )
})
