import { OK, outcomeOf } from '@delegraph/graph-schema'
import { signingInputHash, signPop, signReceipt } from '@delegraph/link'
import { type Call, type Chain, createApprover, createDelegraph } from '@delegraph/sdk'
import {
  type GuardConfig,
  memoryLinkStore,
  memoryUseStore,
  readPresentation,
} from '@delegraph/sdk/guard'
import { HEADER, serveHttp } from '@delegraph/sdk/http'
import { describe, expect, it } from 'vitest'
import { deploy, RESOURCE } from '../../sdk/src/testing/cast.ts'
import { ASKED, CALL, guarded, opened, sent } from '../../sdk/src/testing/guarded.ts'

const people = await guarded()
const { alice, planner, worker, approver, chain, keys, guardWith } = people

/** A chain that asks for a yes, a call under it, and that yes. */
function approved(call: Call = CALL, holder: typeof worker = worker) {
  const asking = alice.issue({ to: holder.holder, tools: deploy('staging'), approvals: ASKED })
  const open = opened(holder, asking, call)
  const approval = approver.approve(open.proposal, { chain: asking })
  open.present(approval)
  return { asking, open, approval }
}

type Part = 'chain' | 'possession' | 'identity' | 'action' | 'approval'

/** What a guard says of a presentation: nothing that is refused is refused by luck. */
async function codeOf(presentation: unknown, part: Part, call = CALL, guard = guardWith()) {
  const { accept, verdict } = await guard.check(readPresentation(presentation), call)
  const outcome = verdict[part]
  const detail = 'detail' in outcome ? `:${outcome.detail}` : ''
  return [accept, 'code' in outcome ? `${outcome.code}${detail}` : outcome.state]
}

function asSent(open: ReturnType<typeof opened>) {
  const { chain: aat_chain, pop: aat_pop, salt: action_salt, approvals } = sent(open)
  return { aat_chain, aat_pop, action_salt, approvals }
}

/** A proof by any key with any claims, as no honest package makes it. */
function forgedPop(changes: object, signer = keys.worker, about: Chain = chain): string {
  const claims = {
    aat_id: about.leaf.jti,
    aat_hash: about.hash,
    aat_tool: CALL.tool,
    aat_aud: RESOURCE,
    hta: CALL.args,
    iat: Math.floor(Date.now() / 1000),
    ...changes,
  }
  return signPop({ signer, claims }).text
}

