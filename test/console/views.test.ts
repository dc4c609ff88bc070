import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { VIEWS } from '../../dashboards/console/src/app/views/views.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

describe.runIf(haveChromium())('saved views', () => {
  let served: Served
  let browser: Browser
  beforeAll(async () => {
    served = await serve({ incident: true })
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('are listed in the inbox by folder, and each is answered', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings`)
    for (const { name, screen, search } of VIEWS) {
      await page.goto(`${served.url}/findings?tab=withdrawn`)
      await page.getByRole('button', { name: 'Saved views' }).click()
      await page.getByRole('menuitem', { name }).click()
      await expect.poll(() => new URL(page.url()).pathname, { message: name }).toBe(screen)
      const params = new URL(page.url()).searchParams
      const state = Object.fromEntries(
        Object.entries(search).map(([key, value]) => [
          key,
          Array.isArray(value) ? params.getAll(key) : params.get(key),
        ]),
      )
      expect(state, name).toEqual(search)
      if (screen !== '/findings') continue
      await page.getByRole('button', { name: `Saved view: ${name}` }).waitFor()
      await expect.poll(() => page.getByText(/^Loading/).count(), { timeout: 10_000 }).toBe(0)
      expect(await page.getByRole('alert').count(), name).toBe(0)
    }
    expect(faults).toEqual([])
    await page.close()
  }, 180_000)

  it('of a time before now move with the time, and stand still while somebody reads', async () => {
    const { page, faults } = await browser.page()
    const windows: string[] = []
    page.on('request', (request) => {
      const after = /"raisedAfter":"([^"]+)"/.exec(request.postData() ?? '')?.[1]
      if (request.postData()?.includes('query FindingGroups') && after !== undefined)
        windows.push(after)
    })
    await page.clock.install({ time: new Date('2030-01-02T10:00:30Z') })
    await page.goto(`${served.url}/findings?tab=all&after=24h`)
    await page.getByText('No finding fits these filters.').waitFor()
    await page.clock.setSystemTime(new Date('2030-01-03T11:00:00Z'))
    await page.getByRole('button', { name: 'Remove learned: in the last 24 hours' }).click()
    await page
      .getByRole('button', { name: /^worker did deploy/ })
      .first()
      .click()
    await page.getByText('Whose yes it was').waitFor()
    await page.getByRole('button', { name: 'Saved views' }).click()
    await page.getByRole('menuitem', { name: 'Learned in the last 24 hours' }).click()
    await page.getByText('No finding fits these filters.').waitFor()
    expect([...new Set(windows)]).toEqual(['2030-01-01T10:00:00.000Z', '2030-01-02T11:00:00.000Z'])
    expect(faults).toEqual([])
    await page.close()
  }, 60_000)

  it.each(['light', 'dark'] as const)(
    'show axe nothing to complain of: %s',
    async (scheme) => {
      const { page } = await browser.page({ scheme })
      await page.goto(`${served.url}/findings?wakes=yes&order=severity`)
      await page.getByRole('button', { name: 'Saved view: What wakes somebody' }).click()
      await page.getByRole('menu').waitFor()
      await page.waitForTimeout(300)
      expect(await axeViolations(page)).toEqual([])
      await page.close()
    },
    60_000,
  )
})
