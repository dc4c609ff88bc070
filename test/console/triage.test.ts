import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { haveChromium, type WatchedPage } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { onIncident } from './testing/on-incident.ts'

/** What people say of findings in the console, and what becomes of it for others and in the list. */
describe.runIf(haveChromium())('triage in the console', { timeout: 60_000 }, () => {
  let watched: WatchedPage
  let page: Page
  const here = onIncident()
  beforeEach(async () => {
    watched = await here.browser.page()
    ;({ page } = watched)
  })
  afterEach(async () => {
    expect(watched.faults).toEqual([])
    await page.close()
  })

  /** Asks the API as somebody else would, past the console. */
  async function ask(query: string): Promise<Record<string, unknown>> {
    const response = await fetch(here.served.collector.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const { data, errors } = (await response.json()) as {
      data: Record<string, unknown>
      errors?: unknown
    }
    expect(errors).toBeUndefined()
    return data
  }

  const standing = async (): Promise<{ state: string; version: number; reason: string | null }> => {
    const { finding } = await ask(
      `{ finding(id: "${here.incident.finding}") { ... on Finding { triage { state version reason } } } }`,
    )
    return (finding as { triage: Awaited<ReturnType<typeof standing>> }).triage
  }

  const open = async (search = ''): Promise<void> => {
    await page.goto(`${here.served.url}/findings?finding=${here.incident.finding}${search}`)
    await box().waitFor()
  }
  const box = () => page.getByRole('region', { name: 'Triage' })
  const press = (name: string) => box().getByRole('button', { name, exact: true }).click()
  const rows = () => page.getByRole('button', { name: /^worker did deploy/ })

  it('acknowledges, assigns and comments, and tells the history', async () => {
    await open()
    expect(await axeViolations(page)).toEqual([])
    await press('Acknowledge')
    await box().getByText('acknowledged', { exact: true }).first().waitFor()
    expect(await standing()).toMatchObject({ state: 'ACKNOWLEDGED', version: 1 })
    await press('Assign …')
    await box().getByRole('textbox', { name: 'To' }).fill('ann')
    expect(await axeViolations(page)).toEqual([])
    await press('Assign')
    await box().getByTitle('assigned to ann').first().waitFor()
    await press('Comment …')
    await box().getByRole('textbox', { name: 'Comment' }).fill('<b>asked</b> the planner’s owner')
    await press('Comment')
    await box().getByText('<b>asked</b> the planner’s owner').first().waitFor()
    await box().getByText('3 words said of it').click()
    expect(await box().locator('li').count()).toBe(3)
    expect(await axeViolations(page)).toEqual([])
    expect(await standing()).toMatchObject({ state: 'ACKNOWLEDGED', version: 3 })
    // What was said here is in the list; what somebody else says is news.
    await ask(
      `mutation { triage(input: { findings: ["${here.incident.finding}"], expectedVersions: [3], comment: "from elsewhere" }) { __typename } }`,
    )
    await page.getByRole('button', { name: '1 change since, show' }).waitFor()
  })

  it('keeps the list, and says so, where it cannot be loaded anew', async () => {
    await open()
    await rows().first().waitFor()
    await page.route('**/graphql', (route) =>
      route.request().postData()?.includes('query FindingGroups') === true
        ? route.fulfill({ status: 503, body: '{}' })
        : route.fallback(),
    )
    await press('Comment …')
    await box().getByRole('textbox', { name: 'Comment' }).fill('asked again')
    await press('Comment')
    const told = page.getByRole('alert').filter({ hasText: 'as it was' })
    await told.waitFor()
    expect(await rows().count()).toBeGreaterThan(0)
    expect(await axeViolations(page)).toEqual([])
    await page.unroute('**/graphql')
    await told.getByRole('button', { name: 'Try again' }).click()
    await told.waitFor({ state: 'detached' })
    expect(await rows().count()).toBeGreaterThan(0)
    // The browser's own notes of what was refused above, and nothing else.
    const notes = watched.faults.splice(0)
    expect(notes.filter((note) => !note.includes('Failed to load resource'))).toEqual([])
  })

  it('writes nothing over what somebody else said meanwhile, and says who was first', async () => {
    await open()
    const { version } = await standing()
    await box().getByRole('button', { name: 'In progress', exact: true }).waitFor()
    await ask(
      `mutation { triage(input: { findings: ["${here.incident.finding}"], expectedVersions: [${version}], assignee: "bob" }) { __typename } }`,
    )
    await press('In progress')
    const told = box().getByRole('alert')
    await told.waitFor()
    expect(await told.innerText()).toMatch(/changed it meanwhile[\s\S]*bob’s/)
    expect(await axeViolations(page)).toEqual([])
    expect(await standing()).toMatchObject({ state: 'ACKNOWLEDGED', version: version + 1 })
    await told.getByRole('button', { name: 'Look again' }).click()
    await box().getByTitle('assigned to bob').first().waitFor()
    await press('In progress')
    await expect.poll(standing).toMatchObject({ state: 'IN_PROGRESS', version: version + 2 })
  })

  it('says it once where the answer was lost and it is sent again', async () => {
    await open()
    const { version } = await standing()
    const keys: string[] = []
    await page.route('**/graphql', async (route) => {
      const body = route.request().postData() ?? ''
      const key = /"idempotencyKey":"(\w+)"/.exec(body)?.[1]
      if (!body.includes('mutation Triage') || key === undefined) return route.continue()
      keys.push(key)
      if (keys.length > 1) return route.continue()
      // The collector takes it, and the line breaks before the answer is there.
      await route.fetch()
      return route.abort('connectionreset')
    })
    await press('Comment …')
    await box().getByRole('textbox', { name: 'Comment' }).fill('said once')
    await press('Comment')
    await box().getByRole('textbox').waitFor({ state: 'detached' })
    expect(await standing()).toMatchObject({ version: version + 1 })
    expect(await box().getByRole('alert').count()).toBe(0)
    expect(keys).toHaveLength(2)
    expect(keys[1]).toBe(keys[0])
    // What is said next has another.
    await press('Comment …')
    await box().getByRole('textbox', { name: 'Comment' }).fill('and more')
    await press('Comment')
    await box().getByRole('textbox').waitFor({ state: 'detached' })
    expect(await standing()).toMatchObject({ version: version + 2 })
    expect(keys[2]).not.toBe(keys[0])
    // A browser tells of the line that broke.
    expect(watched.faults.splice(0)).toEqual([expect.stringContaining('ERR_CONNECTION_RESET')])
  })

  it('closes with a reason: the finding leaves the open ones, is with the closed, and comes back', async () => {
    await open()
    await rows().first().waitFor()
    const before = await rows().count()
    await press('Close …')
    const close = box().getByRole('form', { name: 'Close' })
    expect(await close.getByRole('button', { name: 'Close' }).isDisabled()).toBe(true)
    await close
      .getByRole('combobox', { name: 'Reason' })
      .or(close.getByRole('textbox', { name: 'Reason' }))
      .first()
      .click()
    await page.getByRole('option', { name: 'intended delegation' }).click()
    await close.getByRole('button', { name: 'Close' }).click()
    await expect.poll(standing).toMatchObject({ state: 'CLOSED', reason: 'INTENDED_DELEGATION' })
    await page.goto(`${here.served.url}/findings?tab=closed`)
    await rows().first().waitFor()
    expect(await rows().count()).toBeLessThanOrEqual(before)
    await rows().first().click()
    await press('Reopen')
    await expect.poll(standing).toMatchObject({ state: 'NEW', reason: null })
    await page.goto(`${here.served.url}/findings?tab=closed`)
    await page.getByText('No finding is closed.').waitFor()
  })

  it('says the same of several by the keys alone', async () => {
    await page.goto(`${here.served.url}/findings`)
    await rows().first().waitFor()
    await page.keyboard.press('x')
    const bar = page.getByRole('region', { name: 'Selected findings' })
    await bar.waitFor()
    expect(await axeViolations(page)).toEqual([])
    const [, selected] = /(\d+) finding/.exec(await bar.getByRole('status').innerText()) ?? []
    await page.keyboard.press('s')
    await bar.waitFor({ state: 'detached' })
    const { findings } = await ask(
      '{ findings(where: { triage: [ACKNOWLEDGED] }) { ... on FindingConnection { totalCount { value } } } }',
    )
    expect((findings as { totalCount: { value: number } }).totalCount.value).toBe(Number(selected))
    expect(Number(selected)).toBeGreaterThan(0)
  })

  it('shows what a suppression would hide before it hides it, and gives it back', async () => {
    await open()
    await box().getByRole('link', { name: 'Suppress findings like this …' }).click()
    const form = page.getByRole('form', { name: 'New suppression' })
    await form.getByText(/It would hide \d+ finding/).waitFor()
    const suppress = form.getByRole('button', { name: 'Suppress', exact: true })
    expect(await suppress.isDisabled()).toBe(true)
    await form.getByRole('textbox', { name: 'Reason' }).fill('a drill')
    expect(await axeViolations(page)).toEqual([])
    await suppress.click()
    await page.getByText('1 suppression', { exact: true }).waitFor()
    expect(await page.getByRole('table').innerText()).toContain('a drill')
    expect(await axeViolations(page)).toEqual([])
    await page.goto(`${here.served.url}/findings`)
    await page.getByText(/Show hidden \([1-9]/).waitFor()
    const hidden = async (): Promise<string[]> => {
      const { findings } = await ask(
        '{ findings(where: { suppressed: true }) { ... on FindingConnection { nodes { id } } } }',
      )
      return (findings as { nodes: { id: string }[] }).nodes.map(({ id }) => id)
    }
    expect(await hidden()).toContain(here.incident.finding)
    await page.getByRole('switch', { name: /Show hidden/ }).click()
    await page.locator('.finding-row', { hasText: 'hidden' }).first().waitFor()
    expect(page.url()).toContain('hidden=show')
    await page.goto(`${here.served.url}/suppressions`)
    await page.getByRole('button', { name: 'End …' }).click()
    await page.getByRole('button', { name: 'End it' }).click()
    await page.getByText('Nothing is suppressed.').waitFor()
    await expect.poll(hidden).toEqual([])
  })

  it('takes names with spaces in them, each by itself', async () => {
    await page.goto(`${here.served.url}/suppressions?write=yes`)
    const form = page.getByRole('form', { name: 'New suppression' })
    const agents = form.getByRole('combobox', { name: 'Agents that gained' })
    await agents.fill('agent:night shift')
    await agents.press('Enter')
    await agents.fill('agent:day shift')
    await form.getByRole('textbox', { name: 'Reason' }).fill('a drill')
    await form.getByRole('button', { name: 'Show what it would hide' }).click()
    await form.getByText(/It would hide (0|no) finding/).waitFor()
    const { searchParams } = new URL(page.url())
    expect(searchParams.getAll('agent')).toEqual(['agent:night shift', 'agent:day shift'])
    expect(await axeViolations(page)).toEqual([])
  })

  it('offers nothing of it in the past', async () => {
    const asOf = encodeURIComponent(new Date().toISOString())
    await open(`&asOf=${asOf}`)
    await box().getByText('The past cannot be changed: go back to now for that.').waitFor()
    expect(await box().getByRole('button').count()).toBe(0)
    expect(await box().getByRole('link').count()).toBe(0)
    await page.goto(`${here.served.url}/suppressions?asOf=${asOf}`)
    await page.getByText('The past cannot be changed').first().waitFor()
    expect(await page.getByRole('button', { name: 'New suppression' }).count()).toBe(0)
  })
})
