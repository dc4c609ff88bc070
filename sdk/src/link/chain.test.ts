import { ATTR, EVENT } from '@delegraph/graph-schema'
import {
  type Json,
  LinkError,
  type PublicJwk,
  signJws,
  TYP,
  thumbprintUri,
  verifyChain,
  verifyCompletion,
  verifyRevocation,
} from '@delegraph/link'
import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  type Chain,
  createDelegraph,
  createKey,
  createPrincipal,
  type Delegraph,
  SdkError,
} from '../index.ts'
import { cast, DEPLOY, deploy } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'

const { alice, planner, worker, anchors, keys } = await cast()
const root = alice.issue({ to: planner.holder, tools: deploy('staging', 'canary') })
const child = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })

/** The same worker, who knows whom to trust. */
const careful = createDelegraph({ agent: 'agent:worker', key: keys.worker, anchors })

afterEach(() => {
  vi.useRealTimers()
})

function errorOf(run: () => unknown): unknown {
  try {
    run()
  } catch (error) {
    return error
  }
  return undefined
}

describe('a root link', () => {
  test('verifies, and says who granted what for how long', () => {
    const chain = alice.issue({
      to: planner.holder,
      tools: deploy('staging'),
      task: 'task-7',
      purpose: 'release',
      lifetimeSeconds: 600,
      maxDepth: 1,
      mayAct: ['agent:worker'],
      approvals: { [DEPLOY]: { min: 1, approvers: ['https://a.example.com'], max_age: 300 } },
    })
    expect(verifyChain(chain.texts, { anchors, at: chain.leaf.iat }).outcome.state).toBe('ok')
    expect(chain.leaf).toMatchObject({
      sub: 'person:alice',
      txn: 'task-7',
      aud: 'https://ops.example.com/mcp',
      tctx: { purpose: 'release' },
      del_max_depth: 1,
      may_act: { sub: ['agent:worker'] },
      act: { sub: 'agent:planner', sub_profile: 'ai_agent' },
    })
    expect(chain.leaf.exp - chain.leaf.iat).toBe(600)
    expect(chain).toMatchObject({ id: chain.hashes[0], hash: chain.hashes[0], task: 'task-7' })
    expect(Object.isFrozen(chain)).toBe(true)
  })

  test('lives an hour and names no audience for tools inside the process', () => {
    const chain = alice.issue({ to: planner.holder, tools: { 'tool:add': {} } })
    expect(chain.leaf.exp - chain.leaf.iat).toBe(3600)
    expect(chain.leaf).not.toHaveProperty('aud')
  })

  test('is refused where no verifier would take it', () => {
    const long = { to: planner.holder, tools: deploy('a'), lifetimeSeconds: 90_000 }
    expect(errorOf(() => alice.issue(long))).toBeInstanceOf(LinkError)
  })
})

