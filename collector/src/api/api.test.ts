import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { EXAMPLE } from './landing.ts'
import {
  ACTION,
  APPROVAL,
  DEPLOY,
  FINDING,
  finding,
  LEAF,
  LOOSE,
  NEVER,
  READ,
  ROOT,
  SIBLING,
} from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

async function data(query: string, variables = {}): Promise<Record<string, unknown>> {
  const answer = await ask(server, query, variables)
  expect(answer.errors).toEqual([])
  return answer.data ?? {}
}

describe('finding', () => {
  test('a finding tells whose yes it was, where it breaks and what would have made it right', async () => {
    const { finding } = await data(
      `query ($id: ID!) { finding(id: $id) { ... on Finding {
        nodeId id rule ruleName class severity state certainty grade pages title facts counterfactual
        remedy { kind sentence issuer holder constraints }
        hops { hash depth delegator { __typename id name } delegate { name } granted { tool limits change } covers signature verdict { state } issuedAt link { hash maxDepth } }
        breaksAt { hash delegate { id } }
        source { kind holder { name } giver { name kind disabled } approval { decision } }
        verdict { action { state code meaning text } approval { text } }
        timeline { at what } principal { id } owner { id } agent { id } from { id } tool
        action { id } chain { id } culprit { kind approval { id } link { hash } }
        sameIncident { id } alerts { id } happenedAt raisedAt updatedAt
      } } }`,
      { id: FINDING },
    )
    expect(finding).toMatchObject({
      nodeId: `Finding:${FINDING}`,
      id: FINDING,
      rule: 'D1',
      ruleName: 'approved-action-inheritance',
      class: 'INHERITANCE',
      state: 'OPEN',
      certainty: 'CERTAIN',
      grade: 'PROVEN',
      pages: true,
      remedy: { kind: 'approval', issuer: 'person:alice', constraints: [] },
      hops: [
        {
          hash: ROOT,
          delegator: { __typename: 'Principal', id: 'person:alice', name: 'alice' },
          delegate: { name: 'planner' },
          granted: [{ tool: DEPLOY, limits: ['env = "staging"'], change: null }],
          covers: 'YES',
          signature: 'VALID',
          verdict: { state: 'OK' },
          issuedAt: '2026-11-24T10:00:00.000Z',
          link: { hash: ROOT, maxDepth: 3 },
        },
        { hash: LEAF, delegator: { __typename: 'Agent', name: 'planner' }, covers: 'NO' },
      ],
      breaksAt: { hash: LEAF, delegate: { id: 'agent:worker' } },
      source: {
        kind: 'approval',
        holder: { name: 'planner' },
        giver: { name: 'alice', kind: 'person', disabled: false },
        approval: { decision: 'approve' },
      },
      verdict: {
        action: {
          state: 'FAILED',
          code: 'scope_not_granted',
          meaning: 'the link in force does not cover the action',
          text: 'failed:scope_not_granted',
        },
        approval: { text: 'failed:approval_mismatch:link' },
      },
      timeline: [{ at: '2026-11-24T10:00:00.000Z' }],
      agent: { id: 'agent:worker' },
      from: { id: 'agent:planner' },
      action: { id: ACTION },
      chain: { id: ROOT },
      culprit: { kind: 'approval', approval: { id: APPROVAL }, link: null },
      sameIncident: [],
      alerts: [],
    })
  })

  test('the query of the landing text is answered', async () => {
    const { findings } = await data(EXAMPLE)
    expect(findings).toMatchObject({ totalCount: { value: 1 }, nodes: [{ id: FINDING }] })
  })
})

