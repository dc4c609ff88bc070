import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { action, finding, NOW } from '../../collector/src/api/test-graph.ts'
import { ask, startTestServer, type TestServer } from '../../collector/src/api/test-server.ts'
import { openStoreOf } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { medianOf } from '../../collector/src/questions/posture/time-to-triage.ts'
import { createZones } from '../../collector/src/zones/zones.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const DAY = 86_400_000
/** A midnight in UTC. */
const START = Math.floor(NOW / DAY) * DAY
const HOUR = 3_600_000
const OPEN = ['NEW', 'ACKNOWLEDGED', 'IN_PROGRESS']

interface Standing {
  readonly open: number
  readonly accepted: number
  readonly closed: number
  readonly withdrawn: number
}

const zones = createZones([
  { name: 'payments', criticality: 5, tools: ['https://pay.example/*'], resources: [] },
  { name: 'mail', criticality: 2, tools: ['*#send'], resources: ['inbox:*'] },
])

describe.each(storePlaces())('posture on $name', ({ store, env }) => {
  const folder = temporaryFolder()
  let now = START
  let server: TestServer
  beforeEach(async () => {
    now = START
    server = await startTestServer({
      store: await openStoreOf({ ...readConfig({ data: folder.path }, {}), store }, env),
      empty: true,
      clock: () => now,
      zones,
    })
    await server.store.clear()
  })
  afterEach(async () => {
    await server.store.clear()
    await server[Symbol.asyncDispose]()
  })

  afterAll(() => folder[Symbol.dispose]())

  async function data<T>(query: string, variables: object = {}): Promise<T> {
    const answer = await ask(server, query, { ...variables })
    expect(answer.errors).toEqual([])
    return answer.data as T
  }

  async function count(where: object): Promise<number> {
    const query = `query ($where: FindingFilter) {
      findings(where: $where) { ... on FindingConnection { totalCount { value } } } }`
    const { findings } = await data<{ findings: { totalCount: { value: number } } }>(query, {
      where,
    })
    return findings.totalCount.value
  }

  /** What is so now, by the filters that everybody has. */
  const standing = async (): Promise<Standing> => ({
    open: await count({ state: ['OPEN'], triage: OPEN }),
    accepted: await count({ triage: ['ACCEPTED'] }),
    closed: await count({ triage: ['CLOSED'] }),
    withdrawn: await count({ state: ['WITHDRAWN'], triage: OPEN }),
  })

  async function say(id: string, version: number, word: object): Promise<void> {
    const { triage } = await data<{ triage: { __typename: string } }>(
      'mutation ($input: TriageInput!) { triage(input: $input) { __typename } }',
      { input: { findings: [id], expectedVersions: [version], ...word } },
    )
    expect(triage.__typename).toBe('TriagePayload')
  }

  it('counts findings by the zones of their tools and resources, with what to filter by', async () => {
    const refund = 'https://pay.example/mcp#refund'
    const send = 'https://pay.example/mcp#send'
    const read = 'https://x.example#read'
    const on = (id: string, tool: string, columns = {}) => finding(id, { tool, ...columns })
    await server.store.write({
      nodes: [
        ...[on('f1', refund), on('f2', send), on('f3', read)],
        ...[on('f4', send, { triage: 'closed' }), on('f5', refund, { triage: 'accepted' })],
        // In a zone by what it was done to alone, and by both, which is one finding.
        ...[on('f6', read, { resource: 'inbox:7' }), on('f7', send, { resource: 'inbox:8' })],
      ],
      edges: [],
    })
    const { posture } = await data<{ posture: { zones: unknown[] } }>(
      `{ posture { ... on Posture { zones { zone { name criticality } tools resources complete
        open { value } accepted { value } closed { value } } } } }`,
    )
    expect(posture.zones).toEqual([
      {
        ...{ zone: { name: 'payments', criticality: 5 }, tools: [refund, send], resources: [] },
        ...{ complete: true, open: { value: 3 }, accepted: { value: 1 }, closed: { value: 1 } },
      },
      {
        ...{ zone: { name: 'mail', criticality: 2 }, tools: [send] },
        ...{ resources: ['inbox:7', 'inbox:8'], complete: true },
        ...{ open: { value: 3 }, accepted: { value: 0 }, closed: { value: 1 } },
      },
    ])
    now = NOW + 1
    // The zone as a filter gives the same numbers, and so does the trend of one.
    const open = { state: ['OPEN'], triage: OPEN }
    expect(await count({ ...open, zone: ['payments'] })).toBe(3)
    expect(await count({ ...open, zone: ['mail'] })).toBe(3)
    expect(await count({ ...open, zone: ['mail', 'payments'] })).toBe(4)
    const trend = '{ days { raised open accepted closed } }'
    const { posture: trends } = await data<{ posture: Record<string, { days: unknown[] }> }>(
      `{ posture(days: 1) { ... on Posture { all: trend ${trend}
        mail: trend(zone: "mail") ${trend} payments: trend(zone: "payments") ${trend} } } }`,
    )
    expect(trends['all']?.days).toMatchObject([{ raised: 7, open: 7 }])
    expect(trends['mail']?.days).toMatchObject([{ raised: 4, open: 4 }])
    expect(trends['payments']?.days).toMatchObject([{ raised: 5, open: 5 }])
  })

  it('tells of each day what was so at its end', async () => {
    const DAYS = 6
    const versions = new Map<string, number>()
    const aside = new Set<string>()
    const gone = new Set<string>()
    const then: (Standing & { raised: number })[] = []
    let seed = 7
    const random = (n: number): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31
      return Math.floor((seed / 2 ** 31) * n)
    }
    for (let day = 0; day < DAYS; day += 1) {
      let raised = 0
      for (const hour of [0, 5, 11, 17, 23]) {
        now = START + day * DAY + hour * HOUR + (hour === 23 ? HOUR - 1 : 0)
        for (let i = random(3); i > 0; i -= 1) {
          const id = `f${versions.size}`
          const at = { raisedAt: now, updatedAt: now, fingerprint: id }
          await server.store.write({ nodes: [finding(id, at)], edges: [] })
          versions.set(id, 0)
          raised += 1
        }
        for (const [id, version] of [...versions].filter(() => random(3) === 0)) {
          const word = wordFor(random(6), aside.has(id), now)
          await say(id, version, word)
          versions.set(id, version + 1)
          if ('state' in word) aside[word.state === 'NEW' ? 'delete' : 'add'](id)
          if ('state' in word && ['ACKNOWLEDGED', 'IN_PROGRESS'].includes(word.state))
            aside.delete(id)
        }
        const [first] = [...versions.keys()].filter((id) => !gone.has(id) && random(9) === 0)
        if (first === undefined) continue
        gone.add(first)
        const columns = { id: first, state: 'withdrawn', updatedAt: now }
        await server.store.write({ nodes: [{ kind: 'Finding', key: first, columns }], edges: [] })
      }
      then.push({ raised, ...(await standing()) })
    }
    // Each of the four was seen.
    for (const key of ['open', 'accepted', 'closed', 'withdrawn'] as const) {
      expect(Math.max(...then.map((day) => day[key])), key).toBeGreaterThan(0)
    }
    const query = `query ($days: Int!) { posture(days: $days) { ... on Posture { since until
      trend { complete days { at raised open accepted closed withdrawn } } } } }`
    for (const days of [1, 4, DAYS]) {
      const { posture } = await data<{ posture: { trend: { days: object[] } } }>(query, { days })
      expect(posture).toMatchObject({
        since: new Date(START + (DAYS - days) * DAY).toISOString(),
        until: new Date(now).toISOString(),
        trend: { complete: true },
      })
      const ends = Array.from({ length: days }, (_, i) =>
        new Date(START + (DAYS - days + i + 1) * DAY - 1).toISOString(),
      )
      expect(posture.trend.days).toEqual(
        then.slice(-days).map((day, i) => ({ at: ends[i], ...day })),
      )
    }
  })

  it('counts a finding that a rebuild dated later than what was said of it', async () => {
    const at = { raisedAt: START + 3 * DAY, updatedAt: START + 3 * DAY }
    await server.store.write({ nodes: [finding('late', at)], edges: [] })
    now = START + HOUR
    await say('late', 0, { state: 'ACKNOWLEDGED' })
    now = START + DAY + HOUR
    await say('late', 1, { state: 'CLOSED', reason: 'FIXED' })
    now = START + 4 * DAY
    const { posture } = await data<{ posture: object }>(
      `{ posture(days: 5) { ... on Posture { trend { days { open closed } }
        timeToTriage { findings { value } known medianSeconds } } } }`,
    )
    const closed = { open: 0, closed: 1 }
    expect(posture).toEqual({
      trend: { days: [{ open: 1, closed: 0 }, closed, closed, closed, closed] },
      timeToTriage: { findings: { value: 1 }, known: 0, medianSeconds: null },
    })
  })

  it('measures until the first word that takes a finding out of new, and counts as the filters do', async () => {
    const ids = ['a', 'b', 'c', 'd', 'untouched', 'long-ago']
    const nodes = ids.map((id, i) =>
      finding(id, {
        raisedAt: id === 'long-ago' ? START - 60 * DAY : START + i,
        rule: id === 'd' ? 'D5' : 'D1',
        culpritKind: 'approval',
        culprit: id === 'c' ? 'yes-2' : 'yes-1',
      }),
    )
    const grades = ['proven', 'signed', 'signed', 'asserted', 'observed', 'observed', 'observed']
    const actions = grades.map((grade, i) => action(`t-${i}`, { grade, at: START + i }))
    const old = action('t-old', { grade: 'observed', at: START - 60 * DAY })
    await server.store.write({ nodes: [...nodes, ...actions, old], edges: [] })
    now = START + HOUR
    await say('a', 0, { comment: 'who knows this?' })
    await say('b', 0, { state: 'ACKNOWLEDGED' })
    now = START + 2 * HOUR
    await say('a', 1, { state: 'IN_PROGRESS' })
    await say('b', 1, { state: 'CLOSED', reason: 'DETECTOR_WRONG' })
    now = START + 9 * HOUR
    await say('c', 0, { state: 'CLOSED', reason: 'FIXED' })
    await say('d', 0, { state: 'CLOSED', reason: 'DETECTOR_WRONG' })
    await say('d', 1, { state: 'NEW' })
    await say('long-ago', 0, { state: 'CLOSED', reason: 'DUPLICATE' })
    const { posture } = await data<{ posture: object }>(`{ posture(days: 30) { ... on Posture {
      timeToTriage { findings { value approximate } known medianSeconds }
      rules { rule ruleName open { value } closed { value } detectorWrong { value } }
      mostBlamed { kind id findings { value } }
      evidence { proven { value } signed { value } asserted { value } observed { value approximate } } } } }`)
    expect(posture).toEqual({
      // a, b and c; d came back, and is new.
      timeToTriage: { findings: { value: 3, approximate: false }, known: 3, medianSeconds: 7_200 },
      rules: [
        {
          ...{ rule: 'D1', ruleName: 'approved-action-inheritance', open: { value: 2 } },
          ...{ closed: { value: 3 }, detectorWrong: { value: 1 } },
        },
        {
          ...{ rule: 'D5', ruleName: 'approval-replay', open: { value: 1 } },
          ...{ closed: { value: 0 }, detectorWrong: { value: 0 } },
        },
      ],
      mostBlamed: [{ kind: 'approval', id: 'yes-1', findings: { value: 3 } }],
      evidence: {
        ...{ proven: { value: 1 }, signed: { value: 2 }, asserted: { value: 1 } },
        observed: { value: 3, approximate: false },
      },
    })
    // The rows behind the numbers.
    expect(await count({ rule: ['D1'], triage: ['CLOSED'], reason: ['DETECTOR_WRONG'] })).toBe(1)
    expect(await count({ reason: ['FIXED', 'DUPLICATE'] })).toBe(2)
    expect(await count({ culprit: ['yes-1'], state: ['OPEN'], triage: OPEN })).toBe(3)
  })

  it('has nothing to tell of an empty graph, and refuses a time without end', async () => {
    const { posture } = await data<{ posture: object }>(`{ posture(days: 2) { ... on Posture {
      trend { complete days { open raised } } timeToTriage { known medianSeconds }
      rules { rule } mostBlamed { id } } } }`)
    const none = { open: 0, raised: 0 }
    expect(posture).toEqual({
      trend: { complete: true, days: [none, none] },
      timeToTriage: { known: 0, medianSeconds: null },
      rules: [],
      mostBlamed: [],
    })
    for (const days of [0, 91]) {
      const query = `query ($days: Int) { posture(days: $days) { ... on InvalidArgumentError { argument } } }`
      expect(await data(query, { days })).toEqual({ posture: { argument: 'days' } })
    }
  })
})

it('takes the middle, or the mean of the two in the middle', () => {
  expect(medianOf([])).toBeUndefined()
  expect(medianOf([5])).toBe(5)
  expect(medianOf([9, 1, 4])).toBe(4)
  expect(medianOf([10, 1, 4, 2])).toBe(3)
})

function wordFor(
  roll: number,
  isAside: boolean,
  now: number,
): { readonly state: string } | { readonly comment: string } {
  if (isAside) return roll < 3 ? { state: 'NEW' } : { comment: 'still so' }
  const until = new Date(now + DAY).toISOString()
  return [
    { comment: 'hm' },
    { state: 'ACKNOWLEDGED' },
    { state: 'IN_PROGRESS' },
    { state: 'CLOSED', reason: 'FIXED' },
    { state: 'CLOSED', reason: 'DETECTOR_WRONG' },
    { state: 'ACCEPTED', reason: 'APPROVED_EXCEPTION', until },
  ][roll] as { readonly state: string }
}
