import { Script } from 'node:vm'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '../access/access.ts'
import type { AuditEntry } from '../access/audit-entry.ts'
import type { Viewer } from '../access/viewer.ts'
import { type GraphStore, openSqliteStore } from '../graph/index.ts'
import { documentId, openDocuments } from './documents.ts'
import { EXAMPLE } from './landing.ts'
import { subscriptionLimits } from './limits/subscriptions.ts'
import { action, finding } from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

const PEOPLE: Readonly<Record<string, Viewer>> = {
  reader: { name: 'reader', roles: ['viewer'], tenant: 'default' },
  analyst: { name: 'analyst', roles: ['analyst'], tenant: 'default' },
  admin: { name: 'admin', roles: ['admin'], tenant: 'default' },
  sender: { name: 'sender', roles: ['ingest'], tenant: 'default' },
  watcher: { name: 'watcher', roles: ['monitor'], tenant: 'default' },
  nothing: { name: 'nothing', roles: [], tenant: 'default' },
}
/** Whoever is named is believed; `access.test.ts` and `oidc.test.ts` are about belief. */
const access: Access = {
  login: true,
  viewerOf: async (header) => PEOPLE[header?.replace('Bearer ', '') ?? ''],
}
const TRUSTED = 'query Counted { findings { ... on FindingConnection { totalCount { value } } } }'
const fileOf = (json: string) => ({ name: 'a file', json })
const documents = openDocuments(fileOf(JSON.stringify({ [documentId(TRUSTED)]: TRUSTED })))

let server: TestServer
const noted: AuditEntry[] = []
beforeAll(async () => {
  const audit = { note: (entry: AuditEntry) => void noted.push(entry) }
  server = await startTestServer({ access, documents, audit })
})
afterAll(() => server[Symbol.asyncDispose]())
afterEach(() => void noted.splice(0))

async function as(
  who: string | undefined,
  body: Readonly<Record<string, unknown>>,
  headers: Readonly<Record<string, string>> = {},
) {
  const bearer = who === undefined ? {} : { authorization: `Bearer ${who}` }
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...bearer, ...headers },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  const json = JSON.parse(text) as {
    data?: Record<string, unknown>
    errors?: { message: string; extensions?: { code?: string } }[]
  }
  return { status: response.status, headers: response.headers, text, ...json }
}

describe('a stranger', () => {
  test.each([
    ['a query', { query: EXAMPLE }],
    ['introspection', { query: '{ __schema { types { name } } }' }],
    ['a misspelt field', { query: '{ finding_ }' }],
    ['a trusted document', { documentId: documentId(TRUSTED) }],
    ['a mutation', { query: 'mutation { endSuppression(input: { id: "x" }) { __typename } }' }],
  ])('who sends %s learns only that he is one', async (_, body) => {
    for (const who of [undefined, 'somebody']) {
      const { status, headers, text } = await as(who, body)
      expect(status).toBe(401)
      expect(headers.get('www-authenticate')).toBe('Bearer realm="delegraph"')
      expect(text).toBe(
        '{"errors":[{"message":"say who you are: a bearer token that is known here"}]}',
      )
    }
  })

  test('finds no page to try queries', async () => {
    expect((await fetch(new URL('/graphiql', server.url))).status).toBe(404)
  })
})

