import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSqliteStore } from '../graph/index.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const BODY = JSON.stringify({ query: '{ findingCursor }' })
const QUERY = `?query=${encodeURIComponent('{ findingCursor }')}`

describe('what another site can make a browser send', () => {
  test.each([
    ['a GET without the header', 'GET', QUERY, {}, 400],
    ['a form', 'POST', '', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['a multipart form', 'POST', '', { 'content-type': 'multipart/form-data; boundary=x' }, 415],
    ['a text/plain body', 'POST', '', { 'content-type': 'text/plain' }, 415],
    ['no content type', 'POST', '', {}, 415],
    [
      'a packed body',
      'POST',
      '',
      { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      415,
    ],
    [
      'a JSON body of another origin',
      'POST',
      '',
      { 'content-type': 'application/json', origin: 'https://evil.example' },
      403,
    ],
    [
      'a JSON body of origin null',
      'POST',
      '',
      { 'content-type': 'application/json', origin: 'null' },
      403,
    ],
    ['a preflight', 'OPTIONS', '', { origin: 'https://evil.example' }, 403],
    ['a PUT', 'PUT', '', {}, 405],
  ] as const)('%s is not answered', async (_, method, search, headers, status) => {
    const response = await fetch(server.url + search, {
      method,
      headers,
      ...(method === 'POST' ? { body: new TextEncoder().encode(BODY) } : {}),
    })
    expect(response.status).toBe(status)
    expect(response.headers.get('access-control-allow-origin')).toBeNull()
    expect(await response.text()).not.toContain('findingCursor')
  })

  test('a name that was rebound to loopback is not answered', async () => {
    for (const host of [
      'evil.example',
      'evil.example:4319',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
    ]) {
      expect(await statusWithHost(host)).toBe(403)
    }
    for (const host of ['localhost:4319', '127.0.0.1', '[::1]:4319']) {
      expect(await statusWithHost(host)).toBe(200)
    }
  })

  test('a script of the same origin, or a GET with the header, is answered', async () => {
    const { origin } = new URL(server.url)
    const post = await fetch(server.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=utf-8', origin },
      body: BODY,
    })
    const get = await fetch(server.url + QUERY, { headers: { 'graphql-preflight': '1' } })
    expect([post.status, get.status]).toEqual([200, 200])
  })
})

describe('requests', () => {
  test('a browser gets a few lines of text that load nothing', async () => {
    for (const path of ['/', '/graphql']) {
      const response = await fetch(new URL(path, server.url), { headers: { accept: 'text/html' } })
      expect(response.headers.get('content-type')).toContain('text/plain')
      expect(await response.text()).toContain(`curl -s ${server.url}`)
    }
  })

  test('other paths are not here', async () => {
    for (const path of ['/graphiql/other', '/health', '/graphql/', '//x']) {
      expect((await fetch(new URL(server.url).origin + path)).status).toBe(404)
    }
  })

  test.each(['', '{', '[]', '"x"', 'null', '[{"query":"{ findingCursor }"}]', '{"query":1}', '{}'])(
    'a body that is no request is an error of the client: %s',
    async (body) => {
      const headers = { 'content-type': 'application/json' }
      const { status } = await fetch(server.url, { method: 'POST', headers, body })
      expect(status).toBe(400)
    },
  )

  test('a mutation is not there', async () => {
    expect((await ask(server, 'mutation { x }')).status).toBe(400)
  })

  test('signed texts are not part of the contract', async () => {
    const { status } = await ask(server, '{ chain(id: "x") { ... on Chain { hops { text } } } }')
    expect(status).toBe(400)
  })
})

test('what goes wrong inside is told to the log and not to the client', async () => {
  const store = openSqliteStore({ file: ':memory:' })
  await using broken = await startTestServer({
    store: new Proxy(store, {
      get(target, name) {
        if (name === 'find') return () => Promise.reject(new Error('password=hunter2'))
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? value.bind(target) : value
      },
    }),
  })
  const { data, errors } = await ask(broken, '{ finding(id: "x") { __typename } }')
  expect(data).toBeNull()
  expect(JSON.stringify(errors)).not.toContain('hunter2')
  expect(errors[0]?.message).toBe('Unexpected error.')
  expect(String(broken.errors[0])).toContain('hunter2')
})

test('one level of a list is read with one call', async () => {
  const store = openSqliteStore({ file: ':memory:' })
  const calls: string[] = []
  await using counted = await startTestServer({
    store: new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value !== 'function') return value
        return (...args: unknown[]) => {
          calls.push(`${String(name)} ${String(args[0])}`)
          return value.apply(target, args)
        }
      },
    }),
  })
  calls.length = 0
  const { errors } = await ask(
    counted,
    '{ chain(id: "root-link-hash") { ... on Chain { hops { parent { hash } chain { id } delegate { owner { kind } } } } } }',
  )
  expect(errors).toEqual([])
  expect(calls.filter((call) => call === 'find Link')).toHaveLength(1)
  expect(calls.filter((call) => call === 'find Agent')).toHaveLength(1)
  expect(calls.filter((call) => call === 'find Principal')).toHaveLength(1)
  expect(calls.filter((call) => call.startsWith('ancestors'))).toHaveLength(2)
})

function statusWithHost(host: string): Promise<number | undefined> {
  const { port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const headers = { host, 'content-type': 'application/json', 'content-length': BODY.length }
    request({ host: '127.0.0.1', port, method: 'POST', path: '/graphql', headers }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end(BODY)
  })
}
