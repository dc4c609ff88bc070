import { createHash } from 'node:crypto'
import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { axeViolations } from './testing/axe.ts'
import { buildConsole } from './testing/served.ts'

const TOKENS = { viewer: 'v'.repeat(40), analyst: 'a'.repeat(40), ingest: 'i'.repeat(40) } as const

/** A reader of findings may not send any query: only what the console asks, as it asks it. */
describe.runIf(haveChromium())('the console where there is a login', () => {
  const folder = temporaryFolder()
  let collector: Collector
  let browser: Browser
  beforeAll(async () => {
    buildConsole()
    const prepared = await prepare(join(folder.path, 'demo'))
    const { trust, registry } = prepared
    const open: Config = {
      ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
      trust,
      registry,
    }
    const start = (config: Config) =>
      startCollector({ config, env: {}, logger: pino({ level: 'silent' }) })
    {
      await using before = await start(open)
      await play(prepared, before.otlpUrl)
      await before.settled()
    }
    const tokens = Object.entries(TOKENS).map(([role, token]) => ({
      name: `some-${role}`,
      roles: [role],
      sha256: createHash('sha256').update(token).digest('hex'),
    }))
    collector = await start({ ...open, auth: authSettings.parse({ tokens }) })
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await collector?.[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it.each(['viewer', 'analyst'] as const)(
    'shows a %s every screen',
    async (role) => {
      const { page, faults } = await browser.page()
      await page.goto(collector.consoleUrl ?? '')
      await page.getByRole('textbox', { name: 'Token' }).fill(TOKENS[role])
      await page.getByRole('button', { name: 'Use it' }).click()
      await page.getByRole('button', { name: /^worker did deploy/ }).click()
      await page.getByText('Whose yes it was').waitFor()
      const reader = page.getByRole('region', { name: 'Who looks' })
      expect(await reader.innerText()).toContain(`some-${role}\n${role}`)
      const refusal = page.getByText('To change this needs the role analyst.')
      expect(await refusal.count()).toBe(role === 'viewer' ? 1 : 0)
      expect(await page.getByRole('button', { name: 'Acknowledge' }).count()).toBe(
        role === 'viewer' ? 0 : 1,
      )
      expect(await page.getByRole('link', { name: /Suppress findings like this/ }).count()).toBe(0)
      const add = page.getByRole('button', { name: /^Add to a case: worker did deploy/ })
      expect((await add.count()) > 0).toBe(role === 'analyst')
      // The value of an argument is said not to be his, and never shown as none.
      expect((await page.getByText('env = not for this role').count()) > 0).toBe(role === 'viewer')
      expect(await page.getByText('env = null').count()).toBe(0)
      // Nor the file that has all of it.
      const save = page.getByRole('button', { name: 'Save the case' })
      expect(await save.count()).toBe(role === 'viewer' ? 0 : 1)
      expect(await axeViolations(page)).toEqual([])
      await page.getByRole('link', { name: 'Show the whole chain' }).click()
      await page.getByRole('heading', { name: 'alice planner worker' }).waitFor()
      const [path = ''] = page.url().split('?')
      await page.goto(`${path}?select=${path.split('/').at(-1)}`)
      const inspector = page.getByRole('complementary', { name: 'Inspector' })
      const text = role === 'viewer' ? 'To read signed texts' : 'Verify it yourself'
      await inspector.getByText(text).waitFor()
      expect(await inspector.getByText('has not arrived').count()).toBe(0)
      await page.goto(new URL('/agents/agent%3Aworker', collector.consoleUrl).href)
      await page.getByRole('heading', { name: 'worker', exact: true }).waitFor()
      await page.keyboard.press('Control+k')
      await page.keyboard.type('planner')
      await page
        .getByRole('option', { name: /planner/ })
        .first()
        .waitFor()
      await page.goto(new URL('/live', collector.consoleUrl).href)
      await page.getByText('live', { exact: true }).waitFor()
      expect(await page.getByRole('alert').count()).toBe(0)
      // The one refusal is the first question, from before there was a token.
      expect(faults.filter((fault) => !fault.includes('401'))).toEqual([])
      await page.getByRole('button', { name: 'Forget the token' }).click()
      await page.getByRole('textbox', { name: 'Token' }).waitFor()
      await page.close()
    },
    120_000,
  )

  it('tells whoever may only send evidence that they may not look', async () => {
    const { page } = await browser.page()
    await page.goto(collector.consoleUrl ?? '')
    await page.getByRole('textbox', { name: 'Token' }).fill(TOKENS.ingest)
    await page.getByRole('button', { name: 'Use it' }).click()
    await page.getByText('this needs the role viewer').waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('worker')
    await page
      .getByRole('dialog')
      .getByText(/You may not ask for that/)
      .waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.close()
  }, 60_000)

  it('answers a viewer nothing that the console does not ask', async () => {
    const response = await fetch(collector.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKENS.viewer}` },
      body: JSON.stringify({ query: '{ viewer { name } findingCursor }' }),
    })
    expect(response.status).toBe(403)
  })
})
