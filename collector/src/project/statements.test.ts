import { signingInputHash, textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { openMemoryStore } from '../../../test/contracts/memory-store.ts'
import { env, keyOf, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { proofOf, rederive } from './proof.ts'

const STAGING = { args: { env: 'staging' } }
const H = (name: string) => textDigest(name)

async function authorityOf(story: Story, id: string): Promise<string> {
  const { columns } = await story.action(id)
  return (JSON.parse(String(columns['authority'])) as { kind: string }).kind
}

async function partOf(story: Story, id: string, part: string): Promise<unknown> {
  const { columns } = await story.action(id)
  return JSON.parse(String(columns['verdict']))[part]
}

describe('what an agent says of a call', () => {
  it('is in its receipt and on the action, also where the span says otherwise', async () => {
    const story = new Story().knows('agent:worker')
    const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const said = {
      ...{ resource: 'file:plan', session: 's1', purpose: 'release', on_behalf_of: 'person:alice' },
      ...{ zone: true as const, control: true as const, data_in: [H('a')], data_out: [H('b')] },
    }
    const id = story.act(link, TOOL.deploy, {
      ...{ ...STAGING, said, drivers: [H('c'), 'agent:planner'] },
      facts: { resource: 'file:other', session: 's2' },
    })
    await story.told()
    const { columns } = await story.action(id)
    expect(columns).toMatchObject({
      ...{ resource: 'file:plan', session: 's1', purpose: 'release', onBehalfOf: 'person:alice' },
      ...{ zone: true, control: true, dataIn: JSON.stringify([H('a')]) },
      ...{ dataOut: JSON.stringify([H('b')]), callers: '["agent:planner"]' },
    })
    const graph = await story.graph()
    for (const [kind, to] of [
      ['TOOK', H('a')],
      ['RETURNED', H('b')],
      ['SHAPED_BY', H('c')],
      ['DONE_TO', 'file:plan'],
    ]) {
      expect(graph).toContain(JSON.stringify({ kind, from: id, to }))
    }
  })

  it('that its task is another than its link makes the link no authority for it', async () => {
    const story = new Story().knows('agent:worker')
    const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const id = story.act(link, TOOL.deploy, { ...STAGING, said: { txn: 'task-2' } })
    await story.told()
    expect((await story.action(id)).columns['task']).toBe('task-2')
    expect(await partOf(story, id, 'action')).toMatchObject({ code: 'task_altered' })
    expect(await authorityOf(story, id)).toBe('none')
  })
})

describe('an approval of a class of calls', () => {
  const setting = (more: Parameters<Story['approveClass']>[2] = {}) => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const approval = story.approveClass('agent:planner', TOOL.deploy, {
      grants: env('staging'),
      ...more,
    })
    return { story, approvals: [approval], hash: signingInputHash(approval) ?? '' }
  }

  it('lets the agent that it names do what it covers, as often as it says, failures not counted', async () => {
    const { story, approvals } = setting({ uses: 2 })
    const act = (at: number, status: 'ok' | 'failed' = 'ok') =>
      story.act({ agent: 'agent:planner' }, TOOL.deploy, { ...STAGING, approvals, at, status })
    const ids = [act(T0 + 30), act(T0 + 31, 'failed'), act(T0 + 32), act(T0 + 33)]
    await story.told()
    const kinds = await Promise.all(ids.map((id) => authorityOf(story, id)))
    expect(kinds).toEqual(['approved', 'approved', 'approved', 'none'])
    expect(await partOf(story, ids[3] ?? '', 'approval')).toMatchObject({
      code: 'approval_replayed',
    })
  })

  it('counts though the call does not cite it, and not for other arguments, agents, tasks, sessions', async () => {
    const { story } = setting({ txn: 'task-1', session: 's1', uses: 9 })
    const said = { session: 's1', txn: 'task-1' }
    const act = (agent: string, args: Record<string, string>, more = {}) =>
      story.act({ agent }, TOOL.deploy, { args, said: { ...said, ...more } })
    const good = act('agent:planner', { env: 'staging' })
    const bad = [
      act('agent:planner', { env: 'production' }),
      act('agent:worker', { env: 'staging' }),
      act('agent:planner', { env: 'staging' }, { txn: 'task-2' }),
      act('agent:planner', { env: 'staging' }, { session: 's2' }),
    ]
    await story.told()
    expect(await authorityOf(story, good)).toBe('approved')
    for (const id of bad) expect(await authorityOf(story, id)).toBe('none')
  })

  it('names delegates only where it says so, and only with a link that covers the call', async () => {
    for (const [delegates, tools, expected] of [
      [true, { [TOOL.deploy]: env('staging') }, 'ok'],
      [true, { [TOOL.status]: {} }, 'failed'],
      [undefined, { [TOOL.deploy]: env('staging') }, 'failed'],
    ] as const) {
      const { story, approvals } = setting(delegates === undefined ? {} : { delegates })
      const root = story.root('agent:planner', { [TOOL.deploy]: env('staging'), [TOOL.status]: {} })
      const link = story.link(root, 'agent:worker', tools)
      const id = story.act(link, TOOL.deploy, { ...STAGING, approvals })
      await story.told()
      expect(await partOf(story, id, 'approval')).toMatchObject({ state: expected })
    }
  })

  it('is over when its service takes it back, and nobody else can', async () => {
    for (const [iss, expected] of [
      [undefined, ['approved', 'none']],
      ['https://auth.example.com', ['approved', 'none']],
    ] as const) {
      const { story, approvals } = setting({ uses: 9 })
      const act = (at: number) =>
        story.act({ agent: 'agent:planner' }, TOOL.deploy, { ...STAGING, approvals, at })
      const ids = [act(T0 + 30), act(T0 + 50)]
      story.unapprove(approvals[0] ?? '', T0 + 40, iss)
      await story.told()
      expect(await Promise.all(ids.map((id) => authorityOf(story, id)))).toEqual(expected)
    }
  })

  it('says which denial the approver had seen', async () => {
    const { story, hash } = setting({ after: H('denial') })
    await story.told()
    const [node] = await story.store.find('Approval', 'hash', [hash])
    expect(node?.columns).toMatchObject({
      after: H('denial'),
      subject: 'agent:planner',
      outcome: 'ok',
    })
  })
})

describe('a finding that rests on a class approval', () => {
  it('is derived again from its own file', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const approval = story.approveClass('agent:planner', TOOL.deploy, { txn: 'task-1' })
    const root = story.root('agent:planner', { [TOOL.deploy]: {}, [TOOL.status]: {} })
    const link = story.link(root, 'agent:worker', { [TOOL.status]: {} })
    story.act(link, TOOL.deploy, { ...STAGING, approvals: [approval] })
    await story.told()
    const [finding] = (await story.findings()).filter(({ columns }) => columns['rule'] === 'D1')
    if (finding === undefined) throw new Error('nothing was found')
    const settings = { judgedAt: T0 * 1000, pendingWindow: 900_000 }
    const proof = await proofOf(story.store, finding, settings)
    const evidence = [...proof.evidence, { evidence: story.signedRegistry(), learnedAt: 0 }]
    expect(await rederive({ ...proof, evidence }, story.trust, openMemoryStore())).toEqual([])
  })
})

