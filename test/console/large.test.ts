import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finding } from '../../collector/src/api/test-graph.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { longChain, sendLinks, WIDENED_AT } from '../harness/long-chain.ts'
import { type Served, serve } from './testing/served.ts'

const HOPS = 500
const FINDINGS = 100_000
/** Milliseconds without an answer to a key, on two cores that do other work as well. */
const LONGEST = 3_000

describe.runIf(haveChromium())('the console on much of everything', () => {
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

  it(`stays usable with a chain of ${HOPS} hops`, async () => {
    const links = longChain(HOPS, served.keys.issuer)
    for (let at = 0; at < HOPS; at += 100) {
      await sendLinks(served.collector.otlpUrl, links.slice(at, at + 100))
    }
    await served.collector.settled()
    const { page, faults } = await browser.page()
    const chain = `${served.url}/chains/${links.at(-1)?.hash}`
    await page.goto(chain)
    await page.locator('.chain-sentence').waitFor()
    expect(await page.locator('.chain-sentence').innerText()).toContain(`${HOPS} hops`)
    // Runs of equal scope are one row, and a long way through them is not needed to see that.
    const collapsed = await page.locator('.lane-row').count()
    expect(collapsed).toBeLessThan(30)
    const gaps = await longestGap(page, async () => {
      await page.goto(`${chain}?view=table`)
      await page.locator('.chain-table-row.is-item').first().waitFor()
      await page.goto(`${chain}?select=${links[WIDENED_AT]?.hash}`)
      await page.locator('.lane-row.is-selected').waitFor()
    })
    expect(await page.locator('.lane-row.is-selected').innerText()).toContain(`hop ${WIDENED_AT}`)
    expect(await page.locator('.lane-row.is-selected').isVisible()).toBe(true)
    for (let i = 0; i < 30; i += 1) await page.keyboard.press('j')
    await page.locator(`.lane-row.is-selected`).waitFor()
    expect(await page.locator('.lane-row').count()).toBeLessThan(60)
    expect(gaps).toBeLessThan(LONGEST)
    expect(faults).toEqual([])
    await page.close()
  }, 120_000)

  it(`scrolls through ${FINDINGS.toLocaleString('en-GB')} findings with a handful of rows in the page`, async () => {
    const { store } = served.collector
    const start = Date.now()
    for (let at = 0; at < FINDINGS; at += 5_000) {
      const nodes = Array.from({ length: 5_000 }, (_, i) => {
        const n = at + i
        return finding(`f${n}`, {
          title: `finding ${n}`,
          raisedAt: start + n,
          incident: `incident-${Math.floor(n / 2)}`,
          // One that goes on and on, and others that came back twice.
          series: n % 10 === 0 ? 'endless' : `series-${n % 30_000}`,
          severity: (n % 5) + 1,
          body: {
            facts: [],
            hops: [],
            severityReasons: [],
            timeline: [],
            grade: 'proven',
            registryVersion: '1',
          },
        })
      })
      await store.write({ nodes, edges: [] })
    }
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings?group=none`)
    const newest = `finding ${FINDINGS - 1}`
    await page.getByText(newest, { exact: true }).waitFor()
    expect(await page.locator('.finding-row').count()).toBeLessThan(60)
    const scroller = page.locator('.finding-scroll')
    const gap = await longestGap(page, async () => {
      for (let i = 0; i < 25; i += 1) {
        await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight))
        await page.waitForTimeout(120)
      }
    })
    const deepest = await page.locator('.finding-row').last().getAttribute('aria-rowindex')
    expect(Number(deepest)).toBeGreaterThan(2_000)
    expect(await page.locator('.finding-row').count()).toBeLessThan(80)
    expect(gap).toBeLessThan(LONGEST)
    await page.keyboard.press('Home')
    await page.getByText(newest, { exact: true }).waitFor()
    expect(faults).toEqual([])
    await page.close()
  }, 180_000)

  it(`groups ${FINDINGS.toLocaleString('en-GB')} findings whole, wherever they lie, page by page`, async () => {
    const { page, faults } = await browser.page()
    const started = performance.now()
    await page.goto(`${served.url}/findings`)
    const rows = page.locator('.finding-scroll [role=row]')
    await rows.first().waitFor()
    expect(performance.now() - started).toBeLessThan(10_000)
    const endless = page.getByRole('button', { name: '10,000 findings of one group' })
    // It goes on until now, though most of it lies far behind the first page.
    await rows.filter({ has: endless }).waitFor()
    expect(
      await rows
        .filter({ has: endless })
        .getByRole('link', { name: /occurrences/ })
        .innerText(),
    ).toBe('10,000')
    expect(await rows.filter({ has: endless }).getByRole('checkbox').isDisabled()).toBe(true)
    await endless.click()
    await page.getByText('the first 200 are below').waitFor()
    const scroller = page.locator('.finding-scroll')
    const gap = await longestGap(page, async () => {
      for (let i = 0; i < 12; i += 1) {
        await scroller.evaluate((element) => element.scrollTo(0, element.scrollHeight))
        await page.waitForTimeout(400)
      }
    })
    const deepest = await page.locator('.finding-row').last().getAttribute('aria-rowindex')
    expect(Number(deepest)).toBeGreaterThan(700)
    expect(gap).toBeLessThan(LONGEST)
    expect(faults).toEqual([])
    await page.close()

    // All pages together are all findings, each in one group.
    let [after, findings, groups]: [string | null, number, number] = [null, 0, 0]
    const keys = new Set<string>()
    do {
      const { findingGroups }: { findingGroups: Groups } = await served.ask(
        `{ findingGroups(by: SERIES, first: 200${after === null ? '' : `, after: "${after}"`}) {
          ... on FindingGroupConnection { nodes { key findings } pageInfo { hasNextPage endCursor } } } }`,
      )
      for (const { key, findings: own } of findingGroups.nodes) {
        keys.add(key)
        findings += own
      }
      groups += findingGroups.nodes.length
      after = findingGroups.pageInfo.hasNextPage ? findingGroups.pageInfo.endCursor : null
    } while (after !== null && groups < 2_000)
    expect(keys.size).toBe(groups)
    expect(findings).toBeGreaterThan(10_000 + 3 * (groups - 2))
  }, 180_000)
})

interface Groups {
  readonly nodes: readonly { readonly key: string; readonly findings: number }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
}

/** The longest time, in milliseconds, in which the page did nothing else while something was done with it. */
async function longestGap(page: Page, act: () => Promise<void>): Promise<number> {
  const observe = (): void => {
    const seen = window as unknown as { longest: number }
    seen.longest = 0
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration)
    }).observe({ type: 'longtask', buffered: true })
  }
  await page.evaluate(observe)
  await page.addInitScript(observe)
  await act()
  return page.evaluate(() => (window as unknown as { longest: number }).longest)
}
