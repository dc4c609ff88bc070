import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finding } from '../../collector/src/api/test-graph.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

const HOUR = 3_600_000
const MANY = 10_020
const PATIENT = { timeout: 15_000 }

/** The figures above the list: what came, what waits, how long things wait. */
describe.runIf(haveChromium())('the figures of the inbox', () => {
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

  const figures = (page: Page) => page.getByRole('list', { name: 'Figures' })
  const status = (page: Page) => page.locator('.filters [role=status]').first()

  async function put(id: string, hoursAgo: number): Promise<void> {
    const at = Date.now() - hoursAgo * HOUR
    const columns = { raisedAt: at, updatedAt: at, at, title: `finding ${id}`, incident: id }
    await served.collector.store.write({ nodes: [finding(id, columns)], edges: [] })
  }

  it('say that there is nothing', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings`)
    await expect
      .poll(() => figures(page).innerText(), PATIENT)
      .toBe('0 new in 24 hours\n0 untriaged\nnothing of this time was triaged yet')
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('open the rows that they count, whatever is filtered', async () => {
    for (const [id, ago] of [
      ...[
        ['fresh-1', 1],
        ['fresh-2', 20],
        ['older', 30],
        ['oldest', 24 * 40 + 1],
      ],
      ...[
        ['taken-1', 2.005],
        ['taken-2', 6.005],
        ['taken-3', 50.005],
      ],
    ] as const) {
      await put(String(id), Number(ago))
    }
    const words = [1, 2, 3].map(
      (n) => `w${n}: triage(input: { findings: ["taken-${n}"], expectedVersions: [0],
        state: ${n === 2 ? 'CLOSED, reason: FIXED' : 'ACKNOWLEDGED'} }) { __typename }`,
    )
    const said = await served.ask<Record<string, { __typename: string }>>(
      `mutation { ${words.join('\n')} }`,
    )
    expect(Object.values(said).map(({ __typename }) => __typename)).toEqual(
      Array(3).fill('TriagePayload'),
    )
    const { page, faults } = await browser.page()
    // What is counted is the whole inbox, also where the list is filtered.
    await page.goto(`${served.url}/findings?rule=D5`)
    await expect
      .poll(() => figures(page).innerText(), PATIENT)
      .toMatch(
        /^4 new in 24 hours\n4 untriaged, the oldest for 40 d 1 h\n6 h median time to triage, of 3 since \d+ \w+$/,
      )
    expect(await axeViolations(page)).toEqual([])
    for (const [link, count, path] of [
      [/new in 24 hours/, '4 findings', 'tab=all&after=24h'],
      [/untriaged/, '4 findings', 'triage=NEW&direction=asc'],
      [/median time to triage/, '3 findings', 'tab=all&triage=ACKNOWLEDGED'],
    ] as const) {
      await figures(page).getByRole('link', { name: link }).click()
      await expect.poll(() => page.url()).toContain(path)
      await expect.poll(() => status(page).innerText(), PATIENT).toBe(count)
    }
    await figures(page).getByRole('link', { name: '40 d 1 h' }).click()
    await expect.poll(() => page.url()).toContain('finding=oldest')
    await page.locator('.finding-row.is-selected', { hasText: 'finding oldest' }).waitFor()
    expect(await page.locator('.finding-scroll .cell-title').first().innerText()).toContain(
      'finding oldest',
    )
    expect(faults).toEqual([])
    await page.close()
  }, 90_000)

  it('say that there are more where they were not counted further', async () => {
    const at = Date.now() - HOUR
    for (let from = 0; from < MANY; from += 2_004) {
      const nodes = Array.from({ length: 2_004 }, (_, i) =>
        finding(`m${from + i}`, {
          raisedAt: at + from + i,
          updatedAt: at,
          incident: `m${from + i}`,
        }),
      )
      await served.collector.store.write({ nodes, edges: [] })
    }
    const { page } = await browser.page({ scheme: 'dark' })
    await page.goto(`${served.url}/findings`)
    await expect
      .poll(() => figures(page).innerText(), PATIENT)
      .toContain('10,000 or more new in 24 hours\n10,000 or more untriaged, the oldest for 40 d')
    await expect.poll(() => status(page).innerText(), PATIENT).toBe('10,000 or more findings')
    expect(await axeViolations(page)).toEqual([])
    await page.close()
  }, 90_000)

  it('are of now: the past has none', async () => {
    const { page } = await browser.page()
    await page.goto(`${served.url}/findings?asOf=${new Date(Date.now() - HOUR).toISOString()}`)
    await page
      .getByText(/No finding|Nothing to act on/)
      .first()
      .waitFor()
    expect(await figures(page).count()).toBe(0)
    await page.close()
  }, 60_000)
})
