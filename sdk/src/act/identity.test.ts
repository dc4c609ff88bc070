import { ATTR, EVENT } from '@delegraph/graph-schema'
import { signJws } from '@delegraph/link'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createDelegraph, createKey, type Warning } from '../index.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { recordSpans } from '../testing/spans.ts'

const AGENT = 'spiffe://example.org/agent/worker'
const TOOL = 'https://ops.example.com/mcp#deploy'
const recorded = recordSpans()
const key = await createKey()
const domain = await createKey({ alg: 'ES256' })
afterAll(() => recorded.shutdown())
beforeEach(() => recorded.reset())

function wit(change: object = {}): string {
  const claims = { sub: AGENT, exp: 1_900_000_000, cnf: { jwk: { ...key.jwk } }, ...change }
  return signJws(
    { alg: 'ES256', kid: 'd', typ: 'wit+jwt' },
    JSON.parse(JSON.stringify(claims)),
    domain,
  )
}

function onSpans(): unknown[] {
  return recorded.spans.flatMap((span) => span.attributes[ATTR.identityJws] ?? [])
}

describe('a workload identity token', () => {
  test('is reported once per process and token, on the span under way and as a log record', async () => {
    await using collector = await startFakeCollector()
    let identity = wit()
    const config = { agent: AGENT, key, collector: collector.url }
    await using worker = createDelegraph({ ...config, identity: () => identity })
    await worker.hop('worker', () => worker.act({ tool: TOOL }, () => 'done'))
    await worker.act({ tool: TOOL }, () => 'done')
    const first = identity
    identity = wit({ exp: 1_900_003_600 })
    await worker.act({ tool: TOOL }, () => 'done')
    await worker.flush()
    expect(onSpans()).toEqual([first, identity])
    const sent = collector.records().filter(({ eventName }) => eventName === EVENT.identity)
    expect(sent.map(({ body }) => body)).toEqual([first, identity])
    expect(sent[0]?.spanId).toMatch(/^[0-9a-f]{16}$/)
  })

  test('stays off the spans where texts do', async () => {
    await using collector = await startFakeCollector()
    const config = { agent: AGENT, key, collector: collector.url, evidence: 'logs' } as const
    await using worker = createDelegraph({ ...config, identity: wit() })
    await worker.act({ tool: TOOL }, () => 'done')
    await worker.flush()
    expect(onSpans()).toEqual([])
    expect(collector.records().map(({ eventName }) => eventName)).toContain(EVENT.identity)
  })

  test('of somebody else, or no token at all, is refused where it is configured', async () => {
    const { jwk } = await createKey()
    for (const identity of [
      '',
      'token',
      wit({ sub: 'agent:x' }),
      wit({ cnf: { jwk: { ...jwk } } }),
    ])
      expect(() => createDelegraph({ agent: AGENT, key, identity })).toThrow(
        expect.objectContaining({ code: 'invalid_config' }),
      )
  })

  test.each<[string, () => string | undefined]>([
    [
      'that throws',
      () => {
        throw new Error('no socket')
      },
    ],
    ['that gives the token of somebody else', () => wit({ sub: 'agent:x' })],
  ])('a function %s stops no call: it is told once', async (_, identity) => {
    const warnings: Warning[] = []
    const worker = createDelegraph({
      agent: AGENT,
      key,
      identity,
      onWarning: (warning) => warnings.push(warning),
    })
    expect(await worker.act({ tool: TOOL }, () => 'done')).toBe('done')
    expect(await worker.act({ tool: TOOL }, () => 'done')).toBe('done')
    expect(warnings.map(({ code }) => code)).toEqual(['identity_failed'])
    expect(worker.stats.failed).toBe(2)
    expect(onSpans()).toEqual([])
  })

  test('that is not there yet is waited for', async () => {
    let identity: string | undefined
    const worker = createDelegraph({ agent: AGENT, key, identity: () => identity })
    await worker.act({ tool: TOOL }, () => 'done')
    identity = wit()
    await worker.act({ tool: TOOL }, () => 'done')
    expect(onSpans()).toEqual([identity])
  })
})
