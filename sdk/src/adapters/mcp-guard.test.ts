import { ATTR, EVENT } from '@delegraph/graph-schema'
import { MCP_META_KEY, signingInputHash, verifyDecision, verifyReceipt } from '@delegraph/link'
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { memoryLinkStore } from '../carriage/link-store.ts'
import type { Guard } from '../guard/index.ts'
import { type Chain, createDelegraph, createKey, type Delegraph } from '../index.ts'
import { DEPLOY, deploy, RESOURCE } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { ASKED, guarded, textOn } from '../testing/guarded.ts'
import { recordSpans } from '../testing/spans.ts'
import { type IncomingCall, incomingCall, instrumentClient, instrumentServer } from './mcp.ts'
import type { McpClientOptions } from './mcp-client.ts'
import type { McpServerOptions } from './mcp-server.ts'

const recorded = recordSpans()
const collector = await startFakeCollector()
const people = await guarded()
const { alice, planner, worker, approver, chain, keys } = people
const signer = await createKey()
const service = { signer, kid: 'ops-1', iss: 'https://ops.example.com' }
const trusted = [{ ...service, jwk: signer.jwk, aud: RESOURCE }]
const deployer = createDelegraph({
  agent: { id: 'agent:deployer', kind: 'service' },
  key: await createKey(),
  collector: collector.url,
})
const guardWith = (more: Parameters<typeof people.guardWith>[0] = {}) =>
  people.guardWith({ decisions: service, ...more })
afterAll(async () => {
  await recorded.shutdown()
  await deployer.shutdown()
  await collector[Symbol.asyncDispose]()
})
beforeEach(() => {
  recorded.reset()
  served.length = 0
  wire.length = 0
})

/** Calls that reached the tool's handler. */
const served: (IncomingCall | undefined)[] = []
/** Bodies of requests, as they went over the wire. */
const wire: string[] = []
const CALL = { name: 'deploy', arguments: { env: 'staging', note: 'a raw note' } }
const VERSION = '2026-07-28'

/** A client and a server of revision 2026-07-28, over HTTP requests that never leave the process. */
async function connect(
  agent: Delegraph,
  options: Omit<McpServerOptions, 'resource'>,
  more: Omit<McpClientOptions, 'resource'> = {},
): Promise<Client> {
  const handler = createMcpHandler(() => {
    const server = new McpServer({ name: 'ops', version: '1' })
    instrumentServer(deployer, server, { resource: RESOURCE, receipts: service, ...options })
    const inputSchema = z.object({ env: z.string(), note: z.string().optional() })
    server.registerTool('deploy', { inputSchema }, async ({ env }) => {
      served.push(incomingCall())
      return { content: [{ type: 'text', text: env }] }
    })
    return server
  })
  const client = new Client(
    { name: 'client', version: '1' },
    { capabilities: { elicitation: {} }, versionNegotiation: { mode: { pin: VERSION } } },
  )
  instrumentClient(agent, client, { resource: RESOURCE, ...more })
  await client.connect(
    new StreamableHTTPClientTransport(new URL(RESOURCE), {
      fetch: async (url, init) => {
        const request = new Request(url, init)
        wire.push(await request.clone().text())
        return handler.fetch(request)
      },
    }),
  )
  return client
}

function sentOnWire() {
  return wire.flatMap((body) => {
    const message = body === '' ? undefined : JSON.parse(body)
    return message?.method === 'tools/call' ? [message.params._meta[MCP_META_KEY]] : []
  })
}

const REFUSED = { isError: true, content: [{ type: 'text', text: 'refused' }] }

