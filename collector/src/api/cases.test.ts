import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { FINDING, finding, NOW } from './test-graph.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

let now = NOW
let server: TestServer

beforeEach(async () => {
  now = NOW
  server = await startTestServer({ clock: () => now })
  await server.store.write({
    nodes: Array.from({ length: 12 }, (_, i) => finding(`f${i}`, { urgency: 100 + i })),
    edges: [],
  })
})
afterEach(() => server[Symbol.asyncDispose]())

async function data(query: string, variables = {}): Promise<Record<string, unknown>> {
  const answer = await ask(server, query, variables)
  expect(answer.errors).toEqual([])
  return answer.data ?? {}
}

const TOLD = `__typename ... on Case { id title state version size openedAt openedBy updatedAt closedAt closedBy }
  ... on UserError { message } ... on InvalidArgumentError { argument }
  ... on CaseConflictError { version case { id } } ... on CaseClosedError { case { id state } }`
const NAMES = {
  open: ['openCase', 'OpenCaseInput'],
  add: ['addToCase', 'AddToCaseInput'],
  take: ['takeFromCase', 'TakeFromCaseInput'],
  change: ['changeCase', 'ChangeCaseInput'],
} as const

async function say(what: keyof typeof NAMES, input: object): Promise<Record<string, unknown>> {
  const [field, type] = NAMES[what]
  const query = `mutation ($input: ${type}!) { ${field}(input: $input) { ${TOLD} } }`
  return (await data(query, { input }))[field] as Record<string, unknown>
}

const item = (id: string, note?: string, kind = 'FINDING') => ({ kind, id, ...(note && { note }) })

async function opened(input: object = {}): Promise<string> {
  const told = await say('open', { title: 'Riding an approval', ...input })
  expect(told).toMatchObject({ __typename: 'Case' })
  return String(told['id'])
}

async function itemsOf(id: string): Promise<Record<string, unknown>[]> {
  const query = `query ($id: ID!) { case(id: $id) { ... on Case { items(first: 200) { nodes { kind id note addedAt addedBy
    subject { __typename ... on Finding { id } ... on Agent { id } ... on NotFoundError { message trimmedAt } } } } } } }`
  const told = (await data(query, { id }))['case'] as {
    items: { nodes: Record<string, unknown>[] }
  }
  return told.items.nodes
}

