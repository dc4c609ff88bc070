import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { faultsOf } from './testing/picture.ts'
import { type Served, serve } from './testing/served.ts'

const DEPLOY = 'https://tools.example.com/mcp#deploy'

describe.runIf(haveChromium())('ways on the explore screen', () => {
  let served: Served
  let browser: Browser
  beforeAll(async () => {
    served = await serve({
      incident: true,
      config: {
        zones: [{ name: 'production', criticality: 5, tools: [DEPLOY], resources: [] }],
      },
    })
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('tells every way from one thing to another, and past what is avoided', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/explore?kind=agent&id=agent:planner`)
    await page.getByText('By which ways?').click()
    await page.getByText('To what?').waitFor()
    await page.getByRole('textbox', { name: 'Where the ways end' }).fill(DEPLOY)
    await page.keyboard.press('Enter')
    const ways = page.locator('.paths-list > li')
    await ways.first().waitFor()
    const all = await ways.count()
    expect(await page.getByRole('region', { name: 'Ways' }).innerText()).toMatch(
      /\d+ ways: \d+ granted, 1 by inheritance\./,
    )
    expect(await page.getByText('no way in force is left').count()).toBe(1)
    expect(await axeViolations(page)).toEqual([])
    // Only what was granted.
    await page.getByRole('checkbox', { name: 'inherited by a call' }).uncheck()
    await expect.poll(() => ways.count()).toBe(all - 1)
    expect(page.url()).toContain('rules=')
    await page.getByRole('button', { name: 'Avoid something …' }).click()
    await page.getByRole('textbox', { name: 'What to avoid' }).fill(DEPLOY)
    await page.keyboard.press('Enter')
    await page.getByText('No way from planner to deploy is recorded.').waitFor()
    expect(page.url()).toContain('avoid=')
    await page.reload()
    await page.getByText('No way from planner to deploy is recorded.').waitFor()
    await page.getByRole('button', { name: 'Do not avoid tool deploy' }).click()
    await expect.poll(() => ways.count()).toBe(all - 1)
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  }, 120_000)

  it('leads from a fact by the other button and by keys to ways, and to who could reach it', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/explore?kind=agent&id=agent:planner&view=table`)
    const row = page.locator('.reach-row.is-item').first()
    await row.click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Paths to here' }).click()
    await page.getByRole('region', { name: 'Ways' }).getByText(/ways/).first().waitFor()
    expect(page.url()).toContain('ask=paths')
    await page.goBack()
    await row.waitFor()
    await page.keyboard.press('j')
    await page.keyboard.press('r')
    await page.getByText(/agents and principals that were looked at could reach/).waitFor()
    const table = page.locator('.reached-by')
    expect(await table.locator('tbody th').allInnerTexts()).toEqual([
      expect.stringContaining('planner'),
      expect.stringContaining('worker'),
      expect.stringContaining('alice'),
    ])
    expect(await axeViolations(page)).toEqual([])
    await table.getByRole('button', { name: 'All ways' }).nth(2).click()
    await page.locator('.paths-list > li').first().waitFor()
    expect(page.url()).toContain('kind=principal')
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  }, 120_000)

  it('counts findings by zone in the posture, and each number opens its findings', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings?tab=posture`)
    const zones = page.getByRole('region', { name: 'By zone' })
    await zones.waitFor()
    const open = zones.getByRole('link').first()
    const number = Number(await open.innerText())
    expect(number).toBeGreaterThan(2)
    expect(await axeViolations(page)).toEqual([])
    await open.click()
    await page.getByRole('status').getByText(`${number} findings`).waitFor()
    expect(page.url()).toContain('zone=production')
    expect(faults).toEqual([])
    await page.close()
  })

  it('shows what is critical first, counts it, and says what would cut it off', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/explore?kind=agent&id=agent:planner&view=table`)
    const rows = page.locator('.reach-row.is-item')
    await rows.first().waitFor()
    const before = await rows.count()
    expect(await rows.first().innerText()).toContain('zone production, 5 of 5')
    const summary = page.getByRole('complementary', { name: 'Summary' })
    expect(await summary.innerText()).toMatch(/cuts off \d+ of 2 in force in the zone production/)
    await summary.getByRole('button', { name: 'production', exact: true }).click()
    await expect.poll(() => rows.count()).toBeLessThan(before)
    expect(page.url()).toContain('zone=production')
    expect(await axeViolations(page)).toEqual([])
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  }, 120_000)
})
