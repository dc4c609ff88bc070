import { verifyDecision } from '@delegraph/link'
import { beforeAll, describe, expect, test } from 'vitest'
import { createKey } from '../index.ts'
import { DEPLOY, deploy, RESOURCE } from '../testing/cast.ts'
import { ASKED, CALL, guarded, opened, sent } from '../testing/guarded.ts'
import { signedDecision } from './decision.ts'
import { createGuard, type GuardConfig, type GuardPolicy, type GuardResult } from './index.ts'

let people: Awaited<ReturnType<typeof guarded>>
beforeAll(async () => {
  people = await guarded()
})

const ALL = '@id("all") permit(principal, action, resource);'
const NONE = '@id("none") forbid(principal, action, resource);'
const OWN = `@id("own") forbid(principal, action == Action::"${DEPLOY}", resource)
  unless { context has approval && context.approval has subject && context.approval.subject == principal };`
const ERRS = `@id("errs") forbid(principal, action, resource)
  when { context.chain.depth * 9007199254740991 * 9007199254740991 < 0 || context.env.at.offset(duration("106751991167d")) > context.env.at };`

const guardOf = (policy: GuardPolicy, more: Partial<GuardConfig> = {}) =>
  people.guardWith({ policy, ...more })
const checked = (policy: GuardPolicy, more: Partial<GuardConfig> = {}): Promise<GuardResult> =>
  guardOf(policy, more).check(sent(opened(people.worker, people.chain)), CALL)

describe('a policy of a guard', () => {
  test('that permits leaves the call to the chain, and is the decision', async () => {
    const result = await checked({ source: ALL })
    expect(result).toMatchObject({
      accept: true,
      verdict: { decision: { state: 'ok' } },
      notChecked: ['identity', 'revocation', 'effect'],
      policy: { decision: 'allow', policies: ['all'], errors: [], mode: 'enforce' },
    })
    expect(result.policy?.hash).toMatch(/^[\w-]{43}$/)
    expect(result.policy?.latency).toBeGreaterThanOrEqual(0)
  })

  test('that forbids refuses, and says which policy did', async () => {
    expect(await checked({ source: `${ALL} ${NONE}` })).toMatchObject({
      accept: false,
      needsApproval: false,
      verdict: { chain: { state: 'ok' }, decision: { code: 'decision_denied', detail: 'policy' } },
      policy: { decision: 'deny', policies: ['none'] },
    })
  })

  test('that errs refuses', async () => {
    expect(await checked({ source: `${ALL} ${ERRS}` })).toMatchObject({
      accept: false,
      verdict: { decision: { code: 'decision_denied', detail: 'policy_error' } },
      policy: { decision: 'deny', errors: [{ code: 'evaluation', policy: 'errs' }] },
    })
  })

  test('that is observed says what it would have said, and refuses nothing', async () => {
    expect(await checked({ source: NONE, mode: 'observe' })).toMatchObject({
      accept: true,
      verdict: { decision: { code: 'decision_missing' } },
      notChecked: ['identity', 'revocation', 'decision', 'effect'],
      policy: { decision: 'deny', policies: ['none'], mode: 'observe' },
    })
  })

  test('that permits everything lifts nothing that the chain refuses', async () => {
    const { worker, alice, chain } = people
    const guard = guardOf({ source: ALL })
    const elsewhere = { ...CALL, args: { env: 'production' } }
    const beyond = await guard.check(sent(opened(worker, chain, elsewhere)), elsewhere)
    expect(beyond).toMatchObject({
      accept: false,
      verdict: { action: { state: 'failed' } },
      policy: { decision: 'allow' },
    })
    const open = opened(worker, chain)
    const message = sent(open)
    expect((await guard.check(message, CALL)).accept).toBe(true)
    const again = await guard.check(message, CALL)
    expect(again).toMatchObject({
      accept: false,
      verdict: { possession: { code: 'pop_replayed' } },
    })
    const nothing = await guard.check({ ...sent(open), chain: [] }, CALL)
    expect(nothing.accept).toBe(false)
    expect(nothing.policy).toBeUndefined()
    const asks = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    expect(await guard.check(sent(opened(worker, asks)), CALL)).toMatchObject({
      accept: false,
      needsApproval: true,
    })
  })

  test('sees who acts, for whom, where and under what', async () => {
    const { chain } = people
    const source = `permit(principal == Agent::"agent:worker", action == Action::"${DEPLOY}",
        resource == Service::"${RESOURCE}")
      when {
        context.user == User::"person:alice" && context.tool == "${DEPLOY}" &&
        context.chain.rootUid == "${chain.id}" && context.chain.depth == ${chain.hashes.length - 1} &&
        context.chain.scopes.contains("${DEPLOY}") && context.chain.ageSeconds < 600 &&
        context.chain.agents.contains(principal) && context.link.expires > context.env.at &&
        context.chain.verdict.chain == "ok" && context.chain.verdict.identity == "unknown" &&
        context.link.status == "ok" && context.env.name == "staging" && !(context has approval)
      };`
    expect((await checked({ source, env: 'staging' })).accept).toBe(true)
    expect((await checked({ source })).accept).toBe(false)
  })
})

