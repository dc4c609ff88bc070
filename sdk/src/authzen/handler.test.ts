import { EVENT } from '@delegraph/graph-schema'
import { verifyDecision } from '@delegraph/link'
import { beforeAll, describe, expect, test } from 'vitest'
import type { GuardConfig } from '../guard/index.ts'
import { createDelegraph, createKey } from '../index.ts'
import { ALL, NONE, post, questionOf } from '../testing/authzen.ts'
import { DEPLOY, deploy } from '../testing/cast.ts'
import { startFakeCollector } from '../testing/fake-collector.ts'
import { ASKED, CALL, guarded, opened, sent } from '../testing/guarded.ts'
import { type AuthzenOptions, createAuthzen, evaluationFor, serveAuthzen } from './index.ts'

let people: Awaited<ReturnType<typeof guarded>>
beforeAll(async () => {
  people = await guarded()
})

const question = () => questionOf(people)
const handlerOf = (config: Partial<GuardConfig> = {}, more: Partial<AuthzenOptions> = {}) =>
  createAuthzen({ guard: people.guardWith(config), ...more })
const asked = async (body: unknown, config: Partial<GuardConfig> = {}) => {
  const response = await handlerOf(config)(post(body))
  return { status: response.status, body: await response.json() }
}

describe('one evaluation', () => {
  test('of a call in order is a yes, with what nobody checked', async () => {
    const { status, body } = await asked(question())
    expect(status).toBe(200)
    expect(body).toMatchObject({
      decision: true,
      context: {
        verdict: { chain: 'ok', possession: 'ok', action: 'ok', approval: 'not_applicable' },
        not_checked: ['identity', 'revocation', 'decision', 'effect'],
      },
    })
  })

  test('may name the agent in place of the user, and nobody else', async () => {
    const named = (type: string, id: string) => ({ ...question(), subject: { type, id } })
    expect((await asked(named('agent', 'agent:worker'))).body.decision).toBe(true)
    for (const [type, id] of [
      ['user', 'person:bob'],
      ['agent', 'agent:planner'],
      ['group', 'person:alice'],
    ] as const)
      expect((await asked(named(type, id))).body).toMatchObject({
        decision: false,
        context: { error: { status: 400 } },
      })
  })

  test('about somebody else, or for another service, uses nothing up', async () => {
    const handler = handlerOf()
    const right = question()
    const resource = { type: 'service', id: 'https://other.example.com' }
    const subject = { type: 'user', id: 'person:bob' }
    for (const wrong of [
      { ...right, resource },
      { ...right, subject },
    ])
      expect(await (await handler(post(wrong))).json()).toMatchObject({ decision: false })
    expect(await (await handler(post(right))).json()).toMatchObject({ decision: true })
  })

  test('without a chain, with a cut one or a changed one, is a no', async () => {
    const right = question()
    const sentIn = Object(right.context?.['delegation'])
    const [root, leaf = ''] = sentIn.aat_chain
    const at = leaf.lastIndexOf('.') + 1
    const changed = `${leaf.slice(0, at)}${leaf[at] === 'A' ? 'B' : 'A'}${leaf.slice(at + 1)}`
    for (const [delegation, chain] of [
      [undefined, 'not_applicable'],
      [{ ...sentIn, aat_chain: [leaf] }, 'unknown:issuer_untrusted'],
      [{ ...sentIn, aat_chain: [root, changed] }, 'failed'],
    ] as const) {
      const { status, body } = await asked({ ...right, context: { delegation } })
      expect(status).toBe(200)
      expect(body.decision).toBe(false)
      expect(body.context.verdict.chain).toContain(chain)
    }
  })

  test('with other arguments than those that were proved is a no', async () => {
    const right = question()
    const action = { name: DEPLOY, properties: { arguments: { env: 'production' } } }
    const { body } = await asked({ ...right, action })
    expect(body).toMatchObject({ decision: false })
    expect(body.context.verdict.possession).not.toBe('ok')
    // Nothing of the call is said again.
    expect(JSON.stringify(body)).not.toContain('production')
  })

  test('counts as the call: the same proof is good once', async () => {
    const handler = handlerOf()
    const right = question()
    expect(await (await handler(post(right))).json()).toMatchObject({ decision: true })
    expect(await (await handler(post(right))).json()).toMatchObject({
      decision: false,
      context: { verdict: { possession: 'failed:pop_replayed' } },
    })
  })

  test('says that an approval is needed, takes it, and takes it once', async () => {
    const { alice, worker, approver } = people
    const chain = alice.issue({ to: worker.holder, tools: deploy('staging'), approvals: ASKED })
    const open = opened(worker, chain)
    const handler = handlerOf()
    const ask = async () => (await handler(post(evaluationFor(CALL, sent(open))))).json()
    expect(await ask()).toMatchObject({
      decision: false,
      context: { needs_approval: true, action_hash: open.proposal.hash },
    })
    open.present(approver.approve(open.proposal, { chain }))
    expect(await ask()).toMatchObject({ decision: true, context: { verdict: { approval: 'ok' } } })
    expect(await ask()).toMatchObject({
      decision: false,
      context: { verdict: { approval: 'failed:approval_replayed' } },
    })
  })

  test('is refused by a policy, which is named', async () => {
    const { body } = await asked(question(), { policy: { source: `${ALL} ${NONE}` } })
    expect(body).toMatchObject({
      decision: false,
      context: { policy: { decision: 'deny', policies: ['none'], mode: 'enforce' } },
    })
    expect(body.context.policy.set).toMatch(/^[\w-]{43}$/)
  })

  test('of a guard that observes refuses nothing and says what it would have said', async () => {
    const right = question()
    const { body } = await asked({ ...right, context: {} }, { mode: 'observe' })
    expect(body).toMatchObject({ decision: true, context: { observed: false } })
  })
})

