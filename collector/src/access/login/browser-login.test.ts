import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateKeyPair, SignJWT } from 'jose'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import {
  type OpenidProvider,
  type OpenidProviderOptions,
  startOpenidProvider,
} from '../../../../test/harness/openid-provider.ts'
import { isConsolePath } from '../../console/index.ts'
import { type AuthSettings, authSettings } from '../access-config.ts'
import type { AuditEntry } from '../audit-entry.ts'
import type { Viewer } from '../viewer.ts'
import { openLogin } from './open-login.ts'

const PEOPLE = { bob: ['soc'], eve: ['unheard-of'], mallory: ['soc'] }

interface Place extends AsyncDisposable {
  readonly url: string
  readonly provider: OpenidProvider
  readonly noted: AuditEntry[]
  readonly errors: string[]
  readonly time: { ahead: number }
  get(path: string, cookie?: string): Promise<Answer>
  post(path: string, headers: Readonly<Record<string, string>>): Promise<Answer>
  /** Who a page of the console is, by a cookie. */
  viewer(cookie: string): Viewer | undefined
  who(cookie: string): string | undefined
  /** Begins in one browser. */
  begin(to?: string): Promise<{ readonly cookie: string; readonly next: string }>
  /** Goes the whole way; gives the cookie of the session and where it ended. */
  signIn(who: string, to?: string): Promise<{ readonly cookie: string; readonly location: string }>
}

interface Answer {
  readonly status: number
  readonly location: string
  readonly cookies: readonly string[]
  readonly text: string
}

async function place(
  more: Partial<OpenidProviderOptions> & {
    readonly login?: object
    readonly tenants?: string[]
  } = {},
): Promise<Place> {
  const { login = {}, tenants = ['default'], ...others } = more
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = await startOpenidProvider({ collector: url, people: PEOPLE, ...others })
  const auth: AuthSettings = authSettings.parse({
    oidc: {
      issuer: provider.issuer,
      audience: 'https://delegraph.example',
      caFile: provider.caFile,
      allowAddresses: ['127.0.0.1'],
      rolesClaim: 'groups',
      roles: { soc: ['analyst'] },
      login: {
        clientId: provider.clientId,
        scopes: ['openid', 'groups'],
        ...(provider.clientSecret === undefined ? {} : { clientSecretEnv: 'SECRET' }),
        ...login,
      },
    },
  })
  const noted: AuditEntry[] = []
  const errors: string[] = []
  const time = { ahead: 0 }
  const own = openLogin(auth, {
    env: { SECRET: provider.clientSecret },
    readSecret: () => '',
    publicUrl: url,
    tenants,
    isConsole: isConsolePath,
    clock: () => Date.now() + time.ahead,
    audit: { note: (entry) => noted.push(entry) },
    onError: (error) => errors.push(String(error)),
  })
  if (own === undefined) throw new Error('no login')
  server.on('request', (request, response) => {
    if (!own.handler(request, response)) response.writeHead(404).end()
  })
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init })
    return {
      status: response.status,
      location: response.headers.get('location') ?? '',
      cookies: response.headers.getSetCookie(),
      text: await response.text(),
    }
  }
  const get = (path: string, cookie = '') => ask(path, { headers: { cookie } })
  const begin = async (to = '/findings') => {
    const { cookies, location } = await get(`/login?to=${encodeURIComponent(to)}`)
    return { cookie: cookies[0]?.split(';')[0] ?? '', next: location }
  }
  return {
    ...{ url, provider, noted, errors, time, get, begin },
    post: (path, headers) => ask(path, { method: 'POST', headers, body: '{}' }),
    viewer: (cookie) => own.viewerOf({ cookie, origin: url }),
    who: (cookie) => own.viewerOf({ cookie, origin: url })?.name,
    async signIn(who, to) {
      const { cookie, next } = await begin(to)
      const { pathname, search } = await provider.signIn(next, who)
      const { cookies, location } = await get(`${pathname}${search}`, cookie)
      const session = cookies.find((one) => one.startsWith('delegraph-session='))
      return { cookie: session?.split(';')[0] ?? '', location }
    },
    async [Symbol.asyncDispose]() {
      own[Symbol.dispose]()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
      await provider[Symbol.asyncDispose]()
    },
  }
}

let here: Place
beforeAll(async () => {
  here = await place()
})
afterEach(() => {
  here.noted.splice(0)
  here.errors.splice(0)
  here.time.ahead = 0
  here.provider.away(false)
  here.provider.instead.clear()
})
afterAll(() => here[Symbol.asyncDispose]())

