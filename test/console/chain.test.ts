import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { sendLinks } from '../harness/long-chain.ts'
import { axeViolations } from './testing/axe.ts'
import { type Incident, incidentOf, type Served, serve } from './testing/served.ts'
import { wideTree } from './testing/wide-tree.ts'

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

  it('tells what was taken back and what was decided in their places, as rows and beside them', async () => {
    await served.playGuarded()
    const { findings } = await served.ask<{
      findings: { nodes: { chain: { id: string }; action: { id: string } }[] }
    }>(
      `{ findings(first: 1, where: { rule: ["D9"] }) { ... on FindingConnection { nodes { chain { id } action { id } } } } }`,
    )
    const [late] = findings.nodes
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/chains/${late?.chain.id}?select=${late?.action.id}`)
    const lanes = page.getByRole('region', { name: 'Swimlane' })
    await lanes.getByText('no longer in force').waitFor()
    const rows = await lanes.locator('li').allInnerTexts()
    expect(rows.map((row) => row.split('\n')[0])).toEqual([
      'alice → planner hop 0',
      'alice took back what planner was given',
      'tools.example.com allowed deploy',
      'planner called deploy',
    ])
    expect(rows[0]).toMatch(/valid[\s\S]*withdrawn since/)
    expect(rows[2]).toMatch(/would have denied[\s\S]*deploy-wants-a-yes/)
    await page.getByText('1 use after the end').waitFor()
    await page.getByText('Granted in this chain, and no longer in force').waitFor()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByText('What policy said of it').waitFor()
    // Up to the decision, and to what was taken back; each by keys.
    await page.keyboard.press('k')
    await inspector.getByRole('heading', { name: 'A decision on deploy' }).waitFor()
    await page.keyboard.press('k')
    await inspector
      .getByRole('heading', { name: 'alice took back what planner was given' })
      .waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByText('Table', { exact: true }).click()
    const table = page.getByRole('table', { name: 'Steps of the chain' })
    expect(await table.getByRole('row').count()).toBe(5)
    await inspector.getByRole('button', { name: 'Close the inspector' }).click()
    await table.getByText('alice → planner').click()
    await inspector.getByRole('heading', { name: 'What takes it back' }).waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('draws a chain of hundreds as groups of siblings that are alike, and opens one', async () => {
    const links = wideTree(100, served.keys.issuer)
    await sendLinks(served.collector.otlpUrl, links)
    await served.collector.settled()
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/chains/${links[0]?.hash}?view=graph`)
    const group = page.getByLabel(/^100 like agent worker-/)
    await group.waitFor()
    const nodes = page.locator('.react-flow__node')
    expect(await nodes.count()).toBe(3)
    await group.click()
    await expect.poll(() => page.url()).toContain('unfold=')
    // Ten of them with two helpers each, and the rest.
    await page.getByLabel(/^90 like agent worker-/).waitFor()
    expect(await nodes.count()).toBe(2 + 10 * 3 + 1)
    expect(await axeViolations(page)).toEqual([])
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
