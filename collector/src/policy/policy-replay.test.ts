import { setTimeout as wait } from 'node:timers/promises'
import type { PolicyEvaluation } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL, TOOLS } from '../../../test/harness/story.ts'
import { askingOf } from '../questions/testing/asking.ts'
import { isSlipped, type PolicyReplay, policyReplay } from './policy-replay.ts'
import { createPolicyThreads, ThreadError } from './thread.ts'

const INSIDE = `@id("inside-the-grant")
permit(principal, action, resource)
when { context.chain.verdict.chain == "ok" && context.chain.verdict.action == "ok" };`
const OWN = `@id("own-approval")
forbid(principal, action == Action::"${TOOL.deploy}", resource)
unless { context has approval && context.approval has subject && context.approval.subject == principal };`
const ALL = '@id("all") permit(principal, action, resource);'

const WANTED = { last: 200, decisions: {}, actions: {} }
const STAGING = { args: { env: 'staging' }, audience: TOOLS }

async function replay(story: Story, draft: string, against?: string): Promise<PolicyReplay> {
  const answer = await policyReplay({ draft, against }, WANTED, askingOf(story))
  if (isSlipped(answer)) throw new Error(answer.slips[0]?.message)
  return answer
}

/** Planner may deploy, and asked alice; worker may look, and deploys on that approval. */
async function incident() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.deploy]: env('staging') })
  const mine = story.propose(planner, TOOL.deploy, { env: 'staging' }, TOOLS)
  const approval = story.approve(planner, mine)
  const own = story.act(planner, TOOL.deploy, {
    ...STAGING,
    as: mine,
    approvals: [approval],
    at: T0 + 25,
  })
  const worker = story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') })
  const other = story.propose(planner, TOOL.deploy, { env: 'staging' }, TOOLS)
  const lent = story.approve(planner, other)
  const ridden = story.act(worker, TOOL.deploy, { ...STAGING, approvals: [lent], at: T0 + 30 })
  await story.told()
  return { story, own, ridden, worker, planner }
}

const told = ({ calls }: PolicyReplay) =>
  Object.fromEntries(
    calls.map(({ call, before = '?', after = '?', change, policies }) => [
      call.action ?? call.decision,
      [before, after, change, ...policies].join(' '),
    ]),
  )

