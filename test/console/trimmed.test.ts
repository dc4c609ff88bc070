import { expect, it } from 'vitest'
import { askForRun } from '../../collector/src/retention/asking.ts'
import { haveChromium, launchChromium } from '../harness/chromium.ts'
import { demoCollector } from '../harness/demo.ts'
import { axeViolations } from './testing/axe.ts'
import { buildConsole } from './testing/served.ts'

const DAY = 86_400_000

it.runIf(haveChromium())(
  'a chain whose evidence was trimmed says so in its heading and in the name of its tab',
  async () => {
    buildConsole()
    let now = Date.now()
    const retention = { days: 5, trimNotes: true, trimClosed: true }
    await using demo = await demoCollector({ retention }, { clock: () => now })
    const { collector, folder } = demo
    await using browser = await launchChromium()
    const ask = async <Data>(query: string, variables: object = {}): Promise<Data> => {
      const response = await fetch(collector.graphqlUrl, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      })
      return ((await response.json()) as { data: Data }).data
    }
    const { findings } = await ask<{
      findings: { nodes: { id: string; chain: { id: string } }[] }
    }>('{ findings(first: 50) { ... on FindingConnection { nodes { id chain { id } } } } }')
    const [chain] = findings.nodes.map((finding) => finding.chain.id)
    const { page, faults } = await browser.page()
    const url = `${collector.consoleUrl}chains/${chain}`
    await page.goto(url)
    await page.getByRole('heading', { name: 'alice planner worker' }).waitFor()
    expect(await page.title()).toBe('Chain alice → planner → worker · Delegraph')

    await ask(
      `mutation ($findings: [ID!]!, $versions: [Int!]!) { triage(input: { findings: $findings,
        expectedVersions: $versions, state: CLOSED, reason: FIXED }) { __typename } }`,
      {
        findings: findings.nodes.map(({ id }) => id),
        versions: findings.nodes.map(() => 0),
      },
    )
    now += 10 * DAY
    await collector.projector.settle()
    expect(await askForRun(folder, 5, () => {})).toMatchObject({ outcome: 'trimmed' })

    await page.goto(url)
    const heading = page.getByRole('heading', { level: 1 })
    await expect
      .poll(() => heading.allInnerTexts())
      .toEqual(['The evidence of this chain was trimmed.'])
    expect(await page.title()).toBe('The evidence of this chain was trimmed · Delegraph')
    const day = new Date(now).toISOString().slice(0, 10)
    expect(await page.locator('main').innerText()).toContain(`was trimmed on ${day}`)
    expect(await axeViolations(page)).toEqual([])

    // What was never there says something else.
    await page.goto(`${collector.consoleUrl}chains/nothing`)
    await expect.poll(() => heading.allInnerTexts()).toEqual(['No such chain.'])
    expect(await page.title()).toBe('No such chain · Delegraph')
    expect(faults).toEqual([])
  },
  120_000,
)
