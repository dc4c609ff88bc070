import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finding } from '../../collector/src/api/test-graph.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

const DAY = 86_400_000
const PATIENT = { timeout: 15_000 }

/** How findings stand and went: each number with its rows, each picture with its table. */
describe.runIf(haveChromium())('the posture', () => {
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

  const status = (page: Page) => page.locator('.filters [role=status]').first()
  const part = (page: Page, name: string) => page.getByRole('region', { name, exact: true })

  /** The rows of a table as texts. */
  async function cells(page: Page, name: string): Promise<string[][]> {
    const rows = await part(page, name).locator('tbody tr').all()
    return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()))
  }

  async function open(page: Page, search = ''): Promise<void> {
    await page.goto(`${served.url}/findings?tab=posture${search}`)
    await part(page, 'Choke points').waitFor()
  }

  it('says where there is nothing to tell', async () => {
    const { page, faults } = await browser.page()
    await open(page)
    for (const text of [
      'No finding is open, and none was closed.',
      'No open finding blames anything.',
      'No action was seen in this time.',
      'nothing of this time was triaged yet',
    ]) {
      await page.getByText(text).waitFor()
    }
    expect(await page.getByRole('img', { name: /open from 0 to 0/ }).count()).toBe(1)
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('tells each day in a picture and in a table, and opens what it counts', async () => {
    await served.play()
    const { store } = served.collector
    for (const [id, daysAgo, columns] of [
      ['old-1', 200, {}],
      ['old-2', 20, { rule: 'D5' }],
      ['old-3', 3, { rule: 'D5' }],
      ['old-4', 3, { rule: 'D5', state: 'withdrawn', updatedAt: Date.now() - 2 * DAY }],
    ] as const) {
      const raisedAt = Date.now() - daysAgo * DAY
      const all = { raisedAt, updatedAt: raisedAt, at: raisedAt, incident: id, ...columns }
      await store.write({ nodes: [finding(id, all)], edges: [] })
    }
    const until = new Date(Date.now() + DAY).toISOString()
    const words = {
      'old-1': `ACCEPTED, reason: APPROVED_EXCEPTION, until: "${until}"`,
      'old-2': 'CLOSED, reason: DETECTOR_WRONG',
      'old-3': 'CLOSED, reason: FIXED',
    }
    await served.ask(
      `mutation { ${Object.entries(words).map(
        ([id, word], i) =>
          `w${i}: triage(input: { findings: ["${id}"], expectedVersions: [0], state: ${word} }) { __typename }`,
      )} }`,
    )
    const { page, faults } = await browser.page()
    await open(page, '&days=7&trend=table')
    const days = await cells(page, 'Days')
    expect(days).toHaveLength(7)
    const [today, yesterday, , threeAgo, before] = days.map((row) => row.slice(1).map(Number))
    const learned = Number(today?.[0])
    expect(learned).toBeGreaterThan(2)
    // Learned, open, accepted, closed, withdrawn.
    expect(today).toEqual([learned, learned, 1, 2, 1])
    expect(yesterday).toEqual([0, 3, 0, 0, 1])
    expect(threeAgo).toEqual([2, 4, 0, 0, 0])
    expect(before).toEqual([0, 2, 0, 0, 0])
    for (const [column, path] of [
      [1, 'tab=all&after='],
      [2, 'hidden=show'],
      [3, 'tab=all&triage=ACCEPTED'],
      [4, 'tab=closed'],
      [5, 'tab=withdrawn&triage=NEW'],
    ] as const) {
      const number = part(page, 'Days')
        .locator('tbody tr')
        .first()
        .locator('td')
        .nth(column - 1)
      const count = Number(await number.innerText())
      await number.getByRole('link').click()
      await expect.poll(() => page.url()).toContain(path)
      await expect
        .poll(() => status(page).innerText(), PATIENT)
        .toBe(`${count} ${count === 1 ? 'finding' : 'findings'}`)
      await page.goBack()
      await part(page, 'Days').waitFor()
    }
    // What stood so on another day is shown as it was known then.
    const then = part(page, 'Days').locator('tbody tr').nth(3).locator('td').nth(1)
    await then.getByRole('link').click()
    await expect.poll(() => page.url()).toMatch(/asOf=\d{4}-\d\d-\d\dT23%3A59%3A59\.999Z/)
    await page.getByText('You are looking at').waitFor()
    await page.goBack()
    await page.getByText('Picture', { exact: true }).click()
    await page.getByRole('img', { name: /closed from 0 to 2/ }).waitFor()
    expect(new URL(page.url()).search).toBe('?tab=posture&days=7')
    expect(faults).toEqual([])
    await page.close()
  }, 120_000)

  it('ranks rules by how often they were wrong, and opens those findings', async () => {
    const { page, faults } = await browser.page()
    await open(page)
    const rules = await cells(page, 'Rules')
    expect(rules[0]).toEqual(['D5 approval-replay', '1', '2', '1', '50 %'])
    expect(rules.slice(1).map((row) => row.at(-1))).toEqual(
      rules.slice(1).map(() => 'none was closed'),
    )
    const wrong = part(page, 'Rules').locator('tbody tr').first().locator('td').nth(2)
    await wrong.getByRole('link').click()
    await expect.poll(() => page.url()).toContain('tab=closed&reason=DETECTOR_WRONG&rule=D5')
    await page.getByRole('button', { name: 'Remove reason: detector wrong' }).waitFor()
    await expect.poll(() => status(page).innerText(), PATIENT).toBe('1 finding')
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('names what most findings blame and how much is unsigned', async () => {
    const { page, faults } = await browser.page()
    await open(page)
    const choke = part(page, 'Choke points')
    const first = choke.getByRole('listitem').filter({ hasText: 'approval' }).first()
    const count = await first.getByRole('link', { name: /open finding/ }).innerText()
    await first.getByRole('link', { name: /open finding/ }).click()
    await expect
      .poll(() => status(page).innerText(), PATIENT)
      .toBe(count.replace('open finding', 'finding'))
    await page.goBack()
    await first.getByRole('link', { name: 'What if it is taken back?' }).click()
    await expect.poll(() => page.url()).toMatch(/explore\?kind=approval&id=[^&]+&ask=revoke/)
    await page.getByText(/lose/).first().waitFor()
    await page.goBack()
    const share = await part(page, 'Unsigned share').innerText()
    expect(share).toMatch(/^Unsigned share\s+0 % of \d+ actions have no signature/)
    const unsigned = part(page, 'Unsigned share')
    const proven = unsigned.getByRole('button', { name: /^\d+ proven: show them$/ })
    const actionCount = Number(await proven.innerText())
    await proven.click()
    const actions = page.getByRole('region', { name: 'Actions: proven' })
    await expect.poll(() => actions.getByRole('listitem').count()).toBe(actionCount)
    expect(new URL(page.url()).searchParams.get('actions')).toBe('proven')
    expect(await axeViolations(page)).toEqual([])
    await actions.getByRole('link').first().click()
    await page.getByRole('radio', { name: 'Swimlane' }).waitFor({ state: 'attached' })
    await page.goBack()
    await actions.waitFor()
    expect(await part(page, 'Time to triage').innerText()).toMatch(/of 2 since/)
    expect(faults.filter((fault) => !fault.includes('GL Driver Message'))).toEqual([])
    await page.close()
  }, 60_000)

  it('is of now alone', async () => {
    const { page } = await browser.page()
    const asOf = new Date().toISOString()
    await page.goto(`${served.url}/findings?tab=posture&asOf=${asOf}`)
    await page.getByText('The posture as of an instant cannot be shown.').waitFor()
    await page.close()
  }, 60_000)

  it.each(['light', 'dark'] as const)(
    'shows axe nothing to complain of: %s',
    async (scheme) => {
      const { page } = await browser.page({ scheme })
      for (const view of ['', '&trend=table']) {
        await open(page, view)
        expect(await axeViolations(page)).toEqual([])
      }
      await page.close()
    },
    60_000,
  )
})
