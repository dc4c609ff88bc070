import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FINDING, finding, NOW } from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

const DAY = 86_400_000
let now = NOW
let server: TestServer

beforeEach(async () => {
  now = NOW
  server = await startTestServer({ clock: () => now })
  await server.store.write({
    nodes: [
      finding('other', { severity: 2, urgency: 200, pages: false, rule: 'D8', incident: 'i' }),
      finding('third', { fingerprint: 'fingerprint-2', urgency: 1_410 }),
    ],
    edges: [],
  })
})
afterEach(() => server[Symbol.asyncDispose]())

async function data(query: string, variables = {}): Promise<Record<string, unknown>> {
  const answer = await ask(server, query, variables)
  expect(answer.errors).toEqual([])
  return answer.data ?? {}
}

const TRIAGE = `mutation ($input: TriageInput!) { triage(input: $input) { __typename
  ... on TriagePayload { findings { id triage { state version assignee reason note until updatedBy } } }
  ... on UserError { message } ... on InvalidArgumentError { argument }
  ... on ConflictError { version finding { id } } ... on InvalidTransitionError { from to } } }`

async function triage(input: Readonly<Record<string, unknown>>): Promise<Record<string, unknown>> {
  const all = { findings: [FINDING], expectedVersions: [0], ...input }
  return (await data(TRIAGE, { input: all }))['triage'] as Record<string, unknown>
}

async function idsWhere(where: Readonly<Record<string, unknown>>): Promise<string[]> {
  const query = `query ($where: FindingFilter) { findings(where: $where) { ... on FindingConnection { nodes { id } } } }`
  const { findings } = (await data(query, { where })) as {
    findings: { nodes: readonly { id: string }[] }
  }
  return findings.nodes.map(({ id }) => id).sort()
}

describe('triage', () => {
  test('a finding that nobody touched is new, at version 0', async () => {
    const { finding } = await data(
      `query ($id: ID!) { finding(id: $id) { ... on Finding { triage { state version assignee reason until suppressedBy { id } history { by } } } } }`,
      { id: FINDING },
    )
    expect(finding).toEqual({
      triage: {
        state: 'NEW',
        version: 0,
        assignee: null,
        reason: null,
        until: null,
        suppressedBy: null,
        history: [],
      },
    })
  })

  test('it is taken on, assigned, closed with a reason and reopened; every word is kept', async () => {
    const steps = [
      { state: 'ACKNOWLEDGED' },
      { assignee: 'bob', comment: 'mine' },
      { state: 'CLOSED', reason: 'FIXED', comment: 'done' },
      { state: 'NEW', unassign: true },
    ]
    for (const [i, step] of steps.entries()) {
      now += 1_000
      const answer = await triage({ expectedVersions: [i], ...step })
      expect(answer).toMatchObject({ __typename: 'TriagePayload' })
    }
    const { finding } = await data(
      `query ($id: ID!) { finding(id: $id) { ... on Finding { triage { state version assignee reason note updatedBy
        history { at by state assignee reason comment until version } } } } }`,
      { id: FINDING },
    )
    const by = 'local'
    const none = { assignee: null, reason: null, comment: null, until: null }
    expect(finding).toEqual({
      triage: {
        state: 'NEW',
        version: 4,
        assignee: null,
        reason: null,
        note: 'done',
        updatedBy: by,
        history: [
          { ...none, at: at(1), by, state: 'ACKNOWLEDGED', version: 1 },
          {
            ...none,
            at: at(2),
            by,
            state: 'ACKNOWLEDGED',
            assignee: 'bob',
            comment: 'mine',
            version: 2,
          },
          {
            at: at(3),
            by,
            state: 'CLOSED',
            assignee: 'bob',
            reason: 'FIXED',
            comment: 'done',
            until: null,
            version: 3,
          },
          { ...none, at: at(4), by, state: 'NEW', version: 4 },
        ],
      },
    })
  })

  test('who comes second is told the version that stands, and changes nothing', async () => {
    await triage({ findings: ['third'], state: 'ACKNOWLEDGED' })
    const answer = await triage({
      findings: [FINDING, 'third'],
      expectedVersions: [0, 0],
      state: 'IN_PROGRESS',
    })
    expect(answer).toMatchObject({
      __typename: 'ConflictError',
      version: 1,
      finding: { id: 'third' },
    })
    expect(await idsWhere({ triage: ['IN_PROGRESS'] })).toEqual([])
    expect(await idsWhere({ triage: ['ACKNOWLEDGED'] })).toEqual(['third'])
  })

  test('two at once: one of them is first', async () => {
    const answers = await Promise.all([
      triage({ state: 'ACKNOWLEDGED' }),
      triage({ state: 'IN_PROGRESS' }),
    ])
    expect(answers.map((answer) => answer['__typename']).sort()).toEqual([
      'ConflictError',
      'TriagePayload',
    ])
  })

  test('what is closed is reopened before anything else', async () => {
    await triage({ state: 'CLOSED', reason: 'DUPLICATE' })
    expect(await triage({ expectedVersions: [1], state: 'ACKNOWLEDGED' })).toMatchObject({
      __typename: 'InvalidTransitionError',
      from: 'CLOSED',
      to: 'ACKNOWLEDGED',
    })
    expect(await triage({ expectedVersions: [1], state: 'CLOSED', reason: 'FIXED' })).toMatchObject(
      { findings: [{ triage: { reason: 'FIXED', version: 2 } }] },
    )
  })

  test.each([
    ['a finding that is not there', { findings: ['nothing'] }, 'NotFoundError', undefined],
    ['no finding', { findings: [], expectedVersions: [] }, undefined, 'input.findings'],
    [
      'one twice',
      { findings: ['third', 'third'], expectedVersions: [0, 0] },
      undefined,
      'input.findings',
    ],
    ['a version too few', { expectedVersions: [] }, undefined, 'input.expectedVersions'],
    ['closing without a reason', { state: 'CLOSED' }, undefined, 'input.reason'],
    ['a reason for nothing', { state: 'ACKNOWLEDGED', reason: 'FIXED' }, undefined, 'input.reason'],
    ['accepting without end', { state: 'ACCEPTED', reason: 'FIXED' }, undefined, 'input.until'],
    [
      'accepting until yesterday',
      { state: 'ACCEPTED', reason: 'FIXED', until: new Date(NOW - DAY).toISOString() },
      undefined,
      'input.until',
    ],
    [
      'accepting for years',
      { state: 'ACCEPTED', reason: 'FIXED', until: new Date(NOW + 400 * DAY).toISOString() },
      undefined,
      'input.until',
    ],
    ['saying nothing', { state: null }, undefined, 'input'],
    ['a name without end', { assignee: 'x'.repeat(300) }, undefined, 'input.assignee'],
    ['a comment without end', { comment: 'x'.repeat(5_000) }, undefined, 'input.comment'],
  ])('%s is refused', async (_, input, type, argument) => {
    const answer = await triage({ state: 'ACKNOWLEDGED', ...input })
    expect(answer['__typename']).toBe(type ?? 'InvalidArgumentError')
    if (argument !== undefined) expect(answer['argument']).toBe(argument)
  })

  test('findings are found by where people stand with them', async () => {
    await triage({ state: 'ACKNOWLEDGED', assignee: 'bob' })
    expect(await idsWhere({ assignee: ['bob'] })).toEqual([FINDING])
    expect(await idsWhere({ assignee: [''], triage: ['NEW'] })).toEqual(['other', 'third'])
    expect(await idsWhere({ triage: ['NEW', 'ACKNOWLEDGED'], pages: true })).toEqual([
      FINDING,
      'third',
    ])
  })
})