describe('chain', () => {
  const CHAIN = `query ($id: ID!, $leaf: ID!) { chain(id: $id) { __typename ... on Chain {
    nodeId id complete branches task principal { name }
    hops { hash arrived depth parentHash signature delegator { name } delegate { name } granted { tool limits change }
      changes { tool change } verdict { text } problems { tool argument detail reason } approvalNeededFor expiresAt }
    path(link: $leaf) { hash }
    links(first: 2) { totalCount { value approximate } nodes { hash } pageInfo { hasNextPage endCursor } }
    actions { nodes { id } } findings { nodes { id } }
  } ... on NotFoundError { message } } }`

  test('a chain that branches is shown as a tree, each link with what changed', async () => {
    const { chain } = await data(CHAIN, { id: ROOT, leaf: LEAF })
    expect(chain).toMatchObject({
      nodeId: `Chain:${ROOT}`,
      id: ROOT,
      complete: true,
      branches: true,
      task: 'task-1',
      principal: { name: 'alice' },
      hops: [
        {
          hash: ROOT,
          parentHash: null,
          changes: null,
          approvalNeededFor: [DEPLOY],
          delegator: { name: 'alice' },
          expiresAt: '2026-11-24T10:15:00.000Z',
        },
        {
          hash: LEAF,
          delegator: { name: 'planner' },
          granted: [{ tool: READ, limits: [], change: 'KEPT' }],
          changes: [
            { tool: DEPLOY, change: 'DROPPED' },
            { tool: READ, change: 'KEPT' },
          ],
          verdict: { text: 'ok' },
        },
        {
          hash: SIBLING,
          changes: [
            { tool: DEPLOY, change: 'WIDENED' },
            { tool: READ, change: 'KEPT' },
          ],
          verdict: { text: 'failed:not_narrower:widened' },
          problems: [{ tool: DEPLOY, argument: 'env', detail: 'widened' }],
        },
      ],
      path: [{ hash: ROOT }, { hash: LEAF }],
      links: {
        totalCount: { value: 3, approximate: false },
        nodes: [{ hash: ROOT }, { hash: LEAF }],
        pageInfo: { hasNextPage: true },
      },
      actions: { nodes: [{ id: ACTION }] },
      findings: { nodes: [{ id: FINDING }] },
    })
  })

  test('any link of a chain leads to it', async () => {
    expect(await data(CHAIN, { id: SIBLING, leaf: SIBLING })).toMatchObject({
      chain: { id: ROOT, path: [{ hash: ROOT }, { hash: SIBLING }] },
    })
  })

  test('a root that never arrived is a gap and never a silent root', async () => {
    const { chain } = await data(CHAIN, { id: LOOSE, leaf: LOOSE })
    expect(chain).toMatchObject({
      id: NEVER,
      complete: false,
      branches: false,
      task: 'task-2',
      hops: [
        {
          hash: NEVER,
          arrived: false,
          signature: 'MISSING',
          delegator: null,
          delegate: null,
          verdict: { text: 'unknown:chain_incomplete' },
        },
        {
          hash: LOOSE,
          signature: 'UNCHECKED',
          changes: null,
          granted: [{ tool: READ, change: null }],
        },
      ],
      links: { totalCount: { value: 2 } },
    })
  })

  test('a path that belongs to another chain is empty', async () => {
    expect(await data(CHAIN, { id: ROOT, leaf: LOOSE })).toMatchObject({ chain: { path: [] } })
  })
})

describe('action', () => {
  test('an action says why it was allowed, or where that breaks', async () => {
    const { action } = await data(
      `query ($id: ID!) { action(id: $id) { ... on Action {
        id traceId spanId at effect grade settled agent { id } tool
        arguments { name disclosed value } receipt { hash state outcome { state } } calledSide { receipt agreement }
        verdict { chain { state } decision { state } approval { code detail } }
        why { kind sentence breaksAt { hash delegator { name } } hops { covers } source { kind id holder { name } } }
        approvals { id subject { id } } chain { id } link { hash } findings { id } principal { id }
      } } }`,
      { id: ACTION },
    )
    expect(action).toMatchObject({
      traceId: '0af7651916cd43dd8448eb211c80319c',
      spanId: 'b7ad6b7169203331',
      at: '2026-11-24T10:00:00.000Z',
      effect: 'OK',
      arguments: [
        { name: 'env', disclosed: true, value: 'staging' },
        { name: 'note', disclosed: false, value: null },
      ],
      receipt: { hash: 'receipt-hash', state: 'VALID', outcome: { state: 'OK' } },
      calledSide: { receipt: null, agreement: 'INDETERMINATE' },
      verdict: {
        decision: { state: 'NOT_APPLICABLE' },
        approval: { code: 'approval_mismatch', detail: 'link' },
      },
      why: {
        kind: 'NONE',
        breaksAt: { hash: LEAF, delegator: { name: 'planner' } },
        hops: [{ covers: 'YES' }, { covers: 'NO' }],
        source: { kind: 'approval', id: APPROVAL, holder: { name: 'planner' } },
      },
      approvals: [{ id: APPROVAL, subject: { id: 'agent:planner' } }],
      findings: [{ id: FINDING }],
    })
  })
})

