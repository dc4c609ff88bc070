import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { EDGES, NODES, NOW, node, SECOND } from '../../collector/src/api/test-graph.ts'
import { ask, startTestServer, type TestServer } from '../../collector/src/api/test-server.ts'
import { openStoreOf } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const COUNT = 23
const LEAF = 'leaf-link-hash'

/** Every third says how its policy was asked: every sixth of them erred, every ninth was observed. */
function said(i: number) {
  const errors = i % 6 === 0 ? [{ code: 'evaluation', policy: 'late' }] : undefined
  const mode = i % 9 === 0 ? 'observe' : 'enforce'
  const evaluation = {
    ...{ mode, decision: errors === undefined, policies: ['all'], latency_us: 1500 },
    ...{ engine: 'cedar/4.13.0', ...(errors === undefined ? {} : { errors }) },
  }
  return {
    ...{ evaluation, policyMode: mode, errored: errors !== undefined, latency: 1500 },
    ...{ policyAnswer: errors === undefined ? 'allow' : 'deny', audience: 'https://ops.example' },
  }
}

/** Three in each second; every fifth a denial, every fourth a judgement of intent. */
const DECISIONS = Array.from({ length: COUNT }, (_, i) =>
  node('Decision', `d${String(i).padStart(2, '0')}`, {
    hash: `d${String(i).padStart(2, '0')}`,
    issuer: 'pdp.example',
    agent: i % 2 === 0 ? 'agent:worker' : 'agent:planner',
    tool: i % 3 === 0 ? 'urn:read' : 'urn:deploy',
    args: { env: 'staging' },
    verdict: i % 5 === 0 ? 'deny' : 'allow',
    kind: i % 4 === 0 ? 'intent' : 'request',
    ...(i % 4 === 0 ? { intent: 'deny', intentMethod: 'model' } : {}),
    policy: i % 7 === 0 ? 'another-digest' : 'policy-digest',
    ...(i % 3 === 0 ? said(i) : {}),
    request: `request-${i}`,
    task: 'task-1',
    link: LEAF,
    at: SECOND + Math.floor(i / 3),
    outcome: i === 1 ? 'failed:signature_invalid' : 'ok',
    learnedAt: NOW,
  }),
)
const UNREAD = node('Decision', 'unread', {
  hash: 'unread',
  outcome: 'unknown:oversized',
  learnedAt: NOW,
})

const PAGE = `query ($first: Int, $after: String, $filter: DecisionFilter, $orderBy: DecisionOrder) {
  decisions(first: $first, after: $after, filter: $filter, orderBy: $orderBy) {
    ... on DecisionConnection { nodes { id } pageInfo { hasNextPage endCursor } totalCount { value } }
    ... on InvalidArgumentError { argument }
  }
}`

interface Page {
  readonly nodes: readonly { readonly id: string }[]
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string }
  readonly totalCount: { readonly value: number }
}

