import { signDecision } from '@delegraph/link'
import { beforeAll, describe, expect, test } from 'vitest'
import { memoryLinkStore } from '../carriage/link-store.ts'
import { createKey } from '../index.ts'
import { DEPLOY, deploy, RESOURCE } from '../testing/cast.ts'
import { ASKED, CALL, guarded, opened, sent } from '../testing/guarded.ts'
import { createGuard, type GuardConfig, memoryUseStore } from './index.ts'

let people: Awaited<ReturnType<typeof guarded>>
beforeAll(async () => {
  people = await guarded()
})

const OK = { state: 'ok' }

describe('a call in order', () => {
  test('is accepted, part by part, and what nobody looked at is named', async () => {
    const { guard, worker, chain } = people
    const result = await guard.check(sent(opened(worker, chain)), CALL)
    expect(result).toMatchObject({
      accept: true,
      verdict: {
        chain: OK,
        possession: OK,
        status: OK,
        action: OK,
        approval: { state: 'not_applicable' },
        identity: { state: 'unknown', code: 'identity_asserted' },
        decision: { state: 'unknown', code: 'decision_missing' },
        effect: { state: 'unknown', code: 'effect_unknown' },
      },
      notChecked: ['identity', 'revocation', 'decision', 'effect'],
      needsApproval: false,
    })
    expect(result.chain?.hash).toBe(chain.hash)
  })

  test('has the hash that the acting agent gave it', async () => {
    const { guard, worker, chain } = people
    const open = opened(worker, chain)
    const { action } = await guard.check(sent(open), CALL)
    expect(action?.hash).toBe(open.proposal.hash)
  })

  test('passes once with its approval, and the approval is gone', async () => {
    const { guard, alice, worker, approver } = people
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const open = opened(worker, chain)
    expect(await guard.check(sent(open), CALL)).toMatchObject({
      accept: false,
      needsApproval: true,
    })
    const approval = approver.approve(open.proposal, { chain })
    open.present(approval)
    expect(await guard.check(sent(open), CALL)).toMatchObject({
      accept: true,
      approvals: [approval],
    })
    expect(await guard.check(sent(open), CALL)).toMatchObject({
      accept: false,
      verdict: { approval: { code: 'approval_replayed' } },
    })
  })
})

describe('a chain by reference', () => {
  test('is found in what came by value before', async () => {
    const { worker, chain, guardWith } = people
    const guard = guardWith({ links: memoryLinkStore() })
    const byReference = () => guard.check(sent(opened(worker, chain), 'reference'), CALL)
    expect(await byReference()).toMatchObject({
      accept: false,
      verdict: { chain: { state: 'unknown', code: 'chain_incomplete' } },
    })
    await guard.check(sent(opened(worker, chain)), CALL)
    const open = opened(worker, chain)
    const result = await guard.check(sent(open, 'reference'), CALL)
    expect(result.accept).toBe(true)
    expect(result.action?.hash).toBe(open.proposal.hash)
  })

  test('is waited for within a budget, and then final', async () => {
    const { worker, chain, guardWith } = people
    let asked = 0
    const texts = new Map(chain.hashes.map((hash, index) => [hash, chain.texts[index] ?? '']))
    const late = (from: number): GuardConfig['links'] => ({
      get: () => {
        asked += 1
        return asked >= from ? texts : new Map()
      },
    })
    const linkBudget = { attempts: 3, delay: 1 }
    const check = (links: GuardConfig['links']) => {
      asked = 0
      const guard = guardWith({ linkBudget, ...(links === undefined ? {} : { links }) })
      return guard.check(sent(opened(worker, chain), 'reference'), CALL)
    }
    expect((await check(late(3))).accept).toBe(true)
    expect((await check(late(4))).verdict.chain).toMatchObject({ code: 'chain_incomplete' })
    expect(asked).toBe(3)
  })

  test('is refused where the store fails, hangs, or is not there', async () => {
    const { worker, chain, guardWith } = people
    const linkBudget = { attempts: 2, delay: 1, total: 50 }
    const details = await Promise.all(
      [
        { links: { get: () => Promise.reject(new Error('away')) } },
        { links: { get: () => new Promise<never>(() => {}) } },
        {},
      ].map(async (links) => {
        const guard = guardWith({ linkBudget, ...links })
        const { verdict } = await guard.check(sent(opened(worker, chain), 'reference'), CALL)
        return verdict.chain
      }),
    )
    const incomplete = { state: 'unknown', code: 'chain_incomplete' }
    expect(details).toEqual([
      { ...incomplete, detail: 'store' },
      { ...incomplete, detail: 'store' },
      { ...incomplete, detail: 'no_store' },
    ])
  })
})

