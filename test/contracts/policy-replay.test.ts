import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ask, startTestServer, type TestServer } from '../../collector/src/api/test-server.ts'
import { openStoreOf } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'
import { env as exactly, Story, T0, TOOL, TOOLS } from '../harness/story.ts'

const ALL = '@id("all") permit(principal, action, resource);'
const OWN = `@id("own-approval")
forbid(principal, action == Action::"${TOOL.deploy}", resource)
unless { context has approval && context.approval has subject && context.approval.subject == principal };`
const NAMED = '@id("place") forbid(principal, action, resource) when { context.env.name == "x" };'

const REPLAY = `query ($draft: String!, $against: String, $last: Int, $filter: DecisionFilter,
  $asOf: AsOf, $change: [ReplayChange!]) {
  policyReplay(draft: $draft, against: $against, last: $last, filter: $filter, asOf: $asOf) {
    __typename
    ... on PolicyReplay {
      policyHash againstHash changes { policy before after } warnings { code line }
      same allowToDeny denyToAllow errored unknown capped
      calls(first: 50, change: $change) { nodes {
        at tool agent { id } chain { id } action { id } decision { id policyHash }
        before after change by policies errors { code policy }
        residuals { policy effect condition } missing sentence
      } totalCount { value approximate } }
    }
    ... on PolicyInvalidError { message slips { text severity code policy line column message } }
    ... on InvalidArgumentError { argument message }
  }
}`