describe('roles', () => {
  const SUPPRESS =
    'mutation ($id: ID!) { endSuppression(input: { id: $id }) { __typename ... on ForbiddenError { needs } } }'
  const LINKS = { hashes: ['root-link-hash'] }
  const LINK_TEXTS = 'query ($hashes: [ID!]!) { linkTexts(hashes: $hashes) { hash text } }'

  test.each([
    ['nothing', EXAMPLE, 403],
    ['sender', EXAMPLE, 403],
    ['reader', EXAMPLE, 200],
    ['analyst', EXAMPLE, 200],
    ['admin', EXAMPLE, 200],
    ['sender', LINK_TEXTS, 200],
    ['analyst', LINK_TEXTS, 200],
    ['sender', '{ findingCursor }', 403],
    ['sender', `${LINK_TEXTS} query Other { findingCursor }`, 403],
  ])('%s asks %s and is answered with %i', async (who, query, status) => {
    const answer = await as(who, { query, variables: LINKS })
    expect(answer.status).toBe(status)
    if (status === 403) expect(answer.errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
    else expect(answer.errors).toBeUndefined()
  })

  test('whoever may only read does not get signed texts', async () => {
    const { data, errors } = await as('reader', { query: LINK_TEXTS, variables: LINKS })
    expect(data).toBeNull()
    expect(errors?.[0]?.extensions?.code).toBe('FORBIDDEN')
  })

  test('trying a policy takes an analyst, since it reads much and runs what it was given', async () => {
    const query = `{ policyReplay(draft: "permit(principal, action, resource);") {
      __typename ... on ForbiddenError { needs } } }`
    expect((await as('analyst', { query })).data).toEqual({
      policyReplay: { __typename: 'PolicyReplay' },
    })
    await using own = await startTestServer({ access, documents: documentOf(query) })
    expect(await post(own, 'reader', query)).toEqual({
      policyReplay: { __typename: 'ForbiddenError', needs: 'ANALYST' },
    })
  })

  test('triage takes an analyst, suppressions take an admin, and the answer says so', async () => {
    const TRIAGE = `mutation { triage(input: { findings: ["finding-id"], expectedVersions: [0], comment: "x" }) {
      __typename ... on ForbiddenError { needs } } }`
    const said = documentOf(TRIAGE)
    await using own = await startTestServer({ access, documents: said })
    const reader = await post(own, 'reader', TRIAGE)
    expect(reader).toEqual({ triage: { __typename: 'ForbiddenError', needs: 'ANALYST' } })
    const analyst = await post(own, 'analyst', TRIAGE)
    expect(analyst).toEqual({ triage: { __typename: 'TriagePayload' } })
    const variables = { id: 'x' }
    expect((await as('analyst', { query: SUPPRESS, variables })).data).toEqual({
      endSuppression: { __typename: 'ForbiddenError', needs: 'ADMIN' },
    })
    expect((await as('admin', { query: SUPPRESS, variables })).data).toEqual({
      endSuppression: { __typename: 'NotFoundError' },
    })
  })

  test('values of arguments are for analysts; whoever may only read sees that there is one', async () => {
    const query = `{ approval(id: "approval-hash") { ... on Approval { arguments { name disclosed redacted value } } } }`
    await using own = await startTestServer({ access, documents: documentOf(query) })
    expect(await post(own, 'reader', query)).toEqual({
      approval: { arguments: [{ name: 'env', disclosed: true, redacted: true, value: null }] },
    })
    expect(await post(own, 'analyst', query)).toEqual({
      approval: {
        arguments: [{ name: 'env', disclosed: true, redacted: false, value: 'staging' }],
      },
    })
  })

  test('everybody is told who they are', async () => {
    const { data } = await as('analyst', { query: '{ viewer { name roles tenant } }' })
    expect(data).toEqual({ viewer: { name: 'analyst', roles: ['ANALYST'], tenant: 'default' } })
  })
})

describe('trusted documents', () => {
  test('one is sent by its id, or by its very text', async () => {
    const id = documentId(TRUSTED)
    expect(id).toMatch(/^sha256:[0-9a-f]{64}$/)
    for (const body of [{ documentId: id }, { query: TRUSTED }]) {
      const { status, data } = await as('reader', body)
      expect(status).toBe(200)
      expect(data).toEqual({ findings: { totalCount: { value: 1 } } })
    }
  })

  test.each([
    ['an id that is not known', { documentId: `sha256:${'0'.repeat(64)}` }, 400],
    ['an id that is none', { documentId: 7 }, 400],
    ['a name that every object has', { documentId: '__proto__' }, 400],
    ['an id and a text', { documentId: documentId(TRUSTED), query: TRUSTED }, 400],
    ['another text', { query: `${TRUSTED} ` }, 403],
    ['introspection', { query: '{ __schema { types { name } } }' }, 403],
    ['a misspelt field', { query: '{ finding_(id: "x") { __typename } }' }, 403],
  ])('whoever may only read and sends %s is refused, without a hint', async (_, body, status) => {
    const answer = await as('reader', body)
    expect(answer.status).toBe(status)
    expect(answer.data).toBeUndefined()
    expect(answer.errors?.map(({ extensions }) => extensions?.code)).toEqual([
      status === 400 ? 'DOCUMENT_UNKNOWN' : 'FORBIDDEN',
    ])
    expect(answer.text).not.toContain('Did you mean')
    expect(answer.text).not.toContain('findings')
  })

  test('a manifest that lies is refused', () => {
    const lie = JSON.stringify({ [documentId('{ a }')]: '{ b }' })
    expect(() => openDocuments(fileOf(lie))).toThrow('not the digest')
    expect(() => openDocuments(fileOf('[]'))).toThrow('no JSON object')
  })
})

describe('introspection, suggestions, free queries', () => {
  const TOOLS = [
    ['introspection', '{ __schema { queryType { name } } }'],
    ['a type by its name', '{ __type(name: "Finding") { name } }'],
    [
      'introspection under an operation of that name',
      'query IntrospectionQuery { __schema { queryType { name } } }',
    ],
    ['a misspelt field', '{ findingCursr }'],
    ['a misspelt argument', '{ findings(frist: 1) { __typename } }'],
    ['no GraphQL', '{ findings('],
    ['any query', '{ findingCursor }'],
  ] as const

  test.each(
    ['reader', 'sender', 'watcher', 'nothing'].flatMap((who) =>
      TOOLS.map(([what, query]) => [who, what, query] as const),
    ),
  )('%s who sends %s is refused before it is parsed', async (who, _, query) => {
    const { status, data, errors } = await as(who, { query })
    expect({ status, data, errors }).toEqual({
      ...{ status: 403, data: undefined },
      errors: [
        {
          message: 'only trusted documents are answered; any query needs the role analyst',
          extensions: { code: 'FORBIDDEN' },
        },
      ],
    })
  })

  test.each(['analyst', 'admin'])('%s has them all: the contract is printed', async (who) => {
    const [introspection, byName, , field, , broken, any] = await Promise.all(
      TOOLS.map(([, query]) => as(who, { query })),
    )
    expect(introspection?.data).toEqual({ __schema: { queryType: { name: 'Query' } } })
    expect(byName?.data).toEqual({ __type: { name: 'Finding' } })
    expect([field?.status, field?.errors?.[0]?.message]).toEqual([
      ...[400, expect.stringContaining('Did you mean "findingCursor"')],
    ])
    expect([broken?.status, any?.status]).toEqual([400, 200])
  })

  test('a page to try queries is for nobody where there is a login', async () => {
    for (const who of [undefined, 'admin']) {
      const headers = who === undefined ? {} : { authorization: `Bearer ${who}` }
      for (const path of ['/graphiql', '/graphiql/app.js', '/graphiql/']) {
        expect((await fetch(new URL(path, server.url), { headers })).status).toBe(404)
      }
    }
  })
})

describe('the audit', () => {
  test('says who asked what and how it ended, and nothing of arguments, texts or tokens', async () => {
    const query =
      'query Look($id: ID!) { mine: finding(id: $id) { __typename } viewer { name } ...A } fragment A on Query { findingCursor }'
    const secret = 'hunter2'
    await as('analyst', { query, variables: { id: secret } })
    await as(undefined, { query })
    await as('reader', { query: `{ finding(id: "${secret}") { __typename } }` })
    await expect.poll(() => noted.length).toBe(3)
    const common = { from: '127.0.0.1', surface: 'graphql', at: expect.any(Number) }
    expect(noted).toMatchObject([
      {
        ...common,
        by: 'analyst',
        tenant: 'default',
        operation: 'query',
        name: 'Look',
        fields: ['finding', 'findingCursor', 'viewer'],
        document: documentId(query),
        status: 200,
      },
      { ...common, status: 401 },
      { ...common, by: 'reader', status: 403 },
    ])
    expect(noted[1]).not.toHaveProperty('by')
    expect(JSON.stringify(noted)).not.toContain(secret)
    expect(JSON.stringify(noted)).not.toContain('Bearer')
  })
})

describe('the audit of who is not known', () => {
  const body = JSON.stringify({ query: EXAMPLE })
  const JSON_TYPE = { 'content-type': 'application/json' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const token = 'Bearer not-known-at-all-0123456789abcdef'

  test.each([
    ['no_credential', 401, { method: 'POST', headers: JSON_TYPE, body }],
    [
      'unknown_credential',
      401,
      { method: 'POST', headers: { ...JSON_TYPE, authorization: token }, body },
    ],
    [
      'unknown_credential',
      401,
      { method: 'POST', headers: { ...JSON_TYPE, cookie: `a=${token}` }, body },
    ],
    [
      'unknown_credential',
      401,
      { method: 'POST', headers: { ...JSON_TYPE, authorization: token }, body: 'x'.repeat(70_000) },
    ],
    [
      'foreign_origin',
      403,
      {
        method: 'POST',
        headers: { ...JSON_TYPE, authorization: token, origin: 'https://evil.example' },
        body,
      },
    ],
    ['media_type', 415, { method: 'POST', headers: { ...form, authorization: token }, body }],
    [
      'encoding',
      415,
      { method: 'POST', headers: { ...JSON_TYPE, 'content-encoding': 'gzip' }, body },
    ],
    ['no_preflight', 400, { method: 'GET', headers: { authorization: token } }],
    ['method', 405, { method: 'PUT', headers: JSON_TYPE, body }],
  ])('says %s, and nothing of what was shown', async (reason, status, init) => {
    const url = init.method === 'GET' ? `${server.url}?query=%7Bviewer%7Bname%7D%7D` : server.url
    expect((await fetch(url, init)).status).toBe(status)
    await expect.poll(() => noted.length).toBe(1)
    expect(noted[0]).toEqual({
      ...{ at: expect.any(Number), took: expect.any(Number) },
      ...{ from: '127.0.0.1', surface: 'graphql', reason, status },
    })
  })

  test('who is known and sends too much is named', async () => {
    expect(await as('analyst', { query: '#'.repeat(70_000) }).catch(() => 'no JSON')).toBeDefined()
    await expect.poll(() => noted.length).toBe(1)
    expect(noted[0]).toMatchObject({ by: 'analyst', status: 413 })
  })
})

describe('subscriptions', () => {
  test('are bounded for each and for all, and a place that is left is free', async () => {
    await using own = await startTestServer({
      access,
      subscriptions: subscriptionLimits(3, 2),
    })
    const query = 'subscription { findingRaised { cursor } }'
    const open: AbortController[] = []
    const subscribe = async (who: string): Promise<number> => {
      const control = new AbortController()
      const response = await fetch(own.url, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'text/event-stream',
          authorization: `Bearer ${who}`,
        },
        body: JSON.stringify({ query }),
        signal: control.signal,
      })
      open.push(control)
      if (!response.ok) return response.status
      const first = await response.body?.getReader().read()
      const text = new TextDecoder().decode(first?.value)
      return text.includes('TOO_MANY') ? 429 : 200
    }
    expect([await subscribe('admin'), await subscribe('admin')]).toEqual([200, 200])
    expect(await subscribe('admin')).not.toBe(200)
    expect(await subscribe('analyst')).toBe(200)
    expect(await subscribe('analyst')).not.toBe(200)
    open[0]?.abort()
    await expect.poll(() => own.listeners()).toBe(2)
    expect(await subscribe('analyst')).toBe(200)
    for (const control of open) control.abort()
  })

  test('end when what the listener showed ends', async () => {
    const until = Date.now() + 300
    await using own = await startTestServer({
      access: {
        login: true,
        viewerOf: async () => ({ name: 'x', roles: ['admin'], tenant: 'default', until }),
      },
    })
    const response = await fetch(own.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { findingRaised { cursor } }' }),
    })
    expect(await response.text()).toContain('event: complete')
    expect(Date.now()).toBeGreaterThanOrEqual(until)
    expect(own.listeners()).toBe(0)
  })

  test('a stream without news says now and then that it lives', async () => {
    await using own = await startTestServer()
    const control = new AbortController()
    const response = await fetch(own.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'subscription { findingRaised { cursor } }' }),
      signal: control.signal,
    })
    // By this a proxy knows that it must not gather it first.
    expect(response.headers.get('x-accel-buffering')).toBe('no')
    let text = ''
    for await (const part of response.body ?? []) {
      text += new TextDecoder().decode(part as Uint8Array)
      if (text.split(':\n\n').length > 2) break
    }
    control.abort()
    expect(text.startsWith(':\n\n')).toBe(true)
  })
})

