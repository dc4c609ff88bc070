import { execFile } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { publicJwk } from '@delegraph/sdk'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createCertificate, type TlsServer } from '../../collector/src/fetch/testing/tls-server.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, keyOf, Story, T0, TOOL } from '../harness/story.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
const ISSUER = 'https://id.example.com'
const AT = new Date((T0 + 60) * 1000).toISOString()

const folder = temporaryFolder()
let server: TlsServer
let handler: RequestListener = (_, response) => void response.writeHead(500).end()

/** Beside the server of this process, which must go on answering. */
function verify(...args: string[]) {
  const all = ['--conditions=delegraph-source', MAIN, 'verify', chain, '--at', AT, ...args]
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      all,
      { env: { ...process.env, NO_COLOR: '1' } },
      (error, stdout, stderr) => resolve({ status: error?.code ?? 0, stdout, stderr }),
    )
  })
}

function file(name: string, content: unknown): string {
  const path = join(folder.path, name)
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

const setOf = (...kids: string[]) => ({
  keys: kids.map((kid) => ({ ...publicJwk(keyOf(kid)), kid, use: 'sig' })),
})
const story = new Story()
const root = story.root(
  'agent:planner',
  { [TOOL.deploy]: env('staging') },
  { signer: keyOf('issuer-1'), iss: ISSUER, kid: 'issuer-1', iat: T0, exp: T0 + 3_000 },
)
const leaf = story.link(root, 'agent:worker', { [TOOL.deploy]: env('staging') }, { iat: T0 + 1 })
const chain = file('chain.json', { aat_chain: [root.text, leaf.text] })

beforeAll(async () => {
  const certificate = await createCertificate()
  writeFileSync(join(folder.path, 'ca.pem'), certificate.ca)
  server = await certificate.serve((incoming, response) => handler(incoming, response))
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('delegraph verify --jwks', () => {
  it('judges a chain by a key set in a file, and says whose the keys are taken to be', async () => {
    const good = file('good.jwks', setOf('issuer-0', 'issuer-1'))
    const held = await verify('--jwks', good, '--json')
    expect(JSON.parse(held.stdout)).toMatchObject({ outcome: { state: 'ok' } })
    expect(held.stderr).toContain(`2 keys of ${good} are taken for those of ${ISSUER}`)
    expect(held.status).toBe(0)
    const other = await verify('--jwks', file('other.jwks', setOf('issuer-0')), '--json')
    expect(JSON.parse(other.stdout)).toMatchObject({ outcome: { state: 'unknown' } })
    expect(other.status).toBe(3)
  })

  it('takes no key of the same name for the right one', async () => {
    const { keys } = setOf('issuer-0')
    const forged = { keys: keys.map((key) => ({ ...key, kid: 'issuer-1' })) }
    const { status, stdout } = await verify('--jwks', file('forged.jwks', forged), '--json')
    expect(JSON.parse(stdout).links[0].signature).not.toBe('ok')
    expect(status).toBe(3)
  })

  it('fetches one by https from where it is told, within the limits of every fetch', async () => {
    const answer = (status: number, body: unknown): void => {
      handler = (_, response) =>
        void response
          .writeHead(status, { 'content-type': 'application/json', location: 'https://localhost/' })
          .end(typeof body === 'string' ? body : JSON.stringify(body))
    }
    const access = ['--jwks-address', '127.0.0.1', '--jwks-ca', join(folder.path, 'ca.pem')]
    answer(200, setOf('issuer-1'))
    const url = `${server.url}/keys`
    expect((await verify('--jwks', url, ...access)).status).toBe(0)
    // Loopback is no public address: nobody is led there who did not say so.
    const refused = await verify('--jwks', url)
    expect(refused).toMatchObject({ status: 1, stdout: '' })
    expect(refused.stderr).toContain('--jwks')
    const plain = await verify('--jwks', url.replace('https:', 'http:'))
    expect(plain).toMatchObject({ status: 2, stderr: expect.stringContaining('https URL') })
    answer(302, '')
    expect((await verify('--jwks', url, ...access)).status).toBe(1)
    answer(503, '')
    expect((await verify('--jwks', url, ...access)).status).toBe(5)
    answer(200, ' '.repeat(300 * 1024))
    expect((await verify('--jwks', url, ...access)).status).toBe(1)
    answer(200, { keys: [{ ...setOf('issuer-1').keys[0], d: 'secret-part' }] })
    const open = await verify('--jwks', url, ...access)
    expect(open).toMatchObject({ status: 1, stderr: expect.stringContaining('private') })
    expect(open.stderr).not.toContain('secret-part')
  })

  it.each<[string, string[], RegExp]>([
    ['neither', [], /--trust or --jwks/],
    ['both', ['--trust', 'trust.json', '--jwks', 'a.jwks'], /--trust or --jwks/],
    ['an address for a file', ['--jwks', 'a.jwks', '--jwks-address', '127.0.0.1'], /no address/],
    ['an address for a trust file', ['--trust', 't.json', '--jwks-ca', 'ca.pem'], /for --jwks/],
  ])('is misused with %s', async (_, flags, says) => {
    const { status, stdout, stderr } = await verify(...flags)
    expect(stderr).toMatch(says)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  })
})
