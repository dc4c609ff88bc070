import { ATTR, EVENT } from '@delegraph/graph-schema'
import { toolsOf, verifyApproval, verifyReceipt, verifyRevocation } from '@delegraph/link'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createDelegraph, dataHash } from '../index.ts'
import { cast, DEPLOY, deploy } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { recordSpans } from '../testing/spans.ts'

const recorded = recordSpans()
const collector = await startFakeCollector()
const { alice, approver, planner, worker, approvers, keys, flush } = await cast({
  collector: collector.url,
})
afterAll(async () => {
  await recorded.shutdown()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => recorded.reset())

const root = alice.issue({ to: planner.holder, tools: deploy('staging', 'canary'), task: 'task-1' })
const [IN, OUT] = ['given', 'back'].map((content) => dataHash(content, 'deployment key'))

describe('what an agent says of its call', () => {
  test('is on the span and signed in the receipt, content as a keyed hash only', async () => {
    await planner.under(root, () =>
      planner.act({ tool: DEPLOY, args: { env: 'staging' } }, (open) => open.returned(OUT ?? ''), {
        ...{ resource: 'file:plan', session: 's1', purpose: 'release', onBehalfOf: '' },
        ...{ zone: true, control: true, task: 'task-2', dataIn: [IN ?? ''] },
      }),
    )
    const attributes = recorded.calls[0]?.attributes ?? {}
    expect(attributes).toMatchObject({
      [ATTR.resource]: 'file:plan',
      [ATTR.sessionId]: 's1',
      [ATTR.purpose]: 'release',
      [ATTR.onBehalfOf]: '',
      [ATTR.acceptedBy]: 'zone',
      [ATTR.plane]: 'control',
      [ATTR.taskId]: 'task-2',
      [ATTR.dataIn]: [IN],
      [ATTR.dataOut]: [OUT],
    })
    const { claims, outcome } = verifyReceipt(String(attributes[ATTR.receipt]), keys.planner.jwk)
    expect(outcome.state).toBe('ok')
    expect(claims).toMatchObject({
      ...{ resource: 'file:plan', session: 's1', purpose: 'release', on_behalf_of: '' },
      ...{ zone: true, control: true, txn: 'task-2', data_in: [IN], data_out: [OUT] },
    })
  })

  test('never names content by anything but a hash', async () => {
    const call = { tool: DEPLOY, args: {} }
    expect(() => planner.openAct(call, { dataIn: ['the content itself'] })).toThrow(
      expect.objectContaining({ code: 'invalid_data_hash' }),
    )
    const open = planner.openAct(call)
    expect(() => open.returned('the content itself')).toThrow()
    open.end('ok')
    expect(() => planner.moved({ op: 'wrote', data: ['the content itself'] })).toThrow()
  })

  test('arguments that somebody else looks at are shown as configured', async () => {
    const agent = createDelegraph({
      ...{ agent: 'agent:shown', key: keys.worker },
      shown: { [DEPLOY]: ['note'] },
    })
    agent.openAct({ tool: DEPLOY, args: { note: 'n', other: 'o' } }).end('ok')
    expect(recorded.calls[0]?.attributes[ATTR.actionArgs]).toBe('{"note":"n"}')
  })
})

describe('content that moves', () => {
  test('is one log record, or one span where there is no way for records', async () => {
    const movement = { resource: 'memory:1', data: [IN ?? ''], session: 's1' }
    planner.under(root, () => planner.moved({ op: 'wrote', ...movement }))
    await flush()
    const records = collector.records().filter(({ eventName }) => eventName === EVENT.data)
    expect(records.map(({ attributes }) => attributes)).toMatchObject([
      {
        [ATTR.dataOp]: 'wrote',
        [ATTR.dataOut]: [IN],
        [ATTR.resource]: 'memory:1',
        [ATTR.agentId]: 'agent:planner',
        [ATTR.taskId]: 'task-1',
      },
    ])
    expect(recorded.spans).toEqual([])
    const offline = createDelegraph({ agent: 'agent:offline', key: keys.worker })
    offline.moved({ op: 'received', peer: 'agent:web', data: [OUT ?? ''] })
    expect(recorded.spans.map(({ attributes }) => attributes)).toMatchObject([
      { [ATTR.dataOp]: 'received', [ATTR.dataIn]: [OUT], [ATTR.dataSource]: 'agent:web' },
    ])
  })
})

describe('grants that follow each other', () => {
  test('a renewal names what it renews, signed', () => {
    const grant = { to: worker.holder, tools: deploy('staging') }
    const first = planner.narrow(root, grant)
    const second = planner.narrow(root, { ...grant, replaces: first })
    expect(second.hash).not.toBe(first.hash)
    expect(second.leaf['https://delegraph.dev/ns/link']).toEqual({ replaces: first.hash })
    expect(toolsOf(second.leaf)).toEqual(toolsOf(first.leaf))
  })

  test('an approval of a class of calls names its agent and can be taken back', () => {
    const text = approver.approveClass({
      ...{ tool: DEPLOY, subject: 'agent:planner', uses: 20, delegates: true, session: 's1' },
      args: { env: { constraint_type: 'one_of', values: ['staging'] } },
    })
    const { outcome, claims } = verifyApproval(text, approvers)
    expect(outcome.state).toBe('ok')
    expect(claims).toMatchObject({
      ...{ act: { sub: 'agent:planner' }, uses: 20, delegates: true, session: 's1' },
      grants: { env: { constraint_type: 'one_of', values: ['staging'] } },
    })
    expect(claims).not.toHaveProperty('action_hash')
    const revocation = verifyRevocation(approver.revoke(text), approvers)
    expect(revocation.claims?.sub_id).toEqual({
      ...{ format: 'jwt_id', iss: 'https://approvals.example.com', jti: claims?.jti },
    })
    expect(() => approver.revoke(root.texts[0] ?? '')).toThrow(
      expect.objectContaining({ code: 'not_issuer' }),
    )
  })
})
