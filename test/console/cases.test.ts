import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { haveChromium, type WatchedPage } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { onIncident } from './testing/on-incident.ts'

/** What belongs together is gathered while it is looked at, and told with who did what. */
describe.runIf(haveChromium())('cases in the console', { timeout: 60_000 }, () => {
  let watched: WatchedPage
  let page: Page
  const here = onIncident()
  beforeEach(async () => {
    watched = await here.browser.page()
    ;({ page } = watched)
    page.setDefaultTimeout(10_000)
  })
  afterEach(async () => {
    expect(watched.faults).toEqual([])
    await page.close()
  })

  /** Asks the API as somebody else would, past the console. */
  async function ask<Data>(query: string, variables: object = {}): Promise<Data> {
    const response = await fetch(here.served.collector.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    })
    const { data, errors } = (await response.json()) as { data: Data; errors?: unknown }
    expect(errors).toBeUndefined()
    return data
  }

  const OPEN = `mutation ($input: OpenCaseInput!) { openCase(input: $input) { ... on Case { id } } }`
  const opened = async (title: string, items: readonly object[] = []): Promise<string> =>
    (await ask<{ openCase: { id: string } }>(OPEN, { input: { title, items } })).openCase.id
  const held = async (title: string): Promise<readonly string[]> => {
    const { cases } = await ask<{
      cases: { nodes: { title: string; items: { nodes: { kind: string; id: string }[] } }[] }
    }>('{ cases { ... on CaseConnection { nodes { title items { nodes { kind id } } } } } }')
    const found = cases.nodes.find((one) => one.title === title)
    return (found?.items.nodes ?? []).map(({ kind, id }) => `${kind} ${id}`)
  }
  const dialog = () => page.getByRole('dialog', { name: 'Add to a case' })
  const told = () => page.getByRole('status').filter({ hasText: 'Added to' })
  const timeline = () => page.getByRole('region', { name: 'Timeline of the case' })
  const put = async (title: string): Promise<void> => {
    await dialog().getByRole('button', { name: title }).click()
    await dialog().waitFor({ state: 'detached' })
    await told().getByRole('link', { name: title }).waitFor()
  }

  it('are opened from the inbox, gone on with from the chain, and told in order of time', async () => {
    await page.goto(`${here.served.url}/findings?group=none`)
    const add = page
      .getByRole('button', { name: /^Add to a case: worker did deploy.* on an approval/ })
      .first()
    await add.click()
    await dialog().getByText('No case is open.').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await dialog().getByRole('textbox', { name: 'Note' }).fill('where it <i>began</i>')
    await dialog().getByRole('textbox', { name: 'New case' }).fill('Riding an approval')
    await dialog().getByRole('button', { name: 'Open it with this' }).click()
    await told().getByRole('link', { name: 'Riding an approval' }).waitFor()
    // The focus is where it was.
    expect(await add.evaluate((button) => button === document.activeElement)).toBe(true)
    expect(await axeViolations(page)).toEqual([])

    await page.goto(`${here.served.url}/chains/${here.incident.chain}`)
    await page.getByRole('button', { name: 'Add to a case: worker called deploy' }).first().click()
    await put('Riding an approval')
    // The key takes what is selected, and where nothing is the chain.
    await page.keyboard.press('c')
    await put('Riding an approval')
    expect(await held('Riding an approval')).toEqual([
      expect.stringMatching(/^FINDING /),
      `ACTION ${here.incident.action}`,
      `CHAIN ${here.incident.chain}`,
    ])

    await told().getByRole('link', { name: 'Riding an approval' }).click()
    await page.getByRole('heading', { level: 1, name: 'Riding an approval' }).waitFor()
    const words = () => timeline().locator('.case-did').allInnerTexts()
    await expect.poll(async () => (await words()).length).toBe(3)
    expect((await words()).map((text) => text.replace(/^.* local /, ''))).toEqual([
      'opened the case “Riding an approval” with 1 item',
      'added 1 item',
      'added 1 item',
    ])
    await timeline().getByText('where it <i>began</i>').waitFor()
    await timeline()
      .getByRole('link', { name: /^D1: worker did deploy/ })
      .waitFor()
    await timeline().getByRole('link', { name: 'alice → planner → worker' }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    // It is the same after a reload, and comments fold.
    await page.getByRole('button', { name: 'Fold comments' }).click()
    await page.reload()
    await timeline().getByText('Note, 21 characters').waitFor()
    expect(await timeline().getByText('where it <i>began</i>').isVisible()).toBe(false)
    await timeline().getByRole('link', { name: 'worker called deploy' }).click()
    await page.waitForURL(`**/chains/${here.incident.chain}?select=${here.incident.action}`)
  })

  it('are talked of, renamed, emptied, closed and opened again, each a word of the log', async () => {
    const id = await opened('a case', [{ kind: 'FINDING', id: here.incident.finding }])
    await page.goto(`${here.served.url}/cases`)
    await page.getByRole('link', { name: 'a case', exact: true }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await page.getByRole('link', { name: 'a case', exact: true }).click()
    const press = (name: string) => page.getByRole('button', { name, exact: true }).click()
    await press('Comment …')
    await page.getByRole('textbox', { name: 'Comment' }).fill('asked the owner')
    expect(await axeViolations(page)).toEqual([])
    await press('Comment')
    await timeline().getByText('asked the owner').waitFor()
    await press('Rename …')
    await page.getByRole('textbox', { name: 'Title' }).fill('another name')
    await press('Rename')
    await page.getByRole('heading', { level: 1, name: 'another name' }).waitFor()
    await page.getByText('Table', { exact: true }).click()
    const table = page.getByRole('region', { name: 'What is in the case' })
    await table.getByRole('button', { name: /^Take out: D1/ }).waitFor()
    expect(await axeViolations(page)).toEqual([])
    await table.getByRole('button', { name: /^Take out: D1/ }).click()
    await page.getByText('Nothing is in this case.').waitFor()
    await press('Close the case')
    await page.getByRole('button', { name: 'Open it again' }).waitFor()
    await page.getByText('Timeline', { exact: true }).click()
    expect(
      (await timeline().locator('.case-did').allInnerTexts()).map((text) =>
        text.replace(/^.* local /, ''),
      ),
    ).toEqual([
      'opened the case “a case” with 1 item',
      'said something',
      'called it “another name”',
      'took 1 item out',
      'closed the case',
    ])
    await timeline()
      .getByText(/taken out since/)
      .waitFor()
    await press('Open it again')
    await page.getByRole('button', { name: 'Close the case' }).waitFor()
    // Somebody else is first: nothing of his is written over.
    await ask(
      `mutation { changeCase(input: { case: "${id}", expectedVersion: 6, comment: "from elsewhere" }) { __typename } }`,
    )
    await press('Close the case')
    const refused = page.getByRole('alert').filter({ hasText: 'somebody changed the case' })
    await refused.waitFor()
    expect(await axeViolations(page)).toEqual([])
    await refused.getByRole('button', { name: 'Look again' }).click()
    await timeline().getByText('from elsewhere').waitFor()
    await press('Close the case')
    await page.getByRole('button', { name: 'Open it again' }).waitFor()
  })

  it('take all that is selected in the inbox, by the key', async () => {
    await opened('a group')
    await page.goto(`${here.served.url}/findings`)
    // A row that stands for several is all of them.
    await page
      .getByRole('button', { name: /^Add to a case: worker did deploy.* on an approval/ })
      .click()
    await dialog().getByText('3 findings', { exact: true }).waitFor()
    await put('a group')
    expect(await held('a group')).toHaveLength(3)

    await opened('a bulk')
    await page.goto(`${here.served.url}/findings?group=none`)
    await page
      .getByRole('button', { name: /worker did deploy/ })
      .first()
      .waitFor()
    for (const key of ['x', 'j', 'x', 'c']) await page.keyboard.press(key)
    await dialog().getByText('2 findings', { exact: true }).waitFor()
    await put('a bulk')
    expect(await held('a bulk')).toHaveLength(2)
    await expect.poll(() => page.getByRole('region', { name: 'Selected findings' }).count()).toBe(0)
  })

  it('take what stands on the other screens', async () => {
    await opened('from everywhere')
    const gather = async (path: string, name: RegExp | string): Promise<void> => {
      await page.goto(`${here.served.url}${path}`)
      await page.getByRole('button', { name }).first().click()
      await put('from everywhere')
    }
    await gather('/agents/agent%3Aworker', 'Add to a case: worker')
    await gather('/agents/agent%3Aplanner', /^Add to a case: the link that grants/)
    await gather(`/chains/${here.incident.chain}?view=table`, /^Add to a case: alice → planner/)
    await gather(
      `/chains/${here.incident.chain}?select=${here.incident.action}`,
      'Add to a case: what is selected',
    )
    await gather(
      '/explore?kind=agent&id=agent:planner&view=table',
      /^Add to a case: what .* rests on/,
    )
    await gather(`/findings?finding=${here.incident.finding}`, /^Add to a case: worker did deploy/)
    const kinds = (await held('from everywhere')).map((one) => one.split(' ')[0])
    expect(new Set(kinds)).toEqual(new Set(['AGENT', 'LINK', 'ACTION', 'FINDING']))
  })

  it('say what is not there, and what is not open', async () => {
    await page.goto(`${here.served.url}/cases/case_nothing`)
    await page.getByRole('heading', { level: 1, name: 'No such case.' }).waitFor()
    expect(await page.title()).toBe('No such case · Delegraph')
    const id = await opened('closed soon')
    await ask(
      `mutation { changeCase(input: { case: "${id}", expectedVersion: 1, state: CLOSED }) { __typename } }`,
    )
    await page.goto(`${here.served.url}/findings?finding=${here.incident.finding}`)
    await page
      .getByRole('button', { name: /^Add to a case: worker did deploy.* on an approval/ })
      .first()
      .click()
    await dialog().getByRole('list', { name: 'Open cases' }).waitFor()
    expect(await dialog().getByRole('button', { name: 'closed soon' }).count()).toBe(0)
    await page.keyboard.press('Escape')
    await dialog().waitFor({ state: 'detached' })
  })

  it('are read in the past, and not written', async () => {
    const before = new Date().toISOString()
    const id = await opened('later')
    await page.goto(`${here.served.url}/cases?asOf=${before}`)
    await page.getByRole('heading', { level: 1, name: 'Cases' }).waitFor()
    await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0)
    expect(await page.getByRole('link', { name: 'later' }).count()).toBe(0)
    await page.goto(`${here.served.url}/cases/${id}?asOf=${new Date().toISOString()}`)
    await page.getByText('The past cannot be changed').first().waitFor()
    expect(await page.getByRole('button', { name: 'Close the case' }).count()).toBe(0)
  })

  it('fit into a small window, in both schemes', async () => {
    const id = await opened('x'.repeat(200), [
      { kind: 'FINDING', id: here.incident.finding, note: 'y'.repeat(300) },
      { kind: 'CHAIN', id: here.incident.chain },
    ])
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      for (const [width, path] of [
        [320, '/cases'],
        [320, `/cases/${id}`],
        [320, `/cases/${id}?view=table`],
        [1440, `/cases/${id}`],
      ] as const) {
        await page.setViewportSize({ width, height: 640 })
        await page.goto(`${here.served.url}${path}`)
        await page.getByRole('region').first().waitFor()
        await expect.poll(() => page.getByText(/^Loading/).count()).toBe(0)
        const { clientWidth, scrollWidth } = await page.evaluate(() => {
          const { clientWidth, scrollWidth } = document.documentElement
          return { clientWidth, scrollWidth }
        })
        expect([width, path, scrollWidth <= clientWidth]).toEqual([width, path, true])
        expect(await axeViolations(page)).toEqual([])
      }
    }
  })
})
