import { setTimeout as sleep } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  type Browser,
  haveChromium,
  launchChromium,
  type WatchedPage,
} from '../harness/chromium.ts'
import { longChain, sendLinks } from '../harness/long-chain.ts'
import { axeViolations } from './testing/axe.ts'
import { faultsOf } from './testing/picture.ts'
import { type Served, serve } from './testing/served.ts'

/** Four instants: nothing; hops 0, 1 and 3; all five, the fourth of which was known in a piece of its own. */
describe.runIf(haveChromium())('a chain of two instants', { timeout: 120_000 }, () => {
  let served: Served
  let browser: Browser
  let watched: WatchedPage
  let page: Page
  let chain: string
  let hashes: readonly string[]
  let nothing: string
  let torn: string
  let whole: string
  beforeAll(async () => {
    served = await serve({ incident: false })
    const links = longChain(5, served.keys.issuer)
    hashes = links.map(({ hash }) => hash)
    chain = `${served.url}/chains/${hashes[0]}`
    const send = async (...hops: readonly number[]): Promise<string> => {
      await sendLinks(
        served.collector.otlpUrl,
        links.filter((_, hop) => hops.includes(hop)),
      )
      await served.collector.settled()
      const at = new Date().toISOString()
      await sleep(20)
      return at
    }
    nothing = await send()
    torn = await send(0, 1, 3)
    whole = await send(2, 4)
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })
  beforeEach(async () => {
    watched = await browser.page()
    ;({ page } = watched)
  })
  afterEach(async () => {
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  })

  const status = (text: string | RegExp) =>
    page.locator('.chain-head').getByRole('status').filter({ hasText: text }).waitFor()
  const rowOf = (hop: number) => page.locator('.lane-row', { hasText: `hop ${hop}` })

  it('marks in the swimlane what came, and what became of the verdict of what was there', async () => {
    await page.goto(`${chain}?against=${torn}`)
    await status('2 links changed, 1 link added')
    expect(await page.locator('.as-of-banner').innerText()).toMatch(
      /You are comparing now with .*, read only/,
    )
    await expect.poll(() => rowOf(3).innerText()).toMatch(/changed/)
    expect(await rowOf(3).innerText()).toMatch(/signature: not checked[\s\S]*became[\s\S]*valid/)
    expect(await rowOf(3).innerText()).toMatch(/verdict: link above missing[\s\S]*became[\s\S]*ok/)
    // It was named by the one below it, and stood there as a gap.
    expect(await rowOf(2).innerText()).toMatch(/signature: missing link[\s\S]*became[\s\S]*valid/)
    expect(await rowOf(4).innerText()).toContain('added')
    expect(await rowOf(0).locator('.change').count()).toBe(0)
    // The inspector has it in full.
    await rowOf(3).getByRole('button').first().click()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    expect(await inspector.innerText()).toMatch(
      /What changed between the two[\s\S]*signature[\s\S]*not checked[\s\S]*valid/,
    )
    expect(page.url()).toContain(`select=${hashes[3]}`)
    expect(await axeViolations(page)).toEqual([])
  })

  it('has the same as a table, the same whichever of the two is named first', async () => {
    for (const search of [`asOf=${whole}&against=${torn}`, `asOf=${torn}&against=${whole}`]) {
      await page.goto(`${chain}?view=table&${search}`)
      const rows = page.locator('tr[data-change]')
      await rows.first().waitFor()
      const texts = (await rows.allInnerTexts()).map((text) => text.replaceAll(/\s+/g, ' '))
      expect(texts.filter((text) => text.startsWith('changed link'))).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/hop 3 signature not checked valid/),
          expect.stringMatching(/hop 3 verdict link above missing ok/),
          expect.stringMatching(/hop 2 signature missing link valid/),
        ]),
      )
      expect(texts.filter((text) => text.startsWith('added link'))).toHaveLength(1)
      expect(texts.filter((text) => text.startsWith('removed'))).toEqual([])
    }
    await page.getByRole('button', { name: /hop 4/ }).click()
    expect(page.url()).toContain(`select=${hashes[4]}`)
    expect(await axeViolations(page)).toEqual([])
  })

  it('calls all of it added where the earlier knew nothing, and nothing where nothing differs', async () => {
    await page.goto(`${chain}?against=${nothing}`)
    await status('5 links added')
    await page.goto(`${chain}?view=table&against=${whole}`)
    await page.getByText('Nothing differs between the two.').waitFor()
    await status('nothing differs')
  })

  it('is reached from the picker, kept by the URL, and left again', async () => {
    await page.goto(chain)
    await page.getByRole('button', { name: 'As of: now' }).click()
    await page.getByLabel('Known at').fill('2026-01-01T10:04:00')
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('button', { name: 'Compare with now' }).click()
    await status('5 links added')
    expect(new URL(page.url()).searchParams.get('against')).toMatch(/^2026-01-01T/)
    await page.getByText('Table', { exact: true }).click()
    await page.locator('tr[data-change]').first().waitFor()
    expect(new URL(page.url()).searchParams.get('against')).toMatch(/^2026-01-01T/)
    await page.getByRole('button', { name: 'Stop comparing' }).click()
    await page.getByRole('table', { name: 'Steps of the chain' }).waitFor()
    expect(page.url()).not.toContain('against')
    await page.goBack()
    await page.locator('tr[data-change]').first().waitFor()
    // Other screens compare nothing, and are not offered it.
    await page.goto(`${served.url}/findings?against=${torn}`)
    await page.getByRole('button', { name: 'As of: now' }).click()
    await page.getByLabel('Known at').waitFor()
    expect(await page.getByRole('button', { name: /^Compare/ }).count()).toBe(0)
    expect(await page.locator('.as-of-banner').count()).toBe(0)
  })

  it('refuses an instant to come, and never compares with now instead', async () => {
    await page.goto(`${chain}?against=2999-01-01T00:00:00Z`)
    await page.getByText('This cannot be told.').waitFor()
  })
})