describe('a policy that wants an approval', () => {
  test('is asked again with it, and uses none up where it refuses', async () => {
    const { alice, worker, approver } = people
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const open = opened(worker, chain)
    const uses: string[] = []
    const counting = {
      consume: (all: readonly { readonly id: string }[]) => {
        for (const { id } of all) if (id.startsWith('approval')) uses.push(id)
        return []
      },
    }
    const guard = guardOf({ source: `${ALL} ${OWN}` }, { uses: counting })
    // What hangs on the approval is not refused before anybody could give it.
    expect(await guard.check(sent(open), CALL)).toMatchObject({
      accept: false,
      needsApproval: true,
      policy: { decision: 'unknown', missing: ['context.approval'] },
    })
    open.present(approver.approve(open.proposal, { chain }))
    const never = guardOf({ source: `${ALL} ${NONE}` }, { uses: counting })
    expect((await never.check(sent(open), CALL)).accept).toBe(false)
    expect(uses).toEqual([])
    expect(await guard.check(sent(open), CALL)).toMatchObject({
      accept: true,
      policy: { decision: 'allow', policies: ['all'] },
    })
    expect(uses).toHaveLength(1)
  })

  test('that was refused anyhow is not asked for', async () => {
    const { alice, worker } = people
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const guard = guardOf({ source: `${ALL} ${OWN} ${NONE}` })
    expect(await guard.check(sent(opened(worker, chain)), CALL)).toMatchObject({
      accept: false,
      needsApproval: false,
      policy: { decision: 'deny', policies: ['none'] },
    })
  })

  test('is not helped by what somebody else was given', async () => {
    const { alice, worker, planner, approver } = people
    const root = alice.issue({ to: planner.holder, tools: deploy('staging') })
    const chain = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })
    const mine = opened(planner, root)
    const open = opened(worker, chain)
    open.present(approver.approve(mine.proposal, { chain: root }))
    const result = await guardOf({ source: `${ALL} ${OWN}` }).check(sent(open), CALL)
    expect(result).toMatchObject({ accept: false, policy: { decision: 'deny', policies: ['own'] } })
    // Nor is it by a policy that asks for none: the chain refuses an approval that is not of this call.
    expect((await guardOf({ source: ALL }).check(sent(open), CALL)).accept).toBe(false)
  })
})

describe('a signed decision', () => {
  test('carries the policy set, what decided, the errors and the time that it took', async () => {
    const signer = await createKey()
    const key = { signer, kid: 'ops', iss: 'https://ops.example.com' }
    for (const [source, mode] of [
      [ALL, 'enforce'],
      [`${ALL} ${ERRS}`, 'enforce'],
      [NONE, 'observe'],
    ] as const) {
      const { accept, chain, action, policy } = await checked({ source, mode })
      if (chain === undefined || action === undefined || policy === undefined) throw new Error()
      const collector = 'https://collector.example.com'
      const text = signedDecision(key, {
        chain,
        action,
        accept,
        policy,
        collector,
        at: 1_795_000_000,
      })
      const { outcome, claims } = verifyDecision(text, [
        { iss: key.iss, kid: key.kid, jwk: signer.jwk },
      ])
      expect(outcome).toEqual({ state: 'ok' })
      expect(claims).toMatchObject({
        decision: accept,
        policy: policy.hash,
        evaluation: {
          mode,
          decision: policy.decision === 'allow',
          policies: policy.policies,
          engine: policy.engine,
          latency_us: policy.latency,
        },
      })
      expect(claims?.evaluation?.errors).toEqual(
        policy.errors.length === 0 ? undefined : policy.errors,
      )
    }
  })
})

describe('the configuration of a guard', () => {
  test.each([
    ['that is none', 'permit'],
    [
      'that reads what may be absent',
      'forbid(principal, action, resource) unless { context.approval.uses > 0 };',
    ],
    [
      'that is nested without end',
      `permit(principal, action, resource) when { ${'('.repeat(999)}true${')'.repeat(999)} };`,
    ],
  ])('is refused with a policy %s', (_, source) => {
    const config = { audience: RESOURCE, trust: { anchors: [] }, policy: { source } }
    expect(() => createGuard(config)).toThrow(expect.objectContaining({ code: 'invalid_config' }))
  })
})