describe('the budget of a request', () => {
  const QUERY = `{ findings(first: 200) { ... on FindingConnection { nodes { action { id } } } } }`
  const many = Array.from({ length: 60 }, (_, i) => {
    const id = `${String(i).padStart(32, '0')}-${String(i).padStart(16, '0')}`
    return [action(id), finding(`f${i}`, { action: id })]
  }).flat()

  test('counts the rows that are read, whatever the estimate was', async () => {
    await using own = await startTestServer({ budget: { rows: 100, milliseconds: 20_000 } })
    expect((await ask(own, QUERY)).errors).toEqual([])
    await own.store.write({ nodes: many, edges: [] })
    const { errors, data } = await ask(own, QUERY)
    expect(errors[0]?.extensions?.['code']).toBe('QUERY_TOO_COMPLEX')
    expect(JSON.stringify(data)).not.toContain('"action":{')
  })

  test('asks the store for no more rows than are left', async () => {
    const limits: number[] = []
    const store = watched((name, args) => {
      if (name === 'page') limits.push((args[0] as { limit: number }).limit)
    })
    await using own = await startTestServer({ store, budget: { rows: 10, milliseconds: 20_000 } })
    limits.length = 0
    await ask(own, QUERY)
    expect(limits).toEqual([11])
  })

  test('ends when the time is over, also while the store does not answer', async () => {
    const store = watched(() => {})
    const stuck: GraphStore = new Proxy(store, {
      get: (target, name) =>
        name === 'page' ? () => new Promise(() => {}) : Reflect.get(target, name),
    })
    await using own = await startTestServer({
      store: stuck,
      budget: { rows: 10, milliseconds: 100 },
    })
    const { errors } = await ask(own, QUERY)
    expect(errors[0]?.message).toContain('takes too long')
  })
})

