import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { faultsOf } from './testing/picture.ts'
import { type Incident, incidentOf, type Served, serve } from './testing/served.ts'

const PATIENCE = 20_000

describe.runIf(haveChromium())('looking at the past', () => {
  let served: Served
  let incident: Incident
  let before: string
  let after: string
  let browser: Browser
  beforeAll(async () => {
    before = new Date(Date.now() - 3_600_000).toISOString()
    served = await serve({ incident: true })
    incident = await incidentOf(served)
    after = new Date().toISOString()
    // Once more, so that now has more than then.
    await served.play()
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('shows on each screen what was known by then, and nothing of now', async () => {
    const watched = await browser.page()
    const { page } = watched
    const main = page.locator('main')
    for (const [path, at, text] of [
      ['/findings', before, 'Nothing to act on.'],
      [`/findings?finding=${incident.finding}`, before, 'finding'],
      [`/chains/${incident.chain}`, before, 'No such chain.'],
      ['/agents/agent%3Aworker', before, 'No such agent.'],
      ['/explore?kind=agent&id=agent%3Aworker', before, 'No agent of this id is known.'],
      ['/explore', before, 'No agent is known.'],
      ['/live', before, 'The stream as of an instant cannot be shown.'],
      ['/decisions', before, 'The log of decisions as of an instant cannot be shown.'],
      [`/findings?finding=${incident.finding}`, after, 'Whose yes it was'],
      [`/chains/${incident.chain}`, after, 'worker called deploy'],
      ['/agents/agent%3Aworker', after, '1 inherited'],
      ['/explore?kind=agent&id=agent%3Aworker', after, 'Whoever holds worker reaches'],
    ] as const) {
      await page.goto(`${served.url}${path}${path.includes('?') ? '&' : '?'}asOf=${at}`)
      await expect
        .poll(() => main.innerText(), { message: `${path} ${at}`, timeout: PATIENCE })
        .toContain(text)
      expect(await page.locator('.as-of-banner').innerText()).toContain('read only')
    }
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  }, 120_000)

  it('counts the calls of then, and stays then wherever a link leads', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/agents/agent%3Aworker?asOf=${after}`)
    await page.getByRole('heading', { name: '3 calls' }).waitFor()
    await page.getByRole('link', { name: 'What could it reach?' }).click()
    await page.getByText(/^Whoever holds worker reaches/).waitFor()
    expect(new URL(page.url()).searchParams.get('asOf')).toBe(after)
    expect(await page.getByRole('link', { name: 'Live' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Findings' }).click()
    await page
      .getByRole('button', { name: /worker did deploy/ })
      .first()
      .waitFor()
    expect(new URL(page.url()).searchParams.get('asOf')).toBe(after)
    await page.goBack()
    await page.goBack()
    await page.locator('.as-of-banner').getByRole('button', { name: 'Back to now' }).click()
    await page.getByRole('heading', { name: '6 calls' }).waitFor()
    expect(await page.locator('.as-of-banner').count()).toBe(0)
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  })

  it('is chosen in the header, and says of what nobody knows yet', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/findings`)
    await page.getByRole('button', { name: 'As of: now' }).click()
    const field = page.getByLabel('Known at')
    await field.fill('2999-01-01T00:00:00')
    await page.getByText('Nobody knows that yet.').waitFor()
    await field.fill('2026-01-01T10:04:00')
    expect(await axeViolations(page)).toEqual([])
    await field.press('Enter')
    await page.getByText('You are looking at 1 Jan 10:04:00').waitFor()
    expect(page.url()).toContain('asOf=2026-01-01T10%3A04%3A00.000Z')
    await page.getByText('Nothing to act on.').waitFor()
    expect(await axeViolations(page)).toEqual([])
    // An instant to come in a URL is refused, and not answered with now.
    await page.goto(`${served.url}/agents/agent%3Aworker?asOf=2999-01-01T00:00:00Z`)
    await page.getByText('This cannot be told.').waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it.each(['light', 'dark'] as const)('violates nothing of WCAG A and AA in %s', async (scheme) => {
    const { page } = await browser.page({ scheme })
    for (const path of [`/chains/${incident.chain}`, '/live', '/agents/agent%3Aworker']) {
      await page.goto(`${served.url}${path}?asOf=${after}`)
      await page.locator('.as-of-banner').waitFor()
      await expect.poll(() => page.getByText(/^Loading/).count(), { timeout: PATIENCE }).toBe(0)
      expect(await axeViolations(page)).toEqual([])
    }
    await page.close()
  })
})