const problemOf = ({ location }: Answer) => new URL(location).searchParams.get('problem')

describe('signing in', () => {
  test('sends to the provider with a challenge, a state and a nonce, and nothing secret', async () => {
    const { cookie, next } = await here.begin()
    const url = new URL(next)
    expect(url.origin).toBe(here.provider.issuer)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: here.provider.clientId,
      redirect_uri: `${here.url}/login/callback`,
      response_type: 'code',
      scope: 'openid groups',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    })
    expect(cookie).toMatch(/^delegraph-login=/)
    const again = new URL((await here.begin()).next)
    for (const name of ['state', 'nonce', 'code_challenge']) {
      expect(again.searchParams.get(name)).not.toBe(url.searchParams.get(name))
    }
  })

  test('ends where it began, under a cookie that no script and no other site has', async () => {
    const { cookie, next } = await here.begin('/chains/abc?view=graph')
    const { pathname, search } = await here.provider.signIn(next, 'bob')
    const { status, location, cookies, text } = await here.get(`${pathname}${search}`, cookie)
    expect([status, location]).toEqual([303, `${here.url}/chains/abc?view=graph`])
    expect(cookies).toEqual([
      'delegraph-login=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0',
      expect.stringMatching(/^delegraph-session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/),
    ])
    expect(text).toBe('')
    expect(here.viewer(cookies[1]?.split(';')[0] ?? '')).toMatchObject({
      ...{ name: 'bob', roles: ['analyst'], tenant: 'default' },
    })
    await expect.poll(() => here.noted.length).toBe(1)
    expect(here.noted[0]).toMatchObject({
      ...{ surface: 'login', operation: 'login', outcome: 'signed_in', by: 'bob' },
      ...{ tenant: 'default', from: '127.0.0.1', status: 303 },
    })
  })

  test.each(['public', 'client_secret_post'] as const)(
    'works with a client of kind %s',
    async (client) => {
      await using own = await place({
        client,
        ...(client === 'public' ? {} : { login: { clientAuthentication: client } }),
      })
      expect(own.who((await own.signIn('bob')).cookie)).toBe('bob')
    },
  )

  test('takes roles from the userinfo endpoint where it is told to', async () => {
    const roles = async (userinfo: boolean) => {
      await using own = await place({ onlyUserinfo: true, login: { userinfo } })
      const { name, roles } = own.viewer((await own.signIn('bob')).cookie) ?? {}
      return { name, roles }
    }
    expect(await roles(true)).toEqual({ name: 'bob', roles: ['analyst'] })
    expect(await roles(false)).toEqual({ name: 'bob', roles: [] })
  })

  test('never goes back to another site', async () => {
    for (const to of ['https://evil.example/', '//evil.example/', '/\\evil.example', '/sign-in']) {
      expect((await here.signIn('bob', to)).location).toBe(`${here.url}/`)
    }
  })

  test('ends the session that the browser had, so that no id is one of before', async () => {
    const first = await here.signIn('bob')
    expect(here.who(first.cookie)).toBe('bob')
    await here.get('/login', first.cookie)
    expect(here.who(first.cookie)).toBeUndefined()
    const second = await here.signIn('bob')
    expect(second.cookie).not.toBe(first.cookie)
  })

  test('of somebody without a role here says who it is, and gives none', async () => {
    const { cookie } = await here.signIn('eve')
    expect(here.viewer(cookie)).toMatchObject({ name: 'eve', roles: [] })
  })

  test('of a tenant that is not here is refused', async () => {
    await using own = await place({ tenants: ['acme'] })
    const { cookie, location } = await own.signIn('bob')
    expect([cookie, location]).toEqual(['', `${own.url}/sign-in?problem=unknown&to=%2Ffindings`])
  })
})

