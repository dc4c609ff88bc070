import { generateKeyPairSync } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { createLogger } from '../../collector/src/operate/logger.ts'
import { unfolded } from '../../sdk/src/testing/secrets.ts'
import { demoCollector } from '../harness/demo.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, Story, TOOL } from '../harness/story.ts'

/** Everything that must not be in a line, each unlike any other text. */
const SECRET = {
  argument: 'argument-correct-horse-battery',
  result: 'result-correct-horse-battery',
  bearer: 'bearer-correct-horse-battery',
  header: 'header-correct-horse-battery',
  malformed: 'malformed-correct-horse-battery',
  query: 'query-correct-horse-battery',
  hook: 'hook-correct-horse-battery',
  signing: Buffer.from('signing-correct-horse-battery').toString('base64'),
  slack: 'slack-correct-horse-battery',
} as const

function attributes(all: Readonly<Record<string, string>>) {
  return Object.entries(all).map(([key, stringValue]) => ({ key, value: { stringValue } }))
}

/** A span of a tool call as a careless framework writes it: with everything in it. */
function carelessSpan() {
  return {
    traceId: 'a1'.repeat(16),
    spanId: 'b2'.repeat(8),
    name: `execute_tool deploy ${SECRET.argument}`,
    startTimeUnixNano: '1795400000000000000',
    endTimeUnixNano: '1795400001000000000',
    status: { code: 2, message: SECRET.result },
    attributes: attributes({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.agent.name': 'careless',
      'gen_ai.tool.name': 'deploy',
      'gen_ai.tool.call.arguments': JSON.stringify({ password: SECRET.argument }),
      'gen_ai.tool.call.result': SECRET.result,
      'http.request.header.authorization': `Bearer ${SECRET.bearer}`,
    }),
  }
}

it('keeps every secret of hostile evidence out of the log at level trace, and out of what machines read', async () => {
  using folder = temporaryFolder()
  const busy = createServer((_, response) => response.writeHead(500).end(SECRET.hook))
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve))
  const receiver = `http://127.0.0.1:${(busy.address() as AddressInfo).port}`
  const file = (name: string, text: string): string => {
    const path = join(folder.path, name)
    writeFileSync(path, text)
    return path
  }
  const common = { match: {}, groupBy: 'fingerprint' } as const
  const lines: string[] = []
  const logger = createLogger('trace', { write: (line: string) => void lines.push(line) })
  const demo = await demoCollector(
    {
      channels: [
        {
          ...common,
          name: 'hook',
          kind: 'webhook',
          proof: 'hash',
          url: `${receiver}/hook`,
          secretFile: file('hook.secret', `whsec_${SECRET.signing}`),
        },
        {
          ...common,
          name: 'chat',
          kind: 'slack',
          urlFile: file('slack.url', `${receiver}/services/${SECRET.slack}`),
          limit: { count: 30, seconds: 600 },
        },
      ],
    },
    { logger },
  )
  const { collector } = demo
  const send = (path: string, body: string): Promise<Response> =>
    fetch(`${collector.otlpUrl}${path}`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Bearer ${SECRET.header}`,
        cookie: `session=${SECRET.header}`,
      },
      body,
    })
  const { privateKey } = generateKeyPairSync('ed25519')
  const key = JSON.stringify(privateKey.export({ format: 'jwk' }))
  const story = new Story()
  const root = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  const texts = [key, `${root.text}${SECRET.bearer}`, `${SECRET.bearer}.${SECRET.bearer}.x`]
  const logRecords = ['link', 'approval', 'receipt', 'credential', 'foreign'].flatMap((kind) =>
    texts.map((stringValue) => ({ eventName: `delegation.${kind}`, body: { stringValue } })),
  )
  const scopeSpans = [{ spans: [carelessSpan()] }]
  await send('/v1/traces', JSON.stringify({ resourceSpans: [{ scopeSpans }] }))
  await send('/v1/logs', JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }))
  const malformed = await send('/v1/traces', `{"resourceSpans":[{"${SECRET.malformed}`)
  expect(malformed.status).toBe(400)
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${SECRET.header}` }
  const query = `{ ${SECRET.query.replaceAll('-', '_')} finding(id: "${SECRET.query}") { x } }`
  const body = JSON.stringify({ query })
  await fetch(collector.graphqlUrl, { method: 'POST', headers, body })
  await collector.settled()
  const failed = (channel: string): boolean =>
    lines.some((line) => line.includes(` on ${channel}: `))
  while (!failed('hook') || !failed('chat')) {
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const pages = await Promise.all(
    ['/metrics', '/readyz'].map(async (path) =>
      (await fetch(`${collector.operationsUrl}${path}`)).text(),
    ),
  )
  await demo[Symbol.asyncDispose]()
  busy.close()

  const log = lines.join('')
  // Each line is one object, and the log is not silent about what happened.
  for (const line of lines) expect(JSON.parse(line)).toMatchObject({ name: 'delegraph' })
  expect(log).toContain('"change":"opened"')
  expect(log).toContain('listening')
  const secrets = [...Object.values(SECRET), SECRET.query.replaceAll('-', '_'), JSON.parse(key).d]
  for (const seen of [log, ...pages]) {
    const all = unfolded(Buffer.from(seen))
    for (const secret of secrets) expect(all.includes(secret), secret).toBe(false)
    expect(all).not.toContain('horse')
  }
}, 120_000)

it('takes out what nobody should have put in', () => {
  const lines: string[] = []
  const logger = createLogger('trace', { write: (line: string) => void lines.push(line) })
  const cause = Object.assign(new Error('the store is away'), { parameters: SECRET.argument })
  logger.trace(
    { authorization: SECRET.bearer, request: { headers: { cookie: SECRET.header } } },
    'a request',
  )
  logger.error({ err: cause, span: { args: { password: SECRET.argument } } }, 'a failure')
  expect(lines).toHaveLength(2)
  expect(lines.join('')).toContain('the store is away')
  expect(lines.join('')).not.toContain('horse')
})

it('refuses a level that is none, naming where it was said', async () => {
  expect(() => createLogger('loud')).toThrow(/DELEGRAPH_LOG takes one of trace/)
  // A collector that logs nothing at all still starts.
  using folder = temporaryFolder()
  const config = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
  await using collector = await startCollector({
    config,
    env: {},
    logger: createLogger('silent'),
  })
  expect(collector.otlpUrl).toMatch(/^http:/)
})