describe('suppressions', () => {
  const SUPPRESS = `mutation ($matcher: SuppressionMatcher!, $until: DateTime!) {
    suppress(input: { matcher: $matcher, reason: "known", until: $until }) { __typename
      ... on Suppression { nodeId id matcher reason owner active until endedAt hides { nodes { id } } }
      ... on InvalidArgumentError { argument message } } }`

  async function suppress(matcher: object, until = NOW + DAY): Promise<Record<string, unknown>> {
    const variables = { matcher, until: new Date(until).toISOString() }
    return (await data(SUPPRESS, variables))['suppress'] as Record<string, unknown>
  }

  test('a rule tells beforehand what it would hide, then hides it, and ends', async () => {
    const matcher = { fingerprint: ['fingerprint-1'], severityAtMost: 4 }
    const { previewSuppression } = await data(
      `query ($matcher: SuppressionMatcher!) { previewSuppression(matcher: $matcher, first: 1) {
        ... on SuppressionPreview { matches { value } findings { nodes { id } pageInfo { hasNextPage } } } } }`,
      { matcher },
    )
    expect(previewSuppression).toMatchObject({
      matches: { value: 2 },
      findings: { pageInfo: { hasNextPage: true } },
    })
    expect(await idsWhere({ suppressed: true })).toEqual([])

    const rule = await suppress(matcher)
    expect(rule).toMatchObject({ matcher, reason: 'known', owner: 'local', active: true })
    expect(await idsWhere({ suppressed: true })).toEqual([FINDING, 'other'])
    expect(await idsWhere({ suppressed: false })).toEqual(['third'])
    const { suppressions, node } = await data(
      `query ($id: ID!) { suppressions(active: true) { nodes { hides { totalCount { value } } } }
        node(id: $id) { ... on Suppression { id } } }`,
      { id: rule['nodeId'] },
    )
    expect(suppressions).toEqual({ nodes: [{ hides: { totalCount: { value: 2 } } }] })
    expect(node).toEqual({ id: rule['id'] })

    const { endSuppression } = await data(
      'mutation ($id: ID!) { endSuppression(input: { id: $id }) { ... on Suppression { active endedAt endedBy } } }',
      { id: rule['id'] },
    )
    expect(endSuppression).toEqual({ active: false, endedAt: at(0), endedBy: 'local' })
    expect(await idsWhere({ suppressed: true })).toEqual([])
  })

  test('where two rules hide one finding, it is hidden until both have ended', async () => {
    const first = await suppress({ agent: ['agent:worker'] })
    now += 1
    const second = await suppress({ rule: ['D1'] })
    expect(second['hides']).toEqual({ nodes: [] })
    const end = 'mutation ($id: ID!) { endSuppression(input: { id: $id }) { __typename } }'
    await data(end, { id: first['id'] })
    expect(await idsWhere({ suppressed: true })).toEqual([FINDING, 'third'])
    await data(end, { id: second['id'] })
    expect(await idsWhere({ suppressed: true })).toEqual([])
  })

  test.each([
    [{}, 'input.matcher'],
    [{ rule: ['D99'] }, 'input.matcher.rule'],
    [{ rule: [] }, 'input.matcher.rule'],
    [{ agent: [] }, 'input.matcher.agent'],
    [{ severityAtMost: 6 }, 'input.matcher.severityAtMost'],
    [{ agent: null }, 'input.matcher'],
  ])('a matcher %j is refused', async (matcher, argument) => {
    expect(await suppress(matcher)).toMatchObject({ __typename: 'InvalidArgumentError', argument })
  })

  test('a rule without end is refused', async () => {
    expect(await suppress({ rule: ['D1'] }, NOW + 400 * DAY)).toMatchObject({
      argument: 'input.until',
    })
  })
})

