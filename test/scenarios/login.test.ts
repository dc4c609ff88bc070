import { createHash } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { pino } from 'pino'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { authSettings } from '../../collector/src/access/access-config.ts'
import { main } from '../../collector/src/cli/main.ts'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { collectorLinkStore } from '../../sdk/src/guard/index.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const TOKENS = {
  reader: 'reader-0123456789-0123456789-0123456789',
  analyst: 'analyst-0123456789-0123456789-0123456789',
  sender: 'sender-0123456789-0123456789-0123456789',
}

afterEach(() => {
  vi.unstubAllEnvs()
})

function configOf(data: string) {
  const sha256 = (token: string) => createHash('sha256').update(token).digest('hex')
  const auth = authSettings.parse({
    tokens: [
      { name: 'reader', roles: ['viewer'], sha256: sha256(TOKENS.reader) },
      { name: 'bob', roles: ['analyst'], sha256: sha256(TOKENS.analyst) },
      { name: 'planner', roles: ['ingest'], sha256: sha256(TOKENS.sender) },
    ],
  })
  return { ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}), auth }
}

describe('a collector with a login', () => {
  it('takes spans from whoever may send, by the standard variable, and answers whoever may ask', async () => {
    using folder = temporaryFolder()
    const logs: string[] = []
    const logger = pino({ level: 'info' }, { write: (line: string) => void logs.push(line) })
    {
      await using collector = await startCollector({
        config: configOf(folder.path),
        env: {},
        logger,
      })
      const send = async (token?: string): Promise<number> => {
        const response = await fetch(`${collector.otlpUrl}/v1/traces`, {
          method: 'POST',
          headers: {
            'content-type': 'application/json',
            ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
          },
          body: '{"resourceSpans":[]}',
        })
        return response.status
      }
      expect([await send(), await send('nobody'), await send(TOKENS.analyst)]).toEqual([
        401, 401, 403,
      ])

      vi.stubEnv('OTEL_EXPORTER_OTLP_HEADERS', `authorization=Bearer ${TOKENS.sender}`)
      const exporter = new OTLPTraceExporter({ url: `${collector.otlpUrl}/v1/traces` })
      const sdk = new NodeSDK({ traceExporter: exporter, instrumentations: [] })
      sdk.start()
      const span = trace.getTracer('test').startSpan('execute_tool deploy', {
        attributes: { 'delegation.tool': 'urn:deploy', 'delegation.agent.id': 'agent:worker' },
      })
      span.end()
      await sdk.shutdown()
      await collector.settled()
      expect(await collector.store.find('Action', 'tool', ['urn:deploy'])).toHaveLength(1)

      const store = (token: string) =>
        collectorLinkStore({
          url: collector.graphqlUrl,
          headers: { authorization: `Bearer ${token}` },
        })
      expect(await store(TOKENS.sender).get(['no-such-link'])).toEqual(new Map())
      await expect(store(TOKENS.reader).get(['no-such-link'])).rejects.toThrow()
      await expect(store('nobody').get(['no-such-link'])).rejects.toThrow('401')

      vi.stubEnv('DELEGRAPH_TOKEN', TOKENS.analyst)
      const argv = ['findings', 'ack', 'no-such-finding', '--url', collector.graphqlUrl]
      const stderr = vi.spyOn(process.stderr, 'write').mockReturnValue(true)
      expect(await main(argv)).toBe(1)
      vi.stubEnv('DELEGRAPH_TOKEN', 'nobody')
      expect(await main(argv)).toBe(1)
      expect(stderr.mock.calls.map(([line]) => String(line))).toEqual([
        'delegraph: finding no-such-finding is not known here\n',
        'delegraph: say who you are: a bearer token that is known here\n',
      ])
      stderr.mockRestore()
    }
    const file = join(folder.path, 'audit.ndjson')
    const audit = readFileSync(file, 'utf8')
    const entries = audit
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(entries.filter(({ surface }) => surface === 'otlp')).toMatchObject([
      { status: 401 },
      { status: 401 },
      { status: 403, by: 'bob' },
    ])
    expect(entries.filter(({ surface }) => surface === 'graphql')).toMatchObject([
      { by: 'planner', fields: ['linkTexts'], status: 200 },
      { by: 'reader', fields: ['linkTexts'], status: 200 },
      { status: 401 },
      { by: 'bob', fields: ['finding'], status: 200 },
      { by: 'bob', operation: 'mutation', fields: ['triage'], status: 200 },
      { status: 401 },
    ])
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const token of Object.values(TOKENS)) {
      expect(audit + logs.join('')).not.toContain(token)
    }
    expect(logs.join('')).toContain('"audit":{')
  })

  it('does not listen elsewhere without one', async () => {
    using folder = temporaryFolder()
    const config = {
      ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
      allowRemote: true,
      otlp: { host: '0.0.0.0', port: 0 },
    }
    const logger = pino({ level: 'silent' })
    await expect(startCollector({ config, env: {}, logger })).rejects.toMatchObject({
      code: 'config_invalid',
      message: expect.stringContaining('configure auth'),
    })
  })
})
