import { ATTR, EVENT } from '@delegraph/graph-schema'
import { A2A_EXTENSION, signingInputHash, verifyReceipt } from '@delegraph/link'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { createGuard, memoryLinkStore } from '../guard/index.ts'
import { createDelegraph, createKey, type Delegraph } from '../index.ts'
import { type A2aTestAgent, messageOf, startA2aAgent } from '../testing/a2a-server.ts'
import { cast } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { textOn } from '../testing/guarded.ts'
import { recordSpans } from '../testing/spans.ts'
import {
  type A2aServerOptions,
  type IncomingCall,
  incomingCall,
  instrumentA2aClient,
  instrumentA2aHandler,
  withDelegation,
} from './a2a.ts'

const recorded = recordSpans()
const collector = await startFakeCollector()
const { alice, planner, worker, keys, anchors, approvers } = await cast()
const signer = await createKey()
const AGENT = 'https://deployer.example.com/a2a'
const TOOL = `${AGENT}#SendMessage`
const service = { signer, kid: 'deployer', iss: 'https://deployer.example.com' }
const trusted = [{ ...service, jwk: signer.jwk, aud: AGENT }]
const deployer = createDelegraph({
  agent: 'agent:deployer',
  key: await createKey(),
  collector: collector.url,
})
const root = alice.issue({ to: planner.holder, tools: { [TOOL]: {} } })
const chain = planner.narrow(root, { to: worker.holder, tools: { [TOOL]: {} } })
const agents: A2aTestAgent[] = []
afterAll(async () => {
  for (const agent of agents) await agent[Symbol.asyncDispose]()
  await recorded.shutdown()
  await deployer.shutdown()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => {
  recorded.reset()
  served.length = 0
})

const served: (IncomingCall | undefined)[] = []

async function startAgent(options: Omit<A2aServerOptions, 'resource'> = {}) {
  const agent = await startA2aAgent({
    card: (card) => withDelegation(card),
    instrument: (handler) =>
      instrumentA2aHandler(deployer, handler, { resource: AGENT, receipts: service, ...options }),
    execute: async ({ userMessage }) => {
      served.push(incomingCall())
      const said = userMessage.parts[0]?.content?.value
      if (said === 'throw') throw new Error('no such environment')
      await deployer.act({ tool: 'tool:inner' }, () => 0)
      return String(said)
    },
  })
  agents.push(agent)
  return agent
}

async function connect(by: Delegraph, agent: A2aTestAgent, more: object = {}) {
  const client = await agent.connect()
  return instrumentA2aClient(by, client, { resource: AGENT, ...more })
}

const requestOf = (text: string) => ({
  tenant: '',
  message: messageOf(text),
  configuration: undefined,
  metadata: undefined,
})
const guardOf = () =>
  createGuard({ audience: AGENT, trust: { anchors, approvers }, links: memoryLinkStore() })

describe('a message of an instrumented client', () => {
  test('is one action, and the agent called sees the chain that it was sent under', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    const answer = await worker.under(chain, () => client.sendMessage(requestOf('deploy')))
    expect(answer).toMatchObject({ status: { state: 3 } })
    const receipt = verifyReceipt(textOn(recorded.calls.at(-1), 'receipt'), keys.worker.jwk)
    expect(receipt.claims).toMatchObject({
      aat_hash: chain.hash,
      aat_tool: TOOL,
      aat_aud: AGENT,
      result: { status: 'ok' },
    })
    expect(served[0]).toMatchObject({ tool: TOOL, caller: 'agent:worker' })
    expect(served[0]?.chain).toEqual(chain)
    expect(served[0]?.action?.hash).toBe(receipt.claims?.action_hash)
  })

  test('names the extension in the message, in the header and in the agent card', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    const options = { serviceParameters: { 'A2A-Extensions': 'https://other.example.com/x' } }
    await worker.under(chain, () => client.sendMessage(requestOf('deploy'), options))
    const header = agent.requests.at(-1)?.headers['a2a-extensions']
    expect(header).toBe(`https://other.example.com/x,${A2A_EXTENSION}`)
    const { params } = JSON.parse(agent.bodies.at(-1) ?? '{}')
    expect(params.message.extensions).toEqual([A2A_EXTENSION])
    expect(params.message.metadata).toMatchObject({
      'app.example/kept': 1,
      [A2A_EXTENSION]: { aat_chain: chain.texts },
    })
    expect(agent.card.capabilities?.extensions.map(({ uri }) => uri)).toEqual([A2A_EXTENSION])
    expect(withDelegation(agent.card).capabilities?.extensions).toHaveLength(1)
  })

  test('is served in the same trace, and both receipts agree', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    await worker.under(chain, () =>
      worker.hop('work', () => client.sendMessage(requestOf('deploy'))),
    )
    const span = recorded.spans.find(({ name }) => name === 'a2a.server SendMessage')
    const act = recorded.calls.find(({ attributes }) => attributes[ATTR.tool] === TOOL)
    expect(span?.parentSpanContext?.spanId).toBe(act?.spanContext().spanId)
    expect(span?.parentSpanContext?.isRemote).toBe(true)
    const acting = verifyReceipt(textOn(act, 'receipt'), keys.worker.jwk).claims
    const called = verifyReceipt(textOn(span, 'receipt'), trusted).claims
    for (const name of ['action_hash', 'aat_hash', 'pop_hash', 'trace', 'result'] as const)
      expect([name, called?.[name]]).toEqual([name, acting?.[name]])
    expect(acting?.pop_hash).toHaveLength(43)
  })

  test('drives what the agent called does for it', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    await worker.under(chain, () => client.sendMessage(requestOf('deploy')))
    const inner = recorded.calls.find(({ attributes }) => attributes[ATTR.tool] === 'tool:inner')
    expect(inner?.attributes[ATTR.drivers]).toEqual(['agent:worker'])
  })

  test('leaves no evidence in the task that others may read', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    const answer = await worker.under(chain, () => client.sendMessage(requestOf('deploy')))
    const plain = await agent.connect()
    const id = 'id' in answer ? String(answer.id) : ''
    const task = await plain.getTask({ tenant: '', id, historyLength: undefined })
    expect(task.history[0]?.metadata).toEqual({ 'app.example/kept': 1 })
    expect(JSON.stringify(task)).not.toContain('eyJ')
  })

  test('reports the links that came by value in the name of the caller’s span', async () => {
    const agent = await startAgent()
    const own = alice.issue({ to: worker.holder, tools: { [TOOL]: {} } })
    const client = await connect(worker, agent)
    await worker.under(own, () => client.sendMessage(requestOf('deploy')))
    await deployer.flush()
    const act = recorded.calls.find(({ attributes }) => attributes[ATTR.tool] === TOOL)
    const links = collector
      .records()
      .filter(({ eventName, body }) => eventName === EVENT.link && body === own.texts[0])
    expect(links.map(({ spanId }) => spanId)).toEqual([act?.spanContext().spanId])
  })

  test('has failed where the agent called fails', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    await worker.under(chain, () => client.sendMessage(requestOf('throw')))
    const receipt = verifyReceipt(textOn(recorded.calls.at(-1), 'receipt'), keys.worker.jwk)
    expect(receipt.claims?.result.status).toBe('failed')
    const span = recorded.spans.find(({ name }) => name === 'a2a.server SendMessage')
    expect(verifyReceipt(textOn(span, 'receipt'), trusted).claims?.result.status).toBe('failed')
  })

  test('may be a stream, which is one action too', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    const states: unknown[] = []
    await worker.under(chain, async () => {
      for await (const { payload } of client.sendMessageStream(requestOf('deploy')))
        states.push(payload?.$case)
    })
    expect(states).toEqual(['task', 'statusUpdate'])
    expect(served[0]?.chain?.hash).toBe(chain.hash)
    const act = recorded.calls.find(({ attributes }) => attributes[ATTR.tool] === TOOL)
    const claims = verifyReceipt(textOn(act, 'receipt'), keys.worker.jwk).claims
    expect(claims?.result.status).toBe('ok')
  })

  test('may be a stream that nobody listens to any longer: how it ended is unknown', async () => {
    const agent = await startAgent()
    const client = await connect(worker, agent)
    await worker.under(chain, async () => {
      for await (const _event of client.sendMessageStream(requestOf('deploy'))) break
    })
    const act = recorded.calls.find(({ attributes }) => attributes[ATTR.tool] === TOOL)
    const claims = verifyReceipt(textOn(act, 'receipt'), keys.worker.jwk).claims
    expect(claims?.result.status).toBe('unknown')
  })

  test('is the tool that both ends say it is', async () => {
    const describe = () => ({ name: 'deploy', args: { env: 'staging' } })
    const agent = await startAgent({ describe })
    const client = await connect(worker, agent, { describe })
    await worker.under(chain, () => client.sendMessage(requestOf('deploy')))
    expect(served[0]).toMatchObject({
      tool: `${AGENT}#deploy`,
      action: { args: { env: 'staging' } },
    })
    expect(recorded.calls.at(-1)?.attributes[ATTR.actionHash]).toBe(served[0]?.action?.hash)
  })
})

