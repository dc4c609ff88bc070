import { ATTR, EVENT } from '@delegraph/graph-schema'
import { permits, toolsOf, verifyApproval, verifyChain, verifyReceipt } from '@delegraph/link'
import { context, SpanStatusCode, trace } from '@opentelemetry/api'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { SdkError } from '../errors.ts'
import { cast, DEPLOY, deploy, RESOURCE } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { recordSpans } from '../testing/spans.ts'
import { credentialHash } from './credential-hash.ts'

const recorded = recordSpans()
const collector = await startFakeCollector()
const { alice, approver, planner, worker, anchors, approvers, keys, flush } = await cast({
  collector: collector.url,
})
afterAll(async () => {
  await recorded.shutdown()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => recorded.reset())

const root = alice.issue({ to: planner.holder, tools: deploy('staging', 'canary'), task: 'task-1' })
const child = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })
const call = { tool: DEPLOY, args: { env: 'staging', note: 'a raw note' } }

function receiptOf(span: { readonly attributes: object } | undefined): string {
  const text: unknown = Reflect.get(span?.attributes ?? {}, ATTR.receipt)
  return typeof text === 'string' ? text : ''
}

describe('a call under a chain', () => {
  test('has a span that says all of it', async () => {
    const proposal = worker.under(child, () => worker.propose(call))
    await worker.under(child, () => worker.act(proposal, () => 'done'))
    const [span] = recorded.calls
    expect(span?.name).toBe('execute_tool deploy')
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'execute_tool',
      'gen_ai.tool.name': 'deploy',
      'delegation.agent.id': 'agent:worker',
      'delegation.chain.id': root.id,
      'delegation.link.hash': child.hash,
      'delegation.task.id': 'task-1',
      'delegation.tool': DEPLOY,
      'delegation.audience': RESOURCE,
      'delegation.action.hash': proposal.hash,
      'delegation.action.rest': proposal.rest,
      'delegation.action.args': '{"env":"staging"}',
      'delegation.action.arg_names': ['env', 'note'],
      'delegation.receipt': receiptOf(span),
    })
  })

  test('has a receipt that verifies under the holder key and names its span', async () => {
    const ids = await worker.under(child, () => worker.act(call, (open) => open.ids))
    const [span] = recorded.calls
    const verdict = verifyReceipt(receiptOf(span), keys.worker.jwk)
    expect(verdict.outcome).toEqual({ state: 'ok' })
    expect(verdict.claims).toMatchObject({
      aud: collector.url,
      aat_hash: child.hash,
      txn: 'task-1',
      aat_tool: DEPLOY,
      aat_aud: RESOURCE,
      args: { env: 'staging' },
      arg_names: ['env', 'note'],
      result: { status: 'ok' },
      trace: { trace_id: ids.traceId, span_id: ids.spanId },
    })
    expect(span?.spanContext()).toMatchObject(ids)
    expect(verifyReceipt(receiptOf(span), keys.planner.jwk).outcome.state).toBe('failed')
  })

  test('discloses enough to be judged by each link', async () => {
    await worker.under(child, () => worker.act(call, () => 0))
    const { claims } = verifyReceipt(receiptOf(recorded.calls.at(0)), keys.worker.jwk)
    const disclosed = { tool: DEPLOY, args: claims?.args ?? {}, argNames: claims?.arg_names ?? [] }
    for (const link of child.links)
      expect(permits(toolsOf(link.claims), disclosed)).toEqual({ covered: true })
  })

  test('has everything but its receipt when it starts', async () => {
    await worker.under(child, () =>
      worker.act(call, () => {
        const span = trace.getSpan(context.active())
        const attributes: object = Reflect.get(span ?? {}, 'attributes')
        expect(attributes).toHaveProperty([ATTR.actionHash])
        expect(attributes).toHaveProperty([ATTR.linkHash])
        expect(attributes).not.toHaveProperty([ATTR.receipt])
      }),
    )
  })

  test('sends its receipt as a log record too, with the same ids', async () => {
    const ids = await worker.under(child, () => worker.act(call, (open) => open.ids))
    await flush()
    const record = collector
      .records()
      .find(({ eventName, spanId }) => eventName === EVENT.receipt && spanId === ids.spanId)
    expect(record?.body).toBe(receiptOf(recorded.calls.at(0)))
    expect(record?.traceId).toBe(ids.traceId)
    expect(record?.attributes).toMatchObject({ [ATTR.linkHash]: child.hash, [ATTR.tool]: DEPLOY })
  })
})

