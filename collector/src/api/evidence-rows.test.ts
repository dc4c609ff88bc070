import { afterAll, beforeAll, expect, test } from 'vitest'
import { ask, startTestServer, type TestServer } from './test-server.ts'

/** The numbers of the evidence and the rows behind them say the same. */

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

interface Page {
  readonly totalCount: { readonly value: number }
  readonly nodes: readonly Readonly<Record<string, unknown>>[]
}

const GRADES = ['proven', 'signed', 'asserted', 'observed'] as const

async function data(query: string): Promise<Record<string, unknown>> {
  const answer = await ask(server, query, {})
  expect(answer.errors).toEqual([])
  return answer.data ?? {}
}

test('each number of the coverage of an agent has its hops', async () => {
  const page = '{ totalCount { value } nodes { part grade dark action { id } link { hash } } }'
  const { coverage } = (await data(`{ coverage(first: 10) { nodes {
    agent { id } hops { value } dark ${GRADES.join(' ')}
    all: rows ${page}
    isDark: rows(where: { dark: true }) ${page}
    ${GRADES.map((grade) => `of_${grade}: rows(where: { grade: [${grade.toUpperCase()}] }) ${page}`).join('\n')}
  } } }`)) as { coverage: { nodes: Record<string, unknown>[] } }
  const rowsOf = (one: Record<string, unknown>, name: string): Page => one[name] as Page
  expect(coverage.nodes.length).toBeGreaterThan(1)
  for (const one of coverage.nodes) {
    const all = rowsOf(one, 'all')
    expect(all.totalCount.value).toBe((one['hops'] as { value: number }).value)
    expect(rowsOf(one, 'isDark').totalCount.value).toBe(one['dark'])
    for (const grade of GRADES) {
      const { totalCount, nodes } = rowsOf(one, `of_${grade}`)
      expect(totalCount.value).toBe(one[grade])
      for (const row of nodes) expect(row['grade']).toBe(grade.toUpperCase())
    }
    for (const { part, action, link } of all.nodes)
      expect([action !== null, link !== null]).toEqual([part !== 'HANDED', part === 'HANDED'])
  }
  const parts = coverage.nodes.flatMap((one) => rowsOf(one, 'all').nodes.map(({ part }) => part))
  expect(new Set(parts)).toContain('MADE')
  expect(new Set(parts)).toContain('HANDED')
})

test('the hops come page by page', async () => {
  const seen: unknown[] = []
  let after: string | null = null
  let whole = 0
  do {
    const cursor: string = after === null ? '' : `, after: "${after}"`
    const { coverage } = (await data(`{ coverage(agents: ["agent:worker"]) { nodes {
      hops { value }
      rows(first: 1${cursor}) { nodes { part action { id } link { hash } } pageInfo { hasNextPage endCursor } }
    } } }`)) as {
      coverage: {
        nodes: {
          hops: { value: number }
          rows: {
            nodes: unknown[]
            pageInfo: { hasNextPage: boolean; endCursor: string | null }
          }
        }[]
      }
    }
    const { hops, rows } = coverage.nodes[0] ?? expect.fail('no such agent')
    whole = hops.value
    seen.push(...rows.nodes)
    after = rows.pageInfo.hasNextPage ? rows.pageInfo.endCursor : null
  } while (after !== null)
  expect(whole).toBeGreaterThan(0)
  expect(new Set(seen.map((row) => JSON.stringify(row))).size).toBe(whole)
})

test('each number of the posture has its actions', async () => {
  const page = '{ totalCount { value } nodes { id grade at } }'
  const { posture } = (await data(`{ posture(days: 30) { ... on Posture {
    evidence { ${GRADES.map((grade) => `${grade} { value }`).join(' ')} }
    all: actions ${page}
    ${GRADES.map((grade) => `of_${grade}: actions(grade: [${grade.toUpperCase()}]) ${page}`).join('\n')}
  } } }`)) as { posture: { evidence: Record<string, { value: number }> } & Record<string, Page> }
  let sum = 0
  for (const grade of GRADES) {
    const { totalCount, nodes } = posture[`of_${grade}`] as Page
    expect(totalCount.value).toBe(posture.evidence[grade]?.value)
    for (const row of nodes) expect(row['grade']).toBe(grade.toUpperCase())
    sum += totalCount.value
  }
  expect(sum).toBeGreaterThan(0)
  expect(posture['all']?.totalCount.value).toBe(sum)
})
