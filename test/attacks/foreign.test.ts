import { createHash } from 'node:crypto'
import type { GraphNode } from '@delegraph/graph-schema'
import {
  type ForeignReading,
  type IssuedLink,
  type Json,
  jwkThumbprint,
  signJws,
  type Trust,
  thumbprintUri,
  verifyAccessToken,
  verifyChain,
  verifyDpop,
  verifyPlainLink,
} from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { foreignTokens } from '../../collector/src/evidence/foreign.ts'
import { ocsfDelegation } from '../../collector/src/evidence/ocsf.ts'
import type { Evidence } from '../../collector/src/evidence/types.ts'
import type { PresentedToken } from '../../collector/src/project/foreign/presented-tokens.ts'
import { openMemoryStore } from '../contracts/memory-store.ts'
import { env, keyOf, Story, T0, TOOL, TRUST } from '../harness/story.ts'

const AS = 'https://as.example.com'
const server = keyOf('as')
const worker = keyOf('agent:worker')
const jkt = jwkThumbprint(worker.jwk)
const TRUSTING: Trust = {
  ...TRUST,
  tokenIssuers: [
    {
      iss: AS,
      kid: 'as-1',
      jwk: server.jwk,
      tools: { deploy: { [TOOL.deploy]: env('staging') } },
    },
  ],
}

function token(more: Readonly<Record<string, Json>> = {}, signer = server, iss = AS): string {
  const claims = { iss, sub: 'person:alice', iat: T0, exp: T0 + 600, jti: 'token-1', cnf: { jkt } }
  const act = { act: { sub: 'agent:worker', act: { sub: 'agent:planner' } } }
  return signJws(
    { alg: 'Ed25519', typ: 'at+jwt', kid: 'as-1' },
    { ...claims, scope: 'deploy', ...act, ...more },
    signer,
  )
}

function proof(text: string, more: Readonly<Record<string, Json>> = {}, signer = worker): string {
  const { kty, crv, x } = signer.jwk
  const ath = createHash('sha256').update(text).digest('base64url')
  const claims = { jti: 'proof-1', htm: 'POST', htu: 'https://tools.example.com/mcp', ath }
  return signJws(
    { alg: 'Ed25519', typ: 'dpop+jwt', jwk: { kty, crv, x } },
    { ...claims, iat: T0 + 30, ...more },
    signer,
  )
}

function read(text: string, dpop?: string): ForeignReading {
  const { tokenIssuers: issuers } = TRUSTING
  return verifyAccessToken(text, { issuers, ...(dpop === undefined ? {} : { proof: dpop }) })
}

function story(): Story {
  const told = new Story(openMemoryStore())
  told.trust = TRUSTING
  return told
}

/** A deploy that the worker does on an approval that belongs to the planner. */
function riding(told: Story, under?: IssuedLink) {
  const root = told.root('agent:planner', {
    [TOOL.deploy]: env('staging'),
    [TOOL.status]: {},
  })
  const leaf = told.link(root, 'agent:worker', { [TOOL.status]: {} })
  const call = told.propose(root, TOOL.deploy, { env: 'staging' })
  const approvals = [told.approve(root, call)]
  return told.act(under ?? leaf, TOOL.deploy, { as: call, approvals })
}

async function presentedBy(told: Story, id: string): Promise<readonly PresentedToken[]> {
  const node = await told.action(id)
  return JSON.parse(String(node.columns['foreign'] ?? '[]')) as PresentedToken[]
}

async function links(told: Story): Promise<GraphNode[]> {
  const where = { kind: 'Link', where: {}, orderBy: 'hash', direction: 'asc', limit: 1000 } as const
  return told.store.page(where)
}

it('the token that the hostile ones are made from is read, hop by hop, and shown', () => {
  const text = token()
  expect(read(text, proof(text))).toMatchObject({
    outcome: { state: 'ok' },
    grade: 'signed',
    principal: 'person:alice',
    hops: [
      { delegator: 'person:alice', delegate: 'agent:planner', grade: 'asserted' },
      { delegator: 'agent:planner', delegate: 'agent:worker', grade: 'signed' },
    ],
    possession: { state: 'ok' },
    tools: { [TOOL.deploy]: env('staging') },
  })
  expect(read(text)).toMatchObject({ outcome: { state: 'ok' }, grade: 'asserted' })
})

