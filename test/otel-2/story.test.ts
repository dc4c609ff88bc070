import { verifyChain, verifyReceipt } from '@delegraph/link'
import {
  type Chain,
  createApprover,
  createDelegraph,
  createKey,
  createPrincipal,
  type Warning,
} from '@delegraph/sdk'
import { context, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { logs, NodeSDK, tracing } from '@opentelemetry/sdk-node'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startFakeCollector } from '../../sdk/src/testing/fake-collector.ts'

/**
 * The story of the SDK on the older line of OpenTelemetry JS (2.x). The SDK has its own copy of
 * the API; the two meet in the global that every 1.x copy shares.
 */
const TOOL = 'https://ops.example.com/mcp#deploy'
const collector = await startFakeCollector()
const memory = new tracing.InMemorySpanExporter()
const sdk = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [
    new tracing.SimpleSpanProcessor(memory),
    new tracing.SimpleSpanProcessor(new OTLPTraceExporter({ url: `${collector.url}/v1/traces` })),
  ],
  logRecordProcessors: [],
  metricReaders: [],
})
beforeAll(() => sdk.start())
afterAll(async () => {
  await sdk.shutdown()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => memory.reset())

const keys = {
  root: await createKey(),
  approvals: await createKey(),
  planner: await createKey(),
  worker: await createKey({ alg: 'ES256' }),
}
const iss = 'https://auth.example.com'
const anchors = [{ iss, kid: 'root', jwk: keys.root.jwk }]
const alice = createPrincipal({ id: 'person:alice', iss, kid: 'root', key: keys.root })
const approver = createApprover({
  iss: 'https://approvals.example.com',
  kid: 'approvals',
  key: keys.approvals,
  subject: 'person:alice',
})
const warnings: Warning[] = []
const onWarning = (warning: Warning) => warnings.push(warning)
const planner = createDelegraph({ agent: 'agent:planner', key: keys.planner, onWarning })
const worker = createDelegraph({
  agent: 'agent:worker',
  key: keys.worker,
  collector: collector.url,
  onWarning,
})
const env = { constraint_type: 'exact', value: 'staging' } as const
const tools = { [TOOL]: { env } }
const root = alice.issue({ to: planner.holder, tools })

/** Planner hands the work to worker, which deploys with an approval. */
function work(): Promise<Chain> {
  return planner.under(root, () =>
    planner.hop('planner', () => {
      const chain = worker.receive(planner.narrow(root, { to: worker.holder, tools }).texts)
      return worker.under(chain, () =>
        worker.hop('worker', async () => {
          const proposal = worker.propose({ tool: TOOL, args: { env: 'staging' } })
          const approvals = [approver.approve(proposal, { chain })]
          await worker.act(proposal, () => inner(), { approvals })
          return chain
        }),
      )
    }),
  )
}

function inner(): void {
  trace.getTracer('application').startActiveSpan('inner', (span) => span.end())
}

test('a story is one trace, with the links on its hops and a receipt on its call', async () => {
  const chain = await work()
  const spans = memory.getFinishedSpans()
  expect(spans.map((span) => span.name)).toEqual([
    'inner',
    'execute_tool deploy',
    'invoke_agent worker',
    'invoke_agent planner',
  ])
  expect(new Set(spans.map((span) => span.spanContext().traceId)).size).toBe(1)
  const parents = spans.map((span) => span.parentSpanContext?.spanId)
  expect(parents.slice(0, 3)).toEqual(spans.slice(1).map((span) => span.spanContext().spanId))
  const texts = spans.map((span) => span.attributes['delegation.link.jws'])
  expect(texts).toEqual([undefined, undefined, chain.texts[1], chain.texts[0]])
  expect(verifyChain(chain.texts, { anchors, at: chain.leaf.iat }).outcome.state).toBe('ok')
})

test('the receipt names its span and verifies under the holder key', async () => {
  const chain = await work()
  const span = memory.getFinishedSpans()[1]
  const text = span?.attributes['delegation.receipt']
  const { outcome, claims } = verifyReceipt(String(text), keys.worker.jwk)
  expect(outcome.state).toBe('ok')
  expect(claims).toMatchObject({
    aat_hash: chain.hash,
    args: { env: 'staging' },
    trace: { trace_id: span?.spanContext().traceId, span_id: span?.spanContext().spanId },
  })
})

test('spans and log records reach a collector over OTLP, and nothing is warned of', async () => {
  await work()
  await worker.flush()
  await sdk.shutdown()
  const paths = new Set(collector.requests.map((request) => request.url))
  expect(paths).toEqual(new Set(['/v1/traces', '/v1/logs']))
  const bodies = Buffer.concat([...collector.bodies]).toString('latin1')
  expect(bodies).toContain('delegation.receipt')
  expect(warnings).toEqual([])
  expect(context.active()).toBeDefined()
})

test('a logger of this line carries the evidence', async () => {
  const exporter = new logs.InMemoryLogRecordExporter()
  const provider = new logs.LoggerProvider({
    processors: [new logs.SimpleLogRecordProcessor({ exporter })],
  })
  const agent = createDelegraph({
    agent: 'agent:worker',
    key: keys.worker,
    logger: provider.getLogger('evidence'),
  })
  const ids = await agent.act({ tool: TOOL, args: { env: 'staging' } }, (open) => open.ids)
  const [record] = exporter.getFinishedLogRecords()
  expect(record?.eventName).toBe('delegation.receipt')
  expect(record?.spanContext).toMatchObject(ids)
  expect(verifyReceipt(String(record?.body), keys.worker.jwk).outcome.state).toBe('ok')
})
