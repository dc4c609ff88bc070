import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { type Served, serve } from './testing/served.ts'

describe.runIf(haveChromium())('the profile of an agent', () => {
  let served: Served
  let browser: Browser
  let before: string
  let between: string
  beforeAll(async () => {
    served = await serve({ incident: false })
    before = new Date().toISOString()
    await served.play()
    between = new Date(Date.now() + 1).toISOString()
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('says who it is, by which keys, since when, and what nobody told', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/agents/agent%3Aworker`)
    const card = page
      .locator('section')
      .filter({ has: page.getByRole('heading', { name: 'Who it is, and who answers for it' }) })
    await card.waitFor()
    const text = await card.innerText()
    expect(text).toMatch(/version\s+1\.0\.0/)
    expect(text).toMatch(/charter\s+looks after the state of releases/)
    expect(text).toMatch(/model\s+not told/)
    expect(text).toMatch(/instance\s+[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\s/)
    expect(text).toMatch(/first seen\s+\d/)
    expect(await card.locator('.key-table tbody tr').count()).toBe(1)
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  })

  it('lists what was granted since an instant with what brought it, and nothing where nothing was', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/agents/agent%3Aworker?since=${encodeURIComponent(before)}`)
    const drift = page.getByRole('region', { name: 'Drift' })
    await drift.getByText(/[1-9]\d* permissions? new and pending certification/).waitFor()
    const rows = drift.locator('tbody tr')
    expect(await rows.allInnerTexts()).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/deploy[\s\S]*new grant[\s\S]*the newest link/),
        expect.stringMatching(/deploy[\s\S]*new inheritance[\s\S]*from[\s\S]*planner/),
      ]),
    )
    expect(await axeViolations(page)).toEqual([])
    await drift.getByRole('link', { name: 'the newest link' }).first().click()
    await page.getByRole('heading', { name: /alice planner worker/ }).waitFor()
    await page.goBack()
    // After all of it nothing changed.
    await page.goto(`${served.url}/agents/agent%3Aworker?since=${encodeURIComponent(between)}`)
    await drift.getByText('0 permissions new and pending certification, 0 other changes.').waitFor()
    await drift.getByRole('button', { name: 'Compare with nothing' }).click()
    await drift.getByText(/Choose an instant/).waitFor()
    expect(page.url()).not.toContain('since')
    expect(faults).toEqual([])
    await page.close()
  })

  it('lists the instances that it was seen as where there are several', async () => {
    // OpenTelemetry gives each process one of its own; another process makes another call.
    const attribute = (key: string, stringValue: string) => ({ key, value: { stringValue } })
    const span = {
      ...{ traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), name: 'tools/call', kind: 3 },
      startTimeUnixNano: `${Date.now()}000000`,
      endTimeUnixNano: `${Date.now()}000000`,
      attributes: [
        attribute('gen_ai.agent.id', 'agent:worker'),
        attribute('gen_ai.operation.name', 'execute_tool'),
        attribute('gen_ai.tool.name', 'look'),
      ],
    }
    const resource = { attributes: [attribute('service.instance.id', 'worker-2')] }
    const answer = await fetch(`${served.collector.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ spans: [span] }] }] }),
    })
    expect(answer.status).toBe(200)
    await served.collector.settled()
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/agents/agent%3Aworker`)
    const list = page.getByRole('region', { name: 'Instances' })
    await list.waitFor()
    const rows = await list.locator('tbody tr').allInnerTexts()
    expect(rows).toHaveLength(2)
    expect(rows[0]).toMatch(/^worker-2\s+\d.+\s+\d/)
    expect(rows[1]).toMatch(/^[0-9a-f-]{36}\s+\d.+\s+\d/)
    await page.getByText('2, below').waitFor()
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  })

  it('opens the calls behind a number, of one tool or of one grade, and the URL says which', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/agents/agent%3Aworker`)
    const row = page
      .getByRole('region', { name: 'Permissions' })
      .getByRole('row', { name: /^deploy/ })
    const link = row.getByRole('link', { name: /^\d+ times?$/ })
    const times = Number.parseInt(await link.innerText(), 10)
    await link.click()
    const card = page.getByRole('region', { name: 'Calls' })
    await card.getByRole('button', { name: 'Remove tool: deploy' }).waitFor()
    await expect
      .poll(() => card.getByRole('heading').innerText())
      .toMatch(new RegExp(`^${times} call`))
    expect(await card.getByRole('listitem').count()).toBe(times)
    expect(new URL(page.url()).searchParams.get('tool')).toMatch(/#deploy$/)

    await card.getByRole('combobox', { name: 'Grade of the evidence' }).click()
    await page.getByRole('option', { name: 'observed' }).click()
    await card.getByText('No call of it fits these filters.').waitFor()
    expect(new URL(page.url()).searchParams.get('grade')).toBe('OBSERVED')
    await page.goBack()
    await expect.poll(() => card.getByRole('listitem').count()).toBe(times)
    expect(await axeViolations(page)).toEqual([])
    expect(faults).toEqual([])
    await page.close()
  })

  it('opens the hops behind each number of the evidence', async () => {
    const { page, faults } = await browser.page()
    for (const agent of ['planner', 'worker']) {
      await page.goto(`${served.url}/agents/agent%3A${agent}`)
      const numbers = page.getByRole('button', { name: /^\d+ [a-z]+: show them$/ })
      await numbers.first().waitFor()
      const names = await numbers.evaluateAll((all) =>
        all.map((one) => one.getAttribute('aria-label') ?? ''),
      )
      for (const name of names) {
        const [count = '', shown = ''] = name.replace(':', '').split(' ')
        await page.getByRole('button', { name }).click()
        const list = page.getByRole('region', { name: `Hops: ${shown}` })
        await list.getByRole('heading', { name: new RegExp(`^${count} hops?$`) }).waitFor()
        expect(await list.getByRole('listitem').count()).toBe(Number(count))
        expect(new URL(page.url()).searchParams.get('hops')).toBe(shown)
        expect(await axeViolations(page)).toEqual([])
      }
    }
    await page.goto(`${served.url}/agents/agent%3Aworker?hops=proven`)
    const list = page.getByRole('region', { name: 'Hops: proven' })
    await list.getByRole('link', { name: 'deploy' }).first().click()
    await page.getByRole('radio', { name: 'Swimlane' }).waitFor({ state: 'attached' })
    await page.goBack()
    await list.getByRole('button', { name: 'Remove proven' }).click()
    await expect.poll(() => list.count()).toBe(0)
    expect(new URL(page.url()).searchParams.has('hops')).toBe(false)
    expect(faults).toEqual([])
    await page.close()
  })
})
