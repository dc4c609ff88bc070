import { ATTR, EVENT, GEN_AI } from '@delegraph/graph-schema'
import { actionHash, MCP_META_KEY, type ReceiptClaims, verifyReceipt } from '@delegraph/link'
import { Client } from '@modelcontextprotocol/client'
import { InMemoryTransport, McpServer } from '@modelcontextprotocol/server'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { createDelegraph, createKey, type Delegraph, type Key } from '../index.ts'
import { cast, DEPLOY, deploy, RESOURCE } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { recordSpans } from '../testing/spans.ts'
import { wrapTools } from './ai-sdk.ts'
import {
  evidenceFromRequest,
  type IncomingCall,
  incomingCall,
  instrumentClient,
  instrumentServer,
} from './mcp.ts'

const recorded = recordSpans()
const collector = await startFakeCollector()
const { alice, approver, planner, worker, keys, anchors } = await cast()
const serverKey = await createKey()
const deployer = createDelegraph({
  agent: { id: 'agent:deployer', kind: 'service' },
  key: serverKey,
  collector: collector.url,
})
afterAll(async () => {
  await recorded.shutdown()
  await deployer.shutdown()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => {
  recorded.reset()
  seen.length = 0
})

const seen: { readonly call: IncomingCall | undefined; readonly meta: unknown }[] = []

function startServer(): McpServer {
  const server = instrumentServer(deployer, new McpServer({ name: 'ops', version: '1' }), {
    resource: RESOURCE,
  })
  // The default of `note` makes the parsed arguments differ from those that were sent.
  const inputSchema = z.object({ env: z.string(), note: z.string().default('none') })
  server.registerTool('deploy', { inputSchema }, async ({ env }, context) => {
    seen.push({ call: incomingCall(), meta: context.mcpReq._meta })
    if (env === 'throw') throw new Error('no such environment')
    if (env === 'nested') await deployer.act({ tool: 'tool:inner' }, () => 0)
    return { content: [{ type: 'text', text: `deployed to ${env}` }], isError: env === 'error' }
  })
  return server
}

async function connect(agent: Delegraph): Promise<Client> {
  const client = instrumentClient(agent, new Client({ name: 'client', version: '1' }), {
    resource: RESOURCE,
  })
  const [here, there] = InMemoryTransport.createLinkedPair()
  await startServer().connect(there)
  await client.connect(here)
  return client
}

const root = alice.issue({ to: planner.holder, tools: deploy('staging', 'error', 'nested') })
const child = planner.narrow(root, { to: worker.holder, tools: deploy('staging', 'nested') })
const client = await connect(worker)
const WILD = { constraint_type: 'wildcard' } as const
const staging = { name: 'deploy', arguments: { env: 'staging', note: 'a raw note' } }

function claimsOf(index: number, key: Key): ReceiptClaims | undefined {
  const text = recorded.calls.at(index)?.attributes[ATTR.receipt]
  return verifyReceipt(typeof text === 'string' ? text : '', key.jwk).claims
}

describe('a call through an instrumented client', () => {
  test('is one action, and the server sees the chain that it was made under', async () => {
    const result = await worker.under(child, () => client.callTool(staging))
    expect(result.content).toEqual([{ type: 'text', text: 'deployed to staging' }])
    expect(recorded.calls).toHaveLength(1)
    expect(claimsOf(0, keys.worker)).toMatchObject({
      aat_hash: child.hash,
      aat_tool: DEPLOY,
      aat_aud: RESOURCE,
      args: { env: 'staging' },
      arg_names: ['env', 'note'],
    })
    const [{ call } = { call: undefined }] = seen
    expect(call).toMatchObject({ tool: DEPLOY, caller: 'agent:worker', approvals: [] })
    expect(call?.chain).toEqual(child)
  })

  test('has the same hash at both ends, from the arguments as they were sent', async () => {
    await worker.under(child, () => client.callTool(staging))
    const hash = claimsOf(0, keys.worker)?.action_hash
    const action = seen.at(0)?.call?.action
    expect(action?.hash).toBe(hash)
    expect(action?.args).toEqual(staging.arguments)
    const { disclosed: args = {}, rest = '', tool = '' } = action ?? {}
    expect(actionHash({ aud: RESOURCE, args, rest, tool })).toBe(hash)
  })

  test('is served in the same trace, by a span that is no second action', async () => {
    await worker.under(child, () => worker.hop('work', () => client.callTool(staging)))
    const [served, act] = recorded.spans
    expect(served?.name).toBe('tools/call deploy')
    expect(served?.parentSpanContext?.spanId).toBe(act?.spanContext().spanId)
    expect(served?.parentSpanContext?.isRemote).toBe(true)
    expect(served?.attributes).toEqual({
      [ATTR.agentId]: 'agent:deployer',
      [ATTR.chainId]: root.id,
      [ATTR.linkHash]: child.hash,
      [ATTR.taskId]: root.task,
      [GEN_AI.mcpMethod]: 'tools/call',
      [GEN_AI.toolName]: 'deploy',
    })
    expect(act?.attributes[GEN_AI.mcpMethod]).toBe('tools/call')
  })

  test('keeps what the application put into _meta', async () => {
    await worker.under(child, () => client.callTool({ ...staging, _meta: { 'a.example/b': 1 } }))
    expect(seen.at(0)?.meta).toMatchObject({
      'a.example/b': 1,
      [MCP_META_KEY]: { aat_chain: child.texts },
    })
  })

  test('works without a chain', async () => {
    await client.callTool(staging)
    expect(claimsOf(0, keys.worker)).toMatchObject({ act: { sub: 'agent:worker' } })
    const call = seen.at(0)?.call
    expect(call).not.toHaveProperty('chain')
    expect(call?.action?.hash).toBe(claimsOf(0, keys.worker)?.action_hash)
  })

  test.each(['error', 'throw'])(
    'has failed where the tool answers with an error (%s)',
    async (env) => {
      const result = await planner.under(root, async () =>
        (await connect(planner)).callTool({ name: 'deploy', arguments: { env } }),
      )
      expect(result.isError).toBe(true)
      expect(claimsOf(0, keys.planner)?.result.status).toBe('failed')
    },
  )

  test('has failed where the server knows no such tool', async () => {
    const missing = client.callTool({ name: 'missing', arguments: {} })
    await expect(missing).rejects.toThrow()
    expect(claimsOf(0, keys.worker)?.result.status).toBe('failed')
  })

  test('made in parallel keeps its own chain', async () => {
    const other = alice.issue({ to: worker.holder, tools: deploy('staging') })
    await Promise.all(
      [child, other].map((chain) => worker.under(chain, () => client.callTool(staging))),
    )
    expect(seen.map(({ call }) => call?.chain?.hash)).toEqual([child.hash, other.hash])
    expect(recorded.calls.map((span) => span.attributes[ATTR.linkHash])).toEqual([
      child.hash,
      other.hash,
    ])
  })
})

describe('a call inside an action that is under way', () => {
  test('of the same tool and arguments is that action', async () => {
    const proposal = worker.under(child, () =>
      worker.propose({ tool: DEPLOY, args: staging.arguments }),
    )
    const approvals = [approver.approve(proposal, { chain: child })]
    await worker.under(child, () =>
      worker.act(proposal, () => client.callTool(staging), { approvals }),
    )
    expect(recorded.calls).toHaveLength(1)
    expect(seen.at(0)?.call).toMatchObject({ approvals, action: { hash: proposal.hash } })
  })

  test('has the approved hash at the server, though it was proposed under another chain', async () => {
    const wild = { [DEPLOY]: { env: WILD, note: WILD } }
    const loose = alice.issue({ to: worker.holder, tools: wild })
    const proposal = planner.under(root, () =>
      planner.propose({ tool: DEPLOY, args: staging.arguments }),
    )
    const approvals = [approver.approve(proposal, { chain: root })]
    await worker.under(loose, () =>
      worker.act(proposal, () => client.callTool(staging), { approvals }),
    )
    expect(seen.at(0)?.call).toMatchObject({ approvals, action: { hash: proposal.hash } })
    expect(seen.at(0)?.call?.chain?.hash).toBe(loose.hash)
  })

  test('is another action with other arguments, and so is a second request', async () => {
    await worker.under(child, () =>
      worker.act({ tool: DEPLOY, args: staging.arguments }, async () => {
        await client.callTool({ name: 'deploy', arguments: { env: 'staging' } })
        await client.callTool(staging)
        await client.callTool(staging)
      }),
    )
    expect(recorded.calls).toHaveLength(3)
    expect(new Set(seen.map(({ call }) => call?.action?.hash)).size).toBe(3)
  })

  test('is the action of the wrapped tool that makes it, and fails it', async () => {
    const own = await connect(planner)
    const tools = wrapTools(
      planner,
      {
        deploy: {
          execute: (args: { env: string }) => own.callTool({ name: 'deploy', arguments: args }),
        },
      },
      { toolUri: (name) => `${RESOURCE}#${name}` },
    )
    await planner.under(root, () => tools.deploy.execute({ env: 'error' }))
    expect(recorded.calls).toHaveLength(1)
    expect(claimsOf(0, keys.planner)?.result.status).toBe('failed')
  })
})

describe('what the server reports', () => {
  test('are the links and approvals that came by value, in the name of the caller’s span', async () => {
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging') })
    const proposal = worker.under(chain, () =>
      worker.propose({ tool: DEPLOY, args: staging.arguments }),
    )
    const approvals = [approver.approve(proposal, { chain })]
    await worker.under(chain, () =>
      worker.act(proposal, () => client.callTool(staging), { approvals }),
    )
    await deployer.flush()
    const { traceId, spanId } = recorded.calls.at(0)?.spanContext() ?? {}
    const records = collector.records().filter((record) => record.spanId === spanId)
    expect(records.map(({ eventName }) => eventName)).toEqual([EVENT.link, EVENT.approval])
    expect(records.map(({ body }) => body)).toEqual([chain.texts[0], approvals[0]])
    expect(records.every((record) => record.traceId === traceId)).toBe(true)
  })

  test('names the caller as the driver of what the server does itself', async () => {
    await worker.under(child, () =>
      client.callTool({ name: 'deploy', arguments: { env: 'nested' } }),
    )
    const inner = recorded.calls.findIndex((span) => span.attributes[ATTR.tool] === 'tool:inner')
    expect(claimsOf(inner, serverKey)).toMatchObject({
      act: { sub: 'agent:deployer' },
      drivers: ['agent:worker'],
    })
  })

  test('a server that is instrumented too late says so', () => {
    const server = new McpServer({ name: 'late', version: '1' })
    server.registerTool('a', {}, async () => ({ content: [] }))
    expect(() => instrumentServer(deployer, server, { resource: RESOURCE })).toThrow(
      expect.objectContaining({ code: 'too_late' }),
    )
    expect(() => instrumentServer(deployer, {}, { resource: RESOURCE })).toThrow(
      expect.objectContaining({ code: 'invalid_config' }),
    )
  })
})

describe('evidence of a stranger', () => {
  const params = { name: 'deploy', arguments: { env: 'staging' } }
  const read = (evidence: unknown, agent = deployer) =>
    evidenceFromRequest(
      agent,
      { ...params, _meta: { [MCP_META_KEY]: evidence } },
      { resource: RESOURCE },
    )

  test.each([
    ['nothing', undefined],
    ['a text', 'aat_chain'],
    ['no list', { aat_chain: 'x', approvals: {}, action_salt: 7 }],
    ['an endless list', { aat_chain: Array.from({ length: 100_000 }, () => 'x') }],
    ['too many approvals', { approvals: Array.from({ length: 9 }, () => 'a.b.c') }],
    ['approvals that are none', { approvals: [null, 7, 'yes'] }],
  ])('is no evidence: %s', (_name, evidence) => {
    expect(read(evidence)).toEqual({ tool: DEPLOY, approvals: [] })
  })

  test.each([
    ['no token', ['nonsense']],
    ['an oversized token', ['x'.repeat(9000)]],
    ['a cut chain', child.texts.slice(1)],
  ])('is refused and does not throw: %s', (_name, texts) => {
    const call = read({ aat_chain: texts })
    expect(call).not.toHaveProperty('chain')
    expect(call).not.toHaveProperty('caller')
    expect(call.refused).toMatch(/^(failed|unknown|par_hash)/)
  })

  test('is verified where the server knows the root', async () => {
    const agent = createDelegraph({ agent: 'agent:deployer', key: serverKey, anchors })
    expect(read({ aat_chain: child.texts }, agent).caller).toBe('agent:worker')
    const broken = child.texts.map((text) => `${text.slice(0, -4)}AAAA`)
    expect(read({ aat_chain: broken }, agent)).toMatchObject({ refused: expect.any(String) })
  })

  test('without an instance of ours is misuse', () => {
    const copy = { ...deployer }
    expect(() => evidenceFromRequest(copy, params, { resource: RESOURCE })).toThrow(
      expect.objectContaining({ code: 'invalid_config' }),
    )
  })
})