describe('what is unknown is refused', () => {
  test('a status that could not be had', async () => {
    const { worker, chain, guardWith } = people
    const guard = guardWith({ status: () => Promise.reject(new Error('away')) })
    const result = await guard.check(sent(opened(worker, chain)), CALL)
    expect(result).toMatchObject({ accept: false, verdict: { status: { code: 'status_unknown' } } })
    expect(result.notChecked).not.toContain('revocation')
  })

  test('whether a proof or an approval was used, where the store fails', async () => {
    const { worker, alice, approver, guardWith } = people
    const away = guardWith({ uses: { consume: () => Promise.reject(new Error('away')) } })
    const { chain } = people
    expect((await away.check(sent(opened(worker, chain)), CALL)).verdict.possession).toMatchObject({
      state: 'unknown',
      code: 'use_unknown',
    })
    const store = memoryUseStore()
    const half = guardWith({
      uses: {
        consume: (uses, at) => {
          if (uses.some(({ id }) => id.startsWith('approval'))) throw new Error('away')
          return store.consume(uses, at)
        },
      },
    })
    const asking = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const open = opened(worker, asking)
    open.present(approver.approve(open.proposal, { chain: asking }))
    const result = await half.check(sent(open), CALL)
    expect(result).toMatchObject({ accept: false, verdict: { approval: { code: 'use_unknown' } } })
  })

  test('a memory that is full refuses instead of forgetting', async () => {
    const { worker, chain, guardWith } = people
    const guard = guardWith({ uses: memoryUseStore({ max: 1 }) })
    expect((await guard.check(sent(opened(worker, chain)), CALL)).accept).toBe(true)
    const second = await guard.check(sent(opened(worker, chain)), CALL)
    expect(second.verdict.possession).toMatchObject({ code: 'use_unknown' })
  })
})

describe('a decision point', () => {
  test('must say yes to this very call, whatever a person said', async () => {
    const { worker, alice, approver, guardWith, anchors, approvers } = people
    const signer = await createKey()
    const pdp = { iss: 'https://pdp.example.com', kid: 'pdp', jwk: signer.jwk }
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const check = async (decide: NonNullable<GuardConfig['decide']>) => {
      const trust = { anchors, approvers, pdps: [pdp] }
      const open = opened(worker, chain)
      open.present(approver.approve(open.proposal, { chain }))
      const { accept, verdict } = await guardWith({ trust, decide }).check(sent(open), CALL)
      return [accept, 'code' in verdict.decision ? verdict.decision.code : verdict.decision.state]
    }
    const signed =
      (decision: boolean, other: object = {}): NonNullable<GuardConfig['decide']> =>
      ({ context: { aat_hash, action_hash } }) =>
        signDecision({
          signer,
          kid: pdp.kid,
          claims: {
            iss: pdp.iss,
            aud: 'https://collector.example.com',
            iat: Math.floor(Date.now() / 1000),
            evaluation_id: 'e1',
            request_hash: 'A'.repeat(43),
            aat_hash,
            action_hash,
            decision,
            ...other,
          },
        }).text
    expect(await check(signed(true))).toEqual([true, 'ok'])
    expect(await check(signed(false))).toEqual([false, 'decision_denied'])
    expect(await check(signed(true, { action_hash: 'B'.repeat(43) }))).toEqual([
      false,
      'decision_missing',
    ])
    expect(await check(() => undefined)).toEqual([false, 'decision_missing'])
    expect(await check(() => Promise.reject(new Error('away')))).toEqual([
      false,
      'decision_missing',
    ])
  })
})

describe('an observing guard', () => {
  test('says the same, and an approval is still good for one call', async () => {
    const { worker, alice, approver, guardWith } = people
    const guard = guardWith({ mode: 'observe' })
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const open = opened(worker, chain)
    open.present(approver.approve(open.proposal, { chain }))
    expect((await guard.check(sent(open), CALL)).accept).toBe(true)
    expect((await guard.check(sent(open), CALL)).verdict.approval).toMatchObject({
      code: 'approval_replayed',
    })
  })
})

describe('the configuration of a guard', () => {
  test.each([
    ['no audience', { audience: '' }],
    ['no anchors', { trust: {} }],
    ['a window that is too wide', { popWindow: 61 }],
    ['no window', { popWindow: 0 }],
  ])('is refused with %s', (_name, wrong) => {
    const config = { audience: RESOURCE, trust: { anchors: [] }, ...wrong } as GuardConfig
    expect(() => createGuard(config)).toThrow(expect.objectContaining({ code: 'invalid_config' }))
  })

  test('a key that is compromised is not trusted since then', async () => {
    const { anchors, worker, chain, keys } = people
    const trust = { anchors, compromised: [{ jkt: keys.root.thumbprint, since: 1 }] }
    const guard = createGuard({ audience: RESOURCE, trust })
    const { verdict } = await guard.check(sent(opened(worker, chain)), { ...CALL, tool: DEPLOY })
    expect(verdict.chain.state).not.toBe('ok')
  })
})
