import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import { SIGN_IN_PROBLEMS } from '@delegraph/graph-schema'
import { pino } from 'pino'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { freePort } from '../harness/free-port.ts'
import { type OpenidProvider, startOpenidProvider } from '../harness/openid-provider.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { axeViolations } from './testing/axe.ts'
import { buildConsole } from './testing/served.ts'

const TOKEN = 'c'.repeat(40)
/** A JWT: its header and its claims. */
const SIGNED = /eyJ[\w-]{10,}\.eyJ[\w-]{10,}\./
const PEOPLE = { vera: ['staff'], anna: ['secops'], nora: ['visitors'] }

/** People sign in at a real provider of another site, by its own form. */
describe.runIf(haveChromium())('the console where people sign in', () => {
  const folder = temporaryFolder()
  const time = { ahead: 0 }
  let config: Config
  let provider: OpenidProvider
  let collector: Collector
  let browser: Browser
  let url: string
  const start = (of: Config) =>
    startCollector({
      config: of,
      env: { CLIENT_SECRET: provider.clientSecret, CI_TOKEN: TOKEN },
      logger: pino({ level: 'silent' }),
      clock: () => Date.now() + time.ahead,
    })
  beforeAll(async () => {
    buildConsole()
    const port = await freePort()
    url = `http://127.0.0.1:${port}`
    provider = await startOpenidProvider({ collector: url, people: PEOPLE })
    const prepared = await prepare(join(folder.path, 'demo'))
    const { trust, registry } = prepared
    const own = readConfig({ data: folder.path, otlpPort: '0', apiPort: String(port) }, {})
    const open: Config = { ...own, trust, registry }
    {
      await using before = await start(open)
      await play(prepared, before.otlpUrl)
      await before.settled()
    }
    const auth = authSettings.parse({
      tokens: [{ name: 'ci', roles: ['analyst'], env: 'CI_TOKEN' }],
      oidc: {
        issuer: provider.issuer,
        audience: provider.clientId,
        caFile: provider.caFile,
        allowAddresses: ['127.0.0.1'],
        rolesClaim: 'groups',
        roles: { staff: ['viewer'], secops: ['analyst'] },
        login: {
          clientId: provider.clientId,
          clientSecretEnv: 'CLIENT_SECRET',
          scopes: ['openid', 'groups'],
        },
      },
    })
    config = { ...open, auth, api: { ...own.api, publicUrl: url } }
    collector = await start(config)
    browser = await launchChromium({
      ignoreHTTPSErrors: true,
      // A browser of a person goes back to a page as it was left.
      ignoreDefaultArgs: ['--disable-back-forward-cache'],
    })
  })
  afterEach(async () => {
    time.ahead = 0
    provider.away(false)
    const { page } = await browser.page()
    await page.context().clearCookies()
    await page.close()
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await collector?.[Symbol.asyncDispose]()
    await provider?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  /** What went wrong on pages of the console: neither the provider's own pages, nor the answer to whoever is not signed in. */
  const own = (faults: readonly string[]): string[] =>
    faults.filter(
      (fault) => !fault.startsWith(`request to ${provider.issuer}/`) && !fault.includes('401'),
    )
  const fillIn = async (page: Page, who: string): Promise<void> => {
    await page.getByRole('textbox', { name: 'Name' }).fill(who)
    await page.getByLabel('Password').fill('any')
    await page.getByRole('button', { name: 'Sign in here' }).click()
  }
  const signIn = async (who: string, path = '/findings') => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${url}${path}`)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await fillIn(page, who)
    await page.getByRole('region', { name: 'Who looks' }).waitFor()
    return watched
  }
  const sessionOf = async (page: Page) =>
    (await page.context().cookies(url)).find(({ name }) => name === 'delegraph-session')

  it('sends them there, and back to the very page that they wanted, with what they may see', async () => {
    const { page, faults } = await browser.page()
    const wanted = `${url}/findings?tab=all&order=severity`
    await page.goto(wanted)
    await page.getByText('You are not signed in.').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByText('Use a token instead').click()
    await page.getByRole('textbox', { name: 'Token' }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    const sent = page.waitForRequest((request) =>
      request.url().startsWith(`${provider.issuer}/auth?`),
    )
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    const asked = new URL((await sent).url()).searchParams
    expect(asked.get('code_challenge_method')).toBe('S256')
    expect(asked.get('response_type')).toBe('code')
    await fillIn(page, 'vera')
    await page.getByRole('button', { name: /^worker did deploy/ }).click()
    await page.getByText('Whose yes it was').waitFor()
    expect(page.url()).toContain(`${wanted}&finding=`)
    const reader = page.getByRole('region', { name: 'Who looks' })
    expect(await reader.innerText()).toContain('vera\nviewer\nSign out')
    // Who may only look changes nothing.
    await page.getByText('To change this needs the role analyst.').waitFor()
    expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    expect(own(faults)).toEqual([])
    await page.close()
  })

  it('gives the browser one cookie that no script reads, and no token at all', async () => {
    const answers: string[] = []
    const watched = await browser.page()
    const { page } = watched
    page.on('response', async (response) => {
      if (!response.url().startsWith(url)) return
      answers.push(JSON.stringify(await response.allHeaders()))
      answers.push(await response.text().catch(() => ''))
    })
    await page.goto(`${url}/findings`)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await fillIn(page, 'anna')
    await page.getByRole('button', { name: /^worker did deploy/ }).waitFor()
    expect(await page.context().cookies(url)).toEqual([
      expect.objectContaining({
        ...{ name: 'delegraph-session', httpOnly: true, sameSite: 'Strict', path: '/' },
        ...{ domain: '127.0.0.1', expires: -1, secure: false },
      }),
    ])
    const kept = await page.evaluate(() =>
      JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]),
    )
    for (const text of [kept, ...answers]) expect(text).not.toMatch(SIGNED)
    expect(kept).not.toContain('delegraph-session')
    expect(answers.length).toBeGreaterThan(10)
    await page.close()
  })

  it('lets an analyst say something of a finding, under his own name', async () => {
    const { page, faults } = await signIn('anna')
    await page.getByRole('button', { name: /^worker did deploy/ }).click()
    await page.getByRole('button', { name: 'Acknowledge' }).first().click()
    await page.getByText(/anna/).nth(1).waitFor()
    expect(own(faults)).toEqual([])
    // What was answered is written down beside the answer, not before it.
    const said = () =>
      readFileSync(join(folder.path, 'audit.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>)
    await expect
      .poll(said)
      .toContainEqual(expect.objectContaining({ operation: 'mutation', by: 'anna' }))
    expect(said()).toContainEqual(
      expect.objectContaining({ surface: 'login', outcome: 'signed_in', by: 'anna' }),
    )
    await page.close()
  })

  it('says that a session is over in the middle of work, and goes on at the same place', async () => {
    const { page, faults } = await signIn('vera', '/findings?tab=all')
    await page.getByRole('button', { name: /^worker did deploy/ }).click()
    await page.getByText('Whose yes it was').waitFor()
    const place = page.url()
    time.ahead = 3_600_000
    await page.getByRole('link', { name: 'Decisions' }).click()
    const banner = page.getByText('You are signed out. What you see is from before')
    await banner.waitFor()
    expect(await axeViolations(page)).toEqual([])
    time.ahead = 0
    await page.goBack()
    await page.getByText('Whose yes it was').waitFor()
    await banner.waitFor()
    // It is still there when the answer has come that nobody is known.
    await page.waitForTimeout(2_000)
    expect(await page.getByText('Whose yes it was').count()).toBe(1)
    await page.getByRole('button', { name: 'Sign in again' }).click()
    // Whom the provider knows is not asked again.
    await page.getByRole('region', { name: 'Who looks' }).waitFor()
    expect(page.url()).toBe(place)
    expect(await banner.count()).toBe(0)
    expect(own(faults)).toEqual([])
    await page.close()
  })

  it('ends the live stream with the session, and says so', async () => {
    const { page } = await signIn('vera', '/live')
    await page.getByText('live', { exact: true }).waitFor()
    const other = await browser.page()
    await other.page.goto(`${url}/findings`)
    await other.page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByText('You are not signed in.').waitFor()
    await page.getByText('You are signed out. What you see is from before').waitFor()
    await page.close()
    await other.page.close()
  })

  it('signs out here and at the provider', async () => {
    const { page } = await signIn('anna')
    const id = (await sessionOf(page))?.value ?? ''
    await page.getByRole('button', { name: /^worker did deploy/ }).waitFor()
    await page.getByRole('button', { name: 'Sign out' }).click()
    await page.getByRole('button', { name: /Yes, sign me out/ }).click()
    await page.getByText('You are signed out.').waitFor()
    expect(page.url()).toBe(`${url}/sign-in`)
    expect(await axeViolations(page)).toEqual([])
    expect(await sessionOf(page)).toBeUndefined()
    // And going back shows nothing of what was seen.
    await page.evaluate(() => history.go(-2))
    await page.getByText('You are not signed in.').waitFor()
    expect(page.url()).toBe(`${url}/findings`)
    expect(await page.getByRole('button', { name: /^worker did deploy/ }).count()).toBe(0)
    // What was copied before is of no use.
    const answer = await fetch(collector.graphqlUrl, {
      method: 'POST',
      headers: {
        ...{ 'content-type': 'application/json', origin: url },
        cookie: `delegraph-session=${id}`,
      },
      body: JSON.stringify({ query: '{ viewer { name } }' }),
    })
    expect(answer.status).toBe(401)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('button', { name: 'Sign in here' }).waitFor()
    await page.close()
  })

  it('takes an answer of the provider once, and one of nobody never', async () => {
    const { page } = await browser.page()
    await page.goto(`${url}/findings`)
    const back = page.waitForRequest((request) =>
      request.url().startsWith(`${url}/login/callback?`),
    )
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await fillIn(page, 'vera')
    const callback = (await back).url()
    await page.getByRole('region', { name: 'Who looks' }).waitFor()
    const before = await sessionOf(page)
    await page.goto(callback)
    await page.getByText('This sign-in is over.').waitFor()
    expect(new URL(page.url()).search).toBe('?problem=expired')
    // Whoever was signed in still is, and nobody else.
    await page.getByText('You are signed in as vera.').waitFor()
    expect(await sessionOf(page)).toEqual(before)
    await page.context().clearCookies()
    for (const path of [
      new URL(callback).search,
      '?code=forged&state=forged',
      '?error=access_denied&error_description=<script>alert(1)</script>',
    ]) {
      await page.goto(`${url}/login/callback${path}`)
      await page.getByText('This sign-in is over.').waitFor()
      await page.getByRole('button', { name: 'Sign in again' }).waitFor()
      expect(await page.content()).not.toContain('alert(1)')
      expect(await sessionOf(page)).toBeUndefined()
    }
    await page.close()
  })

  it('shows in its own words that somebody cancelled', async () => {
    const { page } = await browser.page()
    await page.goto(`${url}/findings?tab=all`)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('link', { name: /Cancel/ }).click()
    await page.getByText('You were not let in.').waitFor()
    await page.getByRole('button', { name: 'Sign in again' }).click()
    await fillIn(page, 'vera')
    await page.getByRole('region', { name: 'Who looks' }).waitFor()
    expect(page.url()).toBe(`${url}/findings?tab=all`)
    await page.close()
  })

  it.each(['light', 'dark'] as const)(
    'has a page for every problem, readable in %s',
    async (scheme) => {
      const { page, faults } = await browser.page({ scheme })
      const titles = new Set<string>()
      for (const problem of SIGN_IN_PROBLEMS) {
        await page.goto(`${url}/sign-in?problem=${problem}&to=%2Flive`)
        const alert = page.getByRole('alert')
        await alert.getByRole('button', { name: 'Sign in again' }).waitFor()
        titles.add((await alert.locator('.notice-title').textContent()) ?? '')
        expect(await axeViolations(page)).toEqual([])
      }
      expect(titles.size).toBe(SIGN_IN_PROBLEMS.length)
      await page.goto(`${url}/sign-in?problem=<b>x</b>&to=//evil.example/`)
      await page.getByText('You are signed out.').waitFor()
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await fillIn(page, 'vera')
      await page.getByRole('region', { name: 'Who looks' }).waitFor()
      expect(new URL(page.url()).origin).toBe(url)
      expect(own(faults)).toEqual([])
      await page.close()
    },
  )

  it('tells whoever has no role who he is, and that he may see nothing', async () => {
    const { page } = await signIn('nora')
    await page.getByText('You are signed in as nora, who has no role here.').waitFor()
    const reader = page.getByRole('region', { name: 'Who looks' })
    expect(await reader.innerText()).toContain('nora\nno role')
    expect(await axeViolations(page)).toEqual([])
    await page.close()
  })

  it('sends people through the provider again after a restart, without asking them', async () => {
    const { page } = await signIn('vera', '/findings?tab=all')
    await collector[Symbol.asyncDispose]()
    collector = await start(config)
    await page.reload()
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('region', { name: 'Who looks' }).waitFor()
    expect(page.url()).toBe(`${url}/findings?tab=all`)
    await page.close()
  })

  it.each(['127.0.0.1', 'localhost'])(
    'is not asked in their name by a page at another port of %s',
    async (host) => {
      const { page } = await signIn('anna')
      const session = await sessionOf(page)
      const query = 'mutation { endSuppression(input: { id: "x" }) { __typename } }'
      const body = JSON.stringify({ query })
      const forms = [`${url}/graphql`, `${url}/logout`].map(
        (action, i) =>
          `<form id="f${i}" method="post" enctype="text/plain" action="${action}" target="out"><input name='${body.slice(0, -1)},"x":"' value='"}'></form>`,
      )
      const server = createServer((_, response) => {
        response.writeHead(200, { 'content-type': 'text/html' })
        response.end(`<!doctype html><iframe name="out"></iframe>${forms.join('')}`)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const { port } = server.address() as AddressInfo
      const evil = await browser.page()
      const statuses: string[] = []
      evil.page.on('response', (response) => {
        if (!response.url().startsWith(url)) return
        statuses.push(`${response.request().method()} ${response.status()}`)
      })
      await evil.page.goto(`http://${host}:${port}/`)
      await evil.page.evaluate(
        async ({ to, text }) => {
          const send = (path: string, init: RequestInit) =>
            fetch(`${to}${path}`, { credentials: 'include', ...init }).catch(() => undefined)
          const post = { method: 'POST', body: text, mode: 'no-cors' } as const
          await send('/graphql', post)
          await send('/graphql', {
            method: 'POST',
            body: text,
            headers: { 'content-type': 'application/json' },
          })
          await send('/logout', post)
          await send(`/graphql?query=${encodeURIComponent('{ viewer { name } }')}`, {
            mode: 'no-cors',
          })
          for (const form of document.forms) {
            form.submit()
            await new Promise((resolve) => setTimeout(resolve, 200))
          }
        },
        { to: url, text: body },
      )
      await expect.poll(() => statuses.filter((one) => one.startsWith('POST')).length).toBe(4)
      expect(statuses.filter((one) => !/ (400|401|403|405|415)$/.test(one))).toEqual([])
      await page.reload()
      await page.getByRole('button', { name: 'Sign out' }).waitFor()
      expect(await sessionOf(page)).toEqual(session)
      await evil.page.close()
      await page.close()
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  )

  it('says that the provider is away; a token works, and who is signed in stays so', async () => {
    const { page } = await signIn('vera')
    provider.away(true)
    await page.reload()
    await page.getByRole('button', { name: /^worker did deploy/ }).waitFor()
    await page.close()
    const other = await browser.page()
    await other.page.context().clearCookies()
    // What was known of the provider is forgotten.
    await collector[Symbol.asyncDispose]()
    collector = await start(config)
    await other.page.goto(`${url}/findings`)
    await other.page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await other.page.getByText('The provider does not answer.').waitFor()
    expect(await axeViolations(other.page)).toEqual([])
    await other.page.getByText('Use a token instead').click()
    await other.page.getByRole('textbox', { name: 'Token' }).fill(TOKEN)
    await other.page.getByRole('button', { name: 'Use it' }).click()
    await other.page.getByRole('button', { name: /^worker did deploy/ }).waitFor()
    const reader = other.page.getByRole('region', { name: 'Who looks' })
    expect(await reader.innerText()).toContain('ci\nanalyst\nForget the token')
    await other.page.close()
  })

  it('has no word of a secret in what it notes', () => {
    const text = readFileSync(join(folder.path, 'audit.ndjson'), 'utf8')
    expect(text).toContain('"outcome":"signed_out"')
    expect(text).toContain('"outcome":"unreachable"')
    expect(text).not.toMatch(SIGNED)
    for (const secret of [TOKEN, provider.clientSecret ?? '?', 'code=', 'state=']) {
      expect(text).not.toContain(secret)
    }
    const digest = createHash('sha256').update(TOKEN).digest('hex')
    expect(text).not.toContain(digest)
  })
})
