import { join } from 'node:path'
import { play, prepare } from '@delegraph/example-approval-riding'
import type { Page } from 'playwright-core'
import { describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { startCollectorProcess } from '../harness/collector-process.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { axeViolations } from './testing/axe.ts'
import { buildConsole, serve } from './testing/served.ts'

describe.runIf(haveChromium())('the live screen', () => {
  it('loses no change and shows none twice while the collector is killed and comes back', async () => {
    buildConsole()
    using folder = temporaryFolder()
    const prepared = await prepare(join(folder.path, 'demo'))
    const flags = [
      '--data',
      folder.path,
      '--trust',
      prepared.trust,
      '--registry',
      prepared.registry,
    ]
    let collector = await startCollectorProcess(flags)
    const { port } = new URL(collector.graphql)
    const browser: Browser = await launchChromium()
    try {
      const { page, faults } = await browser.page()
      await page.goto(new URL('/live', collector.graphql).href)
      await page.getByText('live', { exact: true }).waitFor()
      await play(prepared, collector.otlp)
      await expect.poll(() => cursorsOn(page), { timeout: 20_000 }).not.toHaveLength(0)

      await collector.kill()
      await page.getByText('reconnecting; what was missed will come').waitFor()
      // It comes back on another OTLP port and the same API port, and learns more before anybody watches again.
      collector = await startCollectorProcess([...flags, '--api-port', port])
      await play(prepared, collector.otlp)
      await page.getByText('live', { exact: true }).waitFor({ timeout: 30_000 })
      const all = await everyCursor(collector.graphql)
      await expect.poll(() => cursorsOn(page), { timeout: 20_000 }).toEqual(all.toReversed())
      // That a request failed while nobody listened, or while what listens had not read its journal yet, is the
      // browser's own note; anything else is a fault.
      const isOwnNote = (fault: string): boolean =>
        fault.includes('net::ERR_') || fault.includes('status of 503')
      expect(faults.filter((fault) => !isOwnNote(fault))).toEqual([])
    } finally {
      await browser[Symbol.asyncDispose]()
      await collector.stop()
    }
  }, 120_000)

  it('begins with what was learned before, and tells nothing twice', async () => {
    await using served = await serve({ incident: true })
    await using browser = await launchChromium()
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/live`)
    await page.getByText('Nothing new yet. Learned before this page opened').waitFor()
    const before = await cursorsOn(page)
    expect(before.length).toBeGreaterThan(3)
    await page.getByText('live', { exact: true }).waitFor()
    const asked: string[] = []
    page.on('request', (request) => asked.push(request.postData() ?? ''))
    // So often that what came and what was known are more than the page's one look at the past holds.
    for (let times = 0; times < 2; times += 1) await served.play()
    await page.getByRole('rowheader', { name: /^Learned before/ }).waitFor()
    const all = await everyCursor(served.collector.graphqlUrl)
    expect(all.length).toBeGreaterThan(20)
    await expect.poll(() => cursorsOn(page), { timeout: 20_000 }).toEqual(all.toReversed())
    // The past was asked about once, not again with each change.
    expect(asked.filter((body) => body.includes('FindingEvents'))).toEqual([])
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  }, 120_000)
})

function cursorsOn(page: Page): Promise<(string | null)[]> {
  return page
    .locator('tr[data-cursor]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-cursor')))
}

/** All that the stream has ever had, asked for from its beginning, until nothing comes for a while. */
async function everyCursor(url: string): Promise<string[]> {
  const abort = new AbortController()
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query: 'subscription { findingRaised(after: "0") { cursor } }' }),
    signal: abort.signal,
  })
  const cursors: string[] = []
  const timer = setTimeout(() => abort.abort(), 3_000)
  try {
    for await (const chunk of response.body ?? []) {
      for (const [, cursor] of Buffer.from(chunk)
        .toString()
        .matchAll(/"cursor":"([^"]+)"/g)) {
        if (cursor !== undefined) cursors.push(cursor)
      }
    }
  } catch {
    // It ends by being aborted.
  } finally {
    clearTimeout(timer)
  }
  return cursors
}
