import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finding } from '../../collector/src/api/test-graph.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

const PATIENT = { timeout: 15_000 }

/** A zone is all that its definition takes in, wherever findings are counted by it. */
describe.runIf(haveChromium())('the zones of the posture', () => {
  let served: Served
  let browser: Browser
  beforeAll(async () => {
    served = await serve({
      incident: false,
      config: {
        zones: [
          {
            ...{ name: 'money', criticality: 5 },
            ...{ tools: ['https://pay.example.com/*'], resources: ['ledger:*'] },
          },
          { name: 'mail', criticality: 2, tools: [], resources: ['inbox:*'] },
        ],
      },
    })
    const now = Date.now() - 60_000
    const of = (id: string, columns: Readonly<Record<string, unknown>>) =>
      finding(id, { raisedAt: now, updatedAt: now, at: now, incident: id, title: id, ...columns })
    const pay = 'https://pay.example.com/mcp#refund'
    const read = 'https://tools.example.com/mcp#read'
    const nodes = [
      of('by-tool', { tool: pay }),
      of('by-resource', { tool: read, resource: 'ledger:7' }),
      of('by-both', { tool: pay, resource: 'ledger:8' }),
      of('of-another', { tool: read, resource: 'inbox:alice' }),
      of('of-none', { tool: read }),
    ]
    await served.collector.store.write({ nodes, edges: [] })
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })
  const titles = (page: Page) =>
    page.locator('.finding-scroll .cell-title button:not(.add-to-case)').allInnerTexts()

  it('count by tool and by resource, each finding once, and open what they count', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings?tab=posture`)
    const table = part(page, 'By zone')
    await table.waitFor()
    const rows = await table.locator('tbody tr').allInnerTexts()
    expect(rows.map((row) => row.replaceAll(/\s+/g, ' '))).toEqual([
      expect.stringMatching(/^money criticality 5 of 5 3 0 0$/),
      expect.stringMatching(/^mail criticality 2 of 5 1 0 0$/),
    ])
    await table.locator('tbody tr').first().getByRole('link', { name: '3' }).click()
    await expect.poll(() => new URL(page.url()).search).toBe('?zone=money')
    await expect
      .poll(async () => (await titles(page)).sort(), PATIENT)
      .toEqual(['by-both', 'by-resource', 'by-tool'])
    await page.getByRole('button', { name: 'Remove zone: money' }).waitFor()
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('have a trend of their own, in the URL, with the rows behind its numbers', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings?tab=posture&days=7&trend=table`)
    await part(page, 'By zone').waitFor()
    const open = () => part(page, 'Days').locator('tbody tr').first().locator('td').nth(1)
    expect(await open().innerText()).toBe('5')
    await page.getByRole('combobox', { name: 'Zone' }).click()
    await page.getByRole('option', { name: 'money' }).click()
    await page
      .getByRole('heading', {
        name: 'Where findings of the zone money stood at the end of each day',
      })
      .waitFor()
    expect(new URL(page.url()).searchParams.get('zone')).toBe('money')
    await expect.poll(() => open().innerText(), PATIENT).toBe('3')
    expect(await axeViolations(page)).toEqual([])
    await open().getByRole('link').click()
    await expect.poll(async () => (await titles(page)).length, PATIENT).toBe(3)
    await page.goBack()
    await page.getByText('Picture', { exact: true }).click()
    await page.getByRole('img', { name: /open from 0 to 3/ }).waitFor()
    // The number of the legend opens its rows as well.
    await page.locator('.trend-name').first().getByRole('link', { name: '3' }).click()
    await expect.poll(async () => (await titles(page)).length, PATIENT).toBe(3)
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)
})