describe('an agent with a guard', () => {
  test('serves what is in order, by value and by reference', async () => {
    const agent = await startAgent({ guard: guardOf() })
    for (const carry of ['value', 'reference']) {
      const client = await connect(worker, agent, { carry })
      const answer = await worker.under(chain, () => client.sendMessage(requestOf('deploy')))
      expect([carry, answer]).toMatchObject([carry, { status: { state: 3 } }])
    }
    expect(served.map((call) => call?.guard?.accept)).toEqual([true, true])
  })

  test('answers anything else with a rejected task, and its executor never hears of it', async () => {
    const agent = await startAgent({ guard: guardOf() })
    const client = await connect(worker, agent)
    const answer = await client.sendMessage(requestOf('deploy'))
    expect(answer).toMatchObject({ status: { state: 7 }, history: [], artifacts: [] })
    const states: unknown[] = []
    for await (const { payload } of client.sendMessageStream(requestOf('deploy')))
      states.push(payload?.$case === 'task' ? payload.value.status?.state : payload?.$case)
    expect(states).toEqual([7])
    expect(served).toEqual([])
    const ends = recorded.calls.map(
      (span) => verifyReceipt(textOn(span, 'receipt'), keys.worker.jwk).claims?.result.status,
    )
    expect(ends).not.toContain('ok')
  })

  test('refuses a message sent again', async () => {
    const agent = await startAgent({ guard: guardOf() })
    const client = await connect(worker, agent)
    await worker.under(chain, () => client.sendMessage(requestOf('deploy')))
    const body = agent.bodies.at(-1) ?? ''
    expect(
      signingInputHash(JSON.parse(body).params.message.metadata[A2A_EXTENSION].aat_pop),
    ).toHaveLength(43)
    const headers = { 'content-type': 'application/json', 'a2a-version': '1.0' }
    const again = await fetch(agent.url, { method: 'POST', headers, body })
    expect(await again.json()).toMatchObject({
      result: { task: { status: { state: 'TASK_STATE_REJECTED' } } },
    })
    expect(served).toHaveLength(1)
  })
})
