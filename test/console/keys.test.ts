import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { APP_KEYS } from '../../dashboards/console/src/app/keys.ts'
import { CASE_KEYS } from '../../dashboards/console/src/screens/cases/add/keys.ts'
import { STEP_KEYS } from '../../dashboards/console/src/screens/chain/keys.ts'
import { DECISION_KEYS } from '../../dashboards/console/src/screens/decisions/keys.ts'
import {
  FACT_KEYS,
  REACH_KEYS,
  REACH_TABLE_KEYS,
} from '../../dashboards/console/src/screens/explore/keys.ts'
import { LIST_KEYS, TRIAGE_KEYS } from '../../dashboards/console/src/screens/findings/keys.ts'
import { type KeyTable, labelOf } from '../../dashboards/console/src/shared/keys.ts'
import { haveChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { onIncident } from './testing/on-incident.ts'

describe.runIf(haveChromium())('the keys of the console', () => {
  const here = onIncident()

  const help = (page: Page) => page.getByRole('dialog', { name: 'Keys' })

  /** What the help shows: for each place the keys and what they do. */
  async function shown(page: Page): Promise<Record<string, string[]>> {
    const places: Record<string, string[]> = {}
    for (const place of await help(page).getByRole('region').all()) {
      const lines = await place.locator('.key-line').all()
      places[(await place.getAttribute('aria-label')) ?? ''] = await Promise.all(
        lines.map(async (line) => [...(await line.locator('kbd, dd').allInnerTexts())].join(' ')),
      )
    }
    return places
  }

  function listed(
    table: KeyTable,
    only: readonly string[] = Object.keys(table.actions),
  ): Record<string, string[]> {
    const lines = Object.entries(table.actions)
      .filter(([action]) => only.includes(action))
      .map(([, { keys, does }]) => [...keys.map((key) => labelOf(key, false)), does].join(' '))
    return { [table.where]: lines }
  }

  it('are listed for the screen at hand, as its handlers have them', async () => {
    const { page, faults } = await here.browser.page()
    const { chain } = here.incident
    const reach = '/explore?kind=agent&id=agent%3Aplanner'
    for (const [path, ready, own] of [
      [
        '/findings',
        '.finding-row[aria-current]',
        { ...listed(LIST_KEYS), ...listed(TRIAGE_KEYS), ...listed(CASE_KEYS) },
      ],
      ['/findings?tab=withdrawn', '.notice', {}],
      [`/chains/${chain}`, '.lane-row', { ...listed(STEP_KEYS), ...listed(CASE_KEYS) }],
      [`/chains/${chain}?view=table`, '.chain-table', listed(CASE_KEYS)],
      [`${reach}&view=picture`, '.reach-canvas canvas', listed(REACH_KEYS)],
      [
        // Where it starts leads to no way to itself.
        `${reach}&view=picture&select=agent%20agent%3Aplanner`,
        '.reach-canvas canvas',
        { ...listed(REACH_KEYS), ...listed(FACT_KEYS, ['reached']) },
      ],
      [
        `${reach}&view=table`,
        '.reach-row',
        { ...listed(REACH_KEYS, ['letGo']), ...listed(REACH_TABLE_KEYS) },
      ],
      ['/decisions', 'h1', listed(DECISION_KEYS)],
      ['/live', 'h1', {}],
    ] as const) {
      await page.goto(here.served.url + path)
      await page.locator(`main ${ready}`).first().waitFor()
      await page.keyboard.press('?')
      await help(page).waitFor()
      const all = await shown(page)
      expect(all, path).toEqual({ ...own, ...listed(APP_KEYS) })
      // One key, one meaning.
      const keys = await help(page).locator('kbd').allInnerTexts()
      expect(keys, path).toEqual([...new Set(keys)])
      const none = help(page).getByText('This screen has no keys of its own.')
      expect(await none.count(), path).toBe(Object.keys(own).length === 0 ? 1 : 0)
      await page.keyboard.press('Escape')
      await expect.poll(() => help(page).count()).toBe(0)
    }
    expect(faults.filter((fault) => !fault.includes('GL Driver Message'))).toEqual([])
    await page.close()
  }, 120_000)

  it('do nothing behind the help, and are letters in a field', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/findings?tab=mine`)
    const name = page.getByRole('textbox', { name: 'Your name' })
    await name.fill('')
    await name.pressSequentially('bob?')
    expect(await name.inputValue()).toBe('bob?')
    expect(await help(page).count()).toBe(0)
    await page.goto(`${here.served.url}/findings`)
    await page.locator('.finding-row[aria-current]').first().waitFor()
    await page.getByRole('button', { name: 'Keys' }).click()
    await help(page).waitFor()
    for (const key of ['x', 'o', '/', '?']) await page.keyboard.press(key)
    expect(new URL(page.url()).search).toBe('')
    expect(await page.getByRole('dialog').count()).toBe(1)
    await page.keyboard.press('Escape')
    expect(await page.getByRole('region', { name: 'Selected findings' }).count()).toBe(0)
    await page.keyboard.press('x')
    await page.getByRole('region', { name: 'Selected findings' }).waitFor()
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it.each(['light', 'dark'] as const)(
    'show axe nothing to complain of: %s',
    async (scheme) => {
      const { page } = await here.browser.page({ scheme })
      await page.goto(`${here.served.url}/findings`)
      await page.locator('.finding-row[aria-current]').first().waitFor()
      await page.keyboard.press('?')
      await help(page).waitFor()
      expect(await axeViolations(page)).toEqual([])
      await page.close()
    },
    60_000,
  )
})
