import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

interface Ground {
  readonly text: string
  readonly shownBy: { readonly kind: string; readonly id: string; readonly chain: string | null }
}

interface Found {
  readonly id: string
  readonly rule: string
  readonly facts: readonly string[]
  readonly grounds: readonly Ground[]
}

/** Why a finding fired: each fact leads to what says it. */
describe.runIf(haveChromium())('each fact of the demo’s findings', () => {
  let served: Served
  let browser: Browser
  let findings: readonly Found[]
  beforeAll(async () => {
    served = await serve({ incident: true })
    browser = await launchChromium()
    const asked = await served.ask<{ findings: { nodes: readonly Found[] } }>(
      `{ findings(first: 50) { ... on FindingConnection { nodes {
        id rule facts grounds { text shownBy { kind id chain } } } } } }`,
    )
    findings = asked.findings.nodes
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('has a link with a URL that lands on the very thing', async () => {
    expect(new Set(findings.map(({ rule }) => rule))).toEqual(new Set(['D1', 'D5', 'D8']))
    const kinds = new Set<string>()
    const { page, faults } = await browser.page()
    for (const { id, rule, facts, grounds } of findings) {
      const panel = page.getByRole('complementary', { name: 'Finding' })
      await page.goto(`${served.url}/findings?tab=all&finding=${id}`)
      const lines = panel.locator('.grounds li')
      await lines.first().waitFor()
      expect(grounds.map(({ text }) => text)).toEqual(facts)
      expect(await lines.count(), rule).toBe(facts.length)
      for (const [i, { text, shownBy }] of grounds.entries()) {
        const { kind, id: thing, chain } = shownBy
        kinds.add(kind)
        const line = lines.nth(i)
        expect(await line.innerText()).toContain(text)
        const href = (await line.getByRole('link').getAttribute('href')) ?? ''
        expect(href).toMatch(/^\/(chains|agents)\//)
        await line.getByRole('link').click()
        if (kind === 'agent') {
          await expect.poll(() => page.url()).toContain(`/agents/${encodeURIComponent(thing)}`)
          await page.locator('.agent-head code', { hasText: thing }).waitFor()
        } else {
          await expect.poll(() => page.url()).toContain(`/chains/${chain}?select=${thing}`)
          const inspector = page.getByRole('complementary', { name: 'Inspector' })
          await page.locator('.lane-row.is-selected').waitFor()
          await inspector.waitFor()
          const head = { link: 'del_depth', action: 'Why it was allowed', approval: 'presented by' }
          await inspector
            .getByText(head[kind as keyof typeof head])
            .first()
            .waitFor()
        }
        await page.goBack()
        await lines.first().waitFor()
      }
    }
    expect(kinds).toEqual(new Set(['link', 'action', 'approval', 'agent']))
    expect(faults).toEqual([])
    await page.close()
  }, 180_000)

  it.each(['light', 'dark'] as const)(
    'is drawn so that axe finds nothing: %s',
    async (scheme) => {
      const { page } = await browser.page({ scheme })
      await page.goto(`${served.url}/findings?tab=all&finding=${findings[0]?.id}`)
      await page.locator('.grounds li').first().waitFor()
      expect(await axeViolations(page)).toEqual([])
      await page.close()
    },
    60_000,
  )
})