describe.each(storePlaces())('a policy replayed on $name', ({ store, env }) => {
  const folder = temporaryFolder()
  let server: TestServer
  let ids: { own: string; ridden: string; denied: string; planner: string }
  beforeAll(async () => {
    server = await startTestServer({
      store: await openStoreOf({ ...readConfig({ data: folder.path }, {}), store }, env),
      empty: true,
    })
    const story = new Story(server.store).knows('agent:planner', 'agent:worker')
    const staging = { args: { env: 'staging' }, audience: TOOLS }
    const planner = story.root('agent:planner', { [TOOL.deploy]: exactly('staging') })
    const mine = story.propose(planner, TOOL.deploy, staging.args, TOOLS)
    const own = story.act(planner, TOOL.deploy, {
      ...{ ...staging, as: mine, at: T0 + 25 },
      approvals: [story.approve(planner, mine)],
    })
    const worker = story.link(planner, 'agent:worker', { [TOOL.deploy]: exactly('staging') })
    const lent = story.approve(planner, story.propose(planner, TOOL.deploy, staging.args, TOOLS))
    const ridden = story.act(worker, TOOL.deploy, { ...staging, approvals: [lent], at: T0 + 30 })
    const call = story.propose(worker, TOOL.deploy, staging.args, TOOLS)
    const denied = story.act(worker, TOOL.deploy, {
      ...{ ...staging, as: call, status: 'denied', at: T0 + 40 },
    })
    story.decide(worker, call, false, {
      claims: {
        ...{ aat_tool: TOOL.deploy, aat_aud: TOOLS, iat: T0 + 40, policy: 'strict-digest' },
        evaluation: {
          ...{ mode: 'enforce', decision: false, policies: ['strict'], latency_us: 120 },
          engine: 'cedar/4.13.0',
        },
      },
    })
    await story.told()
    ids = { own, ridden, denied, planner: planner.hash }
  })
  afterAll(async () => {
    await server.store.clear()
    await server[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const replay = async (variables: object) => {
    const { data, errors } = await ask(server, REPLAY, { ...variables })
    expect(errors).toEqual([])
    return data?.['policyReplay'] as Record<string, unknown> & {
      readonly calls: { readonly nodes: readonly Record<string, unknown>[] }
    }
  }

  it('says what changes, why, and in which chain', async () => {
    const answer = await replay({ draft: `${ALL}\n${OWN}` })
    expect(answer).toMatchObject({
      ...{ same: 2, allowToDeny: 1, denyToAllow: 0, errored: 0, unknown: 0, capped: false },
      ...{ againstHash: null, changes: [], warnings: [] },
    })
    expect(answer.calls.nodes.map(({ action }) => (action as { id: string }).id)).toEqual([
      ids.denied,
      ids.ridden,
      ids.own,
    ])
    const changed = await replay({ draft: `${ALL}\n${OWN}`, change: ['ALLOW_TO_DENY'] })
    expect(changed.calls).toEqual({
      totalCount: { value: 1, approximate: false },
      nodes: [
        {
          at: new Date((T0 + 30) * 1000).toISOString(),
          tool: TOOL.deploy,
          agent: { id: 'agent:worker' },
          chain: { id: ids.planner },
          action: { id: ids.ridden },
          decision: null,
          before: 'ALLOW',
          after: 'DENY',
          change: 'ALLOW_TO_DENY',
          by: 'POLICY',
          policies: ['own-approval'],
          errors: [],
          residuals: [],
          missing: [],
          sentence: 'worker, deploy: was allowed, would be denied by own-approval',
        },
      ],
    })
  })

  it('permits again what a policy alone had refused, and tells under which set that was', async () => {
    const answer = await replay({ draft: ALL, change: ['DENY_TO_ALLOW'] })
    expect(answer.calls.nodes).toMatchObject([
      { action: { id: ids.denied }, decision: { policyHash: 'strict-digest' }, after: 'ALLOW' },
    ])
    // The one that rode is refused by its chain, whatever a policy permits.
    expect(answer).toMatchObject({ denyToAllow: 1, allowToDeny: 1 })
  })

  it('leaves unknown what the graph does not know, and says what would have to be true', async () => {
    const answer = await replay({ draft: `${ALL}\n${NAMED}` })
    expect(answer).toMatchObject({ unknown: 2 })
    expect(answer.calls.nodes.find(({ change }) => change === 'UNKNOWN')).toMatchObject({
      after: null,
      missing: ['context.env.name'],
      residuals: [{ policy: 'place', effect: 'FORBID', condition: 'context.env.name == "x"' }],
    })
  })

  it('compares two texts, policy by policy', async () => {
    const answer = await replay({ draft: `${ALL}\n${OWN}`, against: `${ALL}\n${NAMED}` })
    expect(answer['changes']).toEqual([
      { policy: 'own-approval', before: null, after: OWN },
      { policy: 'place', before: NAMED, after: null },
    ])
    expect(answer['againstHash']).not.toBe(answer['policyHash'])
  })

  it('looks at what is asked for: the newest, of one set, of one time', async () => {
    expect(await replay({ draft: ALL, last: 1 })).toMatchObject({ denyToAllow: 1, capped: true })
    const ofSet = await replay({ draft: ALL, filter: { policyHash: ['strict-digest'] } })
    expect(ofSet.calls.nodes).toMatchObject([{ action: { id: ids.denied } }])
    const before = new Date((T0 + 30) * 1000).toISOString()
    const early = await replay({ draft: ALL, filter: { before } })
    expect(early.calls.nodes).toMatchObject([{ action: { id: ids.own } }])
    const validAt = await replay({ draft: ALL, asOf: { validAt: before } })
    expect(validAt.calls.nodes).toHaveLength(2)
  })

  it('points at each slip of a text that cannot be used', async () => {
    const draft = `${ALL}\npermit(principal, action, resource)\n  when { context.nothing };`
    expect(await replay({ draft })).toEqual({
      __typename: 'PolicyInvalidError',
      message: expect.stringContaining('the draft cannot be used: line 3'),
      slips: [
        {
          ...{ text: 'DRAFT', severity: 'ERROR', code: 'type', policy: 'policy1' },
          ...{ line: 3, column: 10, message: expect.stringContaining('nothing') },
        },
      ],
    })
  })

  it.each([
    ['draft', { draft: ' '.repeat(24_001) }],
    ['against', { draft: ALL, against: ' '.repeat(24_001) }],
    ['last', { draft: ALL, last: 0 }],
    ['last', { draft: ALL, last: 2_001 }],
    ['filter.tool', { draft: ALL, filter: { tool: ['x'.repeat(2_000)] } }],
  ])('%s out of bounds is refused by name', async (argument, variables) => {
    expect(await replay(variables)).toMatchObject({ argument })
  })

  it('a hostile text costs nobody else his answer', async () => {
    const deep = `permit(principal, action, resource) when { ${'('.repeat(9_000)}true${')'.repeat(9_000)} };`
    const answers = await Promise.all([
      replay({ draft: deep }),
      replay({ draft: ALL }),
      replay({ draft: `${ALL} ${'!'.repeat(20_000)}` }),
      replay({ draft: ALL }),
    ])
    expect(answers.map(({ __typename }) => __typename)).toEqual([
      'PolicyInvalidError',
      'PolicyReplay',
      'PolicyInvalidError',
      'PolicyReplay',
    ])
  })
})
