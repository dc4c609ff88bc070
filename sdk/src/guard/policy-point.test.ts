import { beforeAll, describe, expect, test } from 'vitest'
import { serveAuthzen } from '../authzen/index.ts'
import { ALL, pointThat } from '../testing/authzen.ts'
import { DEPLOY, deploy, RESOURCE } from '../testing/cast.ts'
import { ASKED, CALL, guarded, opened, sent } from '../testing/guarded.ts'
import type { GuardConfig } from './index.ts'

let people: Awaited<ReturnType<typeof guarded>>
beforeAll(async () => {
  people = await guarded()
})

describe('a guard whose policy is a decision point', () => {
  const checked = (config: Partial<GuardConfig>) =>
    people.guardWith(config).check(sent(opened(people.worker, people.chain)), CALL)

  test('takes its yes, and its no', async () => {
    for (const decision of [true, false]) {
      await using point = await pointThat({ status: 200, body: JSON.stringify({ decision }) })
      const { host } = new URL(point.url)
      expect(await checked({ policy: { point } })).toMatchObject({
        accept: decision,
        verdict: {
          decision: decision ? { state: 'ok' } : { code: 'decision_denied', detail: 'policy' },
        },
        policy: { decision: decision ? 'allow' : 'deny', policies: [host], engine: 'authzen/1.0' },
      })
      const [asked] = point.asked()
      expect(asked).toMatchObject({
        subject: { type: 'user', id: 'person:alice' },
        action: { name: DEPLOY },
        resource: { type: 'service', id: RESOURCE },
        context: { agent: 'agent:worker', chain: { depth: 1, verdict: { chain: 'ok' } } },
      })
      // Arguments, links and the proof stay here.
      expect(JSON.stringify(asked)).not.toMatch(/staging|a raw note|eyJ/)
    }
  })

  test.each([
    ['is away', undefined, 'engine'],
    ['never answers', 'hang', 'engine'],
    ['does not understand', { status: 400, body: 'no' }, 'request'],
    ['says a word', { status: 200, body: '{"decision":"true"}' }, 'engine'],
  ] as const)('refuses where it %s', async (_, script, code) => {
    await using point = await pointThat(script)
    const about = { url: point.url, timeout: 200 }
    expect(await checked({ policy: { point: about } })).toMatchObject({
      accept: false,
      verdict: { decision: { code: 'decision_denied', detail: 'policy_error' } },
      policy: { decision: 'deny', errors: [{ code }] },
    })
    expect(await checked({ policy: { point: about, mode: 'observe' } })).toMatchObject({
      accept: true,
      policy: { decision: 'deny', mode: 'observe' },
    })
  })

  test('does not ask about a call that is refused anyhow, or before an approval is there', async () => {
    const { alice, worker, approver } = people
    await using point = await pointThat({ status: 200, body: '{"decision":true}' })
    const guard = people.guardWith({ policy: { point } })
    const message = sent(opened(worker, people.chain))
    expect((await guard.check({ ...message, chain: message.chain.slice(0, 1) }, CALL)).accept).toBe(
      false,
    )
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const open = opened(worker, chain)
    expect(await guard.check(sent(open), CALL)).toMatchObject({
      accept: false,
      needsApproval: true,
    })
    expect(point.asked()).toHaveLength(0)
    open.present(approver.approve(open.proposal, { chain }))
    expect(await guard.check(sent(open), CALL)).toMatchObject({ accept: true })
    expect(point.asked()).toHaveLength(1)
    expect(point.asked()[0]).toMatchObject({ context: { approval: { approver: 'person:alice' } } })
  })

  test('can ask another guard, which judges the chain itself', async () => {
    const seen = people.guardWith({ policy: { source: ALL } })
    await using server = await serveAuthzen({ guard: seen })
    const guard = people.guardWith({ policy: { point: { url: server.url, evidence: true } } })
    const message = sent(opened(people.worker, people.chain))
    expect((await guard.check(message, CALL)).accept).toBe(true)
    // A fresh memory of its own does not help: the other one has seen this proof.
    const forgetful = people.guardWith({ policy: { point: { url: server.url, evidence: true } } })
    expect(await forgetful.check(message, CALL)).toMatchObject({
      accept: false,
      policy: { decision: 'deny', errors: [] },
    })
    // Without the evidence it has nothing to judge.
    const silent = people.guardWith({ policy: { point: { url: server.url } } })
    expect((await silent.check(sent(opened(people.worker, people.chain)), CALL)).accept).toBe(false)
  })
})
