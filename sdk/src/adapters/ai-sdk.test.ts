import { ATTR, GEN_AI } from '@delegraph/graph-schema'
import { type ReceiptClaims, verifyApproval, verifyReceipt } from '@delegraph/link'
import { generateText, isStepCount, tool } from 'ai'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { type Chain, type Key, SdkError } from '../index.ts'
import { cast, DEPLOY, deploy } from '../testing/cast.ts'
import { scripted } from '../testing/scripted-model.ts'
import { recordSpans } from '../testing/spans.ts'
import { handOver, wrapTools } from './ai-sdk.ts'

const recorded = recordSpans()
const { alice, approver, planner, worker, approvers, keys } = await cast()
afterAll(() => recorded.shutdown())
beforeEach(() => recorded.reset())

const toolUri = (name: string) => `https://ops.example.com/mcp#${name}`
const inputSchema = z.object({ env: z.string() })
const root = alice.issue({ to: planner.holder, tools: deploy('staging', 'canary') })

function claimsOf(index: number, key: Key): ReceiptClaims | undefined {
  const text = recorded.calls.at(index)?.attributes[ATTR.receipt]
  return verifyReceipt(typeof text === 'string' ? text : '', key.jwk).claims
}

function deployCall(env: string) {
  return { tool: 'deploy', input: { env } }
}

describe('a wrapped tool of a real agent loop', () => {
  const tools = wrapTools(
    planner,
    {
      deploy: tool({ inputSchema, execute: async ({ env }) => `deployed to ${env}` }),
    },
    { toolUri },
  )

  test('is one action under the chain in force', async () => {
    const { text, steps } = await planner.under(root, () =>
      generateText({
        model: scripted({ calls: [deployCall('staging')] }, { say: 'done' }),
        prompt: 'deploy',
        tools,
        stopWhen: isStepCount(3),
      }),
    )
    expect(text).toBe('done')
    expect(steps.at(0)?.toolResults.at(0)?.output).toBe('deployed to staging')
    expect(recorded.calls).toHaveLength(1)
    expect(recorded.calls.at(0)?.attributes).toMatchObject({
      [GEN_AI.toolCallId]: 'call-0-0',
      [GEN_AI.toolName]: 'deploy',
      [ATTR.tool]: DEPLOY,
      [ATTR.linkHash]: root.hash,
      [ATTR.actionArgs]: '{"env":"staging"}',
    })
    expect(claimsOf(0, keys.planner)).toMatchObject({
      aat_hash: root.hash,
      args: { env: 'staging' },
      result: { status: 'ok' },
    })
  })

  test('called in parallel is one action each', async () => {
    await planner.under(root, () =>
      generateText({
        model: scripted({ calls: ['staging', 'canary', 'staging'].map(deployCall) }, { say: '' }),
        prompt: 'deploy',
        tools,
        stopWhen: isStepCount(3),
      }),
    )
    const claims = [0, 1, 2].map((index) => claimsOf(index, keys.planner))
    expect(claims.map((claim) => claim?.args?.['env'])).toEqual(['staging', 'canary', 'staging'])
    expect(new Set(claims.map((claim) => claim?.action_hash)).size).toBe(3)
  })

  test('works without a chain', async () => {
    await generateText({
      model: scripted({ calls: [deployCall('staging')] }, { say: '' }),
      prompt: 'deploy',
      tools,
      stopWhen: isStepCount(3),
    })
    expect(claimsOf(0, keys.planner)).toMatchObject({ act: { sub: 'agent:planner' } })
  })

  test('without execute stays as it is', () => {
    const ask = tool({ inputSchema })
    expect(wrapTools(planner, { ask }).ask).toBe(ask)
    expect(tools.deploy.inputSchema).toBe(inputSchema)
  })
})

test('a tool that throws has failed, and the framework sees its own error', async () => {
  const error = new Error('no such environment')
  const tools = wrapTools(
    planner,
    {
      deploy: tool({
        inputSchema,
        execute: async (): Promise<string> => {
          throw error
        },
      }),
    },
    { toolUri },
  )
  const { steps } = await planner.under(root, () =>
    generateText({
      model: scripted({ calls: [deployCall('staging')] }, { say: '' }),
      prompt: 'deploy',
      tools,
      stopWhen: isStepCount(3),
    }),
  )
  const failed = steps.at(0)?.content.find((part) => part.type === 'tool-error')
  expect(failed).toMatchObject({ error })
  expect(claimsOf(0, keys.planner)?.result.status).toBe('failed')
})

describe('a streaming tool', () => {
  const streaming = (fail: boolean) =>
    wrapTools(planner, {
      count: tool({
        inputSchema: z.object({}),
        async *execute() {
          yield planner.activeAct()?.proposal.tool
          if (fail) throw new Error('half way')
          yield planner.active()?.hash
        },
      }),
    })

  test('stays one, inside its span to the end', async () => {
    const { steps } = await planner.under(root, () =>
      generateText({
        model: scripted({ calls: [{ tool: 'count', input: {} }] }, { say: '' }),
        prompt: 'count',
        tools: streaming(false),
        stopWhen: isStepCount(3),
      }),
    )
    expect(steps.at(0)?.toolResults.at(0)?.output).toBe(root.hash)
    expect(recorded.calls).toHaveLength(1)
    expect(claimsOf(0, keys.planner)).toMatchObject({
      aat_tool: 'tool:count',
      result: { status: 'ok' },
    })
  })

  test('that breaks half way has failed', async () => {
    await planner.under(root, () =>
      generateText({
        model: scripted({ calls: [{ tool: 'count', input: {} }] }, { say: '' }),
        prompt: 'count',
        tools: streaming(true),
        stopWhen: isStepCount(3),
      }),
    )
    expect(claimsOf(0, keys.planner)?.result.status).toBe('failed')
  })

  test('that is not read to its end has failed, and is told to stop', async () => {
    let stopped = false
    const { count } = wrapTools(planner, {
      count: {
        async *execute() {
          try {
            yield 1
            yield 2
          } finally {
            stopped = true
          }
        },
      },
    })
    for await (const item of count.execute()) if (item === 1) break
    expect(stopped).toBe(true)
    expect(claimsOf(0, keys.planner)?.result.status).toBe('failed')
  })
})