describe('what the function does', () => {
  test('comes back as it is', async () => {
    expect(await worker.act(call, () => 7)).toBe(7)
    expect(await worker.act(call, async () => 'later')).toBe('later')
  })

  test('is rethrown as it is where it throws, and the receipt says failed', async () => {
    const error = new Error('with a raw note in it')
    await expect(
      worker.under(child, () => worker.act(call, () => Promise.reject(error))),
    ).rejects.toBe(error)
    const [span] = recorded.calls
    expect(span?.status).toEqual({ code: SpanStatusCode.ERROR })
    expect(span?.events).toEqual([])
    expect(verifyReceipt(receiptOf(span), keys.worker.jwk).claims?.result.status).toBe('failed')
  })

  test('is called denied where the application says so', async () => {
    const denied = new SdkError('denied', 'the person said no')
    const run = worker.under(child, () =>
      worker.act(call, () => {
        throw denied
      }),
    )
    await expect(run).rejects.toBe(denied)
    const { claims } = verifyReceipt(receiptOf(recorded.calls.at(0)), keys.worker.jwk)
    expect(claims?.result.status).toBe('denied')
  })
})

describe('an approved call', () => {
  const proposal = worker.under(child, () => worker.propose(call))
  const approval = approver.approve(proposal, { chain: child })

  test('presents an approval of exactly this call and this link', async () => {
    await worker.under(child, () => worker.act(proposal, () => 0, { approvals: [approval] }))
    const [span] = recorded.calls
    const verdict = verifyApproval(approval, approvers)
    const { claims } = verifyReceipt(receiptOf(span), keys.worker.jwk)
    expect(verdict.outcome).toEqual({ state: 'ok' })
    expect(verdict.claims).toMatchObject({
      sub: 'person:alice',
      aat_hash: child.hash,
      action_hash: proposal.hash,
      aud: RESOURCE,
      decision: 'approve',
      args: { env: 'staging' },
    })
    expect(span?.attributes[ATTR.approval]).toEqual([approval])
    expect(claims).toMatchObject({ apr_hash: verdict.hash, action_hash: proposal.hash })
  })

  test('names several approvals where it has them', async () => {
    const second = approver.approve(proposal, { chain: child, lifetimeSeconds: 60 })
    await worker.under(child, () =>
      worker.act(proposal, () => 0, { approvals: [approval, second] }),
    )
    const { claims } = verifyReceipt(receiptOf(recorded.calls.at(0)), keys.worker.jwk)
    expect(claims?.apr_hash).toEqual(
      [approval, second].map((text) => verifyApproval(text, approvers).hash),
    )
  })

  test('can be carried out by somebody else, and the receipt tells', async () => {
    const own = planner.under(root, () => planner.propose(call))
    const given = approver.approve(own, { chain: root })
    await worker.under(child, () => worker.act(own, () => 0, { approvals: [given] }))
    const { claims } = verifyReceipt(receiptOf(recorded.calls.at(0)), keys.worker.jwk)
    expect(claims).toMatchObject({ aat_hash: child.hash, action_hash: own.hash })
    expect(verifyApproval(given, approvers).claims?.aat_hash).toBe(root.hash)
  })

  test('is refused where its arguments changed after the approval', async () => {
    const changed = { ...proposal, args: { ...proposal.args, note: 'another' } }
    const disclosed = { ...proposal, disclosed: { env: 'canary' } }
    for (const wrong of [changed, disclosed]) {
      await expect(worker.under(child, () => worker.act(wrong, () => 0))).rejects.toMatchObject({
        code: 'proposal_mismatch',
      })
      expect(() => approver.approve(wrong, { chain: child })).toThrow(SdkError)
    }
    expect(recorded.calls).toEqual([])
  })

  test('is refused where the approval is no signed text', async () => {
    await expect(worker.act(call, () => 0, { approvals: ['yes'] })).rejects.toMatchObject({
      code: 'invalid_artefact',
    })
  })

  test('reports a denial as well', async () => {
    const denial = approver.approve(proposal, { chain: child, approve: false })
    await flush()
    expect(verifyApproval(denial, approvers).claims?.decision).toBe('deny')
    expect(collector.records().map(({ body }) => body)).toContain(denial)
  })
})

