import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { faultsOf } from './testing/picture.ts'
import { type Incident, incidentOf, type Served, serve } from './testing/served.ts'

const PATIENCE = 20_000

describe.runIf(haveChromium())('looking at the past', { timeout: 120_000 }, () => {
  let served: Served
  let incident: Incident
  let before: string
  let after: string
  let browser: Browser
  beforeAll(async () => {
    before = new Date(Date.now() - 3_600_000).toISOString()
    served = await serve({ incident: true })
    incident = await incidentOf(served)
    const { suppress } = await served.ask<{ suppress: { id: string } }>(
      `mutation { suppress(input: { matcher: { agent: ["agent:nobody"] }, reason: "a test", until: "${new Date(Date.now() + 86_400_000).toISOString()}" }) { ... on Suppression { id } } }`,
    )
    after = new Date().toISOString()
    // Once more, so that now has more than then; and what was active then is not any more.
    await served.play()
    await served.ask(`mutation { endSuppression(input: { id: "${suppress.id}" }) { __typename } }`)
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
      ['/live', before, 'No finding had changed by then.'],
      ['/decisions', before, 'No decision had arrived by then.'],
      ['/suppressions', before, 'Nothing is suppressed.'],
      ['/alerts', before, 'No alert was sent yet.'],
      [`/findings?finding=${incident.finding}`, after, 'Whose yes it was'],
      [`/chains/${incident.chain}`, after, 'worker called deploy'],
      ['/agents/agent%3Aworker', after, '1 inherited'],
      ['/explore?kind=agent&id=agent%3Aworker', after, 'Whoever holds worker reaches'],
      ['/live', after, 'worker did deploy'],
      ['/suppressions', after, 'agent: agent:nobody'],
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

  it('offers nothing that writes, on any screen, and no key does', async () => {
    const watched = await browser.page()
    const { page } = watched
    const main = page.locator('main')
    const writing = page.getByRole('button', {
      name: /^(Acknowledge|In progress|Assign|Close …|Accept|Reopen|Comment|New suppression|End …|Suppress)/,
    })
    const sent: string[] = []
    page.on('request', (request) => {
      if (request.postData()?.includes('mutation') === true) sent.push(request.url())
    })
    const paths = [
      [`/findings?finding=${incident.finding}`, 'Whose yes it was'],
      [`/chains/${incident.chain}?select=${incident.action}`, 'worker called deploy'],
      ['/agents/agent%3Aworker', '1 inherited'],
      ['/explore?kind=agent&id=agent%3Aworker', 'Whoever holds worker reaches'],
      [`/explore?kind=link&id=${incident.leaf}&ask=revoke`, 'would have lost its permission'],
      ['/live', 'worker did deploy'],
      ['/decisions', 'No decision had arrived by then.'],
      ['/suppressions', 'agent: agent:nobody'],
      ['/suppressions?write=yes', 'agent: agent:nobody'],
    ] as const
    for (const [path, text] of paths) {
      await page.goto(`${served.url}${path}${path.includes('?') ? '&' : '?'}asOf=${after}`)
      await expect
        .poll(() => main.innerText(), { message: path, timeout: PATIENCE })
        .toContain(text)
      expect(await writing.allInnerTexts(), path).toEqual([])
      for (const key of ['j', 'x', 'a', 's', 'e', 'c']) await page.keyboard.press(key)
      expect(await writing.allInnerTexts(), `${path} after keys`).toEqual([])
    }
    expect(sent).toEqual([])
    // The same screens offer it now, so it is the instant that takes it away.
    for (const path of [`/findings?finding=${incident.finding}`, '/suppressions']) {
      await page.goto(`${served.url}${path}`)
      await writing.first().waitFor()
    }
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  }, 120_000)

  it('lists the changes of then, and shows each finding of then', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/live?asOf=${after}`)
    const rows = page.locator('tr[data-cursor]')
    await rows.first().waitFor()
    const then = await rows.count()
    await page.getByRole('status').getByText(`${then} changes by then`, { exact: true }).waitFor()
    const { findingEvents } = await served.ask<{
      findingEvents: { totalCount: { value: number } }
    }>('{ findingEvents { ... on FindingEventConnection { totalCount { value } } } }')
    expect(findingEvents.totalCount.value).toBeGreaterThan(then)
    await page.getByRole('switch', { name: 'Only what wakes somebody' }).click()
    await expect.poll(() => rows.count()).toBeLessThan(then)
    await rows
      .getByRole('link', { name: /worker did deploy/ })
      .first()
      .click()
    await page.getByText('Whose yes it was').waitFor()
    expect(new URL(page.url()).searchParams.get('asOf')).toBe(after)
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  })

  it('shows a suppression of then as it stood then', async () => {
    const watched = await browser.page()
    const { page } = watched
    const rows = page.locator('tr[data-suppression]')
    await page.goto(`${served.url}/suppressions?asOf=${after}`)
    await rows.first().waitFor()
    expect(await rows.innerText()).toMatch(/^\s*active/)
    await page.locator('.as-of-banner').getByRole('button', { name: 'Back to now' }).click()
    await page.getByText('Nothing is suppressed.').waitFor()
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  })

  it('counts the calls of then, and stays then wherever a link leads', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/agents/agent%3Aworker?asOf=${after}`)
    await page.getByRole('heading', { name: '3 calls' }).waitFor()
    await page.getByRole('link', { name: 'What could it reach?' }).click()
    await page.getByText(/^Whoever holds worker reaches/).waitFor()
    expect(new URL(page.url()).searchParams.get('asOf')).toBe(after)
    await page.getByRole('link', { name: 'Live' }).click()
    await page.locator('tr[data-cursor]').first().waitFor()
    expect(new URL(page.url()).searchParams.get('asOf')).toBe(after)
    await page.getByRole('link', { name: 'Findings' }).click()
    await page
      .getByRole('button', { name: /^worker did deploy/ })
      .first()
      .waitFor()
    expect(new URL(page.url()).searchParams.get('asOf')).toBe(after)
    for (let back = 0; back < 3; back++) await page.goBack()
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
    for (const path of [
      `/chains/${incident.chain}`,
      ...['/live', '/agents/agent%3Aworker', '/suppressions', '/decisions'],
    ]) {
      await page.goto(`${served.url}${path}?asOf=${after}`)
      await page.locator('.as-of-banner').waitFor()
      await expect.poll(() => page.getByText(/^Loading/).count(), { timeout: PATIENCE }).toBe(0)
      expect(await axeViolations(page)).toEqual([])
    }
    await page.close()
  })
})
