import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { haveChromium } from '../harness/chromium.ts'
import { onIncident } from './testing/on-incident.ts'

/** A small window; and a wide one at 400 % (WCAG 2.2, 1.4.10). */
const WIDTHS = [900, 320]

/** Up to here, in pixels, the page itself scrolls; in a wider window its parts do, and nothing lies below it. */
const FLOWING = 640

describe.runIf(haveChromium())('every screen fits', () => {
  const here = onIncident()

  const screens: readonly (readonly [string, () => string])[] = [
    ['findings', () => '/findings'],
    ['all findings, by incident', () => '/findings?tab=all&group=incident'],
    ['a finding', () => `/findings?finding=${here.incident.finding}`],
    ['the posture', () => '/findings?tab=posture'],
    ['the posture as a table', () => '/findings?tab=posture&trend=table'],
    ['a chain', () => `/chains/${here.incident.chain}`],
    ['a call of a chain', () => `/chains/${here.incident.chain}?select=${here.incident.action}`],
    ['a link of a chain', () => `/chains/${here.incident.chain}?select=${here.incident.leaf}`],
    ['a chain as a table', () => `/chains/${here.incident.chain}?view=table`],
    ['a chain as a picture', () => `/chains/${here.incident.chain}?view=graph`],
    ['an agent', () => '/agents/agent%3Aworker'],
    ['explore', () => '/explore'],
    ['what could be reached', () => '/explore?kind=agent&id=agent:planner'],
    ['the same as a table', () => '/explore?kind=agent&id=agent:planner&view=table'],
    ['what if', () => '/explore?kind=agent&id=agent:planner&ask=revoke'],
    ['decisions', () => '/decisions'],
    ['replay', () => '/decisions?show=replay'],
    ['cases', () => '/cases'],
    ['a new case', () => '/cases?write=yes'],
    ['no such case', () => '/cases/nothing'],
    ['suppressions', () => '/suppressions'],
    ['a new suppression', () => '/suppressions?write=yes&rule=D1&agent=agent:worker&most=4'],
    ['live', () => '/live'],
    ['signing in', () => '/sign-in?problem=expired'],
    ['no such chain', () => '/chains/nothing'],
    ['the past', () => `/findings?asOf=${new Date().toISOString()}`],
  ]

  describe.each(WIDTHS)('in %i pixels', (width) => {
    it.each(screens)('%s', async (_, path) => {
      const { page, faults } = await here.browser.page()
      await page.setViewportSize({ width, height: 640 })
      await page.goto(here.served.url + path())
      await page.locator('main').getByRole('heading').first().waitFor()
      await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0)
      await page.waitForTimeout(200)
      expect(await overflowing(page)).toEqual([])
      if (width > FLOWING) expect(await page.evaluate(below)).toBe(0)
      expect(faults.filter((fault) => !fault.includes('GL Driver Message'))).toEqual([])
      await page.close()
    })
  })
})

/** What makes the page wider than its window; the page itself comes last. */
function overflowing(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const { clientWidth, scrollWidth } = document.documentElement
    if (scrollWidth <= clientWidth) return []
    const wide = [...document.querySelectorAll('body *')].filter(
      (element) => element.getBoundingClientRect().right > clientWidth + 1,
    )
    const named = wide.map((element) => `${element.tagName}.${element.className}`)
    return [...named.slice(0, 12), `${scrollWidth} of ${clientWidth}`]
  })
}

/** How far the page can be scrolled down, in pixels: to nothing, where its parts scroll by themselves. */
function below(): number {
  const { scrollHeight, clientHeight } = document.documentElement
  return scrollHeight - clientHeight
}
