import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { Page } from 'playwright-core'

const SOURCE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

interface AxeResult {
  readonly passes: readonly { readonly id: string }[]
  readonly violations: readonly {
    readonly id: string
    readonly help: string
    readonly nodes: readonly {
      readonly target: readonly string[]
      readonly failureSummary: string
    }[]
  }[]
}

/** What axe-core finds against WCAG 2.2, levels A and AA, as lines; run from outside, so that the policy stays on. */
export async function axeViolations(page: Page): Promise<string[]> {
  // `evaluate` runs in the page by the debugger, which no policy governs and which weakens none.
  await page.evaluate(SOURCE)
  await page.evaluate(showOnlyDialog, true)
  const result = (await page.evaluate(
    `axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'], resultTypes: ['violations', 'passes'] })`,
  )) as AxeResult
  await page.evaluate(showOnlyDialog, false)
  // A run that judged no colours found nothing because it looked at nothing.
  if (!result.passes.some(({ id }) => id === 'color-contrast')) throw new Error('axe did not look')
  return result.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) => `${id}: ${help}: ${target.join(' ')}: ${failureSummary}`,
    ),
  )
}

/**
 * axe-core does not know that an open dialog lies above everything, takes what is behind it for what covers it,
 * and then judges no colours. What is behind it nobody can reach.
 */
function showOnlyDialog(isOnly: boolean): void {
  const dialog = document.querySelector<HTMLElement>('dialog:modal')
  if (dialog === null) return
  document.body.style.visibility = isOnly ? 'hidden' : ''
  dialog.style.visibility = isOnly ? 'visible' : ''
}