describe('a proof of possession', () => {
  it('is accepted where it is the holder’s, fresh and of this call', async () => {
    expect(await codeOf(asSent(opened(worker, chain)), 'possession')).toEqual([true, 'ok'])
  })

  it('that is replayed at the same enforcement point is refused', async () => {
    const guard = guardWith()
    const presentation = asSent(opened(worker, chain))
    expect(await codeOf(presentation, 'possession', CALL, guard)).toEqual([true, 'ok'])
    const again = await codeOf(presentation, 'possession', CALL, guard)
    expect(again).toEqual([false, 'pop_replayed'])
  })

  it('that is replayed twice at once passes once', async () => {
    const guard = guardWith()
    const presentation = sent(opened(worker, chain))
    const results = await Promise.all([1, 2, 3].map(() => guard.check(presentation, CALL)))
    expect(results.map(({ accept }) => accept).sort()).toEqual([false, false, true])
  })

  it('that is replayed at another enforcement point is refused', async () => {
    const audience = 'https://other.example.com/mcp'
    const presentation = asSent(opened(worker, chain))
    const elsewhere = await codeOf(presentation, 'possession', CALL, guardWith({ audience }))
    expect(elsewhere).toEqual([false, 'pop_mismatch:audience'])
  })

  it.each([
    ['other arguments', { hta: { env: 'staging' } }, 'pop_mismatch:args'],
    ['another tool', { aat_tool: `${RESOURCE}#status` }, 'pop_mismatch:tool'],
    ['another service', { aat_aud: 'https://other.example.com' }, 'pop_mismatch:audience'],
    ['a call inside the process', { aat_aud: '' }, 'pop_mismatch:audience'],
    ['another link', { aat_hash: people.root.hash }, 'pop_mismatch:link'],
    ['another link’s id', { aat_id: people.root.leaf.jti }, 'pop_mismatch:link'],
    ['an earlier time', { iat: Math.floor(Date.now() / 1000) - 45 }, 'pop_stale'],
    ['a later time', { iat: Math.floor(Date.now() / 1000) + 45 }, 'pop_stale'],
  ])('of %s is refused', async (_name, changes, code) => {
    const presentation = { ...asSent(opened(worker, chain)), aat_pop: forgedPop(changes) }
    expect(await codeOf(presentation, 'possession')).toEqual([false, code])
  })

  it('by another key is refused, the one of a link above included', async () => {
    for (const key of [keys.planner, keys.root]) {
      const presentation = { ...asSent(opened(worker, chain)), aat_pop: forgedPop({}, key) }
      const [accept, code] = await codeOf(presentation, 'possession')
      expect([accept, code]).toEqual([false, expect.stringMatching(/^holder_binding_failed/)])
    }
  })

  it('that is not there is refused', async () => {
    const { aat_pop: _pop, ...without } = asSent(opened(worker, chain))
    expect(await codeOf(without, 'possession')).toEqual([false, 'pop_missing'])
  })

  it('cannot be a receipt, though the same key signed it', async () => {
    const { text } = signReceipt({
      signer: keys.worker,
      claims: {
        aud: RESOURCE,
        iat: Math.floor(Date.now() / 1000),
        txn: chain.task,
        aat_hash: chain.hash,
        aat_tool: CALL.tool,
        aat_aud: RESOURCE,
        action_hash: 'A'.repeat(43),
        result: { status: 'ok' },
      },
    })
    const presentation = { ...asSent(opened(worker, chain)), aat_pop: text }
    expect(await codeOf(presentation, 'possession')).toEqual([false, 'type_invalid'])
  })

  it('of a stranger under a chain of his own is not even remembered', async () => {
    const consumed: string[] = []
    const store = memoryUseStore()
    const uses = {
      consume: (...[used, at]: Parameters<typeof store.consume>) => {
        consumed.push(...used.map(({ id }) => id))
        return store.consume(used, at)
      },
    }
    const stranger = await guarded()
    const presentation = asSent(opened(stranger.worker, stranger.chain))
    const [accept] = await codeOf(presentation, 'chain', CALL, guardWith({ uses }))
    expect([accept, consumed]).toEqual([false, []])
  })
})

describe('an audience', () => {
  const other = 'https://other.example.com/mcp'

  it.each(['root', 'leaf'])('of the %s that names another service is a mismatch', async (hop) => {
    const tools = deploy('staging')
    const at = (name: string) => ({ audience: hop === name ? other : RESOURCE })
    const root = alice.issue({ to: planner.holder, tools, ...at('root') })
    const leaf = planner.narrow(root, { to: worker.holder, tools, ...at('leaf') })
    expect(await codeOf(asSent(opened(worker, leaf)), 'action')).toEqual([
      false,
      'audience_mismatch',
    ])
  })
})

describe('a budget', () => {
  it.each([
    ['is enough', 100, 'ok'],
    ['is above it alone', 101, 'ceiling_exceeded:subtree'],
    ['is a refund', -1, 'ceiling_exceeded:amount'],
    ['is a text', '1', 'ceiling_exceeded:amount'],
  ])('is judged for one call that %s', async (_name, cost, code) => {
    const tools = { [CALL.tool]: {} }
    const budgets = { [CALL.tool]: { cost: { max_subtree: 100 } } }
    const root = alice.issue({ to: planner.holder, tools, budgets })
    const leaf = planner.narrow(root, { to: worker.holder, tools })
    const call = { ...CALL, args: { cost } }
    const presentation = asSent(opened(worker, leaf, call))
    expect(await codeOf(presentation, 'action', call)).toEqual([code === 'ok', code])
  })
})