describe('a call without a chain', () => {
  test('has a receipt in the name of the agent', async () => {
    await worker.act(call, () => 0)
    const [span] = recorded.calls
    const { claims } = verifyReceipt(receiptOf(span), keys.worker.jwk)
    expect(claims).toMatchObject({
      act: { sub: 'agent:worker' },
      args: {},
      arg_names: ['env', 'note'],
    })
    expect(claims).not.toHaveProperty('aat_hash')
    expect(span?.attributes).not.toHaveProperty([ATTR.linkHash])
    expect(span?.attributes).toMatchObject({ [ATTR.agentId]: 'agent:worker' })
  })

  test('names who asked for it', async () => {
    await worker.act(call, () => 0, { caller: 'agent:planner', drivers: ['A'.repeat(43)] })
    const [span] = recorded.calls
    const drivers = ['agent:planner', 'A'.repeat(43)]
    expect(verifyReceipt(receiptOf(span), keys.worker.jwk).claims?.drivers).toEqual(drivers)
    expect(span?.attributes).toMatchObject({
      [ATTR.drivers]: drivers,
      [ATTR.assertedDelegator]: 'agent:planner',
    })
  })
})

describe('a credential', () => {
  test('is named by a keyed hash', async () => {
    const credential = credentialHash('bearer secret', 'deployment key')
    await worker.act(call, () => 0, { credential })
    const [span] = recorded.calls
    expect(span?.attributes[ATTR.credentialHash]).toBe(credential)
    expect(verifyReceipt(receiptOf(span), keys.worker.jwk).claims?.credential).toBe(credential)
  })

  test('is refused where it is given itself, without being quoted', async () => {
    const error: unknown = await worker
      .act(call, () => 0, { credential: 'bearer secret' })
      .catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'invalid_credential_hash' })
    expect(String(error)).not.toContain('bearer secret')
    expect(recorded.calls).toEqual([])
  })
})

describe('a hop', () => {
  test('carries the signed link, and the spans below it carry hashes', async () => {
    await worker.under(child, () => worker.hop('worker', () => worker.act(call, () => 0)))
    const [act, hop] = recorded.spans
    expect(hop?.name).toBe('invoke_agent worker')
    expect(hop?.attributes).toMatchObject({
      'delegation.link.jws': child.texts[1],
      'delegation.link.size': child.texts[1]?.length,
      'delegation.link.hash': child.hash,
      'delegation.parent.hash': root.hash,
      'delegation.chain.id': root.id,
      'delegation.depth': 1,
      'delegation.profile': 'aat-02/strict-1',
    })
    expect(act?.attributes).not.toHaveProperty([ATTR.linkJws])
    expect(act?.parentSpanContext?.spanId).toBe(hop?.spanContext().spanId)
  })

  test('rethrows, and its span says so', async () => {
    const error = new Error('no')
    const run = worker.hop('worker', () => {
      throw error
    })
    await expect(run).rejects.toBe(error)
    expect(recorded.spans.at(0)?.status.code).toBe(SpanStatusCode.ERROR)
  })
})

test('parallel calls of one agent keep their own chains', async () => {
  const chains = ['a', 'b', 'c', 'd'].map((env) =>
    alice.issue({ to: worker.holder, tools: deploy(env), task: `task-${env}` }),
  )
  const wait = () => new Promise((resolve) => setImmediate(resolve))
  await Promise.all(
    chains.map((chain) =>
      worker.under(chain, async () => {
        await wait()
        await worker.act({ tool: DEPLOY, args: { env: chain.task } }, async () => {
          await wait()
          expect(worker.active()).toBe(chain)
        })
      }),
    ),
  )
  const pairs = recorded.calls.map((span) => {
    const { claims } = verifyReceipt(receiptOf(span), keys.worker.jwk)
    return [span.attributes[ATTR.linkHash], claims?.aat_hash, claims?.args?.['env']]
  })
  expect(pairs).toEqual(chains.map(({ hash, task }) => [hash, hash, task]))
})

test('two agents in one process never see each other’s chain', () => {
  planner.under(root, () => {
    expect(worker.active()).toBeUndefined()
    worker.under(child, () => {
      expect(worker.active()).toBe(child)
      expect(planner.active()).toBe(root)
    })
  })
  expect(planner.active()).toBeUndefined()
})

test('each link is reported once, by whoever signs it and whoever receives it', async () => {
  worker.receive(child.texts)
  worker.receive(child.texts)
  await flush()
  const links = collector.records().filter(({ eventName }) => eventName === EVENT.link)
  const times = (text: string | undefined) => links.filter(({ body }) => body === text).length
  // The root: by alice, by the planner who acted under it, by the worker who received it.
  expect(times(root.texts[0])).toBe(3)
  expect(times(child.texts[1])).toBe(2)
  expect(links.find(({ body }) => body === child.texts[1])?.attributes).toMatchObject({
    'delegation.depth': 1,
    'delegation.parent.hash': root.hash,
    'delegation.agent.id': 'agent:worker',
    'delegation.link.size': child.texts[1]?.length,
  })
  expect(verifyChain(child.texts, { anchors, at: child.leaf.iat }).outcome).toEqual({ state: 'ok' })
})
