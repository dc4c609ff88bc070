import { readFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Browser, haveChromium, launchChromium } from '../harness/chromium.ts'
import { sendLinks } from '../harness/long-chain.ts'
import { axeViolations } from './testing/axe.ts'
import { faultsOf } from './testing/picture.ts'
import { type Incident, incidentOf, type Served, serve } from './testing/served.ts'
import { wideTree } from './testing/wide-tree.ts'

const WORKERS = 60
/** Milliseconds until something that comes must have come, on a busy machine. */
const PATIENCE = 20_000
/** Each worker with 5 tools, two helpers of each with 4, and the planner with 6. */
const PERMISSIONS = WORKERS * (5 + 2 * 4) + 6

describe.runIf(haveChromium())('the explore screen', () => {
  let served: Served
  let incident: Incident
  let approval: string
  let browser: Browser
  beforeAll(async () => {
    served = await serve({ incident: true })
    incident = await incidentOf(served)
    const { action } = await served.ask<{ action: { approvals: { id: string }[] } }>(
      `{ action(id: "${incident.action}") { ... on Action { approvals { id } } } }`,
    )
    approval = action.approvals[0]?.id ?? ''
    browser = await launchChromium()
  }, 120_000)
  afterAll(async () => {
    await browser?.[Symbol.asyncDispose]()
    await served?.[Symbol.asyncDispose]()
  })

  it('tells what was granted from what inheritance adds, and how it is reached', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/explore`)
    // By the id alone: which kind it is the collector knows.
    await page.getByRole('combobox', { name: 'Subject', exact: true }).fill(approval)
    await page.keyboard.press('Enter')
    await page.getByText('What was granted is 1; inheritance adds 1.').waitFor()
    expect(page.url()).toContain('kind=approval')
    await page.getByText('Table', { exact: true }).click()
    const rows = page.locator('.reach-row.is-item')
    expect(await rows.allInnerTexts()).toHaveLength(2)
    // The number opens the rows behind it.
    await page.getByRole('button', { name: '1 more by inheritance' }).click()
    await expect.poll(() => rows.count(), { timeout: PATIENCE }).toBe(1)
    expect(await rows.innerText()).toMatch(/deploy[\s\S]*worker[\s\S]*inherited by a call/)
    expect(await rows.innerText()).toContain('no decision on it')
    await rows.getByRole('button', { name: 'deploy', exact: true }).click()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await inspector.getByRole('heading', { name: 'The shortest way to it' }).waitFor()
    expect(await inspector.locator('.reach-way li').allInnerTexts()).not.toHaveLength(0)
    // On from its agent, and back.
    await inspector.getByRole('button', { name: 'Explore from its agent' }).click()
    await page.getByText('Whoever holds worker reaches').waitFor()
    await page.goBack()
    await page.getByText('What was granted is 1; inheritance adds 1.').waitFor()
    expect(await rows.count()).toBe(1)
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  })

  it('opens an inspector by a click on the picture, and walks it by keyboard', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/explore?kind=agent&id=agent:planner`)
    await page.locator('.reach-canvas canvas').first().waitFor()
    const inspector = page.getByRole('complementary', { name: 'Inspector' })
    await clickOnSome(page)
    await inspector.waitFor()
    expect(new URL(page.url()).pathname).toBe('/explore')
    await page.keyboard.press('Escape')
    await page.getByRole('complementary', { name: 'Summary' }).waitFor()
    await page.keyboard.press('j')
    await inspector.getByText('Where it starts.').waitFor()
    await page.keyboard.press('j')
    await inspector.getByText('planner holds a link from alice.').waitFor()
    await inspector.getByRole('button', { name: 'Explore from here' }).click()
    await page.getByText(/^Whoever holds link/).waitFor()
    expect(page.url()).toContain('kind=link')
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  }, 120_000)

  it('says what would have been lost, and shows the actions', async () => {
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/explore?kind=approval&id=${approval}&ask=revoke`)
    await page.getByText(/1 executed action would have lost its permission/).waitFor()
    const row = page.locator('.what-if-scroll tbody tr')
    expect(await row.innerText()).toMatch(/worker[\s\S]*deploy[\s\S]*would have lost it/)
    await page.getByText('0 keep it').click()
    await page.getByText('No executed action rests on it.').waitFor()
    expect(page.url()).toContain('fate=keeps')
    // An agent is nothing that can be taken back; a choke point before it is.
    await page.goto(`${served.url}/explore?kind=agent&id=agent:planner`)
    await page.getByRole('button', { name: 'What if?' }).first().click()
    await page.getByText(/would have lost its permission/).waitFor()
    expect(page.url()).toMatch(/revoke=link/)
    await page.getByRole('checkbox', { checked: true }).uncheck()
    await page.getByText('Nothing is taken back yet.').waitFor()
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  })

  it('gives the rows as CSV, and the question as a command that answers', async () => {
    const { page } = await browser.page()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${served.url}/explore?kind=approval&id=${approval}&view=table`)
    await page.getByRole('button', { name: 'Copy' }).click()
    const downloading = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Rows as CSV' }).click()
    const csv = readFileSync(await (await downloading).path(), 'utf8')
    expect(csv.split('\r\n')).toHaveLength(4)
    expect(csv).toContain('inherited by a call')
    await page.getByRole('button', { name: 'Copy' }).click()
    await page.getByRole('menuitem', { name: 'As curl' }).click()
    await page.getByText('Copied as curl').waitFor()
    const command = await page.evaluate(() => navigator.clipboard.readText())
    const body = /-d '(.*)'$/s.exec(command)?.[1] ?? ''
    const response = await fetch(served.collector.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: body.replaceAll(String.raw`'\''`, "'"),
    })
    expect(await response.text()).toContain('"reachable":{"rows":2')
    await page.close()
  })

  it('shows the table, and says why, where the browser has no WebGL', async () => {
    const { page, faults } = await browser.page()
    await page.addInitScript(() => {
      const original = HTMLCanvasElement.prototype.getContext
      HTMLCanvasElement.prototype.getContext = function get(
        this: HTMLCanvasElement,
        ...[kind, ...rest]: Parameters<typeof original>
      ) {
        return String(kind).includes('webgl') ? null : original.call(this, kind, ...rest)
      } as typeof original
    })
    await page.goto(`${served.url}/explore?kind=agent&id=agent:planner&view=picture`)
    await page.getByText('this browser draws no WebGL: the table says the same').waitFor()
    expect(await page.locator('.reach-row.is-item').count()).toBe(4)
    expect(faults).toEqual([])
    await page.close()
  })

  it('says so where there is nothing of that id, nobody may ask, or nobody answers', async () => {
    const { page } = await browser.page()
    await page.goto(`${served.url}/explore?kind=link&id=nothing`)
    await page.getByText('No link of this id is known.').waitFor()
    await page.goto(`${served.url}/explore`)
    await page.getByRole('combobox', { name: 'Subject', exact: true }).fill('nothing')
    await page.keyboard.press('Enter')
    await page.getByText('Nothing here has this id.').waitFor()
    for (const [status, text] of [
      [401, 'You may not see this.'],
      [503, 'This could not be loaded.'],
    ] as const) {
      await page.route('**/graphql', (route) => route.fulfill({ status, body: '{}' }))
      await page.goto(`${served.url}/explore?kind=agent&id=agent:planner`)
      await page.getByText(text).waitFor()
      expect(await axeViolations(page)).toEqual([])
      await page.unroute('**/graphql')
    }
    await page.getByRole('button', { name: 'Try again' }).click()
    await page.getByText(/^Whoever holds planner reaches/).waitFor()
    await page.close()
  })

  describe.each(['light', 'dark'] as const)('in %s', (scheme) => {
    it.each([
      ['starts', () => '/explore'],
      ['picture', () => `/explore?kind=approval&id=${approval}&select=approval+${approval}`],
      ['table', () => `/explore?kind=approval&id=${approval}&view=table`],
      ['what if', () => `/explore?kind=approval&id=${approval}&ask=revoke`],
      ['agent', () => '/agents/agent%3Aworker'],
    ])('%s violates nothing of WCAG A and AA', async (name, path) => {
      const watched = await browser.page({ scheme })
      const { page } = watched
      await page.goto(served.url + path())
      await page.locator('h1').first().waitFor()
      if (name === 'picture') await page.locator('.reach-canvas canvas').first().waitFor()
      if (name === 'agent') await page.getByText('What would be enough').waitFor()
      await expect.poll(() => page.getByText(/^Loading/).count(), { timeout: PATIENCE }).toBe(0)
      expect(await axeViolations(page)).toEqual([])
      expect(faultsOf(watched)).toEqual([])
      await page.close()
    })
  })

  it('asks a kept question about what is named, and follows no more steps than it may', async () => {
    const { page, faults } = await browser.page()
    await page.goto(`${served.url}/explore`)
    const library = page.getByRole('region', { name: 'Questions' })
    await library.getByRole('textbox', { name: 'Find a question' }).fill('granted below')
    const question = library.getByRole('button', { name: /What was granted to an agent/ })
    expect(await library.getByRole('button').count()).toBe(1)
    expect(page.url()).toContain('find=')
    // The only one is open; it lists what the name may mean, of the kind that it takes.
    expect(await question.getAttribute('aria-expanded')).toBe('true')
    await library.getByRole('textbox', { name: 'Which one: an agent' }).fill('plan')
    const options = library.getByRole('option')
    await options.first().waitFor()
    expect(await options.allInnerTexts()).toEqual([expect.stringContaining('agent:planner')])
    expect(await axeViolations(page)).toEqual([])
    await options.first().click()
    await page.getByText('Whoever holds planner reaches').waitFor()
    expect(page.url()).toContain('rules=')
    // One step leads to the links that it holds, and what those grant.
    const whole = await page.locator('.reach-numbers').innerText()
    await page.getByRole('textbox', { name: 'How many steps' }).fill('1')
    await expect.poll(() => page.url()).toContain('within=1')
    await expect
      .poll(() => page.locator('.reach-numbers').innerText(), { timeout: PATIENCE })
      .not.toBe(whole)
    await page.goBack()
    await expect
      .poll(() => page.locator('.reach-numbers').innerText(), { timeout: PATIENCE })
      .toBe(whole)
    expect(faults).toEqual([])
    await page.close()
  })

  it('shows how an agent is covered, and a grant that can be pasted', async () => {
    const { page, faults } = await browser.page()
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
    await page.goto(`${served.url}/agents/agent%3Aworker`)
    await page.getByText('every hop of worker is shown by a link or a receipt.').waitFor()
    expect(await page.getByRole('row', { name: /^proven 3/ }).count()).toBe(1)
    await page.getByRole('button', { name: 'Copy the grant' }).click()
    await page.getByText('Copied', { exact: true }).waitFor()
    const code = await page.evaluate(() => navigator.clipboard.readText())
    expect(code).toContain('"https://tools.example.com/mcp#deploy"')
    await page.getByRole('link', { name: 'What could it reach?' }).click()
    await page.getByText(/^Whoever holds worker reaches/).waitFor()
    expect(faults.filter((fault) => !fault.includes('GPU stall'))).toEqual([])
    await page.close()
  })

  it('stays usable where very much is reached, and says what is not drawn', async () => {
    const links = wideTree(WORKERS, served.keys.issuer)
    for (let at = 0; at < links.length; at += 60) {
      await sendLinks(served.collector.otlpUrl, links.slice(at, at + 60))
    }
    await served.collector.settled()
    const watched = await browser.page()
    const { page } = watched
    await page.goto(`${served.url}/explore?kind=agent&id=agent:wide-planner`)
    await page.getByText(`reaches ${PERMISSIONS} permissions of 181 agents`).waitFor()
    await page.locator('.reach-canvas canvas').first().waitFor()
    // All of it by and by; the picture is capped and says so, the table is not.
    const more = page.getByRole('button', { name: 'Load more' })
    for (let at = 0; at < 10 && (await more.count()) > 0; at += 1) {
      const before = await page.getByRole('status').allInnerTexts()
      await more.click()
      await expect
        .poll(() => page.getByRole('status').allInnerTexts(), { timeout: PATIENCE })
        .not.toEqual(before)
    }
    await page.getByText(/the first \d+ are drawn, gravest first/).waitFor()
    await page.getByText('Table', { exact: true }).click()
    await page.locator('.reach-row.is-item').first().waitFor()
    expect(await page.locator('.reach-row.is-item').count()).toBeLessThan(60)
    expect(await page.getByRole('table').getAttribute('aria-rowcount')).toBe(
      String(PERMISSIONS + 1),
    )
    // The paths to one target.
    await page.getByRole('textbox', { name: 'Paths to' }).fill('helper-7-a')
    await page.getByText(`4 of ${PERMISSIONS} permissions`).waitFor()
    await page.getByText('Picture', { exact: true }).click()
    await page.getByRole('img', { name: /^Picture of 8 facts/ }).waitFor()
    expect(faultsOf(watched)).toEqual([])
    await page.close()
  }, 120_000)
})