describe('a case', () => {
  test('is opened with what was found, and says who did what and when', async () => {
    const id = await opened({ items: [item(FINDING, 'where it began')], comment: 'on call' })
    now += 1_000
    expect(await say('add', { case: id, expectedVersion: 1, items: [item('f1')] })).toMatchObject({
      version: 2,
      size: 2,
    })
    now += 1_000
    expect(await say('take', { case: id, expectedVersion: 2, items: [item('f1')] })).toMatchObject({
      version: 3,
      size: 1,
    })
    now += 1_000
    const closed = { state: 'CLOSED', title: 'Ridden', comment: 'repaired' }
    expect(await say('change', { case: id, expectedVersion: 3, ...closed })).toMatchObject({
      ...{ title: 'Ridden', state: 'CLOSED', version: 4, size: 1, openedBy: 'local' },
      ...{ openedAt: at(0), updatedAt: at(3), closedAt: at(3), closedBy: 'local' },
    })
    expect(await itemsOf(id)).toEqual([
      {
        ...{ kind: 'FINDING', id: FINDING, note: 'where it began' },
        ...{ addedAt: at(0), addedBy: 'local', subject: { __typename: 'Finding', id: FINDING } },
      },
    ])
    const history = `query ($id: ID!) { case(id: $id) { ... on Case { history { nodes {
      version at by change title state comment items { kind id note } } } } } }`
    const by = 'local'
    const none = { title: null, state: null, comment: null, items: [] }
    expect((await data(history, { id }))['case']).toEqual({
      history: {
        nodes: [
          {
            ...{ version: 1, at: at(0), by, change: 'OPENED', title: 'Riding an approval' },
            ...{ state: null, comment: 'on call' },
            items: [item(FINDING, 'where it began')],
          },
          { ...none, version: 2, at: at(1), by, change: 'ADDED', items: [without('f1')] },
          { ...none, version: 3, at: at(2), by, change: 'TAKEN', items: [without('f1')] },
          { ...none, version: 4, at: at(3), by, change: 'CHANGED', ...closed },
        ],
      },
    })
  })

  test('that was closed takes nothing until it is opened again, and can be talked of', async () => {
    const id = await opened({ items: [item('f1')] })
    await say('change', { case: id, expectedVersion: 1, state: 'CLOSED' })
    const closed = { __typename: 'CaseClosedError', case: { id, state: 'CLOSED' } }
    expect(await say('add', { case: id, expectedVersion: 2, items: [item('f2')] })).toMatchObject(
      closed,
    )
    expect(await say('take', { case: id, expectedVersion: 2, items: [item('f1')] })).toMatchObject(
      closed,
    )
    expect(await say('change', { case: id, expectedVersion: 2, comment: 'why' })).toMatchObject({
      version: 3,
    })
    expect(await say('change', { case: id, expectedVersion: 3, state: 'OPEN' })).toMatchObject({
      ...{ state: 'OPEN', closedAt: null, closedBy: null },
    })
    expect(await say('add', { case: id, expectedVersion: 4, items: [item('f2')] })).toMatchObject({
      size: 2,
    })
  })

  test('tells who comes second the version that stands, and changes nothing', async () => {
    const id = await opened()
    await say('add', { case: id, expectedVersion: 1, items: [item('f1')] })
    for (const [what, rest] of [
      ['add', { items: [item('f2')] }],
      ['take', { items: [item('f1')] }],
      ['change', { title: 'other' }],
    ] as const) {
      expect(await say(what, { case: id, expectedVersion: 1, ...rest })).toMatchObject({
        ...{ __typename: 'CaseConflictError', version: 2, case: { id } },
      })
    }
    expect((await itemsOf(id)).map((one) => one['id'])).toEqual(['f1'])
  })

  test('keeps what is in it already as it was added, and says nothing where nothing is new', async () => {
    const id = await opened({ items: [item('f1', 'first')] })
    expect(
      await say('add', { case: id, expectedVersion: 1, items: [item('f1', 'second')] }),
    ).toMatchObject({
      version: 1,
    })
    await say('add', { case: id, expectedVersion: 1, items: [item('f1', 'second'), item('f2')] })
    expect((await itemsOf(id)).map(({ id, note }) => [id, note])).toEqual([
      ['f1', 'first'],
      ['f2', null],
    ])
  })

  test('says nothing of a title or a state that it has already', async () => {
    const id = await opened()
    const known = { case: id, expectedVersion: 1 }
    const same = { state: 'OPEN', title: 'Riding an approval' }
    expect(await say('change', { ...known, ...same })).toMatchObject({ version: 1 })
    expect(await say('change', { ...known, ...same, comment: 'x' })).toMatchObject({ version: 2 })
    const query = `query ($id: ID!) { case(id: $id) { ... on Case { history { nodes { title state comment } } } } }`
    expect((await data(query, { id }))['case']).toMatchObject({
      history: { nodes: [{}, { title: null, state: null, comment: 'x' }] },
    })
  })

  test('refuses what is not known, what is not in it, and what cannot be', async () => {
    const id = await opened({ items: [item('f1')] })
    const known = { case: id, expectedVersion: 1 }
    const none = { __typename: 'NotFoundError' }
    expect(await say('add', { ...known, items: [item('f2'), item('nobody')] })).toMatchObject(none)
    expect(await say('add', { ...known, items: [item('f1', '', 'AGENT')] })).toMatchObject(none)
    expect(await say('take', { ...known, items: [item('f2')] })).toMatchObject(none)
    expect(await say('change', { case: 'case_x', expectedVersion: 1, title: 'x' })).toMatchObject(
      none,
    )
    expect(await say('open', { title: 'x', items: [item('nobody')] })).toMatchObject(none)
    const wrong = (argument: string) => ({ __typename: 'InvalidArgumentError', argument })
    expect(await say('open', { title: ' ' })).toMatchObject(wrong('input.title'))
    expect(await say('open', { title: 'x'.repeat(201) })).toMatchObject(wrong('input.title'))
    expect(await say('add', { ...known, items: [] })).toMatchObject(wrong('input.items'))
    expect(await say('add', { ...known, items: [item('f2'), item('f2')] })).toMatchObject(
      wrong('input.items'),
    )
    expect(await say('add', { ...known, items: [item('f2', 'x'.repeat(4_001))] })).toMatchObject(
      wrong('input.items.note'),
    )
    expect(await say('change', known)).toMatchObject(wrong('input'))
    expect(await say('change', { ...known, comment: ' ' })).toMatchObject(wrong('input.comment'))
    expect(await say('change', { ...known, comment: 'x', idempotencyKey: '' })).toMatchObject(
      wrong('input.idempotencyKey'),
    )
    expect(
      (await data('query ($id: ID!) { case(id: $id) { __typename } }', { id: 'case_x' }))['case'],
    ).toEqual(none)
  })

  test('takes what comes again with its key once, and nothing else with that key', async () => {
    const again = { idempotencyKey: 'k1', title: 'once', items: [item('f1')] }
    const id = await opened(again)
    expect(await opened(again)).toBe(id)
    const add = { case: id, expectedVersion: 1, items: [item('f2')], idempotencyKey: 'k2' }
    for (const _ of [1, 2]) expect(await say('add', add)).toMatchObject({ version: 2, size: 2 })
    const other = { __typename: 'InvalidArgumentError', argument: 'input.idempotencyKey' }
    expect(await say('open', { ...again, title: 'other' })).toMatchObject(other)
    // A key is one over everything that somebody says, of findings too.
    const triage = `mutation ($input: TriageInput!) { triage(input: $input) { __typename ... on InvalidArgumentError { argument } } }`
    const word = { findings: ['f1'], expectedVersions: [0], comment: 'x', idempotencyKey: 'k1' }
    expect((await data(triage, { input: word }))['triage']).toEqual(other)
    expect(
      (await data('{ cases { ... on CaseConnection { totalCount { value } } } }'))['cases'],
    ).toEqual({
      totalCount: { value: 1 },
    })
  })

  test('is listed newest first, by its state and by what it holds, in pages', async () => {
    const ids: string[] = []
    for (const holds of [['f1'], ['f1', 'f2'], []]) {
      now += 1_000
      ids.push(await opened({ items: holds.map((one) => item(one)) }))
    }
    const [first = '', second = '', third = ''] = ids
    await say('change', { case: second, expectedVersion: 1, state: 'CLOSED' })
    const list = async (where: object, page: object = {}) => {
      const query = `query ($where: CaseFilter, $first: Int, $after: String) { cases(where: $where, first: $first, after: $after) {
        ... on CaseConnection { nodes { id } pageInfo { hasNextPage endCursor } } ... on InvalidArgumentError { argument } } }`
      return (await data(query, { where, ...page }))['cases'] as {
        nodes: { id: string }[]
        pageInfo: { hasNextPage: boolean; endCursor: string }
      }
    }
    const idsOf = async (where: object) => (await list(where)).nodes.map(({ id }) => id)
    expect(await idsOf({})).toEqual([third, second, first])
    expect(await idsOf({ state: ['OPEN'] })).toEqual([third, first])
    expect(await idsOf({ holds: item('f1') })).toEqual([second, first])
    expect(await idsOf({ holds: item('f1'), state: ['CLOSED'] })).toEqual([second])
    expect(await idsOf({ holds: item('f9') })).toEqual([])
    expect(await idsOf({ holds: item('f1', '', 'ACTION') })).toEqual([])
    const page = await list({}, { first: 2 })
    expect(page.pageInfo.hasNextPage).toBe(true)
    const rest = await list({}, { first: 2, after: page.pageInfo.endCursor })
    expect(rest.nodes).toEqual([{ id: first }])
    expect(await list({}, { first: 201 })).toEqual({ argument: 'first' })
  })

  test('is a node, and its things are loaded in one batch of each kind', async () => {
    const id = await opened({ items: Array.from({ length: 12 }, (_, i) => item(`f${i}`)) })
    const asked: string[] = []
    const find = server.store.find.bind(server.store)
    server.store.find = (kind, column, values) => {
      asked.push(`${kind} ${values.length}`)
      return find(kind, column, values)
    }
    const { node } = await data(
      `query ($id: ID!) { node(id: $id) { ... on Case { id items { nodes { subject { ... on Finding { title } } } } } } }`,
      { id: `Case:${id}` },
    )
    expect(node).toMatchObject({ id })
    expect(asked).toEqual(['Case 1', 'Finding 12'])
  })

  test('cannot be asked of what was true at an instant, only of what was known', async () => {
    const query = `query ($asOf: AsOf) { cases(asOf: $asOf) { __typename ... on InvalidArgumentError { argument } } }`
    const asOf = { validAt: new Date(now).toISOString() }
    expect((await data(query, { asOf }))['cases']).toEqual({
      __typename: 'InvalidArgumentError',
      argument: 'asOf.validAt',
    })
  })
})

function without(id: string) {
  return { kind: 'FINDING', id, note: null }
}

function at(seconds: number): string {
  return new Date(NOW + seconds * 1_000).toISOString()
}