describe('unsigned statements', () => {
  const TOOLS_OF = { [TOOL.deploy]: env('staging') }
  const root = (more = {}) => ({
    ...{ type: 'link', issuer: 'person:alice', holder: 'agent:worker', tools: TOOLS_OF },
    ...{ task: 'task-1', iat: T0, ...more },
  })

  it('make a chain of the lowest grade, judged by the same rules', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const top = story.assert(root({ holder: 'agent:planner' }))
    const good = story.assert(root({ issuer: 'agent:planner', parent: top }))
    const wide = story.assert(
      root({ issuer: 'agent:planner', parent: top, tools: { [TOOL.unlock]: {} } }),
    )
    const strange = story.assert(root({ issuer: 'agent:other', parent: top }))
    const ok = story.act({ agent: 'agent:worker' }, TOOL.deploy, {
      ...STAGING,
      link: good,
      signer: null,
    })
    await story.told()
    const links = await story.store.find('Link', 'hash', [top, good, wide, strange])
    expect(Object.fromEntries(links.map(({ key, columns }) => [key, columns['outcome']]))).toEqual({
      [top]: 'unknown:signature_missing',
      [good]: 'unknown:signature_missing',
      [wide]: 'failed:not_narrower:widened',
      [strange]: 'failed:issuer_mismatch',
    })
    expect(links.every(({ columns }) => columns['signature'] === 'missing')).toBe(true)
    expect(await authorityOf(story, ok)).toBe('chain')
    expect((await story.action(ok)).columns).toMatchObject({ grade: 'asserted', chain: top })
    const widened = (await story.findings()).find(({ columns }) => columns['link'] === wide)
    expect(widened?.columns).toMatchObject({ rule: 'D2', grade: 'asserted', pages: false })
  })

  it('come in any order', async () => {
    const told = async (reverse: boolean) => {
      const story = new Story().knows('agent:planner', 'agent:worker')
      const top = story.assert(root({ holder: 'agent:planner' }))
      const leaf = story.assert(root({ issuer: 'agent:planner', parent: top }))
      story.act({ agent: 'agent:worker' }, TOOL.deploy, { ...STAGING, link: leaf, signer: null })
      const items = reverse ? [...story.evidence].reverse() : story.evidence
      await story.told(items.map((item) => [item]))
      return story.graph()
    }
    expect(await told(true)).toBe(await told(false))
  })

  it('make no signed action right and take back nothing that is signed', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const link = story.root('agent:worker', { [TOOL.status]: {} })
    const good = story.root('agent:worker', TOOLS_OF, { txn: 'task-2' })
    story.assert(root())
    story.assert({
      ...{ type: 'approval', approver: 'person:alice', subject: 'agent:worker' },
      ...{ tool: TOOL.deploy, grants: {}, iat: T0, uses: 9 },
    })
    story.assert({ type: 'withdrawal', what: 'link', id: good.hash, iat: T0 })
    story.assert({ type: 'withdrawal', what: 'task', id: 'task-2', iat: T0 })
    const wrong = story.act(link, TOOL.deploy, STAGING)
    const right = story.act(good, TOOL.deploy, STAGING)
    await story.told()
    expect(await authorityOf(story, wrong)).toBe('none')
    expect(await authorityOf(story, right)).toBe('chain')
  })

  it('withdraw each other, end tasks, and say how a call ended', async () => {
    const story = new Story().knows('agent:worker')
    const first = story.assert(root({ jti: 'a' }))
    const second = story.assert(root({ task: 'task-9' }))
    story.assert({ type: 'withdrawal', what: 'link', id: first, iat: T0 + 40 })
    story.assert({ type: 'withdrawal', what: 'task', id: 'task-9', iat: T0 + 40 })
    const act = (link: string, at: number, task = 'task-1') =>
      story.act({ agent: 'agent:worker' }, TOOL.deploy, {
        ...{ ...STAGING, link, at, signer: null },
        facts: { task, assertedEffect: 'ok' },
      })
    const ids = [act(first, T0 + 30), act(first, T0 + 50), act(second, T0 + 50, 'task-9')]
    await story.told()
    const states = await Promise.all(ids.map((id) => partOf(story, id, 'status')))
    expect(states).toMatchObject([{ state: 'ok' }, { code: 'revoked' }, { code: 'task_completed' }])
    expect((await story.action(ids[0] ?? '')).columns['effect']).toBe('ok')
    expect(await partOf(story, ids[0] ?? '', 'effect')).toMatchObject({ code: 'signature_missing' })
  })

  it('of no known form are kept and do nothing', async () => {
    const story = new Story()
    story.assert({ type: 'link', issuer: 'person:alice' })
    story.assert({ ...root(), more: 1 })
    await story.told()
    const found = await story.store.find('Evidence', 'kind', ['asserted'])
    expect(found).toHaveLength(2)
    expect(await story.graph()).not.toContain('"kind":"Link"')
  })
})