describe('an answer', () => {
  test('counts once', async () => {
    const { cookie, next } = await here.begin()
    const { pathname, search } = await here.provider.signIn(next, 'bob')
    const path = `${pathname}${search}`
    expect((await here.get(path, cookie)).location).toBe(`${here.url}/findings`)
    const asked = here.provider.asked.length
    const again = await here.get(path, cookie)
    expect([again.status, problemOf(again)]).toEqual([303, 'expired'])
    expect(again.cookies).toEqual([])
    // In the audit, and no warning that a stranger could fill a log with.
    expect(here.errors).toEqual([])
    await expect
      .poll(() => here.noted.map(({ outcome }) => outcome))
      .toEqual(['signed_in', 'expired'])
    // Refused here already; the provider would refuse the code as well.
    expect(here.provider.asked.length).toBe(asked)
  })

  test('counts in the browser that began alone', async () => {
    const victim = await here.begin()
    const attacker = await here.begin()
    const { pathname, search } = await here.provider.signIn(attacker.next, 'mallory')
    for (const cookie of [victim.cookie, '']) {
      const answer = await here.get(`${pathname}${search}`, cookie)
      expect(problemOf(answer)).toBe('expired')
      expect(answer.cookies.join()).not.toContain('delegraph-session=')
    }
    await expect.poll(() => here.noted.length).toBe(2)
    expect(here.noted[0]).toMatchObject({ outcome: 'expired', status: 303 })
    expect(here.noted[0]).not.toHaveProperty('by')
  })

  test('of a tab that another one overtook does not count, and the other one does', async () => {
    const first = await here.begin('/live')
    const second = await here.begin('/findings')
    const answer = async ({ next }: { readonly next: string }) => {
      const { pathname, search } = await here.provider.signIn(next, 'bob')
      // A browser has the newer cookie alone.
      return here.get(`${pathname}${search}`, second.cookie)
    }
    const overtaken = await answer(first)
    expect([problemOf(overtaken), overtaken.cookies]).toEqual(['expired', []])
    expect((await answer(second)).location).toBe(`${here.url}/findings`)
  })

  test('does not count with a state of somebody else, none, or after its time', async () => {
    const { cookie, next } = await here.begin()
    const { pathname, searchParams } = await here.provider.signIn(next, 'bob')
    for (const forged of ['forged', '', searchParams.get('state')?.slice(1)]) {
      const query = new URLSearchParams(searchParams)
      if (forged === undefined) query.delete('state')
      else query.set('state', forged)
      expect(problemOf(await here.get(`${pathname}?${query}`, cookie))).toBe('expired')
    }
    here.time.ahead = 11 * 60_000
    expect(problemOf(await here.get(`${pathname}?${searchParams}`, cookie))).toBe('expired')
  })

  test.each([
    ['access_denied', 'denied'],
    ['login_required', 'refused'],
    ['<script>alert(1)</script>', 'refused'],
  ])('that is the error %s is said in words of our own', async (error, problem) => {
    const { cookie, next } = await here.begin('/live')
    const state = new URL(next).searchParams.get('state') ?? ''
    const query = new URLSearchParams({
      ...{ error, state, iss: here.provider.issuer },
      error_description: '<img src=x onerror=alert(1)>',
    })
    const { location, text } = await here.get(`/login/callback?${query}`, cookie)
    expect(location).toBe(`${here.url}/sign-in?problem=${problem}&to=%2Flive`)
    expect(text).toBe('')
    expect(here.errors.join()).not.toMatch(/[<>]/)
  })

  test.each([
    ['another issuer', { iss: 'https://evil.example' }],
    ['another client', { aud: 'other-client' }],
    ['another nonce', { nonce: 'n' }],
    ['a time that is over', { exp: 1 }],
    ['another key', {}],
  ])('with an ID token of %s is not believed', async (_, wrong) => {
    const { cookie, next } = await here.begin()
    const answer = await here.provider.signIn(next, 'bob')
    const { privateKey } = await generateKeyPair('ES256')
    const now = Math.floor(Date.now() / 1_000)
    const claims = {
      iss: here.provider.issuer,
      aud: here.provider.clientId,
      sub: 'bob',
      nonce: new URL(next).searchParams.get('nonce'),
      groups: ['soc'],
      iat: now,
      exp: now + 60,
      ...wrong,
    }
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'ES256', kid: 'provider-1' })
      .sign(privateKey)
    here.provider.instead.set('/token', (__, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ access_token: 'x', token_type: 'Bearer', id_token: token }))
    })
    const said = await here.get(`${answer.pathname}${answer.search}`, cookie)
    expect(problemOf(said)).toBe('not_believed')
    expect(said.cookies.join()).not.toContain('delegraph-session=')
    expect(here.errors.join()).not.toContain(token)
  })
})

