import { createHash } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { readConfig, readSecret } from '../config.ts'
import { openAccess } from './access.ts'
import { type AuthSettings, authSettings } from './access-config.ts'
import { loopbackWithoutLogin } from './loopback-only.ts'
import { may, type Viewer } from './viewer.ts'

const folder = mkdtempSync(join(tmpdir(), 'delegraph-access-'))
afterAll(() => rmSync(folder, { recursive: true }))

const TOKEN = 'a-token-of-a-test-with-enough-characters'
const OTHER = 'another-token-of-a-test-with-characters'
const sha256 = createHash('sha256').update(TOKEN).digest('hex')

function open(auth: unknown, env: Record<string, string> = {}) {
  const settings: AuthSettings = authSettings.parse(auth)
  const onError = (error: unknown) => {
    throw error
  }
  return openAccess(settings, { env, readSecret, clock: Date.now, onError })
}

describe('static tokens', () => {
  test('are given by digest, environment or file', async () => {
    const file = join(folder, 'token')
    writeFileSync(file, `${OTHER}\n`, { mode: 0o600 })
    const third = 'the-third-token-of-a-test-with-characters'
    const access = open(
      {
        tokens: [
          { name: 'console', roles: ['viewer'], sha256 },
          { name: 'bob', roles: ['analyst'], file },
          { name: 'planner', roles: ['ingest'], env: 'PLANNER' },
        ],
      },
      { PLANNER: third },
    )
    expect(access.login).toBe(true)
    expect(await access.viewerOf(`Bearer ${TOKEN}`)).toMatchObject({ name: 'console' })
    expect(await access.viewerOf(`bearer  ${OTHER}`)).toMatchObject({
      name: 'bob',
      roles: ['analyst'],
    })
    expect(await access.viewerOf(`Bearer ${third}`)).toMatchObject({ name: 'planner' })
  })

  test.each([
    undefined,
    '',
    'Bearer',
    'Bearer ',
    `Basic ${TOKEN}`,
    TOKEN,
    `Bearer ${TOKEN}x`,
    `Bearer ${TOKEN.slice(1)}`,
    `Bearer ${sha256}`,
    `Bearer ${TOKEN}, Bearer ${TOKEN}`,
  ])('%s is nobody', async (header) => {
    const access = open({ tokens: [{ name: 'console', roles: ['viewer'], sha256 }] })
    expect(await access.viewerOf(header)).toBeUndefined()
  })

  test.each([
    ['nobody at all', {}, 'otherwise nobody could ask'],
    ['no source', { tokens: [{ name: 'a', roles: ['viewer'] }] }, 'give one of'],
    ['two', { tokens: [{ name: 'a', roles: ['viewer'], sha256, env: 'X' }] }, 'give one of'],
    [
      'a token in plain',
      { tokens: [{ name: 'a', roles: ['viewer'], token: TOKEN }] },
      'Unrecognized',
    ],
    ['no digest', { tokens: [{ name: 'a', roles: ['viewer'], sha256: TOKEN }] }, '64 hexadecimal'],
    ['no role', { tokens: [{ name: 'a', roles: [], sha256 }] }, '>=1'],
    ['an unknown role', { tokens: [{ name: 'a', roles: ['root'], sha256 }] }, 'viewer'],
    [
      'one name twice',
      {
        tokens: [
          { name: 'a', roles: ['viewer'], sha256 },
          { name: 'a', roles: ['admin'], env: 'X' },
        ],
      },
      'one name',
    ],
    [
      'one token twice',
      {
        tokens: [
          { name: 'a', roles: ['viewer'], sha256 },
          { name: 'b', roles: ['admin'], env: 'SAME' },
        ],
      },
      "another's token",
    ],
    ['an empty variable', { tokens: [{ name: 'a', roles: ['viewer'], env: 'NONE' }] }, 'is empty'],
    ['a short one', { tokens: [{ name: 'a', roles: ['viewer'], env: 'SHORT' }] }, 'shorter'],
    ['plain http', { oidc: { issuer: 'http://a.example', audience: 'b', roles: {} } }, 'https://'],
    [
      'a shared secret',
      {
        oidc: { issuer: 'https://a.example', audience: 'b', roles: {}, algorithms: ['HS256'] },
      },
      'RS256',
    ],
  ])('%s is refused, without a word of a token', (_, auth, message) => {
    let error: unknown
    try {
      open(auth, { SAME: TOKEN, SHORT: 'hunter2' })
    } catch (thrown) {
      error = thrown
    }
    expect(String(error)).toContain(message)
    expect(String(error)).not.toContain(TOKEN)
    expect(String(error)).not.toContain('hunter2')
  })
})

test('a role may what the lesser ones may, and sending is a matter of its own', () => {
  const who = (...roles: Viewer['roles']): Viewer => ({ name: 'x', roles, tenant: 'default' })
  expect(may(who('admin'), 'ingest')).toBe(true)
  expect(may(who('admin'), 'viewer')).toBe(true)
  expect(may(who('analyst'), 'viewer')).toBe(true)
  expect(may(who('analyst'), 'admin')).toBe(false)
  expect(may(who('analyst'), 'ingest')).toBe(false)
  expect(may(who('ingest'), 'viewer')).toBe(false)
  expect(may(who(), 'viewer')).toBe(false)
})

describe('without a login', () => {
  const config = readConfig({ data: folder }, {})

  test('only loopback is listened on', () => {
    expect(() => loopbackWithoutLogin(config)).not.toThrow()
    for (const name of ['otlp', 'api'] as const) {
      const open = { ...config, allowRemote: true, [name]: { host: '0.0.0.0', port: 0 } }
      expect(() => loopbackWithoutLogin(open)).toThrow(
        `${name}.host: 0.0.0.0 can be reached from elsewhere, and nobody would be asked who they are; configure auth, or use 127.0.0.1`,
      )
      const auth = authSettings.parse({ tokens: [{ name: 'a', roles: ['viewer'], sha256 }] })
      expect(() => loopbackWithoutLogin({ ...open, auth })).not.toThrow()
    }
  })

  test('no proxy makes loopback public', () => {
    const at = (publicUrl: string) => ({ ...config, api: { ...config.api, publicUrl } })
    expect(() => loopbackWithoutLogin(at('http://localhost:4319'))).not.toThrow()
    expect(() => loopbackWithoutLogin(at('https://delegraph.example.com'))).toThrow(
      'api.publicUrl: whoever came by it would not be asked who they are; configure auth',
    )
  })
})