describe('a token of another kind', () => {
  it('of a stranger issuer is unknown, and asserted at most', () => {
    const text = token({}, keyOf('stranger'), 'https://stranger.example.com')
    expect(read(text, proof(text))).toMatchObject({
      outcome: { state: 'unknown', code: 'issuer_untrusted' },
      grade: 'asserted',
    })
    const forged = token({}, keyOf('stranger'))
    expect(read(forged, proof(forged))).toMatchObject({
      outcome: { state: 'failed', code: 'signature_invalid' },
      grade: 'asserted',
    })
    expect(read(forged).tools).toBeUndefined()
  })

  it('with act nested 1,000 deep, or one deeper than a chain may be, is refused', () => {
    for (const [depth, code] of [
      [17, 'depth_invalid'],
      [200, 'oversized'],
      [1000, 'oversized'],
    ] as const) {
      let act: Json = { sub: 'agent:0' }
      for (let i = 1; i < depth; i += 1) act = { act, sub: `${i}` }
      const header = Buffer.from('{"alg":"Ed25519","typ":"at+jwt"}').toString('base64url')
      const claims = { iss: AS, sub: 'person:alice', act }
      const payload = Buffer.from(JSON.stringify(claims)).toString('base64url')
      const reading = read(`${header}.${payload}.AAAA`)
      expect(reading).toMatchObject({ outcome: { state: 'failed', code }, hops: [] })
    }
    const allowed = Array.from({ length: 15 }).reduce<Json>((act) => ({ act, sub: 'a' }), {
      sub: 'a',
    })
    expect(read(token({ act: allowed })).hops).toHaveLength(16)
  })

  it('with a ring of actors ends, and each hop stays where it stands', async () => {
    const ring = { sub: 'agent:a', act: { sub: 'agent:b', act: { sub: 'agent:a' } } }
    const reading = read(token({ act: ring }))
    expect(reading.flags).toContain('actor_repeated')
    expect(reading.hops.map(({ delegate }) => delegate)).toEqual(['agent:a', 'agent:b', 'agent:a'])
    const told = story()
    told.evidence.push(...foreignTokens([token({ act: ring })], [], undefined))
    await told.told()
    expect((await links(told)).map(({ columns }) => columns['depth'])).toEqual([0, 1, 2])
  })

  it('with alg none is refused, whatever it names', () => {
    const [, payload] = token().split('.')
    for (const alg of ['none', 'HS256', 'nOnE', '']) {
      const header = Buffer.from(JSON.stringify({ alg, typ: 'at+jwt' })).toString('base64url')
      for (const signature of ['', 'AAAA'])
        expect(read(`${header}.${payload}.${signature}`)).toMatchObject({
          outcome: { state: 'failed', code: 'alg_not_allowed' },
        })
    }
  })

  it('is no link, and a link is none of them', () => {
    const told = story()
    const root = told.root('agent:planner', { [TOOL.deploy]: env('staging') })
    const { anchors } = TRUST
    expect(verifyChain([token()], { anchors, at: T0 }).outcome).toMatchObject({
      code: 'type_invalid',
    })
    expect(read(root.text)).toMatchObject({ outcome: { code: 'type_invalid' }, hops: [] })
    expect(read(proof(token()))).toMatchObject({ outcome: { code: 'type_invalid' } })
    const jkt = jwkThumbprint(worker.jwk)
    const given = { token: token(), jkt }
    expect(verifyDpop(token(), given).outcome).toMatchObject({ code: 'type_invalid' })
    expect(verifyPlainLink(token(), undefined, { anchors }).outcome).toMatchObject({
      code: 'type_invalid',
    })
  })

  it('is not widened by a second act: what it says of scope in there means nothing', () => {
    const inner = { sub: 'agent:worker', scope: 'deploy admin', aud: 'everywhere', exp: 9e9 }
    const reading = read(token({ scope: 'deploy', act: inner }))
    expect(reading.scopes).toEqual(['deploy'])
    expect(reading.expiresAt).toBe(T0 + 600)
    expect(reading.flags).toContain('actor_claims_ignored')
    expect(Object.keys(reading.tools ?? {})).toEqual([TOOL.deploy])
    const wider = read(token({ scope: 'deploy admin' }))
    expect(wider.tools).toBeUndefined()
    expect(wider.flags).toContain('scope_unknown')
  })
})

