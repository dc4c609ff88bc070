import type { Verdict, VerdictPart } from '@delegraph/graph-schema'
import { type Json, NO_TRUST, signJws, TYP } from '@delegraph/link'
import {
  type Approver,
  type Chain,
  createApprover,
  createDelegraph,
  createKey,
  createPrincipal,
  type Delegraph,
  type Principal,
} from '@delegraph/sdk'
import { createGuard, type Guard } from '@delegraph/sdk/guard'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { DEPLOY, deploy, RESOURCE } from '../../sdk/src/testing/cast.ts'
import { sent } from '../../sdk/src/testing/guarded.ts'
import { Story } from '../harness/story.ts'

const APPROVALS = 'https://approvals.example.com'
const ISSUER = 'https://auth.example.com'
const ASKED = { [DEPLOY]: { min: 1, approvers: [APPROVALS], max_age: 300 } }
const CALL = { tool: DEPLOY, args: { env: 'staging', note: 'a raw note' }, audience: RESOURCE }

const keys = await Promise.all(Array.from({ length: 5 }, () => createKey()))
const [rootKey, approvalsKey, plannerKey, workerKey, strangerKey] = keys
if (!rootKey || !approvalsKey || !plannerKey || !workerKey || !strangerKey) throw new Error()

/** Both judges on one table: what agents sign goes to the guard as they call, and to the collector. */
class Table {
  readonly story = new Story()
  readonly guard: Guard
  readonly alice: Principal
  readonly approver: Approver
  readonly planner: Delegraph
  readonly worker: Delegraph

