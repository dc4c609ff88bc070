import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Config, readConfig } from '../../collector/src/config.ts'
import { startTenants, type Tenants } from '../../collector/src/tenants/start-tenants.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { authOf, tokenOf } from './worlds.ts'

const TOKENS = ['acme-admin', 'acme-sender', 'other-admin', 'other-sender']

function configOf(data: string): Config {
  return {
    ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}),
    auth: authOf(TOKENS),
    tenants: { acme: { channels: [] }, other: { channels: [] } },
  }
}

const logger = pino({ level: 'silent' })
const folder = temporaryFolder()
let tenants: Tenants
beforeAll(async () => {
  tenants = await startTenants({ config: configOf(folder.path), env: {}, logger })
}, 60_000)
afterAll(async () => {
  await tenants?.[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('a credential', () => {
  it('of one tenant sends to that one, and of none to nobody', async () => {
    const before = tenants.collectors.get('other')?.journal.lastSeq ?? 0
    const span = {
      traceId: 'ab'.repeat(16),
      spanId: 'cd'.repeat(8),
      name: 'deploy',
      attributes: [{ key: 'delegation.tool', value: { stringValue: 'urn:only-other' } }],
    }
    const send = (who: string) =>
      fetch(`${tenants.otlpUrl}/v1/traces`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${tokenOf(who)}` },
        body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] }),
      })
    expect((await send('other-sender')).status).toBe(200)
    expect((await send('nobody')).status).toBe(401)
    const [acme, other] = ['acme', 'other'].map((name) => tenants.collectors.get(name))
    await other?.settled()
    expect(other?.journal.lastSeq).toBe(before + 1)
    expect(await other?.store.find('Action', 'tool', ['urn:only-other'])).toHaveLength(1)
    expect(await acme?.store.find('Action', 'tool', ['urn:only-other'])).toEqual([])
    for await (const record of other?.journal.read(before + 1) ?? []) {
      expect(record.tenant).toBe('other')
    }
  })

  it.each([
    ['no login', { auth: undefined }, 'tenants: configure auth'],
    ['a token of no tenant', { auth: authOf(['third-admin']) }, 'third-admin is of no tenant'],
    ['no tenant', { tenants: {} }, 'none is configured'],
  ])('%s: nothing is started', async (_, change, message) => {
    using place = temporaryFolder()
    const config = { ...configOf(place.path), ...change } as Config
    await expect(startTenants({ config, env: {}, logger })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining(message),
    })
  })
})