describe('a server with a guard', () => {
  test('serves a call in order, and shows its handler what holds', async () => {
    const client = await connect(worker, { guard: guardWith() })
    const result = await worker.under(chain, () => client.callTool(CALL))
    expect(result.content).toEqual([{ type: 'text', text: 'staging' }])
    expect(served).toHaveLength(1)
    expect(served[0]?.guard).toMatchObject({ accept: true })
    expect(served[0]?.chain?.hash).toBe(chain.hash)
  })

  test('both receipts name the proof of possession, which no evidence holds', async () => {
    const client = await connect(worker, { guard: guardWith() })
    await worker.under(chain, () => client.callTool(CALL))
    const [evidence] = sentOnWire()
    const acting = verifyReceipt(textOn(recorded.calls[0], 'receipt'), keys.worker.jwk).claims
    const span = recorded.spans.find(({ name }) => name === 'tools/call deploy')
    const called = verifyReceipt(textOn(span, 'receipt'), trusted).claims
    const hash = signingInputHash(evidence.aat_pop)
    expect(hash).toBeDefined()
    expect([acting?.pop_hash, called?.pop_hash]).toEqual([hash, hash])
    await deployer.flush()
    expect(collector.bodies.some((body) => body.includes(evidence.aat_pop))).toBe(false)
    expect(JSON.stringify(recorded.spans.map(({ attributes }) => attributes))).not.toContain(
      evidence.aat_pop,
    )
  })

  test('refuses without a word what it does not accept, and the handler never hears of it', async () => {
    const client = await connect(worker, { guard: guardWith() })
    const production = { name: 'deploy', arguments: { env: 'production' } }
    const result = await worker.under(chain, () => client.callTool(production))
    expect(result).toMatchObject(REFUSED)
    expect(served).toEqual([])
    const span = recorded.spans.find(({ name }) => name === 'tools/call deploy')
    expect(verifyReceipt(textOn(span, 'receipt'), trusted).claims?.result.status).toBe('denied')
  })

  test('refuses where the guard itself fails, and says so to its operator', async () => {
    const failing: Guard = { ...guardWith(), check: () => Promise.reject(new Error('a secret')) }
    const client = await connect(worker, { guard: failing })
    const before = deployer.stats.failed
    const result = await worker.under(chain, () => client.callTool(CALL))
    expect(result).toMatchObject(REFUSED)
    expect([served.length, deployer.stats.failed - before]).toEqual([0, 1])
  })

  test('is not taken in front of another service', () => {
    const server = new McpServer({ name: 'ops', version: '1' })
    const guard = guardWith({ audience: 'https://other.example.com/mcp' })
    expect(() => instrumentServer(deployer, server, { resource: RESOURCE, guard })).toThrow(
      expect.objectContaining({ code: 'invalid_config' }),
    )
  })

  test('refuses a call without a chain', async () => {
    const client = await connect(worker, { guard: guardWith() })
    expect(await client.callTool(CALL)).toMatchObject(REFUSED)
    expect(served).toEqual([])
  })

  test('only watches with the mode observe', async () => {
    const guard = guardWith({ mode: 'observe' })
    const client = await connect(worker, { guard })
    await client.callTool(CALL)
    expect(served[0]?.guard).toMatchObject({ accept: false })
  })

  test('signs what it decided, for the caller’s span', async () => {
    const client = await connect(worker, { guard: guardWith() })
    await worker.under(chain, () => client.callTool(CALL))
    await worker.under(chain, () => client.callTool({ ...CALL, arguments: { env: 'production' } }))
    await deployer.flush()
    const spans = recorded.calls.map((span) => span.spanContext().spanId)
    const decisions = collector
      .records()
      .filter(
        ({ eventName, spanId }) => eventName === EVENT.decision && spans.includes(spanId ?? ''),
      )
    const claims = decisions.map(({ body }) => verifyDecision(body, [trusted[0] ?? raise()]).claims)
    expect(claims.map((each) => each?.decision)).toEqual([true, false])
    expect(claims.map((each) => each?.action_hash)).toEqual(
      recorded.calls.map((span) => span.attributes[ATTR.actionHash]),
    )
  })

  test('names in its receipt only the approvals that count', async () => {
    const stranger = await guarded()
    const client = await connect(worker, { guard: guardWith() })
    const proposal = worker.under(chain, () =>
      worker.propose({ tool: DEPLOY, args: CALL.arguments }),
    )
    const good = approver.approve(proposal, { chain })
    const approvals = [stranger.approver.approve(proposal, { chain }), good]
    await worker.under(chain, () =>
      worker.act(proposal, () => client.callTool(CALL), { approvals }),
    )
    const span = recorded.spans.find(({ name }) => name === 'tools/call deploy')
    const claims = verifyReceipt(textOn(span, 'receipt'), trusted).claims
    expect(claims?.apr_hash).toBe(signingInputHash(good))
  })

  test('takes a chain by reference that came by value before', async () => {
    const guard = guardWith({ links: memoryLinkStore() })
    const byValue = await connect(worker, { guard })
    const byReference = await connect(worker, { guard }, { carry: 'reference' })
    await worker.under(chain, () => byValue.callTool(CALL))
    wire.length = 0
    const result = await worker.under(chain, () => byReference.callTool(CALL))
    expect(result.content).toEqual([{ type: 'text', text: 'staging' }])
    expect(sentOnWire()[0]).toMatchObject({
      aat_chain: [chain.texts[1]],
      aat_refs: [chain.hashes[0]],
    })
    expect(served[1]?.action?.hash).toBe(recorded.calls[1]?.attributes[ATTR.actionHash])
  })
})

