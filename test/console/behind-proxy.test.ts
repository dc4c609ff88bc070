import { readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { readConfig } from '../../collector/src/config.ts'
import { createCertificate, type TlsServer } from '../../collector/src/fetch/testing/tls-server.ts'
import { startTenants, type Tenants } from '../../collector/src/tenants/start-tenants.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { type OpenidProvider, startOpenidProvider } from '../harness/openid-provider.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { buildConsole } from './testing/served.ts'

const PEOPLE = { anna: ['secops'], zoe: ['secops'], stray: ['secops'] }
const TENANTS = { anna: 'acme', zoe: 'other', stray: 'third' }

/** A proxy with TLS on another name stands before it, as proxies do where nothing else is set: it puts its own `Host`. */
describe.runIf(haveChromium())('the console behind a proxy, with tenants', () => {
  const folder = temporaryFolder()
  let proxy: TlsServer
  let provider: OpenidProvider
  let tenants: Tenants
  let browser: Browser
  let url: string
  beforeAll(async () => {
    buildConsole()
    const certificate = await createCertificate()
    proxy = await certificate.serve((incoming, response) => {
      const { host, port } = new URL(tenants.graphqlUrl)
      const { method, url: path, headers } = incoming
      const forwarded = { 'x-forwarded-proto': 'http', 'x-forwarded-host': 'evil.example' }
      const sent = request(
        { hostname: '127.0.0.1', port, method, path, headers: { ...headers, host, ...forwarded } },
        (answer) => {
          response.writeHead(answer.statusCode ?? 502, answer.headers)
          answer.pipe(response)
        },
      )
      sent.on('error', () => response.destroy())
      response.on('close', () => sent.destroy())
      incoming.pipe(sent)
    })
    url = `https://127.0.0.1:${proxy.port}`
    provider = await startOpenidProvider({ collector: url, people: PEOPLE, tenantOf: TENANTS })
    const own = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
    const auth = authSettings.parse({
      oidc: {
        issuer: provider.issuer,
        audience: provider.clientId,
        caFile: provider.caFile,
        allowAddresses: ['127.0.0.1'],
        rolesClaim: 'groups',
        roles: { secops: ['analyst'] },
        tenantClaim: 'tenant',
        login: {
          clientId: provider.clientId,
          clientSecretEnv: 'CLIENT_SECRET',
          scopes: ['openid', 'groups'],
          endSession: false,
        },
      },
    })
    tenants = await startTenants({
      config: {
        ...own,
        auth,
        api: { ...own.api, publicUrl: url },
        tenants: { acme: { channels: [] }, other: { channels: [] } },
      },
      env: { CLIENT_SECRET: provider.clientSecret },
      logger: pino({ level: 'silent' }),
    })
    browser = await launchChromium({ ignoreHTTPSErrors: true })
  })
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await tenants?.[Symbol.asyncDispose]()
    await provider?.[Symbol.asyncDispose]()
    await proxy?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it('has its own name by configuration, and believes no header for it', () => {
    expect(tenants.consoleUrl).toBe(`${url}/`)
  })

  it.each(['anna', 'zoe'] as const)(
    'signs %s in to the tenant that the provider names, under a cookie of this host alone',
    async (who) => {
      const { page, faults } = await browser.page()
      await page.context().clearCookies()
      await page.goto(`${url}/live`)
      await page.getByRole('button', { name: 'Sign in', exact: true }).click()
      await page.getByRole('textbox', { name: 'Name' }).fill(who)
      await page.getByLabel('Password').fill('any')
      await page.getByRole('button', { name: 'Sign in here' }).click()
      await page.getByText('live', { exact: true }).waitFor()
      expect(page.url()).toBe(`${url}/live`)
      const reader = page.getByRole('region', { name: 'Who looks' })
      expect(await reader.innerText()).toContain(`${who}\nanalyst of ${TENANTS[who]}`)
      const cookies = await page.context().cookies(url)
      expect(cookies.filter(({ name }) => name.includes('delegraph'))).toEqual([
        expect.objectContaining({
          ...{ name: '__Host-delegraph-session', secure: true, httpOnly: true },
          ...{ sameSite: 'Strict', path: '/', expires: -1 },
        }),
      ])
      await reader.getByRole('button', { name: 'Sign out' }).click()
      await page.getByText('You are signed out.').waitFor()
      const ours = faults.filter(
        (fault) => !fault.startsWith(`request to ${provider.issuer}/`) && !fault.includes('401'),
      )
      expect(ours).toEqual([])
      await page.close()
    },
  )

  it('lets nobody in of a tenant that it does not have', async () => {
    const { page } = await browser.page()
    await page.context().clearCookies()
    await page.goto(`${url}/findings`)
    await page.getByRole('button', { name: 'Sign in', exact: true }).click()
    await page.getByRole('textbox', { name: 'Name' }).fill('stray')
    await page.getByLabel('Password').fill('any')
    await page.getByRole('button', { name: 'Sign in here' }).click()
    await page.getByText('You are not known here.').waitFor()
    await page.close()
    const text = readFileSync(join(folder.path, 'audit.ndjson'), 'utf8')
    expect(text).toContain('"tenant":"acme","outcome":"signed_in"')
    expect(text).toContain('"outcome":"unknown"')
  })
})
