import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { incidentOf, type Served, serve } from './testing/served.ts'

describe.runIf(haveChromium())('what goes through, on the live screen', () => {
  let served: Served
  let browser: Browser
  beforeAll(async () => {
    served = await serve({ incident: false })
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('is told in numbers that move, and leads from a change to its chain', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/live`)
    const pulse = page.locator('dl.pulse')
    await pulse.waitFor()
    expect(await pulse.innerText()).toMatch(/0\s+a second/)
    expect(await pulse.innerText()).toContain('no action was seen')
    expect(await pulse.innerText()).toContain('nothing waits')
    await served.play()
    // The demo's links are few: a rate of a few in a minute is not none.
    await expect.poll(() => pulse.innerText()).toMatch(/0\.\d\s+a second/)
    await expect.poll(() => pulse.innerText()).toMatch(/0 %\s+of \d+ actions/)
    const { pulse: told } = await served.ask<{ pulse: { linksVerified: number } }>(
      '{ pulse { linksVerified linksFailed lagRecords } }',
    )
    expect(told).toMatchObject({ linksFailed: 0, lagRecords: 0 })
    expect(told.linksVerified).toBeGreaterThan(2)
    expect(await axeViolations(page)).toEqual([])
    const { chain } = await incidentOf(served)
    await page.locator('tr[data-cursor]').first().waitFor()
    await page.locator(`tr[data-cursor] a[href*="${chain}"]`).first().click()
    await page.getByRole('heading', { name: 'alice planner worker' }).waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('keeps its filters and its pause in the URL', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/live?rule=D1&paused=yes`)
    await page.getByRole('button', { name: 'Go on' }).waitFor()
    await served.play()
    const waiting = page.getByRole('button', { name: /Go on, \d+ wait/ })
    await waiting.waitFor()
    await page.getByText('Nothing new yet. Learned before this page opened').waitFor()
    await waiting.click()
    await page.getByText('Learned before this page opened', { exact: true }).waitFor()
    const rows = await page.locator('tr[data-cursor]').allInnerTexts()
    expect(rows.filter((row) => !row.includes('D1'))).toEqual([])
    expect(page.url()).not.toContain('paused')
    expect(page.url()).toContain('rule=')
    expect(faults).toEqual([])
    await page.close()
  })
})