describe('agent', () => {
  const AGENT = `query ($id: ID!) { agent(id: $id) { ... on Agent {
    id name kind owner { id } keys { thumbprint algorithm registered links firstLinkAt lastLinkAt }
    version model charter firstSeenAt lastSeenAt
    granted { complete permissions { tool limits source state links expiresAt link { hash } } }
    exercised { complete tools { tool lastUsedAt uses { value approximate } lastAction { id } } }
    inherited { complete tools { tool from { id } uses lastAt findings { id } } }
    delegatesTo { parties { party { __typename id } links } } delegatedBy { parties { party { __typename id } links lastIssuedAt } }
    findings { nodes { id } } actions { nodes { id } }
  } } }`

  test('what it holds, what it used and what it inherited stand side by side', async () => {
    const { agent } = await data(AGENT, { id: 'agent:worker' })
    expect(agent).toMatchObject({
      name: 'worker',
      owner: { id: 'person:alice' },
      keys: [
        {
          ...{ thumbprint: 'key-of-worker', algorithm: 'Ed25519', registered: false, links: 1 },
          ...{ firstLinkAt: '2026-11-24T10:00:10.000Z', lastLinkAt: '2026-11-24T10:00:10.000Z' },
        },
      ],
      ...{ version: null, model: null, charter: null },
      firstSeenAt: '2026-11-24T09:58:20.000Z',
      granted: {
        complete: true,
        permissions: [
          { tool: READ, source: 'LINK', state: 'OK', links: 1, link: { hash: LEAF } },
          { tool: READ, source: 'LINK', state: 'UNKNOWN', links: 1, link: { hash: LOOSE } },
        ],
      },
      exercised: {
        complete: true,
        tools: [
          { tool: DEPLOY, uses: { value: 1, approximate: false }, lastAction: { id: ACTION } },
        ],
      },
      inherited: {
        tools: [
          { tool: DEPLOY, from: { id: 'agent:planner' }, uses: 1, findings: [{ id: FINDING }] },
        ],
      },
      delegatesTo: { parties: [] },
      delegatedBy: { parties: [{ party: { __typename: 'Agent', id: 'agent:planner' }, links: 1 }] },
    })
  })

  test('its calls are told by tool and by grade', async () => {
    const query = `query ($where: ActionFilter) { agent(id: "agent:worker") { ... on Agent {
      actions(where: $where) { nodes { id } totalCount { value } }
    } } }`
    const all = { nodes: [{ id: ACTION }], totalCount: { value: 1 } }
    const none = { nodes: [], totalCount: { value: 0 } }
    for (const [where, actions] of [
      [{}, all],
      [{ tool: [DEPLOY] }, all],
      [{ tool: [READ, DEPLOY], grade: ['PROVEN'] }, all],
      [{ tool: [READ] }, none],
      [{ tool: [DEPLOY], grade: ['OBSERVED'] }, none],
    ] as const)
      expect(await data(query, { where })).toEqual({ agent: { actions } })
    const { errors } = await ask(server, query, { where: { tool: ['x'.repeat(1025)] } })
    expect(errors).toEqual([
      expect.objectContaining({
        message: 'where.tool must be at most 100 values of at most 1024 characters',
      }),
    ])
  })

  test('a link that widens grants nothing', async () => {
    await server.store.write({
      nodes: [{ kind: 'Agent', key: 'agent:tester', columns: { id: 'agent:tester' } }],
      edges: [],
    })
    expect(await data(AGENT, { id: 'agent:tester' })).toMatchObject({
      agent: { owner: null, granted: { permissions: [] } },
    })
  })

  test('the root of a chain is delegated by a principal', async () => {
    expect(await data(AGENT, { id: 'agent:planner' })).toMatchObject({
      agent: {
        delegatesTo: {
          parties: [
            { party: { id: 'agent:tester' }, links: 1 },
            { party: { id: 'agent:worker' }, links: 1 },
          ],
        },
        delegatedBy: { parties: [{ party: { __typename: 'Principal', id: 'person:alice' } }] },
      },
    })
  })
})