describe('decisions', () => {
  it('keep about whom, for which caller and on what they were made', async () => {
    const story = new Story().knows('agent:worker')
    const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const text = story.decide(link, story.propose(link, TOOL.deploy, { env: 'staging' }), true, {
      claims: {
        ...{ act: { sub: 'agent:worker' }, caller: 'agent:planner', aat_tool: TOOL.deploy },
        ...{ args: { env: 'staging' }, txn: 'task-1', session: 's1' },
      },
    })
    await story.told()
    const [node] = await story.store.find('Decision', 'hash', [signingInputHash(text) ?? ''])
    expect(node?.columns).toMatchObject({
      ...{ agent: 'agent:worker', caller: 'agent:planner', tool: TOOL.deploy },
      ...{ args: '{"env":"staging"}', session: 's1', about: `agent:worker ${TOOL.deploy}` },
    })
  })

  it('on a class of calls are for those and no others', async () => {
    const story = new Story().knows('agent:worker')
    const link = story.root('agent:worker', {
      [TOOL.deploy]: { env: { constraint_type: 'one_of', values: ['staging', 'production'] } },
    })
    story.decide(link, undefined, true, {
      claims: { act: { sub: 'agent:worker' }, aat_tool: TOOL.deploy, grants: env('staging') },
    })
    const [inside, outside] = ['staging', 'production'].map((name) =>
      story.act(link, TOOL.deploy, { args: { env: name } }),
    )
    await story.told()
    expect(await partOf(story, inside ?? '', 'decision')).toMatchObject({ state: 'ok' })
    expect(await partOf(story, outside ?? '', 'decision')).toMatchObject({
      code: 'decision_missing',
    })
  })
})