describe('an approval asked for by the server (MCP 2026-07-28)', () => {
  const asking = (agent: Delegraph): Chain =>
    alice.issue({ to: agent.holder, tools: deploy('staging'), approvals: ASKED })
  const askApproval = () =>
    inputRequired({
      inputRequests: {
        approval: inputRequired.elicit({
          message: 'An approval is needed.',
          requestedSchema: { type: 'object', properties: { given: { type: 'boolean' } } },
        }),
      },
    })
  const serverOptions = (guard: Guard) => ({ guard, askApproval })

  test('passes once: the same call again, with the same hash and a fresh proof', async () => {
    const held = asking(planner)
    const client = await connect(planner, serverOptions(guardWith()))
    const proposal = planner.under(held, () =>
      planner.propose({ tool: DEPLOY, args: CALL.arguments }),
    )
    let rounds = 0
    // What the client library answers by itself, while the call is under way.
    const result = await planner.under(held, () =>
      planner.act(proposal, (open) => {
        client.setRequestHandler('elicitation/create', async () => {
          rounds += 1
          open.present(approver.approve(proposal, { chain: held }))
          return { action: 'accept', content: { given: true } }
        })
        return client.callTool(CALL)
      }),
    )
    expect(result.content).toEqual([{ type: 'text', text: 'staging' }])
    expect(rounds).toBe(1)
    expect(served).toHaveLength(1)
    expect(served[0]?.action?.hash).toBe(proposal.hash)
    const [first, second] = sentOnWire()
    expect(second.action_salt).toBe(first.action_salt)
    expect(second.aat_pop).not.toBe(first.aat_pop)
    expect([first.approvals, second.approvals?.length]).toEqual([undefined, 1])
    const receipt = verifyReceipt(textOn(recorded.calls[0], 'receipt'), keys.planner.jwk).claims
    expect(receipt).toMatchObject({
      result: { status: 'ok' },
      apr_hash: signingInputHash(second.approvals[0]),
      pop_hash: signingInputHash(second.aat_pop),
    })

    const again = await planner.under(held, () =>
      planner.act(proposal, () => client.callTool(CALL), { approvals: second.approvals }),
    )
    expect(again).toMatchObject(REFUSED)
    expect(served).toHaveLength(1)
  })

  test('passes where the application sends the call again by itself', async () => {
    const held = asking(worker)
    const client = await connect(worker, serverOptions(guardWith()))
    const result = await worker.under(held, () =>
      worker.act({ tool: DEPLOY, args: CALL.arguments }, async (open) => {
        const asked = await client.callTool(CALL, { allowInputRequired: true })
        expect(asked).toMatchObject({ resultType: 'input_required' })
        open.present(approver.approve(open.proposal, { chain: held }))
        const inputResponses = { approval: { action: 'accept', content: { given: true } } }
        return client.callTool({ ...CALL, inputResponses } as typeof CALL)
      }),
    )
    expect(result).toMatchObject({ content: [{ type: 'text', text: 'staging' }] })
    expect(recorded.calls).toHaveLength(1)
  })

  test('is asked of nobody whose call is wrong in another way', async () => {
    const held = asking(worker)
    const client = await connect(worker, serverOptions(guardWith()))
    const production = { name: 'deploy', arguments: { env: 'production' } }
    expect(await worker.under(held, () => client.callTool(production))).toMatchObject(REFUSED)
  })

  test('no answer to a question is a decision or a receipt', async () => {
    const held = asking(worker)
    const client = await connect(worker, serverOptions(guardWith()))
    await worker.under(held, () => client.callTool(CALL, { allowInputRequired: true }))
    await deployer.flush()
    const { spanId } = recorded.calls[0]?.spanContext() ?? {}
    const names = collector
      .records()
      .filter((record) => record.spanId === spanId)
      .map(({ eventName }) => eventName)
    expect(names).toEqual([EVENT.link])
  })
})

function raise(): never {
  throw new Error('absent')
}
