import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finding } from '../../collector/src/api/test-graph.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

const HOUR = 3_600_000
const PATIENT = { timeout: 15_000 }

/** The list: its columns, its groups and what it leaves out where it is narrow. */
describe.runIf(haveChromium())('the inbox', () => {
  let served: Served
  let browser: Browser
  const now = Date.now()
  beforeAll(async () => {
    served = await serve({ incident: false })
    const of = (id: string, columns: Readonly<Record<string, unknown>>) =>
      finding(id, { raisedAt: now - HOUR, updatedAt: now, incident: id, title: id, ...columns })
    const nodes = [
      ...[1, 2, 3].flatMap((n) =>
        ['D1', 'D3'].map((rule) =>
          of(`refund-${n}-${rule}`, {
            ...{ series: 'refunds', incident: `refund-${n}`, rule, from: 'agent:planner' },
            ...{
              tool: 'https://pay.example/mcp#refund',
              resource: `ledger:accounts/${n}`,
              hops: 3,
            },
            ...{
              raisedAt: now - n * HOUR,
              at: now - n * HOUR,
              urgency: rule === 'D1' ? 1_410 : 400,
            },
          }),
        ),
      ),
      of('refund-old', {
        ...{ series: 'refunds', triage: 'closed', reason: 'fixed', raisedAt: now - 9 * HOUR },
      }),
      of('alone', { raisedAt: now - 5 * HOUR, at: now - 5 * HOUR }),
    ]
    await served.collector.store.write({ nodes, edges: [] })
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  const rows = (page: Page) => page.locator('.finding-scroll [role=row]')
  const titles = (page: Page) =>
    page.locator('.finding-scroll .cell-title button:not(.add-to-case)').allInnerTexts()
  const cell = (page: Page, row: number, name: string) =>
    rows(page).nth(row).locator(`.cell-${name}`)

  it('is one row for what is the same thing again, with how often, and unfolds to each', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings`)
    await expect.poll(() => titles(page), PATIENT).toEqual(['refund-1-D1', 'alone'])
    expect(await cell(page, 0, 'count').innerText()).toBe('3')
    expect(await cell(page, 1, 'count').innerText()).toBe('1')
    expect(await page.locator('.filters [role=status]').first().innerText()).toBe('7 findings')
    await rows(page).nth(0).getByRole('button', { name: '6 findings of one group' }).click()
    await expect
      .poll(() => titles(page), PATIENT)
      .toEqual([
        'refund-1-D1',
        ...['refund-1-D1', 'refund-1-D3', 'refund-2-D1', 'refund-2-D3'],
        ...['refund-3-D1', 'refund-3-D3', 'alone'],
      ])
    expect(new URL(page.url()).search).toBe('?unfold=refunds')
    // The number leads to each time, and the closed one is none under these filters.
    await cell(page, 0, 'count').getByRole('link').click()
    await expect
      .poll(() => titles(page), PATIENT)
      .toEqual(['refund-1-D1', 'refund-2-D1', 'refund-3-D1'])
    expect(new URL(page.url()).search).toBe('?series=refunds&group=incident')
    // There it is how often it was found in all.
    expect(await cell(page, 0, 'count').innerText()).toBe('4')
    await cell(page, 0, 'count').getByRole('link').click()
    await expect.poll(() => rows(page).count(), PATIENT).toBe(4)
    await page.goBack()
    await page.goBack()
    await expect.poll(() => rows(page).count(), PATIENT).toBe(8)
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('is grouped by incident or not at all where the URL says so', async () => {
    const { page } = await browser.page()
    await page.goto(`${served.url}/findings?group=incident`)
    await expect
      .poll(() => titles(page), PATIENT)
      .toEqual(['refund-1-D1', 'refund-2-D1', 'refund-3-D1', 'alone'])
    await page.goto(`${served.url}/findings?group=none`)
    await expect.poll(() => rows(page).count(), PATIENT).toBe(7)
    await page.close()
  }, 60_000)

  it('takes all that a row stands for with one key, though it was not unfolded', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings`)
    await rows(page).first().waitFor()
    await page.keyboard.press('x')
    await page.getByText('6 findings selected').waitFor()
    expect(await rows(page).nth(0).getByRole('checkbox').isChecked()).toBe(true)
    await page.keyboard.press('x')
    await expect.poll(() => page.getByText('findings selected').count()).toBe(0)
    await page.keyboard.press('a')
    await page.getByText('6 findings selected').waitFor()
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('has every column in a wide window, and says what is not known', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings`)
    await rows(page).first().waitFor()
    const heads = page.locator('.finding-header [role=columnheader]')
    const visible = async () =>
      (await heads.filter({ visible: true }).allInnerTexts()).filter(
        (text) => text !== '' && text !== 'Selected',
      )
    expect(await visible()).toEqual([
      ...['Severity', 'Rule', 'What happened', 'Agent, from', 'Permission, resource', 'Hops'],
      ...['Evidence', 'Last seen, first', 'Count', 'Owner', 'Status'],
    ])
    expect(await cell(page, 0, 'agent').innerText()).toMatch(/worker\s+from planner/)
    expect(await cell(page, 0, 'tool').innerText()).toMatch(/refund\s+on ledger:accounts\/1/)
    expect(await cell(page, 0, 'hops').innerText()).toBe('3')
    expect(await cell(page, 1, 'hops').innerText()).toBe('unknown')
    expect(await cell(page, 1, 'tool').innerText()).toMatch(/unknown\s+resource not told/)
    expect(await cell(page, 0, 'seen').locator('time').count()).toBe(2)
    expect(await cell(page, 0, 'owner').innerText()).toBe('alice')
    // Nothing that is shown is cut to nothing, and the sentence can be read.
    const width = async (name: string) => (await cell(page, 0, name).boundingBox())?.width ?? 0
    expect(await width('title')).toBeGreaterThan(250)
    expect(await axeViolations(page)).toEqual([])
    for (const [wide, missing] of [
      [1_200, ['Hops', 'Owner']],
      [900, ['Hops', 'Owner', 'Evidence', 'Last seen, first']],
      [600, ['Agent, from', 'Permission, resource']],
    ] as const) {
      await page.setViewportSize({ width: wide, height: 700 })
      await expect
        .poll(async () => (await visible()).filter((name) => missing.some((one) => one === name)))
        .toEqual([])
      expect(await visible()).toContain('What happened')
      expect(await width('title')).toBeGreaterThan(180)
    }
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('gives all of it as a file, folded or not', async () => {
    const { page } = await browser.page()
    await page.goto(`${served.url}/findings`)
    await rows(page).first().waitFor()
    const file = async (item: string): Promise<string> => {
      await page.getByRole('button', { name: 'Copy' }).click()
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: item }).click(),
      ])
      return readFileSync(await download.path(), 'utf8')
    }
    const [head = '', first = ''] = (await file('Rows as CSV')).split('\r\n')
    for (const name of [
      ...['severity', 'rule', 'title', 'agent', 'from', 'tool', 'resource', 'hops', 'grade'],
      ...['firstSeen', 'lastSeen', 'count', 'owner', 'status', 'assignee'],
    ])
      expect(head.split(',')).toContain(name)
    expect(first).toContain('ledger:accounts/1,3,')
    const json = JSON.parse(await file('Rows as JSON')) as Record<string, unknown>[]
    expect(json).toMatchObject([
      {
        ...{ title: 'refund-1-D1', resource: 'ledger:accounts/1', hops: 3, count: 3, findings: 6 },
        ...{ firstSeen: new Date(now - 3 * HOUR).toISOString(), status: 'NEW' },
        lastSeen: new Date(now - HOUR).toISOString(),
      },
      { title: 'alone', hops: 'unknown', count: 1 },
    ])
    await page.close()
  }, 60_000)
})
