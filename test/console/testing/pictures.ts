import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import type { Browser } from '../../harness/chromium.ts'

const FOLDER = fileURLToPath(new URL('../../../docs/images', import.meta.url))

export interface PictureOptions {
  readonly scheme?: 'light' | 'dark'
  readonly height?: number
  /** Of another console than the usual one. */
  readonly url?: string
  /** Resolves when there is something to see. */
  readonly ready: (page: Page) => Promise<unknown>
}

export type TakePicture = (name: string, path: string, options: PictureOptions) => Promise<void>

/** Takes a picture of a page of the console there, into `docs/images`; faults of the page are printed. */
export function pictures(browser: Pick<Browser, 'page'>, url: string): TakePicture {
  return async (name, path, options) => {
    const { page, faults } = await browser.page({ scheme: options.scheme ?? 'light' })
    await page.setViewportSize({ width: 1_280, height: options.height ?? 720 })
    await page.goto((options.url ?? url) + path)
    await options.ready(page)
    await page.waitForTimeout(500)
    await page.screenshot({ path: join(FOLDER, `console-${name}.png`) })
    process.stdout.write(`${name} ${faults.join('; ')}\n`)
    await page.close()
  }
}
