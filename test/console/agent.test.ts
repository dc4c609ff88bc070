import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

describe.runIf(haveChromium())('the profile of an agent', () => {
  let served: Served
  let browser: Browser
  let before: string
  let between: string
  beforeAll(async () => {
    served = await serve({ incident: false })
    before = new Date().toISOString()
    await served.play()
    between = new Date(Date.now() + 1).toISOString()
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('says who it is, by which keys, since when, and what nobody told', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/agents/agent%3Aworker`)
    const card = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Who it is, and who answers for it' }) })
    await card.waitFor()
    const text = await card.innerText()
    expect(text).toMatch(/version\s+1\.0\.0/)
    expect(text).toMatch(/charter\s+looks after the state of releases/)
    expect(text).toMatch(/model\s+not told/)
    expect(text).toMatch(/first seen\s+\d/)
    expect(await card.locator('.key-table tbody tr').count()).toBe(1)
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  })

  it('lists what was granted since an instant with what brought it, and nothing where nothing was', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/agents/agent%3Aworker?since=${encodeURIComponent(before)}`)
    const drift = page.getByRole('region', { name: 'Drift' })
    await drift.getByText(/[1-9]\d* permissions? new and pending certification/).waitFor()
    const rows = drift.locator('tbody tr')
    expect(await rows.allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/deploy[\s\S]*new grant[\s\S]*the newest link/),
        expect.stringMatching(/deploy[\s\S]*new inheritance[\s\S]*from[\s\S]*planner/),
      ]),
    )
    expect(await axeViolations(page)).toEqual([])
    await drift.getByRole('link', { name: 'the newest link' }).first().click()
    await page.getByRole('heading', { name: /alice planner worker/ }).waitFor()
    await page.goBack()
    // After all of it nothing changed.
    await page.goto(`${served.url}/agents/agent%3Aworker?since=${encodeURIComponent(between)}`)
    await drift.getByText('0 permissions new and pending certification, 0 other changes.').waitFor()
    await drift.getByRole('button', { name: 'Compare with nothing' }).click()
    await drift.getByText(/Choose an instant/).waitFor()
    expect(page.url()).not.toContain('since')
    expect(faults).toEqual([])
    await page.close()
  })
})