test('a nested query reads the store once for each level, not once for each node', async () => {
  const reads: string[] = []
  const store = watched((name, args) => reads.push(`${name} ${String(args[0])}`))
  await using own = await startTestServer({ store })
  const many = Array.from({ length: 50 }, (_, i) => {
    const id = `${String(i).padStart(32, '0')}-${String(i).padStart(16, '0')}`
    return [action(id, { agent: `agent:${i % 7}` }), finding(`f${i}`, { action: id })]
  })
  await own.store.write({ nodes: many.flat(), edges: [] })
  reads.length = 0
  const { errors } = await ask(
    own,
    `{ findings(first: 100) { ... on FindingConnection { nodes {
      triage { state version history { by } }
      sameIncident { id }
      alerts { id }
      action { link { hash } findings { id } agent { kind owner { kind } } }
    } } } }`,
  )
  expect(errors).toEqual([])
  expect(reads.sort()).toEqual([
    'find Action',
    'find Agent',
    'find Alert',
    'find Finding',
    'find Finding',
    'find Link',
    'find Principal',
    'find Triage',
    'find TriageEvent',
    'page [object Object]',
  ])
})

describe('GraphiQL', () => {
  test('is one page of our own under a policy that loads nothing from elsewhere', async () => {
    await using own = await startTestServer()
    const get = (path: string) => fetch(new URL(path, own.url))
    const page = await get('/graphiql')
    const policy = page.headers.get('content-security-policy') ?? ''
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("connect-src 'self'")
    expect(policy).not.toMatch(/https?:|\*|unsafe-eval/)
    const html = await page.text()
    expect([...html.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, path]) => path)).toEqual([
      'data:,',
      '/graphiql/app.css',
      '/graphiql/app.js',
    ])
    expect(html).not.toMatch(/<script>|<style>| on\w+=/)
    const script = await (await get('/graphiql/app.js')).text()
    expect(() => new Script(script)).not.toThrow()
    expect(script).toContain('"endpoint":"/graphql"')
    expect((await get('/graphiql/app.css')).headers.get('content-type')).toContain('text/css')
  })
})

function documentOf(text: string) {
  return openDocuments(fileOf(JSON.stringify({ [documentId(text)]: text })))
}

async function post(to: TestServer, who: string, query: string): Promise<unknown> {
  const response = await fetch(to.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${who}` },
    body: JSON.stringify({ query }),
  })
  return ((await response.json()) as { data: unknown }).data
}

/** A store in memory that tells of each call. */
function watched(told: (name: string, args: readonly unknown[]) => void): GraphStore {
  return new Proxy(openSqliteStore({ file: ':memory:' }), {
    get(target, name) {
      const value: unknown = Reflect.get(target, name)
      if (typeof value !== 'function') return value
      return (...args: unknown[]) => {
        told(String(name), args)
        return value.apply(target, args)
      }
    },
  })
}