describe('an approval', () => {
  it('is accepted for its call, once', async () => {
    const guard = guardWith()
    const { open } = approved()
    expect(await codeOf(asSent(open), 'approval', CALL, guard)).toEqual([true, 'ok'])
    const again = await codeOf(asSent(open), 'approval', CALL, guard)
    expect(again).toEqual([false, 'approval_replayed'])
  })

  it('of a class of calls is good for as many as it says, and for no more', async () => {
    const guard = guardWith()
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const yes = approver.approveClass({
      ...{ tool: CALL.tool, args: deploy('staging')[CALL.tool] ?? {} },
      ...{ subject: worker.agent, uses: 2, lifetimeSeconds: 300 },
    })
    const answers: unknown[] = []
    for (let call = 0; call < 3; call += 1) {
      const open = opened(worker, chain)
      open.present(yes)
      answers.push(await codeOf(asSent(open), 'approval', CALL, guard))
    }
    expect(answers).toEqual([
      [true, 'ok'],
      [true, 'ok'],
      [false, 'approval_replayed'],
    ])
  })

  it('that two calls present at once lets one of them pass', async () => {
    const slow = memoryUseStore()
    const uses = {
      consume: async (...args: Parameters<typeof slow.consume>) => {
        await new Promise((resolve) => setTimeout(resolve, 5))
        return slow.consume(...args)
      },
    }
    const guard = guardWith({ uses })
    const { open } = approved()
    const presentations = [sent(open), sent(open), sent(open)]
    const results = await Promise.all(presentations.map((each) => guard.check(each, CALL)))
    expect(results.filter(({ accept }) => accept)).toHaveLength(1)
  })

  it('of another agent under another leaf is refused, though the call is the same', async () => {
    const tools = deploy('staging')
    const root = alice.issue({ to: planner.holder, tools, approvals: ASKED })
    const mine = planner.narrow(root, { to: worker.holder, tools })
    const sibling = planner.narrow(root, { to: worker.holder, tools, lifetimeSeconds: 60 })
    const open = opened(worker, mine)
    open.present(approver.approve(open.proposal, { chain: sibling }))
    expect(await codeOf(asSent(open), 'approval')).toEqual([false, 'approval_mismatch:link'])
  })

  it('does not cover arguments that were changed after the yes', async () => {
    const { asking, open } = approved()
    const call = { ...CALL, args: { env: 'staging', note: 'another note' } }
    const changed = worker.under(asking, () => worker.openAct(call))
    const presentation = {
      ...asSent(open),
      aat_pop: forgedPop({ hta: call.args }, keys.worker, asking),
    }
    expect(changed.proposal.hash).not.toBe(open.proposal.hash)
    expect(await codeOf(presentation, 'approval', call)).toEqual([false, 'approval_mismatch:call'])
    // With the proof of what was approved, the proof does not fit what arrives.
    expect(await codeOf(asSent(open), 'possession', call)).toEqual([false, 'pop_mismatch:args'])
  })

  it('does not hold after its time', async () => {
    const { asking } = approved()
    const open = opened(worker, asking)
    open.present(approver.approve(open.proposal, { chain: asking, lifetimeSeconds: 5 }))
    const guard = guardWith({ clock: () => Date.now() + 6000 })
    expect(await codeOf(asSent(open), 'approval', CALL, guard)).toEqual([false, 'approval_expired'])
  })

  it('after a no to the same call is none, also where the no is no longer shown', async () => {
    const guard = guardWith()
    const { asking, open, approval } = approved()
    const denial = approver.approve(open.proposal, { chain: asking, approve: false })
    const both = { ...asSent(open), approvals: [approval, denial] }
    expect(await codeOf(both, 'approval', CALL, guard)).toEqual([false, 'approval_mismatch:denied'])
    const yesAlone = { ...asSent(open), approvals: [approval] }
    expect(await codeOf(yesAlone, 'approval', CALL, guard)).toEqual([
      false,
      'approval_mismatch:denied',
    ])
  })

  it('by the agent that acts is refused', async () => {
    const { createApprover } = await import('@delegraph/sdk')
    const own = createApprover({
      iss: 'https://approvals.example.com',
      kid: 'approvals',
      key: keys.approvals,
      subject: 'agent:worker',
    })
    const { asking } = approved()
    const open = opened(worker, asking)
    open.present(own.approve(open.proposal, { chain: asking }))
    expect(await codeOf(asSent(open), 'approval')).toEqual([false, 'approver_untrusted:self'])
  })

  it('by a key that is no approver’s is refused', async () => {
    const stranger = await guarded()
    const { asking } = approved()
    const open = opened(worker, asking)
    open.present(stranger.approver.approve(open.proposal, { chain: asking }))
    const [accept, code] = await codeOf(asSent(open), 'approval')
    expect([accept, code]).toEqual([false, 'signature_invalid'])
  })

  it('sent twice, or given twice by one person, counts once where two are asked for', async () => {
    const asked = Object.fromEntries(
      Object.entries(ASKED).map(([tool, entry]) => [tool, { ...entry, min: 2 }]),
    )
    const tools = deploy('staging')
    const asking = alice.issue({ to: worker.holder, tools, approvals: asked })
    const open = opened(worker, asking)
    const [first, second] = [1, 2].map(() => approver.approve(open.proposal, { chain: asking }))
    const twice = { ...asSent(open), approvals: [first, first] }
    expect(await codeOf(twice, 'approval')).toEqual([false, 'approval_missing:requirement'])
    const same = { ...asSent(open), approvals: [first, second] }
    expect(await codeOf(same, 'approval')).toEqual([false, 'approval_missing:requirement'])
    const bob = createApprover({
      iss: 'https://approvals.example.com',
      kid: 'approvals',
      key: keys.approvals,
      subject: 'person:bob',
    })
    const third = bob.approve(open.proposal, { chain: asking })
    const both = { ...asSent(open), approvals: [first, third] }
    expect(await codeOf(both, 'approval')).toEqual([true, 'ok'])
  })

  it('of a call that is refused for something else is not used up', async () => {
    const guard = guardWith()
    const { open } = approved()
    const { aat_pop: _pop, ...without } = asSent(open)
    expect(await codeOf(without, 'possession', CALL, guard)).toEqual([false, 'pop_missing'])
    expect(await codeOf(asSent(open), 'approval', CALL, guard)).toEqual([true, 'ok'])
  })

  it('does not widen the link that it is for', async () => {
    const call = { ...CALL, args: { env: 'production' } }
    const { open } = approved(call)
    expect(await codeOf(asSent(open), 'action', call)).toEqual([
      false,
      'scope_not_granted:argument_outside',
    ])
  })
})

