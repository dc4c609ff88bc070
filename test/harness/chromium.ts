import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type BrowserContext, chromium, type Page } from 'playwright-core'

/** One that is installed, in its Debian and in its other names. */
const BINARY = ['chromium', 'chromium-browser', 'google-chrome'].find(
  (name) => spawnSync(name, ['--version'], { stdio: 'ignore' }).status === 0,
)

/** Nothing of a user's profile, nothing over the network but what a page asks for. */
const FLAGS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/**
 * Whether a real Chromium is here. Where it is not, one line says what is skipped and how to get it, and with
 * `DELEGRAPH_REQUIRE_CHROMIUM=1` that is an error.
 */
export function haveChromium(): boolean {
  if (BINARY !== undefined) return true
  const line =
    'Skipped what needs a real browser: Chromium is not installed. On Debian: apt-get install chromium'
  if (process.env['DELEGRAPH_REQUIRE_CHROMIUM'] === '1') throw new Error(line)
  process.stderr.write(`\n${line}\n\n`)
  return false
}

export interface Browser extends AsyncDisposable {
  /** A new tab, with all that went wrong in it. */
  page(options?: { readonly scheme?: 'light' | 'dark' }): Promise<WatchedPage>
}

export interface WatchedPage {
  readonly page: Page
  /** Errors of the console and of scripts, violations of the policy, requests to other origins. */
  readonly faults: string[]
}

/** A headless Chromium with a profile of its own, which is thrown away. It may be told to believe any certificate. */
export async function launchChromium(
  options: {
    readonly ignoreHTTPSErrors?: boolean
    /** Switches that the driver would set and that a test wants unset. */
    readonly ignoreDefaultArgs?: string[]
  } = {},
): Promise<Browser> {
  const profile = mkdtempSync(join(tmpdir(), 'delegraph-chromium-'))
  const context = await chromium.launchPersistentContext(profile, {
    ...(BINARY === undefined ? {} : { executablePath: pathOf(BINARY) }),
    args: FLAGS,
    ...options,
    viewport: { width: 1_440, height: 900 },
    locale: 'en-GB',
    timezoneId: 'UTC',
  })
  context.setDefaultTimeout(60_000)
  return {
    page: (options) => watchedPage(context, options?.scheme ?? 'light'),
    async [Symbol.asyncDispose]() {
      await context.close()
      rmSync(profile, { recursive: true, force: true })
    },
  }
}

async function watchedPage(
  context: BrowserContext,
  scheme: 'light' | 'dark',
): Promise<WatchedPage> {
  const page = await context.newPage()
  await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
  const faults: string[] = []
  page.on('pageerror', (error) => faults.push(`script: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      faults.push(`console: ${message.text()}`)
    }
  })
  page.on('request', (request) => {
    const { hostname, protocol } = new URL(request.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') {
      faults.push(`request to ${request.url()}`)
    }
  })
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`)
    })
  })
  return { page, faults }
}

function pathOf(name: string): string {
  return spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).stdout.trim()
}