describe('what is no question', () => {
  const right = {
    subject: { type: 'user', id: 'u' },
    action: { name: 'a' },
    resource: { type: 'service', id: 's' },
  }
  test.each([
    ['no subject', { ...right, subject: undefined }],
    ['a subject that is a string', { ...right, subject: 'alice' }],
    ['a subject without type', { ...right, subject: { id: 'u' } }],
    ['a subject without id', { ...right, subject: { type: 'user' } }],
    ['an action whose name is a number', { ...right, action: { name: 123 } }],
    ['no resource', { ...right, resource: undefined }],
    ['a resource without id', { ...right, resource: { type: 'service' } }],
    ['a list', []],
    ['no JSON', '{'],
    ['nothing', ''],
    ['a context that is a list', { ...right, context: [] }],
  ])('%s is 400', async (_, body) => {
    const response = await handlerOf()(post(body))
    expect(response.status).toBe(400)
    expect(response.headers.get('content-type')).toContain('text/plain')
  })

  test('another content type is 400, another method 405, another path 404', async () => {
    const handler = handlerOf()
    const headers = { 'content-type': 'text/plain' }
    expect((await handler(post(right, { headers }))).status).toBe(400)
    expect((await handler(new Request('http://pdp.example.com/access/v1/evaluation'))).status).toBe(
      405,
    )
    expect((await handler(post(right, { path: '/access/v1/search/subject' }))).status).toBe(404)
  })

  test('unknown members are let be, and hostile ones end in a no', async () => {
    expect((await asked({ ...question(), future: { nested: true } })).body.decision).toBe(true)
    const deep = `${'['.repeat(200_000)}${']'.repeat(200_000)}`
    const text = JSON.stringify({
      ...question(),
      action: { name: DEPLOY, properties: { arguments: '@' } },
    }).replace('"@"', deep)
    expect((await asked(text)).body.decision).toBe(false)
    expect(
      (await asked({ ...question(), context: { delegation: { aat_chain: 1 } } })).body,
    ).toMatchObject({
      decision: false,
    })
  })

  test('what is too long is 413, and so it is over a socket', async () => {
    const long = JSON.stringify({ ...right, context: { long: 'x'.repeat(5_000_000) } })
    expect((await handlerOf()(post(long))).status).toBe(413)
    await using server = await serveAuthzen({ guard: people.guard })
    const response = await fetch(`${server.url}/access/v1/evaluation`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: long,
    })
    expect(response.status).toBe(413)
  })
})

