import { gzipSync } from 'node:zlib'
import { canonicalize, type Json, signJws, TYP } from '@delegraph/link'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, keyOf, Story, T0, TOOL, TRUST } from '../harness/story.ts'

const folder = temporaryFolder()
let collector: Collector

beforeAll(async () => {
  const config = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
  collector = await startCollector({
    config,
    env: {},
    logger: pino({ level: 'silent' }),
    trust: TRUST,
    clock: () => T0 * 1000,
  })
})

afterAll(async () => {
  await collector[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

/** Sends signed texts as log records, as the SDK does. */
async function sendLinks(texts: readonly string[]): Promise<number> {
  const logRecords = texts.map((text) => ({
    eventName: 'delegation.link',
    body: { stringValue: text },
  }))
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  const response = await fetch(`${collector.otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
    body: gzipSync(body),
  })
  await response.arrayBuffer()
  return response.status
}

async function outcomes(): Promise<string[]> {
  await collector.settled()
  const links = await collector.store.page({
    kind: 'Link',
    where: {},
    orderBy: 'outcome',
    direction: 'asc',
    limit: 10_000,
  })
  return links.map((node) => String(node.columns['outcome']))
}

/** A compact text whose header and payload are exactly these bytes, signed by the root key. */
function raw(header: string, payload: string): string {
  const input = [header, payload].map((text) => Buffer.from(text).toString('base64url')).join('.')
  const signature = keyOf('root').sign(Buffer.from(input))
  return `${input}.${Buffer.from(signature).toString('base64url')}`
}

const HEADER = '{"alg":"Ed25519","kid":"root","typ":"aat+jwt"}'

describe('hostile evidence is answered 200 and stored with its verdict', () => {
  const story = new Story()
  const good = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  const claims = canonicalize(good.claims as unknown as Json)
  const cases: [string, string, RegExp][] = [
    ['a token of 5 MB', `${'a'.repeat(5_000_000)}.b.c`, /^failed:oversized/],
    ['100,000 nested arrays', raw(HEADER, '['.repeat(4_000)), /^failed:malformed/],
    ['a duplicate member', raw(HEADER, claims.replace('{', '{"act":1,')), /^failed:non_canonical/],
    ['an unknown algorithm', raw(HEADER.replace('Ed25519', 'none'), claims), /^failed:alg_not_all/],
    ['a number that is not finite', raw(HEADER, '{"exp":1e400}'), /^failed:non_finite/],
    ['a text that is no token', 'hello', /^failed:malformed:parts/],
    [
      'an issuer that nobody trusts',
      signJws(
        { alg: 'Ed25519', kid: 'nobody', typ: TYP.link },
        { ...(good.claims as unknown as Record<string, Json>) },
        keyOf('mallory'),
      ),
      /^unknown:issuer_untrusted/,
    ],
  ]
  for (const [name, text, outcome] of cases) {
    it(name, async () => {
      const before = (await outcomes()).length
      expect(await sendLinks([text])).toBe(200)
      const after = await outcomes()
      expect(after).toHaveLength(before + 1)
      expect(after.some((found) => outcome.test(found))).toBe(true)
    })
  }

  it('a chain of 3,000 links, each valid by itself', async () => {
    const texts = [good.text]
    let above = good
    for (let i = 1; i < 3_000; i += 1) {
      above = story.forge(
        above,
        { par_hash: above.hash, del_depth: i, iss: 'urn:x', act: good.claims.act },
        keyOf('agent:worker'),
      )
      texts.push(above.text)
    }
    const before = await outcomes()
    // Backwards, so that every link arrives before its parent.
    expect(await sendLinks(texts.reverse())).toBe(200)
    const after = await outcomes()
    expect(after.length - before.length).toBe(3_000)
    expect(after.filter((outcome) => outcome === 'ok')).toHaveLength(1)
  }, 60_000)

  it('a span without ids, and one whose clock is a day off', async () => {
    const span = (extra: object) => ({
      name: 'execute_tool x',
      attributes: [
        { key: 'delegation.tool', value: { stringValue: TOOL.deploy } },
        { key: 'delegation.agent.id', value: { stringValue: 'agent:odd' } },
      ],
      ...extra,
    })
    const dayOff = `${(T0 + 86_400) * 1000}000000`
    const spans = [
      span({}),
      span({ traceId: 'ab'.repeat(16), spanId: 'cd'.repeat(8), startTimeUnixNano: dayOff }),
    ]
    const response = await fetch(`${collector.otlpUrl}/v1/traces`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] }),
    })
    expect(response.status).toBe(200)
    await collector.settled()
    const actions = await collector.store.find('Action', 'agent', ['agent:odd'])
    expect(actions).toHaveLength(2)
    expect(actions.map((node) => node.columns['grade'])).toEqual(['asserted', 'asserted'])
    expect(actions.some((node) => String(node.columns['flags']).includes('ids_invalid'))).toBe(true)
  })

  it('and goes on taking evidence in', async () => {
    const before = (await outcomes()).filter((outcome) => outcome === 'ok').length
    const again = new Story().root('agent:helper', { [TOOL.deploy]: env('staging') })
    expect(await sendLinks([again.text])).toBe(200)
    expect((await outcomes()).filter((outcome) => outcome === 'ok')).toHaveLength(before + 1)
  })
})

describe('a collector that asks nobody who they are', () => {
  const send = async (origin?: string): Promise<number> => {
    const response = await fetch(`${collector.otlpUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(origin === undefined ? {} : { origin }) },
      body: '{"resourceLogs":[]}',
    })
    await response.arrayBuffer()
    return response.status
  }

  it.each(['http://evil.example:4318', 'https://127.0.0.1.evil.example', 'null', ''])(
    'takes no evidence from a page of %j, by whatever name it came',
    async (origin) => expect(await send(origin)).toBe(403),
  )

  it('takes it from a page of this machine, and from whoever is no page', async () => {
    expect(await send('http://localhost:3000')).toBe(200)
    expect(await send()).toBe(200)
  })
})