describe.each(storePlaces())('decisions on $name', ({ store, env }) => {
  const folder = temporaryFolder()
  let server: TestServer
  beforeAll(async () => {
    server = await startTestServer({
      store: await openStoreOf({ ...readConfig({ data: folder.path }, {}), store }, env),
      empty: true,
    })
    await server.store.write({ nodes: NODES, edges: EDGES })
    await server.store.write({
      nodes: [...DECISIONS, UNREAD],
      edges: [
        { kind: 'DECIDED', from: 'd02', to: ONE },
        { kind: 'DECIDED', from: 'd03', to: ONE },
        { kind: 'DECIDED', from: 'd03', to: 'another-action' },
      ],
    })
  })
  afterAll(async () => {
    await server.store.clear()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const page = async (variables: object): Promise<Page & { readonly argument?: string }> => {
    const { data, errors } = await ask(server, PAGE, { ...variables })
    expect(errors).toEqual([])
    return data?.['decisions'] as Page
  }
  const keys = ({ nodes }: Page): string[] => nodes.map(({ id }) => id)

  it.each(['ASC', 'DESC'])('come once each, ties included: %s', async (direction) => {
    const orderBy = { field: 'DECIDED_AT', direction }
    const seen: string[] = []
    let after: string | undefined
    for (;;) {
      const { nodes, pageInfo } = await page({ first: 4, orderBy, after })
      seen.push(...nodes.map(({ id }) => id))
      if (!pageInfo.hasNextPage) break
      after = pageInfo.endCursor
    }
    expect(seen).toHaveLength(COUNT)
    expect([...seen].sort()).toEqual(DECISIONS.map(({ key }) => key))
    const seconds = seen.map((id) => Math.floor(Number(id.slice(1)) / 3))
    const inOrder = [...seconds].sort((a, b) => (direction === 'ASC' ? a - b : b - a))
    expect(seconds).toEqual(inOrder)
  })

  it.each<[string, object, (i: number) => boolean]>([
    ['answer', { answer: ['DENY'] }, (i) => i % 5 === 0],
    ['kind', { kind: ['INTENT'] }, (i) => i % 4 === 0],
    ['agent', { agent: ['agent:planner'] }, (i) => i % 2 === 1],
    ['tool', { tool: ['urn:read'] }, (i) => i % 3 === 0],
    ['after includes', { after: iso(2_000) }, (i) => i >= 6],
    ['after within a second', { after: iso(2_001) }, (i) => i >= 9],
    ['before excludes', { before: iso(1_000) }, (i) => i < 3],
    ['before within a second', { before: iso(1_001) }, (i) => i < 6],
    ['all', { answer: ['ALLOW'], kind: ['REQUEST'] }, (i) => i % 5 > 0 && i % 4 > 0],
    ['errored', { errored: true }, (i) => i % 6 === 0],
    ['not errored', { errored: false }, (i) => i % 3 === 0 && i % 6 > 0],
    ['policyHash', { policyHash: ['another-digest'] }, (i) => i % 7 === 0],
    ['policyAnswer', { policyAnswer: ['DENY'] }, (i) => i % 6 === 0],
    ['policyMode', { policyMode: ['OBSERVE'] }, (i) => i % 9 === 0],
    ['null', { answer: null, after: null }, () => true],
    ['an empty list', { tool: [] }, () => false],
  ])('%s filters', async (_, filter, wanted) => {
    const found = await page({ first: 200, filter })
    const want = DECISIONS.flatMap(({ key }, i) => (wanted(i) ? [key] : []))
    expect(keys(found).sort()).toEqual(want)
    expect(found.totalCount.value).toBe(want.length)
  })

  it.each([
    ['first', { first: 201 }],
    ['after', { after: 'x' }],
    ['filter.tool', { filter: { tool: ['x'.repeat(2_000)] } }],
  ])('%s out of range is refused by name', async (argument, variables) => {
    expect(await page(variables)).toEqual({ argument })
  })

  const WHOLE = `{ kind answer intent intentMethod at issuer agent { id } tool policyHash requestHash
    link { hash } chain { id } action { id } actions { nodes { id } } signature verdict { text } }`

  it('say what they are of, and what became of it', async () => {
    const query = `query ($id: ID!, $node: ID!) {
      decision(id: $id) { ... on Decision ${WHOLE} } node(id: $node) { nodeId ... on Decision { id } } }`
    const of = async (id: string) => (await ask(server, query, { id, node: `Decision:${id}` })).data
    expect(await of('d02')).toEqual({
      decision: {
        kind: 'REQUEST',
        answer: 'ALLOW',
        intent: null,
        intentMethod: null,
        at: iso(0),
        issuer: 'pdp.example',
        agent: { id: 'agent:worker' },
        tool: 'urn:deploy',
        policyHash: 'policy-digest',
        requestHash: 'request-2',
        link: { hash: LEAF },
        chain: { id: 'root-link-hash' },
        action: { id: ONE },
        actions: { nodes: [{ id: ONE }] },
        signature: 'VALID',
        verdict: { text: 'ok' },
      },
      node: { nodeId: 'Decision:d02', id: 'd02' },
    })
    // Of two calls neither is the one; a signature that does not hold is shown as such.
    expect(await of('d03')).toMatchObject({ decision: { action: null } })
    expect(await of('d01')).toMatchObject({ decision: { signature: 'INVALID', action: null } })
    expect(await of('unread')).toMatchObject({
      decision: { answer: null, at: null, signature: 'UNCHECKED' },
    })
  })

  it('say how their policy was asked, where the record does', async () => {
    const query = `query ($id: ID!) { decision(id: $id) { ... on Decision { service evaluation {
      mode answer policies errors { code policy } latency engine } } } }`
    const of = async (id: string) => (await ask(server, query, { id })).data?.['decision']
    expect(await of('d06')).toEqual({
      service: 'https://ops.example',
      evaluation: {
        mode: 'ENFORCE',
        answer: 'DENY',
        policies: ['all'],
        errors: [{ code: 'EVALUATION', policy: 'late' }],
        latency: 1.5,
        engine: 'cedar/4.13.0',
      },
    })
    expect(await of('d09')).toMatchObject({ evaluation: { mode: 'OBSERVE', errors: [] } })
    expect(await of('d01')).toEqual({ service: null, evaluation: null })
  })

  it('of one that is not known says so', async () => {
    const query = '{ decision(id: "nobody") { __typename } }'
    expect((await ask(server, query)).data).toEqual({ decision: { __typename: 'NotFoundError' } })
  })
})

const ONE = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'

function iso(offset: number): string {
  return new Date(NOW + offset).toISOString()
}
