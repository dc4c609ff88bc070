import { execFile } from 'node:child_process'
import { generateKeyPairSync, type JsonWebKey } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type IssuedLink, nodeSigner } from '@delegraph/link'
import { Provider } from 'oidc-provider'
import { pino } from 'pino'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Collector, openStoreOf, startCollector } from '../../collector/src/collector.ts'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { createCertificate, type TlsServer } from '../../collector/src/fetch/testing/tls-server.ts'
import type { GraphStore } from '../../collector/src/graph/index.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, keyOf, Story, T0, TOOL } from '../harness/story.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))

let folder: ReturnType<typeof temporaryFolder>
let server: TlsServer
let handler: RequestListener
let config: Config
let now: number
let log: string[]

beforeEach(async () => {
  folder = temporaryFolder()
  const certificate = await createCertificate()
  writeFileSync(join(folder.path, 'ca.pem'), certificate.ca)
  server = await certificate.serve((incoming, response) => handler(incoming, response))
  config = {
    ...readConfig({ data: join(folder.path, 'data'), otlpPort: '0', apiPort: '0' }, {}),
    trust: join(folder.path, 'trust.json'),
  }
  now = T0
  log = []
})
afterEach(async () => {
  await server[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** A real OpenID provider that signs with these keys, and with an RSA key as most do. */
function provides(...names: string[]): void {
  const keys: JsonWebKey[] = names.map((kid) => ({
    ...keyOf(kid).privateKey.export({ format: 'jwk' }),
    kid,
    alg: 'EdDSA',
    use: 'sig',
  }))
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const rsa = { ...privateKey.export({ format: 'jwk' }), kid: 'rsa', use: 'sig' }
  const provider = new Provider(server.url, {
    jwks: { keys: [...keys, rsa] as never },
    cookies: { keys: ['only for a test'] },
  })
  handler = provider.callback()
}

function trusts(file: object): void {
  writeFileSync(join(folder.path, 'trust.json'), JSON.stringify({ version: '1', ...file }))
}

const access = { allow_addresses: ['127.0.0.1'], ca_file: 'ca.pem' }

function start(): Promise<Collector> {
  const write = (line: string) => {
    log.push(line)
  }
  return startCollector({
    config,
    env: {},
    logger: pino({ level: 'warn' }, { write }),
    clock: () => now * 1000,
  })
}

/** A root link that the provider's key signs at `iat`. */
function signedBy(kid: string, iat: number): IssuedLink {
  const more = { signer: keyOf(kid), iss: server.url, kid, iat, exp: iat + 3_000 }
  return new Story().root('agent:worker', { [TOOL.deploy]: env('staging') }, more)
}

async function send(collector: Collector, link: IssuedLink): Promise<void> {
  const logRecords = [{ eventName: 'delegation.link', body: { stringValue: link.text } }]
  const response = await fetch(`${collector.otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  })
  expect(response.status).toBe(200)
  await collector.settled()
}

async function outcomeOf(store: GraphStore, { hash }: IssuedLink): Promise<unknown> {
  const [node] = await store.find('Link', 'hash', [hash])
  return node?.columns['outcome']
}

/** Beside the servers of this process, which must go on answering. */
function delegraph(...args: string[]) {
  const env = { ...process.env, NO_COLOR: '1' }
  const all = ['--conditions=delegraph-source', MAIN, ...args]
  return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, all, { env }, (error, stdout, stderr) =>
      resolve({ status: error?.code ?? 0, stdout, stderr }),
    )
  })
}

function ecSigner() {
  return nodeSigner(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)
}

describe('an anchor whose keys an OpenID provider publishes', () => {
  it('follows its rotation, forgets no key, and needs the provider neither to restart nor to rebuild', async () => {
    provides('idp-1')
    trusts({ anchors: [{ iss: server.url, source: { oidc: true, ...access } }] })
    const first = signedBy('idp-1', T0)
    const second = signedBy('idp-2', T0 + 900)
    const stale = signedBy('idp-1', T0 + 1_100)
    const third = signedBy('idp-2', T0 + 1_900)
    const all = async (store: GraphStore) =>
      Promise.all([first, second, stale, third].map((link) => outcomeOf(store, link)))
    {
      await using collector = await start()
      now = T0 + 100
      await send(collector, first)
      expect(await outcomeOf(collector.store, first)).toBe('ok')

      provides('idp-2')
      now = T0 + 1_000
      await send(collector, second)
      expect(await outcomeOf(collector.store, second)).toBe('unknown:issuer_untrusted:kid_unknown')
      await collector.refreshTrust()
      await collector.settled()
      expect(await outcomeOf(collector.store, first)).toBe('ok')
      expect(await outcomeOf(collector.store, second)).toBe('ok')

      now = T0 + 1_200
      await send(collector, stale)
      expect(await outcomeOf(collector.store, stale)).toBe(
        'unknown:issuer_untrusted:key_out_of_time',
      )
      expect(log).toEqual([])
    }

    handler = (_, response) => response.writeHead(503).end('not today')
    now = T0 + 2_000
    const judged = ['ok', 'ok', 'unknown:issuer_untrusted:key_out_of_time', 'ok']
    {
      await using collector = await start()
      await send(collector, third)
      expect(await all(collector.store)).toEqual(judged)
      expect(log.join()).toContain('answered 503; the keys known until now stay')
      expect(log.join()).not.toContain('not today')
      // Nothing changed, so nothing was written down: the trust of the start and of the rotation.
      const records = await collector.store.find('Evidence', 'kind', ['trust'])
      expect(records).toHaveLength(2)
    }

    const rebuilt = await delegraph('rebuild', '--data', config.data, '--trust', config.trust ?? '')
    expect([rebuilt.status, rebuilt.stderr]).toEqual([0, ''])
    await using store = await openStoreOf(config, {})
    expect(await all(store)).toEqual(judged)
  })
})

describe('an anchor of a SPIFFE trust domain', () => {
  it('signs with the keys of its use, until its bundle is empty', async () => {
    const iss = 'spiffe://example.org'
    const wit = ecSigner()
    const jwt = ecSigner()
    let bundle: object = {
      keys: [
        { ...wit.jwk, alg: undefined, kid: 'wit', use: 'wit-svid' },
        { ...jwt.jwk, alg: undefined, kid: 'jwt', use: 'jwt-svid' },
      ],
      spiffe_sequence: 1,
    }
    handler = (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify(bundle))
    }
    const source = { spiffe_bundle: server.url, profile: 'https_web', ...access }
    trusts({ anchors: [{ iss, use: 'wit-svid', source }] })
    const link = (signer: typeof wit, kid: string, iat: number) =>
      new Story().root(
        'agent:worker',
        { [TOOL.deploy]: env('staging') },
        { signer, iss, kid, iat, exp: iat + 3_000 },
      )
    await using collector = await start()
    now = T0 + 100
    const good = link(wit, 'wit', T0)
    const other = link(jwt, 'jwt', T0)
    await send(collector, good)
    await send(collector, other)
    expect(await outcomeOf(collector.store, good)).toBe('ok')
    expect(await outcomeOf(collector.store, other)).toBe('unknown:issuer_untrusted:kid_unknown')

    bundle = { keys: [], spiffe_sequence: 2 }
    await collector.refreshTrust()
    now = T0 + 200
    const late = link(wit, 'wit', T0 + 150)
    await send(collector, late)
    expect(await outcomeOf(collector.store, good)).toBe('ok')
    expect(await outcomeOf(collector.store, late)).toBe('unknown:issuer_untrusted:key_out_of_time')
    expect(log.join()).toContain('withdrew all keys of its trust domain')
  })
})

describe('the command line', () => {
  const flags = () => ['--data', config.data, '--trust', config.trust ?? '']

  it('doctor asks each source and says when a collector had an answer last', async () => {
    provides('idp-1')
    const away = { jwks: 'https://localhost:1/jwks', ...access }
    trusts({
      anchors: [{ iss: server.url, source: { oidc: true, ...access } }],
      pdps: [{ iss: 'https://pdp.example.com', source: away }],
    })
    const before = await delegraph('doctor', ...flags())
    expect(before.stdout).toMatch(/^ok +source +https:/m)
    expect(before.stdout).toContain(` ${server.url}: 1 keys (idp-1); key "rsa" is of`)
    expect(before.stdout).toContain('had its last answer: never')
    expect(before.stdout).toMatch(
      /^failed +source +https:\/\/localhost:1\/jwks: localhost:1 cannot/m,
    )
    expect(before.status).toBe(1)
    {
      await using _ = await start()
    }
    const after = await delegraph('doctor', ...flags())
    const time = new Date(T0 * 1000).toISOString()
    expect(after.stdout).toContain(`had its last answer: ${time}`)
  })

  it('verify reads files that the trust file names, and says whom it did not ask', async () => {
    const key = { ...keyOf('idp-1').jwk, kid: 'idp-1' }
    writeFileSync(join(folder.path, 'keys.json'), JSON.stringify({ keys: [key] }))
    const iss = server.url
    trusts({
      anchors: [
        { iss, source: { jwks_file: 'keys.json' } },
        { iss: 'https://other.example.com', source: { oidc: true } },
      ],
    })
    const chain = join(folder.path, 'chain.txt')
    writeFileSync(chain, signedBy('idp-1', T0).text)
    const at = ['--at', new Date((T0 + 60) * 1000).toISOString()]
    const { status, stderr } = await delegraph('verify', chain, ...flags().slice(2), ...at)
    expect([status, stderr]).toEqual([
      0,
      'not asked, since this works offline: https://other.example.com for the keys of anchors.1\n',
    ])
  })

  it('a file of keys that cannot be read is refused by name', async () => {
    trusts({ anchors: [{ iss: 'a', source: { jwks_file: 'none.json' } }] })
    const { status, stderr } = await delegraph('verify', '-', ...flags().slice(2))
    expect(status).toBe(1)
    expect(stderr).toContain('anchors.0: none.json cannot be read: ENOENT')
  })
})