/**
 * Clicks the picture point by point until something is selected: nobody outside knows what it drew where. The
 * start is selected first, so that a click beside everything can be seen as well: it selects nothing.
 */
/** Clicks on the dots of the picture, one after the other, until one that is not the start is selected. */
async function clickOnSome(page: Page): Promise<void> {
  const canvas = page.locator('.reach-canvas')
  const box = await canvas.boundingBox()
  if (box === null) throw new Error('there is no picture')
  const selected = (): string | null => new URL(page.url()).searchParams.get('select')
  const dots = await dotsOf(page, await canvas.screenshot())
  expect(dots.length).toBeGreaterThan(1)
  // The start stands left of all others, and is selected.
  for (const { x, y } of dots.toReversed()) {
    // Two clicks in a third of a second are a double click, which zooms.
    await page.waitForTimeout(400)
    await page.keyboard.press('j')
    await expect.poll(selected, { timeout: PATIENCE }).toContain('agent')
    await page.mouse.click(box.x + x, box.y + y)
    await page.waitForTimeout(400)
    const chosen = selected()
    if (chosen !== null && chosen !== 'agent agent:planner') return
  }
  throw new Error('nothing in the picture can be clicked')
}

interface Dot {
  readonly x: number
  readonly y: number
}

/** Where a picture is of one colour, which is not its background's, all around; pixels, from left to right. */
async function dotsOf(page: Page, picture: Buffer): Promise<Dot[]> {
  const blank = await page.context().newPage()
  try {
    return await blank.evaluate(async (base64) => {
      const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))
      const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }))
      const { width, height } = image
      const context = new OffscreenCanvas(width, height).getContext('2d')
      if (context === null) throw new Error('no 2d')
      context.drawImage(image, 0, 0)
      const colours = new Uint32Array(context.getImageData(0, 0, width, height).data.buffer)
      const at = (x: number, y: number): number => colours[y * width + x] ?? 0
      const counts = new Map<number, number>()
      for (const colour of colours) counts.set(colour, (counts.get(colour) ?? 0) + 1)
      const background = [...counts].sort((a, b) => b[1] - a[1])[0]?.[0]
      const around = [-3, -2, -1, 0, 1, 2, 3]
      const dots: { x: number; y: number }[] = []
      for (let x = 3; x < width - 3; x += 2) {
        for (let y = 3; y < height - 3; y += 2) {
          const colour = at(x, y)
          if (colour === background) continue
          if (!around.every((dx) => around.every((dy) => at(x + dx, y + dy) === colour))) continue
          if (dots.every((dot) => Math.hypot(dot.x - x, dot.y - y) > 20)) dots.push({ x, y })
        }
      }
      return dots
    }, picture.toString('base64'))
  } finally {
    await blank.close()
  }
}
