import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GRAPHIQL } from '../../collector/src/api/graphiql.ts'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { type Served, serve } from './testing/served.ts'

describe.runIf(haveChromium())('GraphiQL', () => {
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

  it('asks the API and knows its types, with nothing from elsewhere', async () => {
    const { page, faults } = await browser.page()
    const query =
      '{ findings(first: 1, orderBy: { field: URGENCY }) { ... on FindingConnection { nodes { rule } } } }'
    await page.goto(`${served.url}${GRAPHIQL}?query=${encodeURIComponent(query)}`)
    await page.getByRole('button', { name: /^Execute query/ }).click()
    await page.getByText('"D1"').waitFor({ timeout: 20_000 })
    await page.getByRole('button', { name: 'Show Documentation Explorer' }).click()
    await page.getByText('FindingsResult').first().waitFor({ timeout: 20_000 })
    expect(faults).toEqual([])
  }, 120_000)
})
