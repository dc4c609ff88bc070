/** Takes the pictures in `docs/images` anew, of the demo's incidents: `npm run console:images`. */
import { launchChromium } from '../../harness/chromium.ts'
import { SERVICE_TOOLS, STRICT, serveGoverned } from '../../harness/governed.ts'
import { longChain, sendLinks } from '../../harness/long-chain.ts'
import { pictures } from './pictures.ts'
import { incidentOf, serve } from './served.ts'

const DEPLOY = 'https://tools.example.com/mcp#deploy'

await using served = await serve({ incident: false })
await using browser = await launchChromium()

const take = pictures(browser, served.url)

await take('live', '/live', {
  height: 420,
  ready: async (page) => {
    await page.getByText('live', { exact: true }).waitFor()
    await served.play()
    await page.locator('tr[data-cursor]').nth(3).waitFor()
  },
})
const { finding, chain, action } = await incidentOf(served)
await take('findings', `/findings?tab=open&order=severity&finding=${finding}`, {
  height: 860,
  ready: (page) => page.getByText('Whose yes it was').waitFor(),
})
await take('suppressions', '/suppressions?write=yes&rule=D1&agent=agent:worker&most=4', {
  height: 620,
  ready: async (page) => {
    await page.getByText(/It would hide/).waitFor()
    await page.getByRole('textbox', { name: 'Reason' }).fill('known until the planner is fixed')
  },
})
await take('chain', `/chains/${chain}`, {
  height: 580,
  ready: (page) => page.locator('.chip-appeared').waitFor(),
})
await take('chain-dark', `/chains/${chain}?select=${action}`, {
  scheme: 'dark',
  ready: (page) => page.getByText('Why it was allowed').waitFor(),
})
await take('graph', `/chains/${chain}?view=graph`, {
  height: 560,
  ready: (page) => page.locator('.react-flow__node').first().waitFor(),
})
await take('agent', '/agents/agent%3Aworker', {
  height: 800,
  ready: async (page) => {
    await page.getByText('What would be enough').waitFor()
    await page.getByRole('heading', { name: 'Evidence' }).waitFor()
  },
})
const { action: used } = await served.ask<{ action: { approvals: { id: string }[] } }>(
  `{ action(id: "${action}") { ... on Action { approvals { id } } } }`,
)
await take('explore', `/explore?kind=approval&id=${used.approvals[0]?.id}`, {
  height: 620,
  ready: (page) => page.locator('.reach-canvas canvas').first().waitFor(),
})
await take(
  'paths',
  `/explore?kind=agent&id=agent:planner&ask=paths&end=${encodeURIComponent(`tool:${DEPLOY}`)}`,
  { height: 620, ready: (page) => page.locator('.paths-list > li').first().waitFor() },
)
await take('replay', '/decisions?show=replay', {
  height: 560,
  ready: async (page) => {
    await page.getByRole('button', { name: 'Replay' }).click()
    await page.locator('tr[data-replayed]').first().waitFor()
  },
})
await using governed = await serveGoverned()
for (const tool of SERVICE_TOOLS) await governed.call(tool, { source: STRICT })
await governed.call('drop', { source: STRICT, mode: 'observe' })
await governed.told()
await take('decisions', '/decisions', {
  url: governed.url,
  height: 340,
  ready: (page) => page.locator('tr[data-decision]').nth(3).waitFor(),
})

const HOPS = 500
const links = longChain(HOPS, served.keys.issuer)
for (let at = 0; at < HOPS; at += 100) {
  await sendLinks(served.collector.otlpUrl, links.slice(at, at + 100))
}
await served.collector.settled()
await take('chain-500-hops', `/chains/${links.at(-1)?.hash}`, {
  height: 420,
  ready: (page) => page.locator('.chip-appeared').first().waitFor(),
})
await take('explore-500-hops', `/explore?kind=link&id=${links[0]?.hash}`, {
  height: 620,
  ready: (page) => page.locator('.reach-canvas canvas').first().waitFor(),
})

await import('./guarded-screenshots.ts')
