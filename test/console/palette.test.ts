import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { VIEWS } from '../../dashboards/console/src/app/views/views.ts'
import { haveChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { onIncident } from './testing/on-incident.ts'

describe.runIf(haveChromium())('the palette', () => {
  const here = onIncident()

  const box = (page: Page) => page.getByRole('dialog', { name: 'Find' })
  const option = (page: Page) => box(page).getByRole('option')
  const taken = (page: Page) => box(page).locator('[data-combobox-selected]')

  async function openOn(page: Page, path = '/decisions'): Promise<void> {
    await page.goto(here.served.url + path)
    await page.getByRole('heading', { level: 1 }).waitFor()
    await page.keyboard.press('Control+k')
    await box(page).waitFor()
  }

  it('leads to whatever has a name or an id, by the keyboard alone', async () => {
    const { page, faults } = await here.browser.page()
    const { leaf, chain, action, finding } = here.incident
    for (const [text, name, path] of [
      ['work', 'worker', '/agents/agent%3Aworker'],
      ['alice', 'alice', '/explore?kind=principal&id=person%3Aalice'],
      ['#deploy', 'deploy', '/findings?tab=all&tool='],
      ['did deploy', /on an approval that alice gave/, `/findings?tab=all&finding=${finding}`],
      ['d1 approved', 'D1 approved-action-inheritance', '/findings?rule=D1'],
      ['suppressions scr', 'Suppressions', '/suppressions'],
      ['untriaged', 'Untriaged, oldest first', '/findings?triage=NEW&order=raised&direction=asc'],
      ['although', 'Allowed although the chain is not ok', '/decisions?answer=allow&chain=not-ok'],
      [leaf, 'link of worker', `/chains/${chain}?select=${leaf}`],
      [action.slice(0, 32), /by worker/, `/chains/${chain}?select=`],
    ] as const) {
      await openOn(page)
      await page.keyboard.type(text)
      const wanted = option(page)
        .filter({ has: page.getByText(name, { exact: true }) })
        .first()
      await wanted.waitFor()
      for (let i = 0; i < 20 && !(await isTaken(wanted)); i += 1) {
        await page.keyboard.press('ArrowDown')
      }
      // What Enter takes is what a screen reader is told.
      const id = await wanted.getAttribute('id')
      expect(await box(page).getByRole('combobox').getAttribute('aria-activedescendant')).toBe(id)
      await page.keyboard.press('Enter')
      await expect.poll(() => page.url(), { message: text }).toContain(path)
      expect(await box(page).count()).toBe(0)
    }
    expect(faults).toEqual([])
    await page.close()
  }, 120_000)

  it('asks a question that is kept about what was found, or leads to where it is asked', async () => {
    const { page, faults } = await here.browser.page()
    for (const [text, name, path] of [
      ['worker', 'Who could reach worker?', '/explore?kind=agent&id=agent%3Aworker&ask=reached'],
      ['worker', 'Who used what was given to worker?', '/findings?tab=all&from=agent%3Aworker'],
      ['#deploy', 'Who could use deploy?', '/explore?kind=tool&id='],
      ['who could use', 'Who could use …?', '/explore'],
    ] as const) {
      await openOn(page)
      await page.keyboard.type(text)
      await option(page)
        .filter({ has: page.getByText(name, { exact: true }) })
        .click()
      await expect.poll(() => page.url(), { message: name }).toContain(path)
    }
    expect(faults).toEqual([])
    await page.close()
  }, 120_000)

  it('opens by the slash and by its button, gives the focus back, and keeps keys from the screen', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/findings`)
    await page.getByRole('button', { name: /^worker did deploy/ }).focus()
    await page.keyboard.press('/')
    await expect.poll(() => option(page).allInnerTexts()).toHaveLength(7 + VIEWS.length)
    await page.keyboard.press('Escape')
    await expect.poll(() => box(page).count()).toBe(0)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toMatch(/did deploy/)
    await page.getByRole('button', { name: /Find an agent/ }).click()
    await page.keyboard.type('xa')
    await page.keyboard.press('Control+k')
    await expect.poll(() => box(page).count()).toBe(0)
    expect(await page.getByRole('region', { name: 'Selected findings' }).count()).toBe(0)
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it('takes Enter before there is an answer for what it will be', async () => {
    const { page } = await here.browser.page()
    await openOn(page)
    await page.keyboard.insertText(here.incident.chain)
    await page.keyboard.press('Enter')
    await expect.poll(() => page.url()).toContain(`/chains/${here.incident.chain}?select=`)
    await page.close()
  }, 60_000)

  it('says that it looks, that there is nothing, and that it failed', async () => {
    const { page, faults } = await here.browser.page()
    const says = (text: RegExp | string) => box(page).getByRole('status').getByText(text).waitFor()
    const answer = Promise.withResolvers<void>()
    await openOn(page)
    await page.route('**/graphql', async (route) => {
      if (route.request().postData()?.includes('query Search') === true) await answer.promise
      await route.continue()
    })
    await says('Arrows move')
    await page.keyboard.type('q')
    await says('Write a little more.')
    await page.keyboard.type('qq')
    await says('Looking')
    answer.resolve()
    await says('Nothing here has this in its name')
    expect(await option(page).count()).toBe(0)
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.unroute('**/graphql')
    await page.route('**/graphql', (route) => route.abort())
    await page.keyboard.type('q')
    await says('It could not be looked for')
    await page.close()
  }, 60_000)

  it.each(['light', 'dark'] as const)(
    'shows axe nothing to complain of: %s',
    async (scheme) => {
      const { page } = await here.browser.page({ scheme })
      await openOn(page, '/findings')
      expect(await axeViolations(page)).toEqual([])
      await page.keyboard.type('deploy')
      await option(page).nth(1).waitFor()
      await page.keyboard.press('ArrowDown')
      expect(await taken(page).count()).toBe(1)
      expect(await axeViolations(page)).toEqual([])
      await page.close()
    },
    60_000,
  )
})

async function isTaken(option: ReturnType<Page['locator']>): Promise<boolean> {
  return (await option.getAttribute('data-combobox-selected')) !== null
}