describe('a narrowed chain', () => {
  test('verifies from the root on', () => {
    expect(verifyChain(child.texts, { anchors, at: child.leaf.iat }).outcome.state).toBe('ok')
    expect(child).toMatchObject({ id: root.id, task: root.task, hashes: [root.hash, child.hash] })
    expect(child.leaf.exp - child.leaf.iat).toBe(900)
  })

  test('is never wider than its parent', () => {
    for (const tools of [deploy('production'), { 'tool:other': {} }, { [DEPLOY]: {} }])
      expect(errorOf(() => planner.narrow(root, { to: worker.holder, tools }))).toMatchObject({
        name: 'LinkError',
        code: 'widens',
      })
  })

  test('never outlives its parent, whatever is asked for', () => {
    const short = alice.issue({ to: planner.holder, tools: deploy('a'), lifetimeSeconds: 60 })
    const grant = { to: worker.holder, tools: deploy('a'), lifetimeSeconds: 600 }
    expect(planner.narrow(short, grant).leaf.exp).toBe(short.leaf.exp)
  })

  test('is signed by the holder of its parent alone', () => {
    const grant = { to: worker.holder, tools: deploy('staging') }
    expect(errorOf(() => worker.narrow(root, grant))).toMatchObject({ code: 'wrong_signer' })
  })

  test('goes no deeper than the root allows', () => {
    const flat = alice.issue({ to: planner.holder, tools: deploy('a'), maxDepth: 0 })
    const grant = { to: worker.holder, tools: deploy('a') }
    expect(errorOf(() => planner.narrow(flat, grant))).toMatchObject({ code: 'too_deep' })
  })

  test('keeps the approvals that its parent asks for, and may ask for more', () => {
    const asked = { min: 1, approvers: ['https://a.example.com'], max_age: 300 }
    const tools = { ...deploy('a'), 'tool:other': {} }
    const parent = alice.issue({ to: planner.holder, tools, approvals: { [DEPLOY]: asked } })
    const more = { 'tool:other': { ...asked, min: 2 } }
    const narrowed = planner.narrow(parent, { to: worker.holder, tools, approvals: more })
    expect(narrowed.leaf['https://delegraph.dev/ns/link']?.approvals).toEqual({
      [DEPLOY]: asked,
      ...more,
    })
    const weaker = { [DEPLOY]: { ...asked, max_age: 600 } }
    const grant = { to: worker.holder, tools, approvals: weaker }
    expect(errorOf(() => planner.narrow(parent, grant))).toMatchObject({ code: 'widens' })
  })

  test('keeps the budgets of its parent, takes tighter ones, and discloses what they bound', () => {
    const tools = { [DEPLOY]: {}, 'tool:other': {} }
    const budget = (max_subtree: number) => ({ [DEPLOY]: { cost: { max_subtree } } })
    const budgets = { ...budget(100), 'tool:other': { cost: { max_lifetime: 5 } } }
    const parent = alice.issue({ to: planner.holder, tools, budgets })
    const narrow = (more: object) => planner.narrow(parent, { to: worker.holder, tools, ...more })
    const budgetsIn = (chain: Chain) => chain.leaf['https://delegraph.dev/ns/link']?.budgets
    expect(budgetsIn(narrow({}))).toEqual(budgets)
    expect(budgetsIn(narrow({ tools: { 'tool:other': {} } }))).toEqual({
      'tool:other': budgets['tool:other'],
    })
    const own = { [DEPLOY]: { cost: { max_lifetime: 60 }, size: { max_subtree: 1 } } }
    expect(budgetsIn(narrow({ budgets: own }))?.[DEPLOY]).toEqual({
      cost: { max_lifetime: 60, max_subtree: 100 },
      size: { max_subtree: 1 },
    })
    expect(errorOf(() => narrow({ budgets: budget(101) }))).toMatchObject({ code: 'widens' })
    const call = { tool: DEPLOY, args: { cost: 3, note: 'x' } }
    const { disclosed } = worker.under(narrow({}), () => worker.propose(call))
    expect(disclosed).toEqual({ cost: 3 })
  })

  test('is signed once for the same grant, and anew for any other', () => {
    const grant = { to: worker.holder, tools: deploy('staging') }
    expect(planner.narrow(root, grant)).toBe(child)
    const others = [
      { ...grant, tools: deploy('canary') },
      { ...grant, to: { ...worker.holder, agent: 'agent:other' } },
      { ...grant, to: { ...worker.holder, jwk: keys.root.jwk } },
      { ...grant, audience: 'https://other.example.com' },
      { ...grant, lifetimeSeconds: 60 },
    ].map((other) => planner.narrow(root, other).hash)
    expect(new Set([...others, child.hash]).size).toBe(6)
  })

  test('is signed anew once half of its life is over', () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const parent = alice.issue({ to: planner.holder, tools: deploy('a') })
    const grant = { to: worker.holder, tools: deploy('a') }
    const first = planner.narrow(parent, grant)
    vi.setSystemTime(Date.now() + 440_000)
    expect(planner.narrow(parent, grant)).toBe(first)
    vi.setSystemTime(Date.now() + 20_000)
    expect(planner.narrow(parent, grant)).not.toBe(first)
  })

  test('is not signed below an expired parent', () => {
    const parent = alice.issue({ to: planner.holder, tools: deploy('a'), lifetimeSeconds: 10 })
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 11_000 })
    const grant = { to: worker.holder, tools: deploy('a') }
    expect(errorOf(() => planner.narrow(parent, grant))).toMatchObject({ code: 'chain_expired' })
  })
})

describe('a chain that was handed over', () => {
  const refusedBy = (agent: Delegraph, texts: readonly string[]) =>
    errorOf(() => agent.receive(texts))

  test('is the same at the other end', () => {
    const texts = JSON.parse(JSON.stringify(child.texts)) as string[]
    for (const agent of [worker, careful]) {
      expect(agent.receive(texts)).toEqual(child)
      expect(agent.under(agent.receive(texts), () => agent.active()?.hash)).toBe(child.hash)
    }
  })

  test('is refused by anybody but its holder', () => {
    expect(refusedBy(planner, child.texts)).toMatchObject({ code: 'not_holder' })
    expect(refusedBy(worker, root.texts)).toMatchObject({ code: 'not_holder' })
    expect(errorOf(() => worker.under(root, () => 0))).toMatchObject({ code: 'not_holder' })
  })

  const [first = '', second = ''] = child.texts
  const middle = second.split('.')[1] ?? ''
  test.each([
    ['empty', []],
    ['no token', ['nonsense']],
    ['without its root', [second]],
    ['out of order', [second, first]],
    ['doubled', [first, second, second]],
    ['longer than a chain can be', Array.from({ length: 17 }, () => first)],
    ['larger than a chain can be', ['x'.repeat(70_000)]],
    ['with a payload of another link', [first, second.replace(middle, first.split('.')[1] ?? '')]],
    [
      'under another root',
      [alice.issue({ to: planner.holder, tools: deploy('a') }).texts[0] ?? '', second],
    ],
  ])('is refused %s', (_name, texts) => {
    for (const agent of [worker, careful])
      expect(refusedBy(agent, texts)).toMatchObject({ code: 'chain_refused' })
  })

  test('is refused with a broken signature by whoever knows the root', () => {
    const broken = `${first.slice(0, -10)}${'A'.repeat(10)}`
    expect(refusedBy(careful, [broken, second])).toMatchObject({ code: 'chain_refused' })
  })

  test('is refused when it has expired by whoever knows the root', () => {
    vi.useFakeTimers({ toFake: ['Date'], now: (child.leaf.exp + 1) * 1000 })
    expect(refusedBy(careful, child.texts)).toMatchObject({
      code: 'chain_refused',
      detail: 'failed:expired',
    })
  })

  test('is refused when it was widened by whoever knows the root', () => {
    const claims = JSON.parse(
      JSON.stringify({ ...child.leaf, authorization_details: widened() }),
    ) as Json
    const forged = signJws({ alg: 'ES256', typ: TYP.link }, claims, keys.planner)
    expect(refusedBy(careful, [first, forged])).toMatchObject({
      code: 'chain_refused',
      detail: 'failed:not_narrower:widened',
    })
  })

  test('is reported even where it is refused: a forged link is what a collector must see', async () => {
    await using collector = await startFakeCollector()
    const key = await createKey()
    const watcher = createDelegraph({ agent: 'agent:w', key, anchors, collector: collector.url })
    expect(refusedBy(watcher, [second, 'nonsense', first])).toMatchObject({ code: 'chain_refused' })
    await watcher.shutdown()
    const records = collector.records()
    expect(records.map(({ body }) => body)).toEqual([second, first])
    expect(records.every(({ eventName }) => eventName === EVENT.link)).toBe(true)
  })

  function widened() {
    const [detail] = child.leaf.authorization_details
    return [{ ...detail, tools: { [DEPLOY]: {} } }] as const
  }
})