describe('while the provider is away', () => {
  test('a sign-in says so, and works again when it is back', async () => {
    await using own = await place()
    own.provider.away(true)
    const answer = await own.get('/login?to=%2Flive')
    expect(answer.location).toBe(`${own.url}/sign-in?problem=unreachable&to=%2Flive`)
    expect(answer.cookies).toEqual([])
    // Whoever tries again and again does not make us ask again and again.
    await own.get('/login')
    expect(own.provider.asked.length).toBe(1)
    own.provider.away(false)
    own.time.ahead = 6_000
    expect(own.who((await own.signIn('bob')).cookie)).toBe('bob')
  })

  test('one under way says so, and sessions stay', async () => {
    const { cookie } = await here.signIn('bob')
    const begun = await here.begin()
    const { pathname, search } = await here.provider.signIn(begun.next, 'bob')
    here.provider.away(true)
    const answer = await here.get(`${pathname}${search}`, begun.cookie)
    expect(problemOf(answer)).toBe('unreachable')
    expect(here.who(cookie)).toBe('bob')
  })

  test('a metadata document that leads elsewhere is not followed', async () => {
    await using own = await place()
    const { issuer } = own.provider
    const metadata = (more: object) => (_: unknown, response: ServerResponse) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify({
          issuer,
          authorization_endpoint: `${issuer}/auth`,
          token_endpoint: `${issuer}/token`,
          jwks_uri: `${issuer}/jwks`,
          ...more,
        }),
      )
    }
    const path = '/.well-known/openid-configuration'
    own.provider.instead.set(path, metadata({ authorization_endpoint: 'http://evil.example/' }))
    expect(problemOf(await own.get('/login'))).toBe('refused')
    own.provider.instead.set(path, metadata({ issuer: 'https://evil.example' }))
    own.time.ahead = 3_600_000
    await own.get('/login')
    await expect.poll(() => own.provider.asked.length).toBe(2)
    await using other = await place()
    other.provider.instead.set(path, metadata({ issuer: 'https://evil.example' }))
    expect(problemOf(await other.get('/login'))).toBe('not_believed')
  })
})

describe('signing out', () => {
  const page = (own: Place, cookie: string) => ({
    cookie,
    origin: own.url,
    'content-type': 'application/json',
  })

  test('ends the session here and, where it says how, at the provider', async () => {
    const { cookie } = await here.signIn('bob')
    here.noted.splice(0)
    const { status, cookies, text } = await here.post('/logout', page(here, cookie))
    expect(status).toBe(200)
    expect(cookies[0]).toBe('delegraph-session=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0')
    const next = new URL((JSON.parse(text) as { next: string }).next)
    expect(next.origin).toBe(here.provider.issuer)
    expect(Object.fromEntries(next.searchParams)).toEqual({
      client_id: here.provider.clientId,
      post_logout_redirect_uri: `${here.url}/sign-in`,
    })
    expect(here.who(cookie)).toBeUndefined()
    await expect.poll(() => here.noted.length).toBe(1)
    expect(here.noted[0]).toMatchObject({ operation: 'logout', outcome: 'signed_out', by: 'bob' })
  })

  test('ends it here alone where it is told to, and also while the provider is away', async () => {
    await using own = await place({ login: { endSession: false } })
    const { cookie } = await own.signIn('bob')
    own.provider.away(true)
    const { text } = await own.post('/logout', page(own, cookie))
    expect(JSON.parse(text)).toEqual({ next: '/sign-in' })
    expect(own.who(cookie)).toBeUndefined()
  })

  test('is refused to a page of another site, a form, and a link', async () => {
    const { cookie } = await here.signIn('bob')
    const own = page(here, cookie)
    for (const headers of [
      { ...own, origin: 'https://evil.example' },
      { ...own, origin: 'null' },
      { ...own, 'sec-fetch-site': 'cross-site' },
      { ...own, 'sec-fetch-site': 'same-site' },
      { ...own, 'content-type': 'text/plain' },
      { cookie, 'content-type': 'application/json' },
    ]) {
      expect((await here.post('/logout', headers)).status).toBe(403)
    }
    expect((await here.get('/logout', cookie)).status).toBe(405)
    expect(here.who(cookie)).toBe('bob')
  })
})

test('no log and no note of any of it holds a token, a code, a state or a session', async () => {
  const seen = JSON.stringify([here.noted, here.errors])
  const { cookie, next } = await here.begin()
  const answer = await here.provider.signIn(next, 'bob')
  const path = `${answer.pathname}${answer.search}`
  const { cookies } = await here.get(path, cookie)
  await here.get(path, cookie)
  await expect.poll(() => here.noted.length).toBe(2)
  const all = `${seen}${JSON.stringify([here.noted, here.errors])}`
  const secrets = [
    ...answer.searchParams.values(),
    cookie.split('=')[1] ?? '',
    cookies[1]?.split(/[=;]/)[1] ?? '',
    here.provider.clientSecret ?? '',
  ].filter((secret) => secret !== here.provider.issuer)
  expect(secrets.length).toBe(5)
  for (const secret of secrets) expect(all).not.toContain(secret)
})