describe('a proof of possession', () => {
  const text = token()

  it('of another token shows nothing', () => {
    const other = proof(token({ jti: 'token-2' }))
    expect(read(text, other)).toMatchObject({
      possession: { state: 'failed', code: 'holder_binding_failed', detail: 'ath' },
      grade: 'asserted',
    })
  })

  it('of another key shows nothing', () => {
    const thief = proof(text, {}, keyOf('thief'))
    expect(read(text, thief)).toMatchObject({
      possession: { state: 'failed', code: 'holder_binding_failed', detail: 'jkt' },
      grade: 'asserted',
    })
    const [header = '', payload = ''] = proof(text).split('.')
    const forged = `${header}.${payload}.${Buffer.alloc(64, 1).toString('base64url')}`
    expect(read(text, forged).possession).toMatchObject({ code: 'signature_invalid' })
  })

  it('does not make a bearer token anybody’s', () => {
    const bearer = token({ cnf: { 'x5t#S256': jkt } })
    expect(read(bearer, proof(bearer))).toMatchObject({
      possession: { state: 'failed', detail: 'unbound' },
      grade: 'asserted',
    })
  })

  it('replayed for another call shows nothing for either, in whatever order they come', async () => {
    for (const turn of [0, 1]) {
      const told = story()
      const first = told.act({ agent: 'agent:worker' }, TOOL.deploy, { at: T0 + 30 })
      const second = told.act({ agent: 'agent:worker' }, TOOL.deploy, { at: T0 + 40 })
      const calls = turn === 0 ? [first, second] : [second, first]
      const came = calls.map((id) => foreignTokens([text], [proof(text)], id))
      await told.told([[...told.evidence], ...came])
      for (const id of [first, second])
        expect(await presentedBy(told, id)).toMatchObject([
          { grade: 'asserted', possession: { state: 'failed', code: 'replayed' } },
        ])
    }
  })

  it('made at another time or for another host shows nothing', async () => {
    const cases = [
      [proof(text, { iat: T0 + 300 }), { code: 'late_evidence' }],
      [proof(text, { htu: 'https://other.example.com/mcp' }), { code: 'receipt_mismatch' }],
      [proof(text), { state: 'ok' }],
    ] as const
    for (const [dpop, possession] of cases) {
      const told = story()
      const audience = 'https://tools.example.com/mcp'
      const id = told.act({ agent: 'agent:worker' }, TOOL.deploy, { audience })
      await told.told([[...told.evidence, ...foreignTokens([text], [dpop], id)]])
      expect(await presentedBy(told, id)).toMatchObject([{ possession }])
    }
  })
})

describe('a plain chain of the draft', () => {
  const planner = keyOf('agent:planner')

  function plain(kid: string | undefined, signer = keyOf('root')): string {
    const { kty, crv, x } = planner.jwk
    return signJws(
      { alg: 'Ed25519', typ: 'aat+jwt', ...(kid === undefined ? {} : { kid }) },
      {
        iss: 'https://auth.example.com',
        jti: 'plain-root',
        iat: T0,
        exp: T0 + 600,
        del_depth: 0,
        del_max_depth: 2,
        cnf: { jwk: { kty, crv, x } },
        authorization_details: [
          { type: 'attenuating_agent_token', tools: { [TOOL.deploy]: env('staging') } },
        ],
      },
      signer,
    )
  }

  it('without anchors is unknown, and asserted', async () => {
    expect(verifyPlainLink(plain(undefined), undefined, { anchors: [] })).toMatchObject({
      outcome: { state: 'unknown', code: 'issuer_untrusted' },
      signature: 'unchecked',
    })
    const told = story()
    told.trust = { ...TRUSTING, anchors: [] }
    told.evidence.push(...foreignTokens([plain(undefined)], [], undefined))
    await told.told()
    const [link] = await links(told)
    expect(link?.columns).toMatchObject({
      profile: 'aat-02',
      grade: 'asserted',
      reading: 'unknown:issuer_untrusted',
      outcome: 'unknown:other_profile',
    })
  })

  it('that holds is signed, names what our profile misses, and grants nothing here', async () => {
    const told = story()
    const text = plain(undefined)
    told.evidence.push(...foreignTokens([text], [], undefined))
    await told.told()
    const [link] = await links(told)
    expect(link?.columns).toMatchObject({
      grade: 'signed',
      reading: 'ok',
      outcome: 'unknown:other_profile',
      agent: thumbprintUri(planner.jwk),
    })
    expect(JSON.parse(String(link?.columns['flags']))).toEqual([
      'strict:act',
      'strict:cnf_alg',
      'strict:jti',
      'strict:kid',
      'strict:sub',
      'strict:txn',
    ])
  })

  it('sent as a link too is judged as a link, in whatever order the two come', async () => {
    const text = plain('root')
    const graphs = []
    for (const turn of [0, 1]) {
      const told = story()
      const link = told.add('link', text)
      const foreign = foreignTokens([text], [], undefined)
      const parts: Evidence[][] = turn === 0 ? [[link], foreign] : [foreign, [link]]
      await told.told(parts)
      expect(await told.fired()).toEqual(['D10 unknown'])
      graphs.push(await told.graph())
    }
    expect(graphs[0]).toBe(graphs[1])
  })
})

