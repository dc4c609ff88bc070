import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createZones } from '../zones/zones.ts'
import { finding, NOW } from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

const COUNT = 60

/** Twelve series of five incidents each, in which two findings may lie; every fifth is closed. */
const FINDINGS = Array.from({ length: COUNT }, (_, i) =>
  finding(`f${String(i).padStart(3, '0')}`, {
    series: `series-${i % 12}`,
    incident: i < 24 ? `incident-${i % 12}` : `incident-of-${i}`,
    raisedAt: NOW + 10 * i,
    at: NOW + 1_000 * i,
    urgency: 1_000 + (i % 7),
    triage: i % 5 === 0 ? 'closed' : 'new',
    tool: i % 12 === 3 ? 'https://pay.example/mcp#refund' : 'https://x.example#read',
    ...(i % 12 === 4 ? { resource: `ledger:${i}` } : {}),
    ...(i % 2 === 0 ? { hops: i % 4 } : {}),
  }),
)

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    empty: true,
    zones: createZones([
      {
        ...{ name: 'money', criticality: 5 },
        ...{ tools: ['https://pay.example/*'], resources: ['ledger:*'] },
      },
      { name: 'empty', criticality: 1, tools: ['https://nothing.example/*'], resources: [] },
    ]),
  })
  await server.store.write({ nodes: FINDINGS, edges: [] })
})
afterAll(() => server[Symbol.asyncDispose]())

const GROUPS = `query ($by: FindingGrouping!, $first: Int, $after: String, $where: FindingFilter, $orderBy: FindingOrder) {
  findingGroups(by: $by, first: $first, after: $after, where: $where, orderBy: $orderBy) {
    __typename
    ... on FindingGroupConnection {
      nodes { key findings incidents firstAt lastAt lead { id series occurrences { value approximate } } }
      edges { cursor }
      pageInfo { hasNextPage hasPreviousPage endCursor }
    }
    ... on InvalidArgumentError { argument message }
  }
}`

interface Groups {
  readonly nodes: readonly {
    readonly key: string
    readonly findings: number
    readonly incidents: number
    readonly firstAt: string
    readonly lastAt: string
    readonly lead: { readonly id: string; readonly occurrences: { readonly value: number } }
  }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
  readonly argument?: string
}

async function groups(variables: Readonly<Record<string, unknown>>): Promise<Groups> {
  const { errors, data } = await ask(server, GROUPS, { by: 'SERIES', ...variables })
  expect(errors).toEqual([])
  return data?.['findingGroups'] as Groups
}

async function count(where: object): Promise<number> {
  const { errors, data } = await ask(
    server,
    `query ($where: FindingFilter) { findings(where: $where) {
      ... on FindingConnection { totalCount { value } } } }`,
    { where },
  )
  expect(errors).toEqual([])
  return (data as { findings: { totalCount: { value: number } } }).findings.totalCount.value
}

describe('groups of findings', () => {
  test.each([1, 5, 200])('come in pages of %i without gaps or repeats', async (first) => {
    const seen: Groups['nodes'][number][] = []
    let after: string | null = null
    for (;;) {
      const { nodes, pageInfo }: Groups = await groups({ first, after })
      seen.push(...nodes)
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }
    expect(seen.map(({ key }) => key)).toEqual(
      Array.from({ length: 12 }, (_, i) => `series-${11 - i}`),
    )
    expect(seen.reduce((sum, { findings }) => sum + findings, 0)).toBe(COUNT)
    // Findings 0 and 12 are of one incident, as are 1 and 13.
    expect(new Set(seen.map(({ incidents }) => incidents))).toEqual(new Set([4]))
    expect(seen[0]).toMatchObject({
      firstAt: new Date(NOW + 11_000).toISOString(),
      lastAt: new Date(NOW + 59_000).toISOString(),
    })
  })

  test('count what fits the filter, and occurrences whatever became of them', async () => {
    const where = { triage: ['NEW'] }
    const { nodes } = await groups({ where, first: 200 })
    expect(nodes.reduce((sum, { findings }) => sum + findings, 0)).toBe(await count(where))
    expect(nodes.every(({ findings }) => findings === 4)).toBe(true)
    expect(nodes.every(({ lead }) => lead.occurrences.value === 4)).toBe(true)
    for (const { key, findings } of nodes)
      expect(await count({ ...where, series: [key] })).toBe(findings)
  })

  test('say what they were read from', async () => {
    const { errors, data } = await ask(
      server,
      '{ findingGroups(by: SERIES, first: 1) { ... on FindingGroupConnection { snapshot { watermark } } } }',
    )
    expect(errors).toEqual([])
    expect(data).toMatchObject({
      findingGroups: { snapshot: { watermark: expect.anything() } },
    })
  })

  test('are of incidents, too, and a cursor of the one is refused by the other', async () => {
    const { nodes, pageInfo } = await groups({ by: 'INCIDENT', first: 10 })
    expect(nodes[0]).toMatchObject({ key: 'incident-of-59', findings: 1, incidents: 1 })
    expect(await groups({ by: 'SERIES', after: pageInfo.endCursor })).toMatchObject({
      argument: 'after',
    })
    expect(await groups({ first: 0 })).toMatchObject({ argument: 'first' })
    expect(await groups({ where: { rule: ['D99'] } })).toMatchObject({ argument: 'where.rule' })
  })
})

test('a zone is the whole of its definition: tools and resources', async () => {
  expect(await count({ zone: ['money'] })).toBe(10)
  expect(await count({ zone: ['money'], triage: ['CLOSED'] })).toBe(2)
  expect(await count({ zone: ['empty'] })).toBe(0)
  expect(await count({ zone: ['money', 'empty'] })).toBe(10)
  const { nodes } = await groups({ where: { zone: ['money'] } })
  expect(nodes.map(({ key }) => key)).toEqual(['series-4', 'series-3'])
  expect(await groups({ where: { zone: ['nowhere'] } })).toMatchObject({ argument: 'where.zone' })
})

test('hops that are not known are null, and never none', async () => {
  const { data } = await ask(
    server,
    '{ findings(first: 4, orderBy: { field: RAISED_AT, direction: ASC }) { ... on FindingConnection { nodes { hopCount resource } } } }',
  )
  expect(data).toEqual({
    findings: {
      nodes: [
        { hopCount: 0, resource: null },
        { hopCount: null, resource: null },
        { hopCount: 2, resource: null },
        { hopCount: null, resource: null },
      ],
    },
  })
})
