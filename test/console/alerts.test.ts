import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { startStub } from '../../collector/src/alerts/testing/stub.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

describe.runIf(haveChromium())('the log of alerts', () => {
  const cleanup = new AsyncDisposableStack()
  let served: Served
  let browser: Browser
  let lake: string
  beforeAll(async () => {
    const folder = cleanup.use(temporaryFolder())
    const stub = cleanup.use(await startStub<object>())
    mkdirSync(folder.path, { recursive: true })
    lake = join(folder.path, 'lake.ndjson')
    const common = { match: {}, groupBy: 'fingerprint' } as const
    served = cleanup.use(
      await serve({
        incident: true,
        config: {
          channels: [
            { ...common, name: 'siem', kind: 'ocsf', file: lake, proof: 'hash' },
            { ...common, name: 'logs', kind: 'otlp', url: `${stub.url}/v1/logs` },
            { ...common, name: 'gone', kind: 'otlp', url: 'http://127.0.0.1:1/v1/logs' },
          ],
        },
      }),
    )
    browser = cleanup.use(await launchChromium())
    await vi.waitFor(() => expect(stub.requests.length).toBeGreaterThan(0), 20_000)
  }, 120_000)
  afterAll(() => cleanup.disposeAsync())

  it('says which channels work, what each was told, and leads to the finding', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/alerts`)
    const channel = (name: string) => page.locator(`tr[data-channel="${name}"]`)
    await channel('siem').getByText('works').waitFor()
    await page.getByText('Look again').click()
    expect(await channel('gone').innerText()).toMatch(/does not take what it is owed/)
    const rows = page.locator('tr[data-delivery]')
    await page.getByText('Delivered', { exact: true }).click()
    await page.locator('tr[data-delivery="DELIVERED"]').first().waitFor()
    expect(page.url()).toContain('outcome=delivered')
    const told = readFileSync(lake, 'utf8').trim().split('\n')
    expect(await rows.filter({ hasText: 'siem' }).count()).toBe(told.length)
    expect(await rows.filter({ hasText: 'gone' }).count()).toBe(0)
    await page.locator('.alerts-deliveries').getByText('Owed', { exact: true }).click()
    await page.locator('tr[data-delivery="OWED"]').first().waitFor()
    expect(await rows.first().innerText()).toMatch(/gone[\s\S]*(opened|updated)/)
    await rows.filter({ hasText: /D1 / }).first().getByRole('link').click()
    await page.getByText('Whose yes it was').waitFor()
    await page.goBack()
    await rows.first().waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('sends a test and says what became of it', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/alerts`)
    const before = readFileSync(lake, 'utf8').trim().split('\n').length
    const test = (name: string) =>
      page.locator(`tr[data-channel="${name}"]`).getByRole('button', { name: 'Send a test' })
    await test('siem').click()
    await page.getByText('siem took a test finding and its withdrawal').waitFor()
    const lines = readFileSync(lake, 'utf8').trim().split('\n')
    expect(lines).toHaveLength(before + 2)
    expect(lines.at(-2)).toContain('test of the channel siem: nothing happened')
    await test('gone').click()
    await page
      .getByRole('alert')
      .getByText(/gone did not take the test finding/)
      .waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it.each(['light', 'dark'] as const)('can be read by everybody, in %s', async (scheme) => {
    const { page } = await browser.page({ scheme })
    await page.goto(`${served.url}/alerts`)
    await page.locator('tr[data-delivery]').first().waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.close()
  })
})
