import type { IncomingMessage } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openAccess } from '../access/access.ts'
import { authSettings } from '../access/access-config.ts'
import { admitSender } from '../access/admit-sender.ts'
import { createBrowserLogin } from '../access/login/browser-login.ts'
import { LoginError } from '../access/login/login-error.ts'
import { openSessions, type Sessions } from '../access/login/sessions.ts'
import type { Viewer } from '../access/viewer.ts'
import { documentId } from './documents.ts'
import { EXAMPLE, STREAM } from './landing.ts'
import { startTestServer, type TestServer } from './test-server.ts'

const ORIGIN = 'https://delegraph.example.com'
const TOKEN = 't'.repeat(40)
const JSON_BODY = { 'content-type': 'application/json' }

/** `browser-login.test.ts` is about how a session begins. */
const none = async (): Promise<never> => {
  throw new LoginError('unreachable', 'there is no provider here')
}
const sessions: Sessions = openSessions({
  ...{ idle: 60_000, longest: 600_000, max: 10, clock: Date.now },
})
const browser = createBrowserLogin({
  provider: { begin: none, finish: none, endSession: none },
  ...{ sessions, origin: ORIGIN, tenants: ['default'], isConsole: () => true, endSession: false },
  clock: Date.now,
  onError: () => {},
})
const auth = authSettings.parse({ tokens: [{ name: 'ci', roles: ['admin'], env: 'TOKEN' }] })
const access = openAccess(auth, {
  env: { TOKEN },
  readSecret: () => '',
  clock: Date.now,
  onError: () => {},
  browser,
})
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ access, publicUrl: ORIGIN })
})
afterAll(async () => {
  browser[Symbol.dispose]()
  await server[Symbol.asyncDispose]()
})

function signedIn(roles: Viewer['roles'] = ['analyst']) {
  const id = sessions.begin({ name: 'bob', roles, tenant: 'default' })
  return { id, cookie: `__Host-delegraph-session=${id}` }
}

async function post(headers: Readonly<Record<string, string>>, query = '{ viewer { name } }') {
  const response = await fetch(server.url, {
    method: 'POST',
    headers: { ...JSON_BODY, ...headers },
    body: JSON.stringify({ query }),
  })
  return { status: response.status, body: (await response.json()) as unknown }
}

