import { describe, expect, test } from 'vitest'
import { evidenceOfLog, WANTED, WANTED_BODIES } from '../../evidence/extract.ts'
import { decodeItems } from '../../receive/index.ts'
import type { Delivery } from '../channel.ts'
import type { SuppressedMessage } from '../suppressed-message.ts'
import { aFinding, aMessage, NOW } from '../testing/finding.ts'
import { type Request, startStub } from '../testing/stub.ts'
import { otlp } from './otlp.ts'
import { pagerduty } from './pagerduty.ts'
import { slack } from './slack.ts'
import { teams } from './teams.ts'

// Against a local stub and the limits that the services document, not against the services.

const never = new AbortController().signal
const long = 'x & <y> '.repeat(1_000)
const hostile = aFinding('f1', {
  agent: 'spiffe://example.org/<!channel>',
  body: {
    ...aFinding().body,
    title: `[click](https://evil.example) <!here> ${long}`,
    counterfactual: long,
    remedy: { kind: 'approval', sentence: long },
    owner: 'team:platform',
  },
})
const suppressed: SuppressedMessage = {
  kind: 'suppressed',
  closes: false,
  learnedAt: NOW,
  id: 'msg_s',
  at: NOW,
  rule: 'D1',
  count: 37,
  findings: ['f1'],
}

async function sent<Body>(
  make: (url: string) => Delivery,
  message: Parameters<Delivery['deliver']>[0],
): Promise<Request<Body>> {
  await using stub = await startStub<Body>()
  expect(await make(stub.url).deliver(message, never)).toEqual({ kind: 'delivered' })
  const [request] = stub.requests
  if (request === undefined) throw new Error('nothing came')
  return request
}

describe('Slack', () => {
  interface Message {
    readonly text: string
    readonly blocks: readonly {
      readonly type: string
      readonly text?: { readonly type: string; readonly text: string }
      readonly fields?: readonly { readonly text: string }[]
    }[]
  }
  const make = (url: string): Delivery => slack({ url: `${url}/services/T/B/secret` })

  test('gets blocks with the grade first, within its limits', async () => {
    const { body } = await sent<Message>(
      make,
      aMessage({ link: 'https://see.example/f1' }, hostile),
    )
    expect(body.text).toMatch(/^\[proven\] /)
    expect(body.text.length).toBeLessThanOrEqual(3_000)
    expect(body.blocks.length).toBeLessThanOrEqual(50)
    expect(body.blocks[0]).toMatchObject({ type: 'header', text: { type: 'plain_text' } })
    expect(body.blocks[0]?.text?.text).toMatch(/^\[proven\] /)
    expect(body.blocks[0]?.text?.text.length).toBeLessThanOrEqual(150)
    for (const block of body.blocks.slice(1)) {
      expect(block.text?.text.length ?? 1).toBeLessThanOrEqual(3_000)
      expect(block.fields?.length ?? 1).toBeLessThanOrEqual(10)
      for (const field of block.fields ?? []) expect(field.text.length).toBeLessThanOrEqual(2_000)
    }
  })

  test('is called by nobody’s name, and its only link is ours', async () => {
    const { body } = await sent<Message>(
      make,
      aMessage({ link: 'https://see.example/f1' }, hostile),
    )
    const markup = body.blocks
      .slice(1)
      .flatMap(({ text, fields = [] }) => [text?.text ?? '', ...fields.map((field) => field.text)])
    expect([body.text, ...markup].join('\n').match(/<[^>]*>/g)).toEqual([
      '<https://see.example/f1|Finding>',
    ])
  })

  test('gets a withdrawal and a count as such', async () => {
    expect((await sent<Message>(make, aMessage({ closes: true }))).body.text).toMatch(
      /^Withdrawn: \[proven\] /,
    )
    const triage = { by: 'bob', reason: 'intended_delegation' }
    const closed = aMessage({ closes: true }, aFinding(), 'closed', triage)
    const { body } = await sent<Message>(make, closed)
    expect(body.text).toMatch(/^Closed: \[proven\] /)
    expect(JSON.stringify(body.blocks)).toContain('bob closed it: intended delegation.')
    expect((await sent<Message>(make, suppressed)).body.text).toBe('D1: 37 more suppressed')
  })
})