describe('a foreign token cannot silence D1', () => {
  it('by being presented with the call', async () => {
    const told = story()
    const id = riding(told)
    const text = token()
    told.evidence.push(...foreignTokens([text], [proof(text)], id))
    await told.told()
    expect(await told.fired()).toContain('D1 agent:worker')
    expect(await presentedBy(told, id)).toMatchObject([{ grade: 'signed', profile: 'rfc8693' }])
  })

  it('by being cited as the link in force, nor be authority for the call', async () => {
    const told = story()
    const root = told.root('agent:planner', { [TOOL.deploy]: env('staging') })
    const call = told.propose(root, TOOL.deploy, { env: 'staging' })
    const approvals = [told.approve(root, call)]
    const { kty, crv, x } = worker.jwk
    const text = signJws(
      { alg: 'Ed25519', typ: 'aat+jwt' },
      {
        iss: 'https://auth.example.com',
        sub: 'person:alice',
        act: { sub: 'agent:worker' },
        jti: 'plain-root',
        iat: T0,
        exp: T0 + 600,
        del_depth: 0,
        del_max_depth: 2,
        cnf: { jwk: { kty, crv, x } },
        authorization_details: [
          { type: 'attenuating_agent_token', tools: { [TOOL.deploy]: env('staging') } },
        ],
      },
      keyOf('root'),
    )
    const [plain] = foreignTokens([text], [], undefined)
    const cited = { ...root, hash: plain?.artefact ?? '' }
    const under: IssuedLink = {
      ...cited,
      claims: { ...root.claims, act: { sub: 'agent:worker', sub_profile: 'ai_agent' } },
    }
    const id = told.act(under, TOOL.deploy, { as: call, approvals })
    if (plain !== undefined) told.evidence.push(plain)
    await told.told()
    const { columns } = await told.action(id)
    expect(JSON.parse(String(columns['authority']))).toMatchObject({ kind: 'none' })
    expect(columns['grade']).toBe('signed')
    expect(await told.fired()).toContain('D1 agent:worker')
  })
})

describe('an OCSF record', () => {
  const record = {
    class_uid: 6003,
    action_id: 1,
    disposition: 'Approved',
    status_id: 1,
    delegation: { uid: 'd-2', parent_uid: 'd-1', issuer_uid: AS, scopes: ['deploy'] },
    ai_agent: { uid: 'agent:worker' },
    actor: { user: { uid: 'person:alice' } },
  }

  it('that claims an approved action approves nothing and grants nothing', async () => {
    const told = story()
    const id = riding(told)
    const fired = new Story(openMemoryStore())
    fired.trust = TRUSTING
    riding(fired)
    await fired.told()
    const item = ocsfDelegation(JSON.stringify(record))
    expect(item?.text).not.toContain('Approved')
    if (item !== undefined) told.evidence.push(item)
    await told.told()
    expect(await told.fired()).toEqual(await fired.fired())
    expect(await told.store.find('Approval', 'actionHash', ['Approved'])).toEqual([])
    const { columns } = await told.action(id)
    expect(JSON.parse(String(columns['authority']))).toMatchObject({ kind: 'none' })
  })

  it('that contradicts another says so, and neither order of the two leaves a trace', async () => {
    const other = { ...record, ai_agent: { uid: 'agent:other' } }
    const items = [record, other].flatMap((one) => ocsfDelegation(one) ?? [])
    const graphs = []
    for (const order of [items, [...items].reverse()]) {
      const told = story()
      await told.told(order.map((item) => [item]))
      const shown = (await links(told)).find(({ columns }) => columns['profile'] === 'ocsf')
      expect(String(shown?.columns['flags'])).toContain('records_differ')
      graphs.push(await told.graph())
    }
    expect(graphs[0]).toBe(graphs[1])
  })

  it('is the same in whatever order and form its parent and it come, however often', async () => {
    const parent = {
      ...record,
      delegation: { uid: 'd-1', issuer_uid: AS, created_time: T0 * 1000 },
      ai_agent: { uid: 'agent:planner' },
    }
    const items = [record, parent, record].flatMap((one, index) => {
      return ocsfDelegation(index === 2 ? JSON.stringify(one) : one) ?? []
    })
    expect(items).toHaveLength(3)
    const graphs = []
    for (const order of [items, [...items].reverse()]) {
      const told = story()
      await told.told(order.map((item) => [item]))
      graphs.push(await told.graph())
    }
    expect(graphs[0]).toBe(graphs[1])
    expect(graphs[0]).toContain('"ISSUED_BY"')
  })
})

it('a token bound to no key is kept without its signature, an opaque one not at all', () => {
  const bearer = token({ cnf: {} })
  const secret = 'opaque.secret'
  const [kept, unread] = foreignTokens([bearer, secret], [], 'call')
  expect(JSON.stringify([kept, unread])).not.toContain(bearer.split('.')[2])
  expect(JSON.stringify(unread)).not.toContain(secret)
  expect(kept).toMatchObject({ stripped: true, text: `${bearer.split('.', 2).join('.')}.` })
  expect(read(kept?.text ?? '')).toMatchObject({
    outcome: { state: 'unknown', code: 'signature_withheld' },
    grade: 'asserted',
  })
})
