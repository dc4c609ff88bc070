import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { haveChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { onIncident } from './testing/on-incident.ts'

describe.runIf(haveChromium())('the console on the demo’s incident', () => {
  const here = onIncident()

  it('leads from the list to the person whose yes it was, and to the chain, without a fault', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/`)
    await page.getByRole('button', { name: /^worker did deploy/ }).click()
    const panel = page.getByRole('complementary', { name: 'Finding' })
    await expect
      .poll(() => panel.locator('.whose-yes').innerText())
      .toMatch(/alice[\s\S]*planner[\s\S]*worker/)
    // In one screen: nothing had to be scrolled to read it.
    expect((await panel.locator('.whose-yes').boundingBox())?.y).toBeLessThan(500)
    expect(await panel.innerText()).toContain('worker alone would have been denied')
    await panel.getByRole('link', { name: 'Show the whole chain' }).click()
    await page.getByRole('heading', { name: 'alice planner worker' }).waitFor()
    expect(await page.locator('.lane-row').allInnerTexts()).toHaveLength(5)
    expect(await page.locator('.chip-dropped').innerText()).toMatch(/deploy/)
    expect(await page.locator('.lane-row .chip-appeared').innerText()).toMatch(
      /no link grants this/,
    )
    expect(page.url()).toContain(`select=${here.incident.action}`)
    await page.goBack()
    await panel.waitFor()
    await page.goBack()
    await expect.poll(() => panel.count()).toBe(0)
    expect(faults).toEqual([])
    await page.close()
  })

  it('opens every deep link as it was left, and says so where there is nothing', async () => {
    const { page, faults } = await here.browser.page()
    for (const [path, text] of [
      [`/findings?finding=${here.incident.finding}`, 'Whose yes it was'],
      [
        `/chains/${here.incident.leaf}?view=table&select=${here.incident.leaf}`,
        'Verify it yourself',
      ],
      ['/agents/agent%3Aworker?show=inherited', 'used on another’s authority'],
      ['/live?severity=4', 'Nothing new yet.'],
      ['/chains/nothing', 'No such chain.'],
      ['/agents/agent%3Anobody', 'No such agent.'],
      ['/findings?finding=nothing', 'finding'],
      ['/findings?tool=none', 'No finding fits these filters.'],
      ['/findings?tab=withdrawn', 'No finding was withdrawn.'],
    ] as const) {
      await page.goto(here.served.url + path)
      await expect
        .poll(() => page.locator('main').innerText(), { message: path, timeout: 10_000 })
        .toContain(text)
    }
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('shows the signed text and checks it in the browser under a key that the reader brings', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/chains/${here.incident.chain}?select=${here.incident.leaf}`)
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText('"del_depth": 1').waitFor()
    const verify = inspector.getByRole('button', { name: 'Verify in this browser' })
    await verify.click()
    await inspector.getByText('2 of 2 links could not be checked').waitFor()
    await inspector.getByRole('textbox').fill(here.served.trust)
    await verify.click()
    await inspector.getByText('All 2 signatures hold').waitFor()
    // Another key under the same name: the root is refused, and with it what hangs below.
    const other = here.served.trust
      .replaceAll(/"x": "."/g, '"x": "A')
      .replace(/"x": "(.)/, '"x": "A')
    await inspector.getByRole('textbox').fill(other)
    await verify.click()
    await inspector.getByText(/1 of 2 links do not check out/).waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('copies the question as a command that answers', async () => {
    const { page } = await here.browser.page()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${here.served.url}/findings`)
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('menuitem', { name: 'As curl' }).click()
    await page.getByText('Copied as curl').waitFor()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    const body = /-d '(.*)'$/s.exec(command)?.[1] ?? ''
    const response = await fetch(here.served.collector.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body.replaceAll(String.raw`'\''`, "'"),
    })
    expect(await response.text()).toContain(here.incident.finding)
    await page.close()
  })

  it.each([
    [401, 'You may not see this.'],
    [503, 'This could not be loaded.'],
  ])(
    'says what became of it where the answer is %i, on each screen',
    async (status, text) => {
      const { page, faults } = await here.browser.page()
      await page.route('**/graphql', (route) => route.fulfill({ status, body: '{}' }))
      for (const path of [
        '/findings',
        `/chains/${here.incident.chain}`,
        '/agents/agent%3Aworker',
      ]) {
        await page.goto(here.served.url + path)
        await page.getByText(text).waitFor()
        expect(await axeViolations(page)).toEqual([])
      }
      if (status === 401) {
        // It asks again with what somebody brings.
        await page.getByRole('textbox', { name: 'Token' }).fill('a-token-of-somebody')
        const asked = page.waitForRequest(
          (request) => request.headers()['authorization'] === 'Bearer a-token-of-somebody',
        )
        await page.getByRole('button', { name: 'Use it' }).click()
        await asked
      } else {
        await page.unroute('**/graphql')
        await page.getByRole('button', { name: 'Try again' }).click()
        await page.getByRole('heading', { name: 'worker', exact: true }).waitFor()
      }
      expect(faults.filter((fault) => !fault.includes('Failed to load resource'))).toEqual([])
      await page.close()
    },
    60_000,
  )

  it('lays the graph out in a worker under the policy', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/chains/${here.incident.chain}?view=graph`)
    await page.locator('.react-flow__node').first().waitFor()
    expect(await page.locator('.react-flow__node').count()).toBe(5)
    await page.getByText('worker', { exact: true }).last().click()
    expect(faults).toEqual([])
    await page.close()
  })

  describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
    it.each([
      ['findings', () => '/findings?tab=all&unfold=x'],
      ['finding', () => `/findings?finding=${here.incident.finding}`],
      ['swimlane', () => `/chains/${here.incident.chain}?select=${here.incident.action}`],
      ['link', () => `/chains/${here.incident.chain}?select=${here.incident.leaf}`],
      ['graph', () => `/chains/${here.incident.chain}?view=graph`],
      ['table', () => `/chains/${here.incident.chain}?view=table`],
      ['agent', () => '/agents/agent%3Aworker'],
      ['live', () => '/live'],
      ['nothing', () => '/findings?tool=none'],
    ])('%s violates nothing of WCAG A and AA', async (name, path) => {
      const { page, faults } = await here.browser.page({ scheme })
      await page.goto(here.served.url + path())
      await page.locator('h1').first().waitFor()
      if (name === 'graph') await page.locator('.react-flow__node').first().waitFor()
      await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0)
      expect(await axeViolations(page)).toEqual([])
      expect(faults).toEqual([])
      await page.close()
    })
  })

  it('is walked by keyboard alone, from the list to a hop of the chain', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/findings?tab=all&order=severity`)
    await page.locator('.finding-row.is-at').first().waitFor()
    await page.keyboard.press('Tab')
    expect(await focused(page)).toBe('Skip to the content')
    await page.keyboard.press('o')
    const panel = page.getByRole('complementary', { name: 'Finding' })
    await panel.getByText('Whose yes it was').waitFor()
    const first = await panel.locator('.panel-title').innerText()
    await page.keyboard.press('j')
    await expect.poll(() => panel.locator('.panel-title').innerText()).not.toBe(first)
    await page.keyboard.press('k')
    await expect.poll(() => panel.locator('.panel-title').innerText()).toBe(first)
    await panel.getByRole('link', { name: 'Show the whole chain' }).focus()
    await page.keyboard.press('Enter')
    await page.locator('.lane-row.is-selected').waitFor()
    // Up to the approval; a call of the same second may lie between.
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await expect
      .poll(
        async () => {
          await page.keyboard.press('k')
          return inspector.innerText()
        },
        { timeout: 15_000 },
      )
      .toContain('presented by')
    await page.keyboard.press('Escape')
    await expect.poll(() => page.getByRole('complementary').count()).toBe(0)
    await page.keyboard.press('/')
    await page.keyboard.type('agent:worker')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'worker', exact: true }).waitFor()
    expect(faults).toEqual([])
    await page.close()
  })
})

function focused(page: Page): Promise<string | undefined> {
  return page.evaluate(() => document.activeElement?.textContent?.trim())
}
