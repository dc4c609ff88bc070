import { getIntrospectionQuery } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { ask, startTestServer, type TestServer } from '../test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function expectTooComplex(query: string, variables = {}): Promise<void> {
  const { status, errors, data } = await ask(server, query, variables)
  expect({ status, data }).toEqual({ status: 400, data: undefined })
  expect(errors[0]?.extensions?.['code']).toBe('QUERY_TOO_COMPLEX')
}

/** As many levels as asked for, at least three. */
const nested = (depth: number): string =>
  `{ action(id: "x") { ... on Action { link { ${'parent { '.repeat(depth - 3)} hash ${'} '.repeat(depth - 3)} } } } }`

describe('depth', () => {
  test('a query of fourteen levels is answered, one of fifteen is not', async () => {
    expect((await ask(server, nested(14))).status).toBe(200)
    await expectTooComplex(nested(15))
  })
  test('a query of hundreds of levels is refused', () => expectTooComplex(nested(200)))
  test('fragments do not hide depth', () =>
    expectTooComplex(`
      query { action(id: "x") { ...A } }
      fragment A on Action { link { parent { parent { parent { parent { ...B } } } } } }
      fragment B on Link { parent { parent { parent { parent { parent { parent { parent { parent { parent { hash } } } } } } } } } }
    `))
  test('a fragment that uses itself is refused and not followed', async () => {
    const { status, errors } = await ask(
      server,
      '{ action(id: "x") { ...A } } fragment A on Action { link { chain { actions { nodes { ...A } } } } }',
    )
    expect(status).toBe(400)
    expect(errors[0]?.message).toContain('spread')
  })
  test('introspection is answered', async () => {
    const { status, errors } = await ask(server, getIntrospectionQuery())
    expect({ status, errors }).toEqual({ status: 200, errors: [] })
  })
  test('an operation that is named like introspection is bounded all the same', () =>
    expectTooComplex(nested(50).replace('{', 'query IntrospectionQuery {')))
})

describe('size', () => {
  test('more than thirty aliases are refused', () =>
    expectTooComplex(
      `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: findingCursor`).join(' ')} }`,
    ))
  test('thirty are not', async () => {
    const aliases = Array.from({ length: 30 }, (_, i) => `a${i}: findingCursor`).join(' ')
    expect((await ask(server, `{ ${aliases} }`)).status).toBe(200)
  })
  test('a document of very many tokens is refused while it is read', async () => {
    const { status, errors } = await ask(server, `{ ${'findingCursor '.repeat(3_000)} }`)
    expect(status).toBe(400)
    expect(errors[0]?.message).toContain('2000 tokens')
  })
  test('a body of more than 64 KiB is refused', async () => {
    const { status } = await ask(server, `{ findingCursor } # ${'x'.repeat(70_000)}`)
    expect(status).toBe(413)
  })
})

describe('cost', () => {
  const TWO_LEVELS = `query ($n: Int, $m: Int) { findings(first: $n) { ... on FindingConnection {
    nodes { agent { actions(first: $m) { nodes { why { hops { granted { tool } } } } } } } } } }`

  test('two large pages within each other are refused, by variables too', async () => {
    await expectTooComplex(TWO_LEVELS, { n: 200, m: 200 })
    const literal = TWO_LEVELS.replace('($n: Int, $m: Int)', '').replace(/\$[nm]/g, '200')
    await expectTooComplex(literal)
  })
  test('by default values too', () =>
    expectTooComplex(TWO_LEVELS.replace('$n: Int, $m: Int', '$n: Int = 200, $m: Int = 200')))
  test('the same query with small pages is answered', async () => {
    const { status, errors } = await ask(server, TWO_LEVELS, { n: 5, m: 5 })
    expect({ status, errors }).toEqual({ status: 200, errors: [] })
  })
  test('one large page is answered', async () => {
    const query = `{ findings(first: 200) { ... on FindingConnection { nodes {
      id hops { granted { tool } verdict { text } } action { why { hops { covers } } } } } } }`
    expect((await ask(server, query)).status).toBe(200)
  })
  test('a page size that is not allowed counts as the largest', () =>
    expectTooComplex(TWO_LEVELS, { n: -1, m: 1_000_000 }))
  test('a fragment counts as often as it is used', () =>
    expectTooComplex(`
      { findings(first: 100) { ... on FindingConnection { nodes { agent { ...A } from { ...A } } } } }
      fragment A on Agent { granted { complete } exercised { complete } inherited { complete } keys { links } delegatesTo { complete } delegatedBy { complete } }
    `))
  test('fragments that double each time are counted without being walked', () => {
    const doubling = Array.from(
      { length: 40 },
      (_, i) => `fragment F${i} on Agent { ...F${i + 1} ...F${i + 1} }`,
    ).join(' ')
    return expectTooComplex(
      `{ agent(id: "x") { ...F0 } } ${doubling} fragment F40 on Agent { exercised { complete } }`,
    )
  })
  test('the contract is answered once or twice, not thirty times', () =>
    expectTooComplex(
      `{ ${Array.from({ length: 30 }, (_, i) => `a${i}: __schema { types { name description fields { name } } }`).join(' ')} }`,
    ))
  test('fields without fields count where they read', async () => {
    const delegates = (of: string): string =>
      `{ findings(first: 200) { ... on FindingConnection { nodes { chain { hops { delegate { ${of} } } } } } } }`
    expect((await ask(server, delegates('id name'))).status).toBe(200)
    await expectTooComplex(delegates('firstSeenAt lastSeenAt instanceUid'))
  })
  test('a subscription is bounded like a query', () =>
    expectTooComplex(
      `subscription { findingRaised { finding { agent { actions(first: 200) { nodes { agent { actions(first: 200) { nodes { id } } } } } } } } }`,
    ))
})