describe('a decision point', () => {
  test('gives back the id of a request, also with an error, and makes none up', async () => {
    const headers = { 'x-request-id': 'bfe9eb29' }
    const handler = handlerOf()
    for (const body of [question(), {}])
      expect((await handler(post(body, { headers }))).headers.get('x-request-id')).toBe('bfe9eb29')
    expect((await handler(post(question()))).headers.has('x-request-id')).toBe(false)
  })

  test('with a token answers who has it', async () => {
    const token = 'a-secret-of-some-length'
    const handler = handlerOf({}, { token })
    const ask = (authorization?: string) =>
      handler(post(question(), { headers: authorization === undefined ? {} : { authorization } }))
    expect((await ask(`Bearer ${token}`)).status).toBe(200)
    for (const wrong of [undefined, token, 'Bearer ', `Bearer ${token}x`]) {
      const response = await ask(wrong)
      expect([response.status, response.headers.get('www-authenticate')]).toEqual([401, 'Bearer'])
    }
  })

  test('says where it is under the name that it has outside', async () => {
    const get = (url: string) => new Request(url)
    const handler = handlerOf({}, { url: 'https://pdp.example.com/tenant1' })
    const response = await handler(get('http://x/.well-known/authzen-configuration/tenant1'))
    expect(await response.json()).toEqual({
      policy_decision_point: 'https://pdp.example.com/tenant1',
      access_evaluation_endpoint: 'https://pdp.example.com/tenant1/access/v1/evaluation',
      access_evaluations_endpoint: 'https://pdp.example.com/tenant1/access/v1/evaluations',
    })
    const asked = await handler(post(question(), { path: '/tenant1/access/v1/evaluation' }))
    expect(asked.status).toBe(200)
    expect((await handlerOf()(get('http://x/.well-known/authzen-configuration'))).status).toBe(404)
  })

  test('is not set up without TLS, beyond loopback without a token, or with a short one', async () => {
    const { guard } = people
    for (const url of [
      'http://pdp.example.com',
      'https://pdp.example.com?a=b',
      'pdp',
      'https://u@pdp.example.com',
    ])
      expect(() => createAuthzen({ guard, url })).toThrow(
        expect.objectContaining({ code: 'invalid_config' }),
      )
    expect(() => createAuthzen({ guard, token: 'short' })).toThrow('16 characters')
    await expect(serveAuthzen({ guard, host: '0.0.0.0' })).rejects.toThrow('needs a token')
  })

  test('with an instance records the decision and what came, without the proof', async () => {
    await using collector = await startFakeCollector()
    const signer = await createKey()
    const decisions = { signer, kid: 'ops', iss: 'https://ops.example.com' }
    const gateway = { id: 'agent:gateway', kind: 'service' } as const
    const delegraph = createDelegraph({ agent: gateway, key: signer, collector: collector.url })
    const open = opened(people.worker, people.chain)
    const { pop = '' } = sent(open)
    const handler = handlerOf({ decisions }, { delegraph })
    const asking = evaluationFor(CALL, sent(open))
    expect(await (await handler(post(asking))).json()).toMatchObject({ decision: true })
    await delegraph.shutdown()
    const [record] = collector.records().filter(({ eventName }) => eventName === EVENT.decision)
    const { claims } = verifyDecision(record?.body ?? '', [{ ...decisions, jwk: signer.jwk }])
    expect(claims).toMatchObject({ decision: true, action_hash: open.proposal.hash })
    expect(pop).not.toBe('')
    for (const body of collector.bodies) expect(body.includes(pop)).toBe(false)
  })
})