describe('approval', () => {
  test('an approval names its giver, whom it was for, and who used it', async () => {
    const { approval } = await data(
      `query ($id: ID!) { approval(id: $id) { ... on Approval {
        id arrived approver { name } subject { name } link { hash } tool decision arguments { name value }
        issuedAt expiresAt verdict { state } uses { totalCount { value } nodes { id agent { name } } } findings { nodes { id } }
      } } }`,
      { id: APPROVAL },
    )
    expect(approval).toMatchObject({
      arrived: true,
      approver: { name: 'alice' },
      subject: { name: 'planner' },
      link: { hash: ROOT },
      arguments: [{ name: 'env', value: 'staging' }],
      issuedAt: '2026-11-24T10:00:30.000Z',
      verdict: { state: 'OK' },
      uses: { totalCount: { value: 1 }, nodes: [{ id: ACTION, agent: { name: 'worker' } }] },
      findings: { nodes: [{ id: FINDING }] },
    })
  })
})

describe('what is not there', () => {
  test.each(['finding', 'chain', 'action', 'agent', 'approval'])(
    'an unknown %s is an answer and no failure',
    async (field) => {
      const query = `query ($id: ID!) { ${field}(id: $id) { __typename ... on UserError { message } } }`
      for (const id of ['no-such-id', "' OR 1=1 --", '\u0000', '💥'.repeat(200)]) {
        expect(await data(query, { id })).toMatchObject({
          [field]: { __typename: 'NotFoundError' },
        })
      }
      for (const id of ['', 'x'.repeat(5_000)]) {
        expect(await data(query, { id })).toMatchObject({
          [field]: { __typename: 'InvalidArgumentError' },
        })
      }
    },
  )

  test('a nodeId leads to its node, and anything else to nothing', async () => {
    const query =
      'query ($id: ID!) { node(id: $id) { __typename nodeId ... on Chain { id } ... on Agent { name } } }'
    for (const id of [
      `Finding:${FINDING}`,
      `Chain:${ROOT}`,
      `Action:${ACTION}`,
      'Agent:agent:worker',
      `Approval:${APPROVAL}`,
      `Link:${LEAF}`,
    ]) {
      expect(await data(query, { id })).toMatchObject({
        node: { __typename: id.split(':')[0], nodeId: id },
      })
    }
    for (const id of ['', FINDING, 'Evidence:x', 'Finding:nothing', '__proto__:x']) {
      expect(await data(query, { id })).toEqual({ node: null })
    }
  })
})

describe('names of OCSF', () => {
  test('stand beside ours for the same', async () => {
    const query = `{
      agent(id: "agent:worker") { ... on Agent { id uid } }
      node(id: "Link:${LEAF}") { ... on Link { hash uid parentHash parentUid issuer issuerUid expiresAt expirationTime } }
    }`
    const { agent, node } = (await data(query)) as Record<string, Record<string, unknown>>
    expect(agent).toEqual({ id: 'agent:worker', uid: 'agent:worker' })
    expect(node).toMatchObject({ uid: LEAF, parentUid: ROOT })
    expect(node?.['issuerUid']).toBe(node?.['issuer'])
    expect(node?.['expirationTime']).toBe(node?.['expiresAt'])
  })

  test.each([
    [{}, 'New'],
    [{ triage: 'acknowledged' }, 'In Progress'],
    [{ triage: 'in_progress', suppressed: true }, 'Suppressed'],
    [{ triage: 'accepted' }, 'Suppressed'],
    [{ triage: 'closed', suppressed: true }, 'Resolved'],
    [{ state: 'withdrawn' }, 'Resolved'],
  ])('a finding that is %j is %s', async (columns, status) => {
    await using own = await startTestServer()
    await own.store.write({ nodes: [finding('one', columns)], edges: [] })
    const answer = await ask(own, '{ finding(id: "one") { ... on Finding { status } } }')
    expect(answer.data).toEqual({ finding: { status } })
  })
})

describe('linkTexts', () => {
  const QUERY = 'query ($hashes: [ID!]!) { linkTexts(hashes: $hashes) { hash text } }'

  test('are the signed links by their hashes; what has not arrived is left out', async () => {
    const hashes = [ROOT, ROOT, 'A'.repeat(43), NEVER]
    expect(await data(QUERY, { hashes })).toEqual({
      linkTexts: [{ hash: ROOT, text: 'signed.text.here' }],
    })
  })

  test('are at most as many as a chain has links', async () => {
    const hashes = Array.from({ length: 17 }, (_, index) => `${index}`.padStart(43, 'A'))
    const { errors } = await ask(server, QUERY, { hashes })
    expect(errors).toEqual([expect.objectContaining({ message: 'hashes must be at most 16' })])
  })
})