describe('a draft over what happened', () => {
  it('denies the call that rode on the approval of another, and not the one that it was given for', async () => {
    const { story, own, ridden } = await incident()
    const result = await replay(story, `${INSIDE}\n${OWN}`)
    expect(told(result)).toEqual({
      [own]: 'allow allow same inside-the-grant',
      [ridden]: 'allow deny allow_to_deny own-approval',
    })
    expect(result.counts).toEqual({
      ...{ same: 1, allow_to_deny: 1, deny_to_allow: 0, errored: 0, unknown: 0 },
    })
    expect(result).toMatchObject({ capped: false, warnings: [] })
  })

  it('that permits everything still denies what the chain does not hold for', async () => {
    const { story, ridden } = await incident()
    const { calls } = await replay(story, ALL)
    expect(calls.find(({ call }) => call.action === ridden)).toMatchObject({
      change: 'allow_to_deny',
      by: 'chain',
    })
  })

  it('takes a record for what it says of its policy, and guesses nothing of one that says nothing', async () => {
    const story = new Story().knows('agent:worker')
    const worker = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const refused: Record<string, string> = {}
    const deny = (name: string, evaluation: PolicyEvaluation | undefined) => {
      const call = story.propose(worker, TOOL.deploy, { env: 'staging' }, TOOLS)
      refused[name] = story.act(worker, TOOL.deploy, { ...STAGING, as: call, status: 'denied' })
      story.decide(worker, call, false, {
        claims: {
          aat_tool: TOOL.deploy,
          aat_aud: TOOLS,
          ...(evaluation === undefined ? {} : { evaluation, policy: 'digest' }),
        },
      })
    }
    const said = {
      mode: 'enforce',
      policies: ['p'],
      latency_us: 9,
      engine: 'cedar/4.13.0',
    } as const
    deny('policy', { ...said, decision: false })
    deny('chain', { ...said, decision: true })
    deny('silent', undefined)
    await story.told()
    const { calls } = await replay(story, ALL)
    const changes = new Map(
      calls.map(({ call, change, missing }) => [call.action, [change, ...missing]]),
    )
    expect(changes.get(refused['chain'])).toEqual(['same'])
    expect(changes.get(refused['silent'])).toEqual(['unknown', 'why it was refused'])

    expect(changes.get(refused['policy'])).toEqual(['deny_to_allow'])
  })

  it('leaves unknown what hangs on arguments, places and approvals that nobody told of', async () => {
    const { story, own } = await incident()
    const result = await replay(
      story,
      `${ALL} @id("not-in-production") forbid(principal, action, resource) when { context.env.name == "production" };`,
    )
    expect(result.calls.find(({ call }) => call.action === own)).toMatchObject({
      change: 'unknown',
      missing: ['context.env.name'],
      residuals: [
        {
          policy: 'not-in-production',
          effect: 'forbid',
          condition: 'context.env.name == "production"',
        },
      ],
    })
  })

  it('is compared with another text, policy by policy and call by call', async () => {
    const { story, own, ridden } = await incident()
    const changed = INSIDE.replace('verdict.chain', 'verdict.status')
    const result = await replay(story, `${changed}\n${OWN}`, `${INSIDE}\n${ALL}`)
    expect(result.diff).toEqual({
      added: ['own-approval'],
      removed: ['all'],
      changed: ['inside-the-grant'],
      same: [],
    })
    expect(result.calls.map(({ call }) => call.action).sort()).toEqual([own, ridden].sort())
    expect(result.againstHash).not.toBe(result.hash)
  })

  it('looks at the newest calls and says that there are more', async () => {
    const { story, ridden } = await incident()
    const answer = await policyReplay({ draft: ALL }, { ...WANTED, last: 1 }, askingOf(story))
    expect(answer).toMatchObject({ capped: true, calls: [{ call: { action: ridden } }] })
  })

  it('counts as errored where the draft errs, which denies', async () => {
    const { story } = await incident()
    const errs = `forbid(principal, action, resource)
      when { context.chain.depth + 9007199254740991 * 9007199254740991 > 1 };`
    expect((await replay(story, `${ALL} ${errs}`)).counts).toMatchObject({ errored: 2 })
  })

  it('that cannot be used is answered with what is wrong and where', async () => {
    const { story } = await incident()
    const answer = await policyReplay(
      {
        draft: `${ALL}\npermit(principal, action, resource) when { context.nothing };`,
        against: 'x',
      },
      WANTED,
      askingOf(story),
    )
    expect(answer).toMatchObject({
      slips: [
        { in: 'draft', line: 2, column: 44, code: 'type' },
        { in: 'against', line: 1, code: 'syntax' },
      ],
    })
  })
})

describe('the thread that asks', () => {
  it('does not hold up whoever started it', async () => {
    const ticks: number[] = []
    const ticking = new AbortController()
    const ticker = (async () => {
      while (!ticking.signal.aborted) {
        ticks.push(1)
        await wait(1)
      }
    })()
    const cases = Array.from({ length: 500 }, (_, i) => ({
      ...{ action: String(i), at: 0, chainHolds: 'yes' as const },
      facts: { tool: 'x', chain: { verdict: {} } },
    }))
    const done = await createPolicyThreads()({
      draft: `${ALL} ${OWN}`,
      against: undefined,
      cases,
      time: 60_000,
    })
    ticking.abort()
    await ticker
    expect(done.rows).toHaveLength(500)
    expect(ticks.length).toBeGreaterThan(5)
  })

  it('answers what there was time for', async () => {
    const cases = [{ at: 0, chainHolds: 'yes' as const }]
    const done = await createPolicyThreads()({ draft: ALL, against: undefined, cases, time: -1 })
    expect(done.rows).toEqual([])
  })

  it('has few at once, lets a few wait, and sends the rest away', async () => {
    const threads = createPolicyThreads({ atOnce: 1, most: 1 })
    const task = { draft: ALL, against: undefined, cases: [], time: 60_000 }
    const [first, second, third] = await Promise.allSettled([task, task, task].map(threads))
    expect([first?.status, second?.status, third?.status]).toEqual([
      'fulfilled',
      'fulfilled',
      'rejected',
    ])
    // Whoever has been answered leaves his place.
    expect((await threads(task)).rows).toEqual([])
  })

  it('that never ends is ended', async () => {
    const task = { draft: ALL, against: undefined, cases: [], time: -20_000 }
    const threads = createPolicyThreads()
    await expect(threads(task)).rejects.toThrow(ThreadError)
    // And the next one gets another thread.
    expect((await threads({ ...task, time: 60_000 })).rows).toEqual([])
  })
})
