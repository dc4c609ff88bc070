import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { type Governed, RESOURCE, STRICT, serveGoverned } from '../harness/governed.ts'
import { axeViolations } from './testing/axe.ts'
import { buildConsole, type Served, serve } from './testing/served.ts'

const ALL = '@id("all") permit(principal, action, resource);'
const PLACE = '@id("place") forbid(principal, action, resource) when { context.env.name == "x" };'

describe.runIf(haveChromium())('decisions of policies, and the replay of others', () => {
  let governed: Governed
  let demo: Served
  let browser: Browser
  beforeAll(async () => {
    buildConsole()
    governed = await serveGoverned()
    await governed.call('deploy', { source: STRICT })
    await governed.call('drop', { source: STRICT })
    await governed.call('count', { source: STRICT })
    await governed.call('drop', { source: STRICT, mode: 'observe' })
    await governed.told()
    demo = await serve({ incident: true })
    browser = await launchChromium()
  }, 180_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await demo?.[Symbol.asyncDispose]()
    await governed?.[Symbol.asyncDispose]()
  })

  it('lists what each policy said, how long it took, and finds what erred and what was only observed', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${governed.url}/decisions`)
    const rows = page.locator('tr[data-decision]')
    await rows.first().waitFor()
    expect(await rows.count()).toBe(4)
    await page.getByText('Errored', { exact: true }).click()
    await page.getByRole('status').getByText('1 decision', { exact: true }).waitFor()
    expect(page.url()).toContain('errored=yes')
    expect(await rows.innerText()).toMatch(/denied[\s\S]*count[\s\S]*erred[\s\S]* ms/)
    await rows.getByRole('button', { name: /open the decision on count/ }).click()
    const panel = page.getByRole('complementary', { name: 'Decision' })
    await panel.getByText('overflows erred').waitFor()
    expect(await panel.innerText()).toContain('cedar/4.13.0')
    expect(await panel.innerText()).toContain(RESOURCE)
    await page.getByText('Would have been denied', { exact: true }).click()
    await page.getByRole('status').getByText('1 decision', { exact: true }).waitFor()
    expect(await rows.innerText()).toMatch(
      /allowed[\s\S]*drop[\s\S]*would have denied[\s\S]*nothing-is-dropped/,
    )
    // By the set that decided it, all of it.
    await page.getByText('All', { exact: true }).click()
    await rows.nth(3).waitFor()
    await rows
      .first()
      .getByTitle(/only decisions by it/)
      .click()
    await page.getByText(/^policy set /).waitFor()
    expect(page.url()).toContain('policy=')
    expect(await rows.count()).toBe(4)
    expect(faults).toEqual([])
    await page.close()
  })

  it('replays a pasted draft, and leads from an answer to its chain and back', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${governed.url}/decisions`)
    await page.getByText('Replay', { exact: true }).click()
    await page.getByText('Nothing was replayed yet.').waitFor()
    await page.getByLabel('Draft, in Cedar').fill(`${ALL}\n${PLACE}`)
    await page.getByRole('button', { name: 'Replay' }).click()
    const rows = page.locator('tr[data-replayed]')
    await page.getByText('context.env.name == "x"').first().waitFor()
    await page
      .getByRole('status')
      .getByText(/of 4 it is not known/)
      .waitFor()
    await page.getByLabel('Draft, in Cedar').fill(ALL)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page
      .getByRole('status')
      .getByText(/2 of 4 calls would be answered otherwise/)
      .waitFor()
    await rows.first().waitFor()
    expect(await rows.count()).toBe(2)
    expect(await rows.first().innerText()).toMatch(
      /would be allowed[\s\S]*worker[\s\S]*denied[\s\S]*all/,
    )
    await page.getByText('2 the same').click()
    await page.waitForURL(/change=same/)
    await rows.first().getByText('the same').waitFor()
    await rows.first().getByRole('link', { name: 'open' }).click()
    await page.getByRole('heading', { name: /alice/ }).waitFor()
    await page.goBack()
    // What was being written is still there.
    await page.getByLabel('Draft, in Cedar').waitFor()
    expect(await page.getByLabel('Draft, in Cedar').inputValue()).toBe(ALL)
    expect(faults).toEqual([])
    await page.close()
  })

  it('shows that a policy would have denied the incident of the demo', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${demo.url}/decisions?show=replay`)
    await page.getByRole('button', { name: 'Replay' }).click()
    const rows = page.locator('tr[data-replayed]')
    await rows.first().waitFor()
    const ridden = rows.filter({ hasText: 'no-borrowed-approval' })
    expect(await ridden.innerText()).toMatch(
      /would be denied[\s\S]*worker[\s\S]*deploy[\s\S]*allowed/,
    )
    expect(faults).toEqual([])
    await page.close()
  })

  it('leads to the place of a slip, and compares two texts policy by policy', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${governed.url}/decisions?show=replay`)
    const draft = page.getByLabel('Draft, in Cedar')
    await draft.fill(`${ALL}\n\npermit(principal, action, resource) wen { true };`)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('The policies cannot be used.').waitFor()
    await page.getByRole('button', { name: 'line 3, column 37' }).click()
    const selected = await draft.evaluate((field) => {
      const { value, selectionStart } = field as HTMLTextAreaElement
      return value.slice(selectionStart, selectionStart + 3)
    })
    expect(selected).toBe('wen')
    await draft.fill(ALL)
    await page.getByLabel(/Compare with other policies/).click()
    await page.getByLabel('Policies to compare with').fill(STRICT)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByRole('heading', { name: '2 policies differ' }).waitFor()
    await page.getByText('removed').first().click()
    await page.getByText('#drop"').last().waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it.each(['light', 'dark'] as const)('violates nothing of WCAG A and AA in %s', async (scheme) => {
    const { page, faults } = await browser.page({ scheme })
    await page.goto(`${governed.url}/decisions?errored=yes`)
    await page.locator('tr[data-decision]').first().waitFor()
    await page.keyboard.press('j')
    await page.getByText('What the policy said').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.goto(`${governed.url}/decisions?show=replay`)
    await page.getByLabel('Draft, in Cedar').fill(`${ALL}\n${PLACE}`)
    await page.getByLabel(/Compare with other policies/).click()
    await page.getByLabel('Policies to compare with').fill(STRICT)
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.locator('tr[data-replayed]').first().waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByLabel('Draft, in Cedar').fill('permit')
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.getByText('The policies cannot be used.').waitFor()
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  })
})
