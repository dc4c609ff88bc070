import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Guarded, serveGuarded } from './testing/guarded.ts'
import { serve } from './testing/served.ts'

describe.runIf(haveChromium())('the log of decisions', () => {
  let known: Guarded
  let unknown: Guarded
  let browser: Browser
  beforeAll(async () => {
    known = await serveGuarded({ trusted: true })
    unknown = await serveGuarded({ trusted: false })
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await known?.[Symbol.asyncDispose]()
    await unknown?.[Symbol.asyncDispose]()
  })

  it('lists what a guard allowed and denied, opens one, and its chain', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${known.url}/decisions`)
    const rows = page.locator('tr[data-decision]')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(2)
    await page.getByText('Denied', { exact: true }).click()
    await page.getByRole('status').getByText('1 decision', { exact: true }).waitFor()
    expect(page.url()).toContain('answer=deny')
    expect(await rows.innerText()).toMatch(/denied[\s\S]*worker[\s\S]*deploy[\s\S]*valid/)
    await rows.getByRole('button', { name: /open the decision on deploy/ }).click()
    const panel = page.getByRole('complementary', { name: 'Decision' })
    await panel.getByText(/that it decided/).waitFor()
    expect(await panel.innerText()).toContain('effect failed')
    expect(await panel.innerText()).toContain('https://ops.example.com')
    await panel.getByRole('link', { name: 'Open the chain' }).click()
    await page.getByRole('heading', { name: 'alice worker' }).waitFor()
    await page.goBack()
    await panel.waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('finds what was allowed although the chain is not known to hold', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${known.url}/decisions`)
    await page.getByText('Allowed although the chain is not ok').click()
    await page.getByText('No decision fits these filters.').waitFor()
    await page.goto(`${unknown.url}/decisions?answer=allow&chain=not-ok`)
    const rows = page.locator('tr[data-decision]')
    await rows.first().waitFor()
    expect(await rows.innerText()).toMatch(/allowed[\s\S]*not known/)
    await page.getByRole('status').getByText('1 among the newest 1 of 1 decision').waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('finds what was allowed on a link that is in order by itself and had been withdrawn', async () => {
    await using demo = await serve({ incident: false })
    await demo.playGuarded()
    const { page, faults } = await browser.page()
    await page.goto(`${demo.url}/decisions`)
    const rows = page.locator('tr[data-decision]')
    await rows.nth(2).waitFor()
    expect(await rows.filter({ hasText: 'would have denied' }).count()).toBe(2)
    await page.getByText('Allowed although the chain is not ok').click()
    await page.getByRole('status').getByText('1 among the newest 3 of 3 decisions').waitFor()
    expect(await rows.innerText()).toMatch(/allowed[\s\S]*planner[\s\S]*does not hold: revoked/)
    await rows.getByRole('button', { name: /open the decision on deploy/ }).click()
    const panel = page.getByRole('complementary', { name: 'Decision' })
    await panel.getByText('does not hold: revoked').waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('never shows those of now under a past instant', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${known.url}/decisions?asOf=2026-01-01T00:00:00Z`)
    const rows = page.locator('tr[data-decision]')
    await page.getByText('No decision had arrived by then.').waitFor()
    expect(await rows.count()).toBe(0)
    await page.locator('.as-of-banner').getByRole('button', { name: 'Back to now' }).click()
    await rows.first().waitFor()
    expect(page.url()).not.toContain('asOf')
    // After they came the past has them too, the panel with them.
    await page.goto(`${known.url}/decisions?asOf=${new Date().toISOString()}`)
    await rows.first().waitFor()
    expect(await rows.count()).toBe(2)
    await page.keyboard.press('j')
    await page.getByText('The chain that was shown').last().waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it.each([
    [401, 'You may not see this.'],
    [503, 'This could not be loaded.'],
  ])('says what became of it where the answer is %i', async (status, text) => {
    const { page } = await browser.page()
    await page.route('**/graphql', (route) => route.fulfill({ status, body: '{}' }))
    await page.goto(`${known.url}/decisions`)
    await page.getByText(text).waitFor()
    await page.close()
  })

  it.each(['light', 'dark'] as const)('violates nothing of WCAG A and AA in %s', async (scheme) => {
    const { page, faults } = await browser.page({ scheme })
    await page.goto(`${unknown.url}/decisions`)
    await page.locator('tr[data-decision]').first().waitFor()
    await page.keyboard.press('j')
    await page.getByText('The chain that was shown').last().waitFor()
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  })
})