describe('an identity', () => {
  const required = { anchors: people.anchors, holderIdentity: 'require_attested' } as const

  it('that only the delegator asserts is refused where more is required', async () => {
    const guard = guardWith({ trust: required })
    expect(await codeOf(asSent(opened(worker, chain)), 'identity', CALL, guard)).toEqual([
      false,
      'identity_unattested',
    ])
    const observed = await codeOf(asSent(opened(worker, chain)), 'identity')
    expect(observed).toEqual([true, 'identity_asserted'])
  })

  it('is what something but the delegator says, and nothing where that fails', async () => {
    const verdicts = async (identity: NonNullable<GuardConfig['identity']>) => {
      const found = []
      for (const trust of [required, { anchors: people.anchors }]) {
        const presentation = asSent(opened(worker, chain))
        found.push(await codeOf(presentation, 'identity', CALL, guardWith({ trust, identity })))
      }
      return found
    }
    expect(await verdicts(() => OK)).toEqual([
      [true, 'ok'],
      [true, 'ok'],
    ])
    expect(await verdicts(() => outcomeOf('holder_binding_failed', 'attested'))).toEqual([
      [false, 'holder_binding_failed:attested'],
      [false, 'holder_binding_failed:attested'],
    ])
    const broken = [
      [false, 'identity_unattested'],
      [true, 'identity_asserted'],
    ]
    expect(await verdicts(() => outcomeOf('identity_asserted'))).toEqual(broken)
    expect(await verdicts(() => Promise.reject(new Error('away')))).toEqual(broken)
  })
})

