import { createHash } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { openAccess } from '../../access/access.ts'
import { authSettings } from '../../access/access-config.ts'
import type { AuditEntry } from '../../access/audit-entry.ts'
import { startTestServer } from '../test-server.ts'
import { openRateLimits, type RateReason } from './rate.ts'

const TOKENS = { soc: 's'.repeat(40), lead: 'l'.repeat(40) }
const time = { now: Date.UTC(2026, 10, 30) }
const clock = () => time.now
const limited: RateReason[] = []
let noted: AuditEntry[] = []
afterEach(() => void limited.splice(0))

const settings = authSettings.parse({
  tokens: Object.entries(TOKENS).map(([name, token]) => ({
    name,
    roles: ['admin'],
    sha256: createHash('sha256').update(token).digest('hex'),
  })),
})

function start({ requests = 1_000, cost = 1_000_000, guesses = 1_000 } = {}) {
  const around = { env: {}, readSecret: () => '', clock, onError: () => {} }
  // Its own: a stream of the server before may end late.
  const own: AuditEntry[] = []
  noted = own
  return startTestServer({
    clock,
    access: openAccess(settings, { ...around, guesses }),
    rates: openRateLimits({ requests, cost }, clock),
    onLimited: (reason) => limited.push(reason),
    audit: { note: (entry) => void own.push(entry) },
  })
}

async function as(url: string, token: string, query: string, accept = 'application/json') {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept, authorization: `Bearer ${token}` },
    body: JSON.stringify({ query }),
  })
  const { status, headers } = response
  if (accept === 'text/event-stream' && status === 200) {
    const first = await response.body?.getReader().read()
    return { status, text: new TextDecoder().decode(first?.value), headers }
  }
  return { status, text: await response.text(), headers }
}

const CHEAP = '{ findingCursor }'
const FINDINGS = '{ findings(first: 100) { ... on FindingConnection { nodes { id } } } }'

function expectLimited({ status, text, headers }: Awaited<ReturnType<typeof as>>, after: string) {
  expect(status).toBe(429)
  expect(headers.get('retry-after')).toBe(after)
  expect(JSON.parse(text)).toMatchObject({ errors: [{ extensions: { code: 'RATE_LIMITED' } }] })
}

describe('what one may have in a minute', () => {
  test('is a number of requests; others have their own; time brings more', async () => {
    await using server = await start({ requests: 3 })
    for (let i = 0; i < 3; i += 1) {
      expect((await as(server.url, TOKENS.soc, CHEAP)).status).toBe(200)
    }
    expectLimited(await as(server.url, TOKENS.soc, CHEAP), '20')
    expect((await as(server.url, TOKENS.lead, CHEAP)).status).toBe(200)
    expect(limited).toEqual(['requests'])
    await expect.poll(() => noted.length).toBe(5)
    expect(noted[3]).toMatchObject({ by: 'soc', status: 429, reason: 'rate_limited' })
    time.now += 20_000
    expect((await as(server.url, TOKENS.soc, CHEAP)).status).toBe(200)
    expect((await as(server.url, TOKENS.soc, CHEAP)).status).toBe(429)
  })

  test('is a number of objects that queries may read; a cheap query is still answered', async () => {
    await using server = await start({ cost: 300 })
    expect((await as(server.url, TOKENS.soc, FINDINGS)).status).toBe(200)
    expect((await as(server.url, TOKENS.soc, FINDINGS)).status).toBe(200)
    const refused = await as(server.url, TOKENS.soc, FINDINGS)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    expectLimited(refused, String(refused.headers.get('retry-after')))
    expect(JSON.parse(refused.text)).not.toHaveProperty('data')
    expect((await as(server.url, TOKENS.soc, CHEAP)).status).toBe(200)
    expect(limited).toEqual(['cost'])
  })

  test('a subscription counts when it is opened, and not for what it tells', async () => {
    await using server = await start({ requests: 2 })
    const query = 'subscription { findingRaised(after: "0") { cursor } }'
    const open = () => as(server.url, TOKENS.soc, query, 'text/event-stream')
    expect((await open()).status).toBe(200)
    for (let n = 10; n < 40; n += 1) server.bus.publish(String(n))
    expect((await open()).status).toBe(200)
    expectLimited(await open(), '30')
  })

  test('a subscription that costs too much is refused by its status too', async () => {
    await using server = await start({ cost: 3 })
    const query = 'subscription { findingRaised(after: "0") { finding { id action { id } } } }'
    const open = () => as(server.url, TOKENS.soc, query, 'text/event-stream')
    expect((await open()).status).toBe(200)
    const { status, headers, text } = await open()
    expect(status).toBe(429)
    expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    expect(text).toContain('RATE_LIMITED')
    expect(limited).toEqual(['cost'])
  })
})

describe('whoever tries one token after another', () => {
  test('is told to wait, whether the next one is right or not', async () => {
    await using server = await start({ guesses: 3 })
    for (const guess of ['a', 'b', 'c']) {
      expect((await as(server.url, guess.repeat(40), CHEAP)).status).toBe(401)
    }
    expectLimited(await as(server.url, 'd'.repeat(40), CHEAP), '20')
    expectLimited(await as(server.url, TOKENS.soc, CHEAP), '20')
    expect(limited).toEqual(['strangers', 'strangers'])
    await expect.poll(() => noted.length).toBe(5)
    expect(noted[0]).toMatchObject({ status: 401, reason: 'unknown_credential' })
    expect(noted[4]).toMatchObject({ status: 429, reason: 'rate_limited' })
    expect(noted[4]).not.toHaveProperty('by')
    time.now += 20_000
    expect((await as(server.url, TOKENS.soc, CHEAP)).status).toBe(200)
  })

  test('shuts nobody out who was known before him', async () => {
    await using server = await start({ guesses: 3 })
    expect((await as(server.url, TOKENS.soc, CHEAP)).status).toBe(200)
    const guesses = Array.from({ length: 40 }, (_, n) => `${n}`.padStart(40, 'x'))
    const answers = await Promise.all(guesses.map((guess) => as(server.url, guess, CHEAP)))
    expect(answers.filter(({ status }) => status === 401)).toHaveLength(3)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(37)
    expect((await as(server.url, TOKENS.soc, CHEAP)).status).toBe(200)
  })
})