describe('links', () => {
  it('say which link they renew, and a depth that was reported otherwise is seen', async () => {
    const story = new Story().knows('agent:worker')
    const old = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const renewed = story.root(
      'agent:worker',
      { [TOOL.deploy]: env('staging') },
      { replaces: old.hash },
    )
    story.evidence.push({ kind: 'report', id: H('report'), link: old.hash, depth: 3 })
    await story.told()
    const [node] = await story.store.find('Link', 'hash', [renewed.hash])
    expect(node?.columns['replaces']).toBe(old.hash)
    expect(await story.graph()).toContain(
      JSON.stringify({ kind: 'RENEWS', from: renewed.hash, to: old.hash }),
    )
    const [lied] = await story.store.find('Link', 'hash', [old.hash])
    expect(lied?.columns).toMatchObject({ reportedDepth: 3, depth: 0 })
    expect(lied?.columns['flags']).toContain('attribute_disagrees')
  })
})

describe('movements of data', () => {
  it('join who put a piece of content and who got it', async () => {
    const story = new Story()
    story.move('agent:intern', 'wrote', { resource: 'memory:1', data: [H('x')], task: 'task-1' })
    story.move('agent:ops', 'read', { resource: 'memory:1', data: [H('x')], task: 'task-2' })
    story.move('agent:ops', 'received', { peer: 'agent:web', data: [H('y')] })
    await story.told()
    const put = await story.store.neighbours('PUT', 'in', [H('x')])
    const got = await story.store.neighbours('GOT', 'in', [H('x')])
    const nodes = await story.store.find('Movement', 'id', [...put, ...got])
    expect(
      nodes.map(({ columns }) => [columns['op'], columns['agent'], columns['task']]).sort(),
    ).toEqual([
      ['read', 'agent:ops', 'task-2'],
      ['wrote', 'agent:intern', 'task-1'],
    ])
    const [received] = await story.store.find('Movement', 'peer', ['agent:web'])
    expect(received?.columns).toMatchObject({ op: 'received', data: JSON.stringify([H('y')]) })
  })
})

describe('the owner’s statements', () => {
  it('count only where the owner of the agent made them, in their time', async () => {
    const { createRegistry } = await import('../verify/registry.ts')
    const registry = createRegistry('1', T0, [
      { type: 'owner', agent: 'agent:a', owner: 'person:alice', keys: [keyOf('agent:a').jwk] },
      { type: 'owner', agent: 'agent:stray', owner: null, keys: [keyOf('agent:stray').jwk] },
      ...(['person:alice', 'person:bob'] as const).map((owner) => ({
        ...{
          type: 'export' as const,
          agent: 'agent:a',
          callers: '*' as const,
          owner,
          from: T0 + 10,
        },
        tools: { [owner === 'person:bob' ? TOOL.unlock : TOOL.status]: {} },
      })),
      {
        ...{ type: 'standing', agent: 'agent:a', tools: { [TOOL.deploy]: {} } },
        ...{ from: T0 + 5, until: T0 + 9, purpose: 'release' },
      },
      { type: 'purpose', child: 'hotfix', parent: 'release' },
      { type: 'purpose', child: 'release', parent: 'hotfix' },
      { type: 'conflict', tools: [TOOL.deploy, TOOL.unlock], id: 'both' },
      { type: 'limit', max_depth: 5 },
      { type: 'limit', max_depth: 2, principal: 'person:alice' },
      { type: 'principal', id: 'person:alice', kind: 'person', issuers: ['https://a.example'] },
    ])
    const asked = (tool: string, at: number) =>
      registry.exported('agent:a', 'agent:b', { tool }, at)
    expect([asked(TOOL.status, T0 + 9), asked(TOOL.status, T0 + 10)]).toEqual([false, true])
    expect(asked(TOOL.unlock, T0 + 10)).toBe(false)
    const may = (at: number, purpose?: string) =>
      registry.standing('agent:a', { tool: TOOL.deploy }, at, undefined, purpose)
    expect([
      may(T0 + 6),
      may(T0 + 6, 'hotfix'),
      may(T0 + 4, 'hotfix'),
      may(T0 + 9, 'hotfix'),
    ]).toEqual([false, true, false, false])
    expect(registry.owner('agent:stray')).toBeUndefined()
    expect(registry.keyOfAgent('agent:stray')).toHaveLength(1)
    expect(registry.conflict(TOOL.unlock, TOOL.deploy)).toBe('both')
    expect(registry.conflict(TOOL.status, TOOL.deploy)).toBeUndefined()
    expect(registry.isWithin('hotfix', 'release')).toBe(true)
    expect(registry.isWithin('marketing', 'release')).toBe(false)
    expect([registry.maxDepth('person:alice'), registry.maxDepth('person:bob')]).toEqual([2, 5])
    expect(registry.keptFor('https://a.example')).toEqual(['person:alice'])
    expect(registry.keptFor('https://b.example')).toEqual([])
  })
})