describe('what a stranger learns from a guard', () => {
  it('a refusal is the same answer, whatever was wrong', async () => {
    const service = createDelegraph({ agent: 'agent:ops', key: keys.planner })
    const guard = guardWith()
    const answer = async (presentation: unknown) => {
      const { link, refs, pop, salt } = HEADER
      const { aat_chain, aat_refs, aat_pop, action_salt } = presentation as Record<string, string>
      const headers = { [link]: aat_chain, [refs]: aat_refs, [pop]: aat_pop, [salt]: action_salt }
      const given = Object.fromEntries(Object.entries(headers).filter(([, value]) => value))
      return serveHttp(
        service,
        { resource: RESOURCE, guard },
        { headers: given, name: 'deploy', args: CALL.args },
        { handle: () => 'served', refuse: () => 'refused' },
      )
    }
    const root = alice.issue({ to: worker.holder, tools: deploy('staging') })
    const other = alice.issue({ to: worker.holder, tools: deploy('production') })
    const good = () => ({ ...asSent(opened(worker, root)), aat_chain: root.texts[0] })
    expect(await answer(good())).toBe('served')
    const [header = '', payload = ''] = root.texts[0]?.split('.') ?? []
    const texts = ['a.b.c', `${header}.${payload}.${'A'.repeat(86)}`, other.texts[0]]
    const refusals = [
      {},
      ...texts.map((aat_chain) => ({ ...good(), aat_chain })),
      { ...good(), aat_refs: 'A'.repeat(43) },
      { ...good(), aat_pop: forgedPop({}, keys.planner, root) },
      { ...good(), aat_pop: undefined },
    ]
    for (const sent of refusals) expect(await answer(sent)).toBe('refused')
  })
})

describe('a presentation', () => {
  const compact = () => asSent(opened(worker, chain))
  const [header = '', payload = '', signature = ''] = (chain.texts[1] ?? '').split('.')
  const flattened = JSON.stringify({ protected: header, payload, signature })
  const jwe = `${header}.AAAA.AAAA.AAAA.AAAA`

  it.each([
    ['a JWS in JSON serialisation', [chain.texts[0], flattened], 'malformed:parts'],
    ['a JWE', [chain.texts[0], jwe], 'malformed:parts'],
    ['17 links', Array.from({ length: 17 }, () => chain.texts[0]), 'depth_invalid:aat_chain'],
    ['an object', { 0: chain.texts[0] }, 'malformed:aat_chain'],
    ['no links at all', [], 'not_applicable'],
    ['links in another order', [...chain.texts].reverse(), 'issuer_untrusted:kid_absent'],
  ])('whose chain is %s is refused', async (_name, aat_chain, code) => {
    expect(await codeOf({ ...compact(), aat_chain }, 'chain')).toEqual([false, code])
  })

  it('by reference is refused where the store gives other bytes for a hash', async () => {
    const other = await guarded()
    const [right = '', wrong = ''] = [chain.texts[0], other.chain.texts[0]]
    const linkBudget = { attempts: 2, delay: 1 }
    const check = async (text: string) => {
      const links = { get: (hashes: readonly string[]) => new Map(hashes.map((h) => [h, text])) }
      const presentation = sent(opened(worker, chain), 'reference')
      const { verdict, accept } = await guardWith({ links, linkBudget }).check(presentation, CALL)
      return [accept, verdict.chain]
    }
    const refused = { state: 'unknown', code: 'chain_incomplete', detail: 'wrong_bytes' }
    expect(await check(right)).toEqual([true, { state: 'ok' }])
    expect(await check(wrong)).toEqual([false, refused])
    expect(await check(flattened)).toEqual([false, refused])
    // The same statement with a signature that does not hold has the same hash, and is verified.
    const broken = right.replace(/.{8}$/, 'AAAAAAAA')
    expect(signingInputHash(broken)).toBe(chain.hashes[0])
    expect(await check(broken)).toEqual([
      false,
      expect.objectContaining({ code: 'signature_invalid' }),
    ])
  })

  it('by reference to links of somebody else is no chain', async () => {
    const links = memoryLinkStore()
    const other = alice.issue({ to: planner.holder, tools: deploy('staging', 'production') })
    links.remember?.([...chain.texts, ...other.texts])
    const { aat_pop, action_salt } = asSent(opened(worker, chain))
    const spliced = { aat_chain: [chain.texts[1]], aat_refs: [other.hash], aat_pop, action_salt }
    expect(await codeOf(spliced, 'chain', CALL, guardWith({ links }))).toEqual([
      false,
      'par_hash_mismatch',
    ])
  })
})
