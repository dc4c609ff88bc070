import { EVENT } from '@delegraph/graph-schema'
import { verifyReceipt } from '@delegraph/link'
import { trace } from '@opentelemetry/api'
import { afterAll, describe, expect, test } from 'vitest'
import type { OpenAct, Warning } from '../index.ts'
import { cast, DEPLOY, deploy } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'

/** No OpenTelemetry SDK is registered in this file. */
const collector = await startFakeCollector()
const warnings: Warning[] = []
const onWarning = (warning: Warning) => warnings.push(warning)
const { alice, planner, worker, keys, flush } = await cast({ collector: collector.url, onWarning })
afterAll(() => collector[Symbol.asyncDispose]())

const root = alice.issue({ to: planner.holder, tools: deploy('staging') })
const child = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })
const call = { tool: DEPLOY, args: { env: 'staging' } }
const ids = (open: OpenAct) => open.ids

describe('without an OpenTelemetry SDK', () => {
  test('a call still has a signed receipt with ids of its own', async () => {
    const own = await worker.under(child, () => worker.act(call, ids))
    expect(trace.getActiveSpan()).toBeUndefined()
    expect(own.traceId).toMatch(/^(?!0+$)[0-9a-f]{32}$/)
    expect(own.spanId).toMatch(/^(?!0+$)[0-9a-f]{16}$/)
    await flush()
    const record = collector.records().find(({ spanId }) => spanId === own.spanId)
    expect(record).toMatchObject({ eventName: EVENT.receipt, traceId: own.traceId })
    expect(verifyReceipt(record?.body ?? '', keys.worker.jwk).claims?.trace).toEqual({
      trace_id: own.traceId,
      span_id: own.spanId,
    })
  })

  test('calls of one hop share a trace, and never a span', async () => {
    const found = await worker.under(child, () =>
      worker.hop('worker', async () => [
        await worker.act(call, ids),
        await worker.act(call, () => worker.act(call, ids)),
      ]),
    )
    expect(new Set(found.map(({ traceId }) => traceId)).size).toBe(1)
    expect(new Set(found.map(({ spanId }) => spanId)).size).toBe(2)
  })

  test('calls outside any hop have traces of their own', async () => {
    const found = [await worker.act(call, ids), await worker.act(call, ids)]
    expect(new Set(found.map(({ traceId }) => traceId)).size).toBe(2)
  })

  test('nothing is warned of and nothing fails', () => {
    expect(warnings).toEqual([])
    expect(worker.stats.failed).toBe(0)
  })
})

describe('with a collector that is down', () => {
  test('the agent goes on, results are its own, and it is warned once', async () => {
    const told: Warning[] = []
    const down = await cast({
      collector: 'http://127.0.0.1:1',
      onWarning: (warning) => told.push(warning),
    })
    const chain = down.alice.issue({ to: down.worker.holder, tools: deploy('staging') })
    const results = await down.worker.under(chain, () =>
      Promise.all([1, 2, 3].map((number) => down.worker.act(call, () => number))),
    )
    expect(results).toEqual([1, 2, 3])
    expect(await down.worker.flush(20)).toBe(false)
    expect(await down.worker.flush(20)).toBe(false)
    expect(down.worker.stats).toMatchObject({ sent: 0, queued: 4, failed: 0 })
    expect(told.map(({ code }) => code)).toEqual(['unreachable'])
    await down.worker.shutdown(0)
    expect(down.worker.stats.dropped).toBe(4)
  })

  test('a warning handler that throws changes nothing', async () => {
    const down = await cast({
      collector: 'http://127.0.0.1:1',
      onWarning: () => {
        throw new Error('no')
      },
    })
    expect(await down.worker.act(call, () => 1)).toBe(1)
    expect(await down.worker.flush(10)).toBe(false)
  })
})

test('a signer that fails costs the receipt and not the call', async () => {
  const { createDelegraph } = await import('../delegraph.ts')
  const { alg, jwk } = keys.worker
  const told: Warning[] = []
  const sign = () => {
    throw new Error('the module is gone')
  }
  const agent = createDelegraph({
    agent: 'agent:worker',
    key: { alg, jwk, sign },
    onWarning: (warning) => told.push(warning),
  })
  expect(await agent.under(child, () => agent.act(call, () => 5))).toBe(5)
  expect(await agent.act(call, () => 6)).toBe(6)
  expect(agent.stats.failed).toBe(2)
  expect(told.map(({ code }) => code)).toEqual(['receipt_failed'])
})

test('arguments too large for any receipt are withheld, and the call is still named', async () => {
  const large = { tool: DEPLOY, args: { env: 'x'.repeat(50_000) } }
  const own = await worker.under(child, () => worker.act(large, ids))
  await flush()
  const record = collector.records().find(({ spanId }) => spanId === own.spanId)
  const { claims } = verifyReceipt(record?.body ?? '', keys.worker.jwk)
  expect(claims).toMatchObject({ aat_hash: child.hash, result: { status: 'ok' } })
  expect(claims).not.toHaveProperty('args')
})

test('without a collector and without an SDK an agent works all the same', async () => {
  const quiet = await cast()
  const chain = quiet.alice.issue({ to: quiet.worker.holder, tools: deploy('staging') })
  expect(await quiet.worker.under(chain, () => quiet.worker.act(call, () => 1))).toBe(1)
  expect(await quiet.worker.flush()).toBe(true)
  await quiet.worker.shutdown()
})
