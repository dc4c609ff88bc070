import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Incident, incidentOf, type Served, serve } from './testing/served.ts'

describe.runIf(haveChromium())('the inspector of a chain', () => {
  let served: Served
  let incident: Incident
  let browser: Browser
  beforeAll(async () => {
    served = await serve({
      incident: true,
      config: {
        traceLinks: [
          { name: 'Jaeger', url: 'https://jaeger.example.com/trace/{traceId}?uiFind={spanId}' },
        ],
      },
    })
    incident = await incidentOf(served)
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('leads to the span in another tool, which learns nothing of this page', async () => {
    const { page, faults } = await browser.page()
    const [traceId, spanId] = incident.action.split('-')
    const url = `https://jaeger.example.com/trace/${traceId}?uiFind=${spanId}`
    for (const path of [
      `/chains/${incident.chain}?select=${incident.action}`,
      `/findings?finding=${incident.finding}`,
    ]) {
      await page.goto(served.url + path)
      const link = page.getByRole('link', { name: /Jaeger/ })
      await link.waitFor()
      expect(await link.getAttribute('href')).toBe(url)
      expect(await link.getAttribute('rel')).toBe('noopener noreferrer')
      expect(await link.getAttribute('target')).toBe('_blank')
    }
    expect(faults).toEqual([])
    await page.close()
  })

  it('has what the API told as it told it, to read and to save', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/chains/${incident.chain}?select=${incident.action}`)
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText('Raw JSON').click()
    const shown = JSON.parse(await inspector.locator('.raw-json pre').innerText()) as object
    expect(shown).toMatchObject({ id: incident.action, why: { kind: 'NONE' } })
    expect(await axeViolations(page)).toEqual([])
    const saved = page.waitForEvent('download')
    await inspector.getByRole('button', { name: 'Save it' }).click()
    expect(JSON.parse(readFileSync(await (await saved).path(), 'utf8'))).toEqual(shown)
    expect(faults).toEqual([])
    await page.close()
  })
})
