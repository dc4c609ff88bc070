import { ATTR, EVENT } from '@delegraph/graph-schema'
import { type ReceiptClaims, signingInputHash, verifyReceipt } from '@delegraph/link'
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createDelegraph } from '../delegraph.ts'
import { createKey } from '../keys/key.ts'
import { cast, deploy, RESOURCE } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { recordSpans } from '../testing/spans.ts'
import { instrumentClient, instrumentServer } from './mcp.ts'

const recorded = recordSpans()
const collector = await startFakeCollector()
const { alice, approver, planner, worker, keys } = await cast()
const signer = await createKey()
const service = { signer, kid: 'ops-1', iss: 'https://ops.example.com' }
const trusted = [{ ...service, jwk: signer.jwk, aud: RESOURCE }]
const deployer = createDelegraph({
  agent: { id: 'agent:deployer', kind: 'service' },
  key: await createKey(),
  collector: collector.url,
})
afterAll(async () => {
  await recorded.shutdown()
  await deployer.shutdown()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => recorded.reset())

const client = instrumentClient(worker, new Client({ name: 'client', version: '1' }), {
  resource: RESOURCE,
})
function startServer(): McpServer {
  const server = instrumentServer(deployer, new McpServer({ name: 'ops', version: '1' }), {
    resource: RESOURCE,
    receipts: service,
  })
  server.registerTool('deploy', { inputSchema: z.object({ env: z.string() }) }, async ({ env }) => {
    if (env === 'throw') throw new Error('no such environment')
    return { content: [{ type: 'text', text: env }], isError: env === 'error' }
  })
  return server
}
const [here, there] = InMemoryTransport.createLinkedPair()
await startServer().connect(there)
await client.connect(here)

const root = alice.issue({ to: planner.holder, tools: deploy('staging', 'error', 'throw') })
const chain = planner.narrow(root, {
  to: worker.holder,
  tools: deploy('staging', 'error', 'throw'),
})

async function both(env: string) {
  await worker.under(chain, () => client.callTool({ name: 'deploy', arguments: { env } }))
  const own = textOf(recorded.calls.at(0)?.attributes[ATTR.receipt])
  const served = recorded.spans.find(({ name }) => name === 'tools/call deploy')
  return {
    acting: verifyReceipt(own, keys.worker.jwk).claims,
    called: verifyReceipt(textOf(served?.attributes[ATTR.receipt]), trusted).claims,
    text: textOf(served?.attributes[ATTR.receipt]),
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

function told(claims: ReceiptClaims | undefined) {
  const { action_hash, aat_hash, aat_tool, aat_aud, trace, result, args, rest } = claims ?? {}
  return { action_hash, aat_hash, aat_tool, aat_aud, trace, result, args, rest }
}

describe('the receipt of a server', () => {
  test.each(['staging', 'error', 'throw'])('says what the caller says of %s', async (env) => {
    const { acting, called } = await both(env)
    expect(called).toBeDefined()
    expect(told(called)).toEqual(told(acting))
    expect(called?.result.status).toBe(env === 'staging' ? 'ok' : 'failed')
  })

  test('goes to the collector as an event of the span of its caller', async () => {
    const { text, acting } = await both('staging')
    await deployer.flush()
    const event = collector
      .records()
      .find(({ eventName, body }) => eventName === EVENT.receipt && body === text)
    expect(event).toMatchObject({
      traceId: acting?.trace?.trace_id,
      spanId: acting?.trace?.span_id,
    })
    expect(signingInputHash(text)).toMatch(/^[\w-]{43}$/)
  })

  test('names the approvals of this very call, and no other text that was sent along', async () => {
    const asked = { tool: `${RESOURCE}#deploy`, args: { env: 'staging' } }
    const [proposal, other] = [1, 2].map(() => worker.under(chain, () => worker.propose(asked)))
    if (proposal === undefined || other === undefined) throw new Error('absent')
    const right = approver.approve(proposal, { chain })
    const wrong = [approver.approve(other, { chain }), chain.texts[0] ?? '']
    const request = { name: 'deploy', arguments: asked.args }
    const approvals = [...wrong, right]
    await worker.under(chain, () =>
      worker.act(proposal, () => client.callTool(request), { approvals }),
    )
    const served = recorded.spans.find(({ name }) => name === 'tools/call deploy')
    const claims = verifyReceipt(textOf(served?.attributes[ATTR.receipt]), trusted).claims
    expect(claims?.apr_hash).toBe(signingInputHash(right))
  })

  test('is not made of a call that brought no chain', async () => {
    await client.callTool({ name: 'deploy', arguments: { env: 'staging' } })
    const served = recorded.spans.find(({ name }) => name === 'tools/call deploy')
    expect(served).toBeDefined()
    expect(served?.attributes).not.toHaveProperty(ATTR.receipt)
  })

  test('tells no argument, and no name of one, of a caller that withholds them', async () => {
    const { worker: silent, alice: giver, planner: first } = await cast({ args: 'none' })
    const granted = giver.issue({ to: first.holder, tools: deploy('staging') })
    const given = first.narrow(granted, { to: silent.holder, tools: deploy('staging') })
    const wary = instrumentClient(silent, new Client({ name: 'c', version: '1' }), {
      resource: RESOURCE,
    })
    const [a, b] = InMemoryTransport.createLinkedPair()
    await startServer().connect(b)
    await wary.connect(a)
    await silent.under(given, () =>
      wary.callTool({ name: 'deploy', arguments: { env: 'staging' } }),
    )
    const served = recorded.spans.find(({ name }) => name === 'tools/call deploy')
    const claims = verifyReceipt(textOf(served?.attributes[ATTR.receipt]), trusted).claims
    expect(claims).toMatchObject({ aat_tool: `${RESOURCE}#deploy` })
    expect(claims).not.toHaveProperty('args')
    expect(claims).not.toHaveProperty('arg_names')
  })

  test('that cannot be signed does not fail the call', async () => {
    const other = instrumentServer(deployer, new McpServer({ name: 'ops', version: '1' }), {
      resource: RESOURCE,
      receipts: { ...service, signer: { ...signer, sign: () => raise() } },
    })
    other.registerTool('deploy', { inputSchema: z.object({ env: z.string() }) }, async () => ({
      content: [{ type: 'text', text: 'done' }],
    }))
    const [a, b] = InMemoryTransport.createLinkedPair()
    const caller = instrumentClient(worker, new Client({ name: 'c', version: '1' }), {
      resource: RESOURCE,
    })
    await other.connect(b)
    await caller.connect(a)
    const call = { name: 'deploy', arguments: { env: 'staging' } }
    const result = await worker.under(chain, () => caller.callTool(call))
    expect(result.content).toEqual([{ type: 'text', text: 'done' }])
  })
})

function raise(): never {
  throw new Error('the key is away')
}