  constructor() {
    const anchors = [
      {
        iss: ISSUER,
        kid: 'root',
        jwk: rootKey?.jwk ?? never(),
        status_hosts: ['auth.example.com'],
      },
    ]
    const approvers = [{ iss: APPROVALS, kid: 'a', jwk: approvalsKey?.jwk ?? never() }]
    const trust = { ...NO_TRUST, version: 'table', anchors, approvers }
    this.story.trust = trust
    this.guard = createGuard({ audience: RESOURCE, trust })
    const logger = { emit: (record: Record) => this.#heard(record) }
    const person = { id: 'person:alice', iss: ISSUER, kid: 'root' }
    this.alice = createPrincipal({ ...person, key: rootKey ?? never(), logger })
    this.approver = this.approverAs('person:alice')
    this.planner = createDelegraph({ agent: 'agent:planner', key: plannerKey ?? never(), logger })
    this.worker = createDelegraph({ agent: 'agent:worker', key: workerKey ?? never(), logger })
  }

  approverAs(subject: string, key = approvalsKey): Approver {
    const logger = { emit: (record: Record) => this.#heard(record) }
    return createApprover({ iss: APPROVALS, kid: 'a', key: key ?? never(), subject, logger })
  }

  /** A chain of two links; `how` changes what is asked for on the way. */
  chain(how: { asked?: object; root?: object; leaf?: object } = {}): Chain {
    const tools = deploy('staging')
    const { asked, root, leaf } = how
    const given = this.alice.issue({
      to: this.planner.holder,
      tools,
      ...(asked === undefined ? {} : { approvals: asked as typeof ASKED }),
      ...root,
    })
    return this.planner.narrow(given, { to: this.worker.holder, tools, ...leaf })
  }

  /** One call by the worker, judged by the guard before it is made and by the collector afterwards. */
  async play(
    chain: Chain,
    more: {
      call?: { tool: string; args: { readonly [name: string]: Json }; audience: string }
      approve?: (proposal: Parameters<Approver['approve']>[0]) => readonly string[]
      proposal?: Parameters<Approver['approve']>[0]
    } = {},
  ): Promise<{ guard: Verdict; collector: Verdict; accept: boolean }> {
    const { call = CALL } = more
    const { worker } = this
    const { traceId, spanId, found } = await worker.under(chain, async () => {
      const proposal = more.proposal ?? worker.propose(call)
      const approvals = more.approve?.(proposal) ?? []
      const open = worker.openAct(proposal, { approvals })
      const result = await this.guard.check(sent(open), call)
      open.end('ok')
      return { ...open.ids, found: result }
    })
    await this.story.told(undefined, Math.floor(Date.now() / 1000))
    const { columns } = await this.story.action(`${traceId}-${spanId}`)
    const collector = JSON.parse(String(columns['verdict'])) as Verdict
    return { guard: found.verdict, collector, accept: found.accept }
  }

  #heard({ eventName, body }: Record): void {
    const [, kind = ''] = /^delegation\.(link|approval|receipt)$/.exec(eventName) ?? []
    if (kind === 'link' || kind === 'approval' || kind === 'receipt') this.story.add(kind, body)
  }
}

interface Record {
  readonly eventName: string
  readonly body: string
}

/** Parts that both can know at their time. The proof of one is the receipt of the other. */
const COMPARED: readonly VerdictPart[] = ['chain', 'status', 'action', 'approval']

function same(guard: Verdict, collector: Verdict) {
  const of = (verdict: Verdict) => COMPARED.map((part) => [part, verdict[part]])
  expect(of(guard)).toEqual(of(collector))
  expect(guard.possession.state).toBe(collector.possession.state)
}

function codeOf(verdict: Verdict, part: VerdictPart): string {
  const outcome = verdict[part]
  return 'code' in outcome ? `${outcome.code}:${outcome.detail ?? ''}` : outcome.state
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('a guard and a collector say the same', () => {
  it('of a call in order', async () => {
    const table = new Table()
    const { guard, collector, accept } = await table.play(table.chain())
    same(guard, collector)
    expect([accept, codeOf(guard, 'action'), codeOf(guard, 'possession')]).toEqual([
      true,
      'ok',
      'ok',
    ])
  })

  it.each([
    ['another value', { args: { env: 'production' } }, 'scope_not_granted:argument_outside'],
    [
      'an argument too many',
      { args: { env: 'staging', x: 1 } },
      'scope_not_granted:argument_not_granted',
    ],
    ['an argument too few', { args: { note: 'n' } }, 'scope_not_granted:argument_missing'],
    ['another tool', { tool: `${RESOURCE}#drop` }, 'scope_not_granted:tool_not_granted'],
  ])('of a call with %s', async (_name, changes, code) => {
    const table = new Table()
    const { guard, collector, accept } = await table.play(table.chain(), {
      call: { ...CALL, ...changes },
    })
    same(guard, collector)
    expect([accept, codeOf(guard, 'action')]).toEqual([false, code])
  })

  it.each(['root', 'leaf'])('of a %s that is for another service', async (hop) => {
    const table = new Table()
    const other = { audience: 'https://other.example.com/mcp' }
    const { guard, collector } = await table.play(table.chain({ [hop]: other }))
    same(guard, collector)
    expect(codeOf(guard, 'action')).toBe('audience_mismatch:')
  })

  it('of a chain that has expired', async () => {
    const table = new Table()
    const chain = table.chain({ root: { lifetimeSeconds: 60 }, leaf: { lifetimeSeconds: 60 } })
    vi.setSystemTime(Date.now() + 61_000)
    const { guard, collector } = await table.play(chain)
    same(guard, collector)
    expect(codeOf(guard, 'chain')).toBe('expired:')
  })

  it('of a link that is wider than the one above', async () => {
    const table = new Table()
    const chain = table.chain()
    const [detail] = chain.leaf.authorization_details
    const claims = {
      ...chain.leaf,
      authorization_details: [{ ...detail, tools: { [DEPLOY]: {} } }],
    }
    const header = { alg: plannerKey.alg, typ: TYP.link }
    const wider = signJws(header, JSON.parse(JSON.stringify(claims)), plannerKey)
    const held = table.worker.receive([chain.texts[0] ?? '', wider])
    const { guard, collector } = await table.play(held)
    same(guard, collector)
    expect(codeOf(guard, 'chain')).toBe('not_narrower:widened')
  })

  it('of a root with a status list that nobody has asked', async () => {
    const table = new Table()
    const chain = table.chain()
    const root = chain.links[0]?.claims ?? never()
    const claims = {
      ...root,
      status: { status_list: { idx: 1, uri: 'https://auth.example.com/s' } },
    }
    const header = { alg: rootKey.alg, typ: TYP.link, kid: 'root' }
    const text = signJws(
      header,
      JSON.parse(
        JSON.stringify({
          ...claims,
          act: { sub: 'agent:worker', sub_profile: 'ai_agent' },
          cnf: { jwk: workerKey.jwk },
        }),
      ),
      rootKey,
    )
    const { guard, collector } = await table.play(table.worker.receive([text]))
    same(guard, collector)
    expect(codeOf(guard, 'status')).toBe('status_unknown:')
  })

  type Approve = (
    table: Table,
    chain: Chain,
  ) => (proposal: Parameters<Approver['approve']>[0]) => string[]
  const approvals: readonly (readonly [string, string, Approve])[] = [
    ['none', 'approval_missing:', () => () => []],
    [
      'one that fits',
      'ok',
      ({ approver }, chain) =>
        (call) => [approver.approve(call, { chain })],
    ],
    [
      'one for a sibling link',
      'approval_mismatch:link',
      (table) => {
        const chain = table.chain({ asked: ASKED, leaf: { lifetimeSeconds: 60 } })
        return (call) => [table.approver.approve(call, { chain })]
      },
    ],
    [
      'one for another call',
      'approval_mismatch:call',
      ({ approver, worker }, chain) => {
        const other = worker.under(chain, () => worker.propose(CALL))
        return () => [approver.approve(other, { chain })]
      },
    ],
    [
      'a no',
      'approval_mismatch:denied',
      ({ approver }, chain) =>
        (call) => [approver.approve(call, { chain, approve: false })],
    ],
    [
      'a yes and a no',
      'approval_mismatch:denied',
      ({ approver }, chain) =>
        (call) =>
          [true, false].map((approve) => approver.approve(call, { chain, approve })),
    ],
    [
      'one by the agent itself',
      'approver_untrusted:self',
      (table, chain) => (call) => [table.approverAs('agent:worker').approve(call, { chain })],
    ],
    [
      'one by a stranger',
      'signature_invalid:',
      (table, chain) => (call) => [
        table.approverAs('person:mallory', strangerKey).approve(call, { chain }),
      ],
    ],
  ]
  it.each(approvals)('of an approval: %s', async (_name, code, approve) => {
    const table = new Table()
    const chain = table.chain({ asked: ASKED })
    const given = approve(table, chain)
    const { guard, collector, accept } = await table.play(chain, { approve: given })
    same(guard, collector)
    expect([codeOf(guard, 'approval'), accept]).toEqual([code, code === 'ok'])
  })

  it('of an approval that is too old, or has expired', async () => {
    for (const [lifetimeSeconds, code] of [
      [3600, 'approval_missing:requirement'],
      [300, 'approval_expired:'],
    ] as const) {
      const table = new Table()
      const chain = table.chain({ asked: ASKED })
      const { worker, approver } = table
      const proposal = worker.under(chain, () => worker.propose(CALL))
      const text = approver.approve(proposal, { chain, lifetimeSeconds })
      vi.setSystemTime(Date.now() + 400_000)
      const { guard, collector } = await table.play(chain, { proposal, approve: () => [text] })
      same(guard, collector)
      expect(codeOf(guard, 'approval')).toBe(code)
    }
  })

  it('of an approval without the strength that is asked for, and of one with it', async () => {
    const asked = { [DEPLOY]: { ...ASKED[DEPLOY], acr: ['phr'] } }
    for (const [acr, code] of [
      [undefined, 'approval_missing:requirement'],
      ['phr', 'ok'],
    ] as const) {
      const table = new Table()
      const chain = table.chain({ asked })
      const answer = acr === undefined ? { chain } : { chain, acr }
      const approve: Parameters<Table['play']>[1] = {
        approve: (call) => [table.approver.approve(call, answer)],
      }
      const { guard, collector } = await table.play(chain, approve)
      same(guard, collector)
      expect(codeOf(guard, 'approval')).toBe(code)
    }
  })

  it('of the second use of an approval', async () => {
    const table = new Table()
    const chain = table.chain({ asked: ASKED })
    const { worker, approver } = table
    const proposal = worker.under(chain, () => worker.propose(CALL))
    const text = approver.approve(proposal, { chain })
    const use = { proposal, approve: () => [text] }
    const first = await table.play(chain, use)
    same(first.guard, first.collector)
    vi.setSystemTime(Date.now() + 2000)
    const second = await table.play(chain, use)
    same(second.guard, second.collector)
    expect([codeOf(first.guard, 'approval'), codeOf(second.guard, 'approval')]).toEqual([
      'ok',
      'approval_replayed:',
    ])
  })
})

describe('a guard is stricter than a collector', () => {
  it('where no link names an audience, which raises no finding (ADR 9)', async () => {
    const table = new Table()
    const claims = {
      ...table.chain().links[0]?.claims,
      act: { sub: 'agent:worker', sub_profile: 'ai_agent' },
      cnf: { jwk: workerKey.jwk },
    }
    const { aud: _aud, ...without } = JSON.parse(JSON.stringify(claims))
    const text = signJws({ alg: rootKey.alg, typ: TYP.link, kid: 'root' }, without, rootKey)
    const { guard, collector } = await table.play(table.worker.receive([text]))
    expect([codeOf(guard, 'action'), codeOf(collector, 'action')]).toEqual([
      'audience_mismatch:absent',
      'ok',
    ])
  })
})

function never(): never {
  throw new Error('absent')
}
