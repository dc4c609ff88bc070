import { ATTR } from '@delegraph/graph-schema'
import { verifyReceipt } from '@delegraph/link'
import { trace } from '@opentelemetry/api'
import { afterAll, expect, test } from 'vitest'
import type { Warning } from '../index.ts'
import { cast, DEPLOY, deploy } from '../testing/cast.ts'
import { recordSpans } from '../testing/spans.ts'

/** Limits as an operator may have set them: they cut and drop without a word. */
const recorded = recordSpans({ attributeValueLengthLimit: 128 })
afterAll(() => recorded.shutdown())

const call = { tool: DEPLOY, args: { env: 'staging' } }

test('a cut attribute is warned of once, and names the attribute and no value', async () => {
  const warnings: Warning[] = []
  const { alice, worker } = await cast({ onWarning: (warning) => warnings.push(warning) })
  const chain = alice.issue({ to: worker.holder, tools: deploy('staging') })
  await worker.under(chain, () => worker.hop('worker', () => worker.act(call, () => 0)))
  await worker.under(chain, () => worker.act(call, () => 0))
  expect(recorded.spans.at(-1)?.attributes[ATTR.receipt]).toHaveLength(128)
  expect(warnings.map(({ code }) => code)).toEqual(['attribute_cut'])
  expect(warnings.at(0)?.message).toContain(ATTR.linkJws)
  expect(warnings.at(0)?.message).not.toContain('eyJ')
})

test('a cut element of a list is seen too', async () => {
  const warnings: Warning[] = []
  const onWarning = (warning: Warning) => warnings.push(warning)
  const { alice, worker, approver } = await cast({ onWarning })
  const chain = alice.issue({ to: worker.holder, tools: deploy('staging') })
  const proposal = worker.under(chain, () => worker.propose(call))
  const approvals = [approver.approve(proposal, { chain })]
  await worker.under(chain, () => worker.act(proposal, () => 0, { approvals }))
  expect(warnings.at(0)?.message).toContain(ATTR.approval)
})

test('with evidence as logs no signed text and no argument is on any span', async () => {
  recorded.reset()
  const warnings: Warning[] = []
  const onWarning = (warning: Warning) => warnings.push(warning)
  const { alice, worker, approver, keys } = await cast({ evidence: 'logs', onWarning })
  const chain = alice.issue({ to: worker.holder, tools: deploy('staging') })
  const proposal = worker.under(chain, () => worker.propose(call))
  const approvals = [approver.approve(proposal, { chain })]
  await worker.under(chain, () =>
    worker.hop('worker', () => worker.act(proposal, () => 0, { approvals })),
  )
  const shown = JSON.stringify(recorded.spans.map(({ attributes }) => attributes))
  expect(shown).toContain(chain.hash)
  expect(shown).not.toMatch(/eyJ|staging|arg_names/)
  expect(warnings).toEqual([])
  expect(verifyReceipt(shown, keys.worker.jwk).outcome.state).toBe('failed')
})

test('the span of a call is below the span that was active', async () => {
  recorded.reset()
  const { worker } = await cast({ onWarning: () => undefined })
  const tracer = trace.getTracer('test')
  await tracer.startActiveSpan('outer', async (outer) => {
    await worker.act(call, () => tracer.startActiveSpan('inner', (inner) => inner.end()))
    outer.end()
  })
  const [inner, act, outer] = recorded.spans
  expect(inner?.parentSpanContext?.spanId).toBe(act?.spanContext().spanId)
  expect(act?.parentSpanContext?.spanId).toBe(outer?.spanContext().spanId)
})