describe('an idempotency key', () => {
  const WORD = { state: 'ACKNOWLEDGED', idempotencyKey: 'a' }
  const taken = { __typename: 'TriagePayload', findings: [{ id: FINDING, triage: { version: 1 } }] }

  test('makes one of what comes twice, and is answered with how it is now', async () => {
    expect(await triage(WORD)).toMatchObject(taken)
    expect(await triage(WORD)).toMatchObject(taken)
    await triage({ expectedVersions: [1], comment: 'more', idempotencyKey: 'b' })
    expect(await triage(WORD)).toMatchObject({
      __typename: 'TriagePayload',
      findings: [{ triage: { version: 2, note: 'more' } }],
    })
    // Without one, or with another, it is another word.
    for (const idempotencyKey of [undefined, 'c']) {
      expect(await triage({ ...WORD, idempotencyKey })).toMatchObject({
        __typename: 'ConflictError',
        version: 2,
      })
    }
  })

  test('is refused with other input, whatever is other', async () => {
    await triage(WORD)
    for (const other of [
      { expectedVersions: [1] },
      { findings: ['other'] },
      { state: 'IN_PROGRESS' },
      { comment: 'x' },
    ]) {
      expect(await triage({ ...WORD, ...other })).toMatchObject({
        __typename: 'InvalidArgumentError',
        argument: 'input.idempotencyKey',
      })
    }
    expect(await idsWhere({ triage: ['ACKNOWLEDGED'] })).toEqual([FINDING])
  })

  test('is taken with any text, and read as the store keeps it', async () => {
    const odd = { ...WORD, comment: 'half a \ud83d sign' }
    expect(await triage(odd)).toMatchObject(taken)
    expect(await triage(odd)).toMatchObject(taken)
    expect(await triage({ ...odd, comment: 'half a sign' })).toMatchObject({
      argument: 'input.idempotencyKey',
    })
  })

  test('is not taken by what was refused', async () => {
    const ahead = { ...WORD, expectedVersions: [7] }
    expect(await triage(ahead)).toMatchObject({ __typename: 'ConflictError' })
    expect(await triage(WORD)).toMatchObject(taken)
  })

  test.each(['', 'x'.repeat(129)])('of a wrong length is refused', async (idempotencyKey) => {
    expect(await triage({ ...WORD, idempotencyKey })).toMatchObject({
      argument: 'input.idempotencyKey',
    })
  })
})

test('what wakes somebody comes before notes', async () => {
  const { findings } = await data(
    '{ findings(orderBy: { field: URGENCY }) { ... on FindingConnection { nodes { id } } } }',
  )
  expect(findings).toEqual({ nodes: [{ id: 'third' }, { id: FINDING }, { id: 'other' }] })
})

function at(seconds: number): string {
  return new Date(NOW + seconds * 1_000).toISOString()
}
