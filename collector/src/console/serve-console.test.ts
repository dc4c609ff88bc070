import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../../test/harness/own-place.ts'
import { type Listening, listen } from '../listen.ts'
import { CONSOLE_ROUTES, CONTENT_SECURITY_POLICY, withConsole } from './serve-console.ts'
import { readConsole } from './static-files.ts'

const folder = temporaryFolder()
let server: Listening
beforeAll(async () => {
  mkdirSync(join(folder.path, 'assets'))
  writeFileSync(join(folder.path, 'index.html'), '<!doctype html><p>page</p>')
  writeFileSync(join(folder.path, 'assets', 'main-1a2b.js'), 'export {}')
  writeFileSync(join(folder.path, '.stamp'), 'not served')
  const files = readConsole(folder.path)
  if (files === undefined) throw new Error('no console')
  const site = withConsole((_, response) => response.writeHead(418).end('api'), files)
  server = await listen(site, { host: '127.0.0.1', port: 0 }, false)
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Sends the path as it is: `fetch` would tidy it. */
function get(
  path: string,
  headers: Readonly<Record<string, string>> = { accept: 'text/html' },
  method = 'GET',
): Promise<{ status: number | undefined; text: string; headers: Record<string, unknown> }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(server.url)
    request({ hostname, port, path, method, headers }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => {
        text += chunk.toString()
      })
      response.on('end', () =>
        resolve({ status: response.statusCode, text, headers: response.headers }),
      )
    })
      .on('error', reject)
      .end()
  })
}

it.each([
  '/',
  '/findings',
  '/findings?rule=D1',
  '/chains/abc?view=graph',
  '/agents/agent%3Ax',
  '/live',
  '/alerts?outcome=owed',
])('gives a browser the page at %s, under the policy', async (path) => {
  const { status, text, headers } = await get(path)
  expect([status, text]).toEqual([200, '<!doctype html><p>page</p>'])
  expect(headers['content-security-policy']).toBe(CONTENT_SECURITY_POLICY)
  expect(headers['x-content-type-options']).toBe('nosniff')
  expect(headers['cache-control']).toBe('no-cache')
})

it('allows nothing inline and nothing of another origin', () => {
  expect(CONTENT_SECURITY_POLICY).toContain("default-src 'self'")
  expect(CONTENT_SECURITY_POLICY).not.toMatch(/unsafe|\*|https?:|data:|nonce/)
})

it('leaves the rest to the API: curl at the root, other paths, other methods', async () => {
  expect((await get('/', { accept: '*/*' })).text).toBe('api')
  for (const path of ['/graphql', '/metrics', '/nothing', '/.stamp', '/assets/none.js']) {
    expect((await get(path)).text).toBe('api')
  }
  expect((await get('/findings', {}, 'POST')).text).toBe('api')
})

it.each([
  '/../package.json',
  '/assets/../../x',
  '/assets/%2e%2e/%2e%2e/etc/passwd',
  '/assets//main-1a2b.js',
  '//index.html',
])('reaches no file by %s', async (path) => expect((await get(path)).text).toBe('api'))

it('lets browsers keep what has a hash in its name, and answers 304', async () => {
  const first = await get('/assets/main-1a2b.js')
  expect(first.headers['cache-control']).toContain('immutable')
  expect(first.headers['content-type']).toContain('text/javascript')
  const again = await get('/assets/main-1a2b.js', {
    'if-none-match': String(first.headers['etag']),
  })
  expect([again.status, again.text]).toEqual([304, ''])
  expect((await get('/findings', {}, 'HEAD')).text).toBe('')
})

describe('the router of the console', () => {
  it('knows the same paths', () => {
    const file = new URL('../../../dashboards/console/src/app/router.tsx', import.meta.url)
    const paths = readFileSync(fileURLToPath(file), 'utf8').matchAll(/path: '\/([a-z-]+)/g)
    expect(new Set([...paths].map(([, first]) => first))).toEqual(CONSOLE_ROUTES)
  })
})

it('is absent where nothing was built', () => {
  expect(readConsole(join(folder.path, 'nowhere'))).toBeUndefined()
})