describe('a permission', () => {
  const asked = { [DEPLOY]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 } }
  const chain = alice.issue({ to: planner.holder, tools: deploy('staging'), approvals: asked })
  const execute = async ({ env }: { env: string }) => `deployed to ${env}`

  test('is asked for with the exact call, and presented with it', async () => {
    const requests: boolean[] = []
    const tools = wrapTools(
      planner,
      { deploy: tool({ inputSchema, execute }) },
      {
        toolUri,
        permission: async (proposal, { chain, required }) => {
          requests.push(required)
          return { approvals: chain === undefined ? [] : [approver.approve(proposal, { chain })] }
        },
      },
    )
    await planner.under(chain, () =>
      generateText({
        model: scripted({ calls: [deployCall('staging')] }, { say: '' }),
        prompt: 'deploy',
        tools,
        stopWhen: isStepCount(3),
      }),
    )
    const claims = claimsOf(0, keys.planner)
    const approval = recorded.calls.at(0)?.attributes[ATTR.approval]
    const verdict = verifyApproval(String(approval), approvers)
    expect(requests).toEqual([true])
    expect(verdict.claims).toMatchObject({ aat_hash: chain.hash, action_hash: claims?.action_hash })
    expect(claims?.apr_hash).toBe(verdict.hash)
  })

  test('that is refused keeps the tool from running, and leaves a receipt of the refusal', async () => {
    let ran = false
    const denied = new SdkError('denied', 'the person said no')
    const { deploy: wrapped } = wrapTools(
      planner,
      {
        deploy: {
          execute: async (_input: unknown) => {
            ran = true
          },
        },
      },
      { toolUri, permission: () => Promise.reject(denied) },
    )
    await expect(planner.under(chain, () => wrapped.execute({ env: 'staging' }))).rejects.toBe(
      denied,
    )
    expect(ran).toBe(false)
    expect(claimsOf(0, keys.planner)?.result.status).toBe('denied')
  })

  test('may bring a call that was approved elsewhere', async () => {
    const proposal = planner.under(root, () =>
      planner.propose({ tool: DEPLOY, args: { env: 'staging' } }),
    )
    const approval = approver.approve(proposal, { chain: root })
    const child = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })
    const { deploy: wrapped } = wrapTools(
      worker,
      { deploy: { execute } },
      { toolUri, permission: () => ({ approvals: [approval], proposal }) },
    )
    await worker.under(child, () => wrapped.execute({ env: 'staging' }))
    expect(claimsOf(0, keys.worker)).toMatchObject({
      action_hash: proposal.hash,
      aat_hash: child.hash,
    })
  })
})

describe('handing over', () => {
  const runWorker = (chain: Chain | undefined, env: string) => {
    const tools = wrapTools(
      worker,
      { deploy: tool({ inputSchema, execute: async ({ env }) => `deployed to ${env}` }) },
      { toolUri },
    )
    const run = () =>
      worker.hop('worker', async () => {
        const { text } = await generateText({
          model: scripted({ calls: [deployCall(env)] }, { say: `worker deployed ${env}` }),
          prompt: env,
          tools,
          stopWhen: isStepCount(3),
        })
        return text
      })
    return chain === undefined ? run() : worker.under(worker.receive(chain.texts), run)
  }
  const grant = { to: worker.holder, tools: deploy('staging') }
  const tools = wrapTools(planner, {
    askWorker: tool({
      inputSchema,
      execute: handOver(planner, grant, (chain, { env }: { env: string }) => runWorker(chain, env)),
    }),
  })
  const plan = () =>
    planner.hop('planner', () =>
      generateText({
        model: scripted(
          { calls: [{ tool: 'askWorker', input: { env: 'staging' } }] },
          { say: 'ok' },
        ),
        prompt: 'go',
        tools,
        stopWhen: isStepCount(3),
      }),
    )

  test('narrows the chain for the other agent, in one trace, and is no action itself', async () => {
    const { steps } = await planner.under(root, plan)
    expect(steps.at(0)?.toolResults.at(0)?.output).toBe('worker deployed staging')
    const child = planner.narrow(root, grant)
    expect(recorded.calls).toHaveLength(1)
    expect(claimsOf(0, keys.worker)).toMatchObject({
      aat_hash: child.hash,
      drivers: ['agent:planner'],
    })
    const hops = recorded.spans.filter((span) => span.attributes[ATTR.linkJws] !== undefined)
    expect(hops.map((span) => span.attributes[ATTR.linkHash])).toEqual([child.hash, root.hash])
    expect(new Set(recorded.spans.map((span) => span.spanContext().traceId)).size).toBe(1)
  })

  test('without a chain hands over nothing, and the receipt names who asked', async () => {
    await plan()
    expect(claimsOf(0, keys.worker)).toMatchObject({
      act: { sub: 'agent:worker' },
      drivers: ['agent:planner'],
    })
  })

  test('of more than is held is an error of the tool', async () => {
    const wide = handOver(planner, { to: worker.holder, tools: deploy('production') }, () => 'ran')
    expect(() => planner.under(root, () => wide({}, {}))).toThrow(
      expect.objectContaining({ code: 'widens' }),
    )
  })
})
