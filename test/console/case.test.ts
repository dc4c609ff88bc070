import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { haveChromium } from '../harness/chromium.ts'
import { axeViolations } from './testing/axe.ts'
import { onIncident } from './testing/on-incident.ts'

const CLI = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))

describe.runIf(haveChromium())('the panel of a finding, as a case', () => {
  const here = onIncident()

  it('is saved as one file, which the command line judges again', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/findings?finding=${here.incident.finding}`)
    const panel = page.getByRole('complementary', { name: 'Finding' })
    const saved = page.waitForEvent('download')
    await panel.getByRole('button', { name: 'Save the case' }).click()
    const file = await (await saved).path()
    const folder = mkdtempSync(join(tmpdir(), 'delegraph-case-'))
    writeFileSync(join(folder, 'trust.json'), here.served.trust)
    writeFileSync(join(folder, 'case.json'), readFileSync(file))
    const command = (await panel.locator('pre.token').last().innerText()).trim()
    expect(command).toMatch(/^npm run delegraph -- verify finding-\S+\.json --trust trust\.json$/)
    const said = execFileSync(
      process.execPath,
      [
        ...['--conditions=delegraph-source', CLI, 'verify', join(folder, 'case.json')],
        ...['--trust', join(folder, 'trust.json')],
      ],
      { encoding: 'utf8' },
    )
    expect(said).toContain('derived again')
    await panel.getByText(/SHA-256/).waitFor()
    expect(faults).toEqual([])
    await page.close()
  })

  it('has the page of its rule without a network, open where the URL says so', async () => {
    const { page, faults } = await here.browser.page()
    await page.goto(`${here.served.url}/findings?finding=${here.incident.finding}`)
    const panel = page.getByRole('complementary', { name: 'Finding' })
    const fold = panel.getByRole('button', { name: /Runbook: what D1/ })
    expect(await fold.getAttribute('aria-expanded')).toBe('false')
    await fold.click()
    await panel.getByText('Ask the approver whether worker was meant.').waitFor()
    expect(page.url()).toContain('runbook=open')
    await page.reload()
    await panel.getByText('Ask the approver whether worker was meant.').waitFor()
    expect(await axeViolations(page)).toEqual([])
    await fold.click()
    await expect.poll(() => page.url()).not.toContain('runbook')
    expect(faults).toEqual([])
    await page.close()
  })

  it('counts what is similar and leads to just that many', async () => {
    const { page, faults } = await here.browser.page()
    await here.served.play()
    await page.goto(`${here.served.url}/findings?finding=${here.incident.finding}`)
    const panel = page.getByRole('complementary', { name: 'Finding' })
    // Played twice: another approval is another thing, and the same two agents once more.
    await panel.getByRole('link', { name: '0 repetitions of the same' }).waitFor()
    await panel
      .getByRole('link', { name: '1 other: D1 by worker from planner with deploy' })
      .click()
    await expect.poll(() => page.url()).toContain('rule=D1')
    await page.getByRole('status').getByText('2 findings').waitFor()
    expect(await panel.innerText()).toContain('No decision on this call is recorded.')
    expect(faults).toEqual([])
    await page.close()
  })
})