describe('PagerDuty', () => {
  interface Event {
    readonly routing_key: string
    readonly event_action: string
    readonly dedup_key: string
    readonly payload?: Readonly<Record<string, unknown>>
  }
  const make = (url: string): Delivery => pagerduty({ url, routingKey: 'R'.repeat(32) })

  test('is triggered under the fingerprint, within its limits', async () => {
    const { body, text } = await sent<Event>(make, aMessage({}, hostile))
    expect(body).toMatchObject({
      routing_key: 'R'.repeat(32),
      event_action: 'trigger',
      dedup_key: hostile.fingerprint,
      payload: {
        summary: expect.stringMatching(/^\[proven\] /),
        severity: 'error',
        source: hostile.agent,
        timestamp: '2026-11-24T10:00:00.000Z',
        custom_details: {
          Grade: 'proven',
          Finding: 'f1',
          Proof: expect.stringContaining('export'),
        },
      },
    })
    expect(String(body.payload?.['summary']).length).toBeLessThanOrEqual(1_024)
    expect(Buffer.byteLength(text)).toBeLessThan(512 * 1024)
  })

  test('is resolved under the same key, which has at most 255 characters', async () => {
    const group = 'g'.repeat(300)
    const opened = await sent<Event>(make, aMessage({ group }))
    const closed = await sent<Event>(make, aMessage({ group, closes: true }))
    expect(closed.body).toEqual({
      routing_key: 'R'.repeat(32),
      event_action: 'resolve',
      dedup_key: opened.body.dedup_key,
    })
    expect(opened.body.dedup_key).toHaveLength(255)
  })

  test('is acknowledged under the same key, where somebody took it on', async () => {
    const { body } = await sent<Event>(make, aMessage({}, aFinding(), 'acknowledged'))
    expect(body).toEqual({
      routing_key: 'R'.repeat(32),
      event_action: 'acknowledge',
      dedup_key: aFinding().fingerprint,
    })
  })

  test.each([
    [1, 'info'],
    [3, 'warning'],
    [5, 'critical'],
  ])('severity %i is %s', async (severity, expected) => {
    const { body } = await sent<Event>(make, aMessage({}, aFinding('f1', { severity })))
    expect(body.payload?.['severity']).toBe(expected)
  })

  test('gets a count as a warning of its own', async () => {
    const { body } = await sent<Event>(make, suppressed)
    expect(body).toMatchObject({
      event_action: 'trigger',
      dedup_key: 'delegraph suppressed D1',
      payload: { summary: 'D1: 37 more suppressed', severity: 'warning' },
    })
    const over = await sent<Event>(make, { ...suppressed, closes: true, count: 0, findings: [] })
    expect(over.body).toEqual({
      routing_key: 'R'.repeat(32),
      event_action: 'resolve',
      dedup_key: body.dedup_key,
    })
  })
})

describe('Teams', () => {
  interface Card {
    readonly attachments: readonly [
      {
        readonly contentType: string
        readonly content: { readonly type: string; readonly body: readonly { text?: string }[] }
      },
    ]
  }
  const make = (url: string): Delivery => teams({ url })

  test('gets an Adaptive Card with the grade first, within 28 KB, that no name can format', async () => {
    const { body, text } = await sent<Card>(make, aMessage({}, hostile))
    const [{ contentType, content }] = body.attachments
    expect(contentType).toBe('application/vnd.microsoft.card.adaptive')
    expect(content.type).toBe('AdaptiveCard')
    expect(content.body[0]?.text).toMatch(/^\\\[proven\\\] \\\[click\\\]\\\(/)
    expect(Buffer.byteLength(text)).toBeLessThan(28 * 1024)
  })

  test('gets a withdrawal and a count as such', async () => {
    const closed = await sent<Card>(make, aMessage({ closes: true }))
    expect(closed.body.attachments[0].content.body[0]?.text).toMatch(/^Withdrawn: /)
    const counted = await sent<Card>(make, suppressed)
    expect(counted.body.attachments[0].content.body[0]?.text).toBe('D1: 37 more suppressed')
  })
})

test('OpenTelemetry gets a log event beside the span, which our own decoder reads', async () => {
  const trace = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' }
  const make = (url: string): Delivery => otlp({ url: `${url}/v1/logs`, bearer: 'token' })
  const { body, text, path, headers } = await sent<{
    resourceLogs: [{ scopeLogs: [{ logRecords: [Record<string, unknown>] }] }]
  }>(make, aMessage({ trace }))
  expect(path).toBe('/v1/logs')
  expect(headers.authorization).toBe('Bearer token')
  expect(body.resourceLogs[0].scopeLogs[0].logRecords[0]).toMatchObject({
    ...trace,
    eventName: 'delegation.finding',
    severityNumber: 17,
    timeUnixNano: `${NOW}000000`,
    body: { stringValue: expect.stringMatching(/^\[proven\] /) },
    attributes: expect.arrayContaining([
      { key: 'delegation.finding.fingerprint', value: { stringValue: 'fingerprint of finding-1' } },
      { key: 'delegation.finding.pages', value: { boolValue: true } },
    ]),
  })
  const record = {
    kind: 'otlp-logs',
    seq: 1,
    receivedAt: NOW,
    tenant: '',
    contentType: 'application/json',
    contentEncoding: '',
    payload: Buffer.from(text),
  } as const
  const items = [...decodeItems(record, WANTED, WANTED_BODIES)]
  expect(items).toMatchObject([{ kind: 'log', log: trace }])
  // Sent to a collector of ours by mistake, a finding is no evidence.
  const evidence = items.flatMap((item) =>
    item.kind === 'log' ? [...evidenceOfLog(item.log)] : [],
  )
  expect(evidence).toEqual([])
})

test.each<[string, (url: string) => Delivery]>([
  ['slack', (url) => slack({ url })],
  ['pagerduty', (url) => pagerduty({ url, routingKey: 'key' })],
  ['teams', (url) => teams({ url })],
  ['otlp', (url) => otlp({ url })],
])('%s: too many is later, no is no, and no reason holds the address', async (_, make) => {
  await using stub = await startStub()
  stub.script.push(429, 404)
  const channel = make(`${stub.url}/secret`)
  const results = [
    await channel.deliver(aMessage(), never),
    await channel.deliver(aMessage(), never),
  ]
  expect(results.map(({ kind }) => kind)).toEqual(['later', 'refused'])
  expect(JSON.stringify(results)).not.toContain('secret')
  expect(() => make('http://hooks.example/secret')).toThrow(/https address/)
  expect(() => make('http://hooks.example/secret')).not.toThrow(/secret/)
})
