import { beforeAll, describe, expect, test } from 'vitest'
import { NO_LOGIN } from '../access/access.ts'
import type { Role } from '../access/viewer.ts'
import type { DeliveryResult } from '../alerts/index.ts'
import { owedAlerts } from '../alerts/owed-alerts.ts'
import { testChannel, testRoute } from '../alerts/testing/channel.ts'
import { aFinding, NOW, nodeOf } from '../alerts/testing/finding.ts'
import { documentId, openDocuments } from './documents.ts'
import { ask, startTestServer, type TestServer } from './test-server.ts'

const seen: string[] = []
const answers = new Map<string, DeliveryResult>()
const channels = ['pager', 'lake'].map((name) =>
  testChannel(
    {
      deliver: async (message) => {
        seen.push(`${name} ${message.kind === 'finding' ? message.event.data.change : ''}`)
        return answers.get(name) ?? { kind: 'delivered' }
      },
    },
    { name, kind: name === 'lake' ? 'ocsf' : 'pagerduty' },
  ),
)
const role = { now: 'admin' as Role }

const LOG = `query ($filter: DeliveryFilter, $first: Int, $after: String) { alertLog { __typename
  ... on ForbiddenError { needs }
  ... on AlertLog {
    channels { name kind owed held dead lastDelivery lastError lastErrorAt }
    deliveries(filter: $filter, first: $first, after: $after) { __typename
      ... on InvalidArgumentError { message }
      ... on AlertDeliveryConnection { totalCount { value } pageInfo { endCursor hasNextPage }
        nodes { channel change state attempts rule severity finding { id } learnedAt settledAt nextAttemptAt error failedAt } } } } } }`

// A viewer asks documents alone that are known.
const known = openDocuments({ name: 'a file', json: JSON.stringify({ [documentId(LOG)]: LOG }) })

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    channels,
    documents: known,
    access: {
      ...NO_LOGIN,
      viewerOf: async () => ({ name: 'test', roles: [role.now], tenant: 'default' }),
    },
  })
  const alerts = [1, 2, 3].flatMap((n) => {
    const finding = aFinding(`f${n}`, { rule: n === 3 ? 'D2' : 'D1' })
    const change = { change: 'opened', id: finding.id, finding, cursor: `${n}.1` } as const
    return owedAlerts(change, [testRoute('pager')], NOW + n)
  })
  const [first, second, third] = alerts
  if (first === undefined || second === undefined || third === undefined) throw new Error('three')
  const columns = { state: 'delivered', attempts: 2, deliveredAt: NOW + 50, error: '' }
  const failed = { attempts: 4, error: 'answered 503', failedAt: NOW + 60 }
  await server.store.write({
    nodes: [
      ...[1, 2].map((n) => nodeOf(aFinding(`f${n}`))),
      { ...first, columns: { ...first.columns, ...columns } },
      { ...second, columns: { ...second.columns, ...failed } },
      third,
      // A delivery that a rebuild knows of, before it knows what it was about.
      { kind: 'Alert', key: 'stub', columns: { id: 'stub', state: 'delivered', recordedAs: 9 } },
    ],
    edges: [],
  })
})

type Log = {
  readonly channels: readonly object[]
  readonly deliveries: {
    readonly nodes: readonly { readonly rule: string; readonly finding: { id: string } | null }[]
    readonly totalCount: { readonly value: number }
    readonly pageInfo: { readonly endCursor: string; readonly hasNextPage: boolean }
  }
}
const log = async (variables: object = {}): Promise<Log> => {
  const { data, errors } = await ask(server, LOG, { ...variables })
  expect(errors).toEqual([])
  return (data as { readonly alertLog: Log }).alertLog
}

describe('the log of deliveries', () => {
  test('says how each channel stands', async () => {
    const { channels: told } = await log()
    const nothing = { owed: 0, held: 0, dead: 0, lastDelivery: null, lastError: null }
    expect(told).toEqual([
      {
        ...{ name: 'pager', kind: 'pagerduty', owed: 2, held: 0, dead: 0 },
        lastDelivery: new Date(NOW + 50).toISOString(),
        lastError: 'answered 503',
        lastErrorAt: new Date(NOW + 60).toISOString(),
      },
      { name: 'lake', kind: 'ocsf', ...nothing, lastErrorAt: null },
    ])
  })

  test('has what was told and what is owed, the newest first, page by page', async () => {
    const { nodes, totalCount, pageInfo } = (await log({ first: 2 })).deliveries
    expect(totalCount.value).toBe(3)
    expect(pageInfo.hasNextPage).toBe(true)
    expect(nodes).toMatchObject([
      { rule: 'D2', state: 'OWED', attempts: 0, finding: null },
      { state: 'OWED', attempts: 4, error: 'answered 503', finding: { id: 'f2' } },
    ])
    const rest = await log({ first: 2, after: pageInfo.endCursor })
    expect(rest.deliveries.nodes).toMatchObject([
      {
        ...{ channel: 'pager', change: 'OPENED', state: 'DELIVERED', attempts: 2, error: null },
        ...{ settledAt: new Date(NOW + 50).toISOString(), nextAttemptAt: null },
      },
    ])
  })

  test('is narrowed by channel, state, rule and finding', async () => {
    const rulesOf = async (filter: object) =>
      (await log({ filter })).deliveries.nodes.map(({ rule }) => rule)
    expect(await rulesOf({ state: ['DELIVERED'] })).toEqual(['D1'])
    expect(await rulesOf({ rule: ['D2'] })).toEqual(['D2'])
    expect(await rulesOf({ finding: ['f2'], state: ['OWED', 'DEAD'] })).toEqual(['D1'])
    expect(await rulesOf({ channel: ['lake'] })).toEqual([])
    expect((await log({ first: 0 })).deliveries).toMatchObject({
      __typename: 'InvalidArgumentError',
    })
  })

  test('is for those who run it', async () => {
    role.now = 'viewer'
    expect(await log()).toEqual({ __typename: 'ForbiddenError', needs: 'ANALYST' })
    role.now = 'analyst'
    expect((await log()).channels).toHaveLength(2)
    role.now = 'admin'
  })
})

describe('a test of a channel', () => {
  const run = async (name: string) => {
    seen.length = 0
    const { data, errors } = await ask(
      server,
      `mutation ($name: String!) { testAlertChannel(input: { name: $name }) { __typename
        ... on AlertTest { channel delivered says } ... on UserError { message } } }`,
      { name },
    )
    expect(errors).toEqual([])
    return (data as { readonly testAlertChannel: object }).testAlertChannel
  }

  test('opens a finding that is none and takes it back', async () => {
    expect(await run('pager')).toMatchObject({ channel: 'pager', delivered: true })
    expect(seen).toEqual(['pager opened', 'pager withdrawn'])
  })

  test('says what the receiver answered', async () => {
    answers.set('lake', { kind: 'later', reason: 'answered 503' })
    expect(await run('lake')).toEqual({
      ...{ __typename: 'AlertTest', channel: 'lake', delivered: false },
      says: 'lake did not take the test finding: answered 503',
    })
    answers.clear()
  })

  test('takes an admin, and a channel that there is', async () => {
    expect(await run('nowhere')).toMatchObject({ __typename: 'NotFoundError' })
    role.now = 'analyst'
    expect(await run('pager')).toMatchObject({ __typename: 'ForbiddenError' })
    expect(seen).toEqual([])
    role.now = 'admin'
  })
})