describe('a withdrawal', () => {
  const service = [{ iss: 'https://auth.example.com', kid: 'root', jwk: keys.root.jwk }]

  test('by the principal names the last link', () => {
    const verdict = verifyRevocation(alice.revoke(child), service)
    expect(verdict.outcome.state).toBe('ok')
    expect(verdict.claims?.sub_id).toEqual({
      format: 'jwt_id',
      iss: child.leaf.iss,
      jti: child.leaf.jti,
    })
  })

  test('by the agent that signed it verifies under its key', () => {
    const verdict = verifyRevocation(planner.revoke(child), keys.planner.jwk)
    expect(verdict.outcome.state).toBe('ok')
    expect(verdict.claims?.iss).toBe(thumbprintUri(keys.planner.jwk))
  })

  test('is not for the holder, nor for another principal', () => {
    expect(errorOf(() => worker.revoke(child))).toMatchObject({ code: 'not_issuer' })
    expect(errorOf(() => planner.revoke(root))).toMatchObject({ code: 'not_issuer' })
    const other = createPrincipal({
      id: 'p',
      iss: 'https://b.example.com',
      kid: 'k',
      key: keys.root,
    })
    expect(errorOf(() => other.revoke(child))).toMatchObject({ code: 'not_issuer' })
  })

  test('of a whole task is for the root’s holder', async () => {
    const verdict = verifyCompletion(planner.complete(child), keys.planner.jwk)
    expect(verdict.outcome.state).toBe('ok')
    expect(verdict.claims).toMatchObject({ txn: root.task, aat_hash: root.id })
    expect(errorOf(() => worker.complete(child))).toMatchObject({ code: 'not_holder' })
  })

  test('reaches the collector', async () => {
    await using collector = await startFakeCollector()
    const reporting = createDelegraph({
      agent: 'agent:planner',
      key: keys.planner,
      collector: collector.url,
    })
    const sent = [reporting.revoke(child), reporting.complete(root)]
    await reporting.shutdown()
    const records = collector.records()
    expect(records.map(({ body }) => body)).toEqual(sent)
    expect(records.map(({ eventName }) => eventName)).toEqual([EVENT.revocation, EVENT.completion])
    expect(records.at(0)?.attributes).toMatchObject({ [ATTR.linkHash]: child.hash })
  })
})

describe('configuration is refused where it cannot work', () => {
  const key = keys.worker
  const { alg, jwk } = key
  test.each<[string, Record<string, unknown>]>([
    ['an empty agent', { agent: '', key }],
    ['no agent', { key }],
    ['no key', { agent: 'a' }],
    ['a public key', { agent: 'a', key: { alg, jwk } }],
    [
      'a key whose public half is none',
      { agent: 'a', key: { ...key, jwk: { kty: 'oct' } as unknown as PublicJwk } },
    ],
    ['a collector that is no URL', { agent: 'a', key, collector: '127.0.0.1:4318' }],
    ['a collector of another scheme', { agent: 'a', key, collector: 'file:///tmp' }],
    ['a collector with a password in its address', { agent: 'a', key, collector: 'http://u:p@h' }],
    ['an unknown way of evidence', { agent: 'a', key, evidence: 'none' }],
  ])('%s', (_name, config) => {
    const error = errorOf(() => createDelegraph(config as never))
    expect(error).toBeInstanceOf(SdkError)
    expect(error).toMatchObject({ code: 'invalid_config' })
  })
})