describe('a session', () => {
  test('has answers that nothing on the way keeps for the next one', async () => {
    const { cookie } = signedIn()
    const get = (headers: Readonly<Record<string, string>>) =>
      fetch(`${server.url}?query=${encodeURIComponent('{ viewer { name } }')}`, { headers })
    const own = { cookie, 'sec-fetch-site': 'same-origin', 'graphql-preflight': '1' }
    for (const headers of [own, { ...own, cookie: '' }]) {
      const { status, headers: said } = await get(headers)
      expect([status, said.get('cache-control')]).toEqual([
        headers.cookie === '' ? 401 : 200,
        'no-store',
      ])
    }
  })

  test('answers a page of the console, under the name that browsers have for it', async () => {
    const { cookie } = signedIn()
    for (const own of [
      { origin: ORIGIN, 'sec-fetch-site': 'same-origin' },
      { origin: ORIGIN },
      { 'sec-fetch-site': 'same-origin' },
    ]) {
      expect(await post({ cookie, ...own })).toEqual({
        status: 200,
        body: { data: { viewer: { name: 'bob' } } },
      })
    }
  })

  test.each([
    ['a form or script of another site', { origin: 'https://evil.example' }, 403],
    ['one of a sandbox', { origin: 'null' }, 403],
    ['one of the same host at another port', { origin: `${ORIGIN}:8443` }, 403],
    ['one that says so itself', { origin: ORIGIN, 'sec-fetch-site': 'cross-site' }, 401],
    ['one of a sibling domain', { 'sec-fetch-site': 'same-site' }, 401],
    ['a link', { 'sec-fetch-site': 'none' }, 401],
    ['what is no browser', {}, 401],
    ['a form', { origin: ORIGIN, 'content-type': 'text/plain' }, 415],
  ])('is worth nothing to %s', async (_, headers, status) => {
    const { cookie } = signedIn()
    expect((await post({ cookie, ...headers }, 'mutation { __typename }')).status).toBe(status)
  })

  test('is worth nothing to a stream that a page of another site opens by GET', async () => {
    const { cookie } = signedIn()
    const get = (headers: Readonly<Record<string, string>>) =>
      fetch(`${server.url}?query=${encodeURIComponent(STREAM)}`, {
        headers: { cookie, accept: 'text/event-stream', ...headers },
      })
    const cross = { 'sec-fetch-site': 'cross-site' }
    expect((await get(cross)).status).toBe(400)
    expect((await get({ ...cross, 'graphql-preflight': '1' })).status).toBe(401)
    expect(server.listeners()).toBe(0)
  })

  test('does not stand in for a token that is wrong', async () => {
    const { cookie } = signedIn()
    const own = { cookie, origin: ORIGIN }
    expect((await post({ ...own, authorization: 'Bearer wrong' })).status).toBe(401)
    const asCi = await post({ ...own, authorization: `Bearer ${TOKEN}` })
    expect(asCi.body).toEqual({ data: { viewer: { name: 'ci' } } })
  })

  test('sends no evidence', async () => {
    const { cookie } = signedIn(['admin'])
    const admit = admitSender(access, undefined, Date.now)
    const request = { headers: { cookie, origin: ORIGIN }, socket: {} } as IncomingMessage
    expect(await admit(request)).toEqual({ refused: 401 })
  })

  test('ends with all that is open under it', async () => {
    const { id, cookie } = signedIn()
    const response = await fetch(server.url, {
      method: 'POST',
      headers: { ...JSON_BODY, accept: 'text/event-stream', cookie, origin: ORIGIN },
      body: JSON.stringify({ query: STREAM }),
    })
    await expect.poll(() => server.listeners()).toBe(1)
    sessions.end(id)
    expect(await response.text()).toContain('event: complete')
    expect(server.listeners()).toBe(0)
    expect((await post({ cookie, origin: ORIGIN })).status).toBe(401)
  })

  test('of somebody without a role says who it is, and nothing else', async () => {
    const { cookie } = signedIn([])
    const documents = {
      textOf: () => undefined,
      has: () => true,
    }
    await using own = await startTestServer({ access, publicUrl: ORIGIN, documents })
    const ask = async (query: string) => {
      const headers = { ...JSON_BODY, cookie, origin: ORIGIN }
      const body = JSON.stringify({ query })
      const response = await fetch(own.url, { method: 'POST', headers, body })
      return { status: response.status, text: await response.text() }
    }
    const viewer = await ask('{ viewer { name roles } }')
    expect(viewer).toEqual({ status: 200, text: '{"data":{"viewer":{"name":"bob","roles":[]}}}' })
    for (const query of [
      EXAMPLE,
      '{ viewer { name } findingCursor }',
      '{ __schema { types { name } } }',
    ]) {
      expect((await ask(query)).status, documentId(query)).toBe(403)
    }
  })
})

test('a stranger is told where to sign in', async () => {
  const said = {
    message: 'say who you are: sign in, or show a bearer token that is known here',
    extensions: { signIn: '/login' },
  }
  expect(await post({ origin: ORIGIN })).toEqual({ status: 401, body: { errors: [said] } })
})

test('a proxy may call the API what it likes; the name that browsers have for it is configured', async () => {
  const headers = { authorization: `Bearer ${TOKEN}`, origin: ORIGIN }
  expect((await post(headers)).status).toBe(200)
  const forwarded = { 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'https' }
  const evil = { ...headers, origin: 'https://evil.example' }
  expect((await post({ ...evil, ...forwarded })).status).toBe(403)
})
