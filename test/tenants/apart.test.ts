import type { GraphQLInterfaceType } from 'graphql'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createApiSchema } from '../../collector/src/api/index.ts'
import type { GraphNode } from '../../collector/src/graph/index.ts'
import { type StorePlace, storePlaces } from '../harness/stores.ts'
import { env, Story, TOOL } from '../harness/story.ts'
import { argumentsOf, deep, flat, type RootField } from './calls.ts'
import {
  nodesOf,
  type Recorded,
  recordIncident,
  type Sent,
  startWorld,
  type World,
} from './worlds.ts'

const schema = createApiSchema()
const fieldsOf = (type: { getFields(): Record<string, unknown> } | null | undefined): RootField[] =>
  Object.values(type?.getFields() ?? {}) as RootField[]
const QUERIES = fieldsOf(schema.getQueryType())
const MUTATIONS = fieldsOf(schema.getMutationType())
const SUBSCRIPTIONS = fieldsOf(schema.getSubscriptionType())

/** A kind gives so many ids, secret ones and others. */
const OF_EACH = 1
/** How far it is followed from what is known, from so many answers of a field. */
const STEPS = 2
const MAX_DEEP = 2
/** Calls in one request. */
const AT_ONCE = 8
/** A field that takes more is asked with fewer ids. */
const MAX_CALLS = 250
const LONG = 300_000
/** Ends the name of the place in Neo4j in which `acme` has no history. */
const ALONE = '-alone'

let recorded: Recorded
beforeAll(async () => {
  recorded = await recordIncident()
}, 60_000)
afterAll(() => recorded[Symbol.dispose]())

it('has a store of Neo4j where one is asked for', () => {
  if (process.env['DELEGRAPH_REQUIRE_NEO4J'] === '1') expect(inject('neo4j')).not.toBeNull()
})

for (const { name, ...place } of storePlaces()) {
  describe(`two tenants in ${name}`, () => apart(place))
}

/**
 * Two worlds are the same to `other`: one in which `acme` has a history, and one in which it has none.
 * `other` has a part of that very history, so that agents, tools, links and tasks have the same names.
 * What it is answered, whatever it asks for, must be equal in both, and hold no word of `acme`.
 */
function apart(place: StorePlace): void {
  let beside: World
  let alone: World
  /** Ids and texts of `acme`, those that `other` has too among them. */
  let names: string[]
  /** Fewer of these, one of a kind. */
  let few: string[]
  let nodeIds: string[]
  let secretFinding: string
  /** Nodes that `other` has, one of a kind. */
  let own: GraphNode[]
  let cursors: string[]
  /** What only `acme` has. */
  let secrets: string[]
  let now: number

  beforeAll(async () => {
    const { sent, part } = recorded
    now = Date.now()
    const elsewhere =
      place.store.kind === 'neo4j'
        ? { ...place, store: { ...place.store, tenant: `${place.store.tenant}${ALONE}` } }
        : place
    beside = await startWorld(recorded, place, now)
    alone = await startWorld(recorded, elsewhere, now)
    await beside.send('acme', sent)
    await beside.send('other', part)
    await alone.send('other', part)
    await beside.send('acme', [secretCase()])
    await beside.told('acme')
    const nodes = await nodesOf(beside.store('acme'))
    const [finding] = nodes.filter(
      ({ kind, columns }) => kind === 'Finding' && columns['rule'] === 'D1',
    )
    secretFinding = finding?.key ?? ''
    const until = new Date(now + 3_600_000).toISOString()
    await beside.ask(
      'acme',
      `mutation { triage(input: { findings: [${JSON.stringify(secretFinding)}], expectedVersions: [0], state: IN_PROGRESS, assignee: "acme-assignee", comment: "a secret word of acme" }) { __typename }
        suppress(input: { matcher: { rule: ["D4"] }, reason: "a secret reason of acme", until: "${until}" }) { __typename } }`,
    )
    await beside.ask(
      'acme',
      `mutation { openCase(input: { title: "a secret case of acme", comment: "a secret comment of acme", items: [{ kind: FINDING, id: ${JSON.stringify(secretFinding)}, note: "a secret note of acme" }] }) { __typename } }`,
    )
    await beside.told('acme')
    const known = await nodesOf(beside.store('acme'))
    const others = JSON.stringify(await nodesOf(beside.store('other')))
    secrets = [...new Set(known.flatMap(wordsOf))].filter((word) => !others.includes(quoted(word)))
    const ofEach = [...Map.groupBy(known, ({ kind }) => kind).values()].flatMap((own) =>
      [own.filter(isSecret), own].flatMap((some) => some.slice(0, OF_EACH)),
    )
    names = [
      ...new Set([
        ...ofEach.map(({ key }) => key),
        ...['task', 'incident', 'fingerprint', 'series'].flatMap((column) =>
          known.flatMap(({ columns }) => columns[column] ?? []).slice(0, 1),
        ),
        'acme-assignee',
        'acme-channel',
      ]),
    ].map(String)
    const kinds = (nodes: readonly GraphNode[]): GraphNode[] =>
      [...Map.groupBy(nodes, ({ kind }) => kind).values()].flatMap((own) => own.slice(0, 1))
    few = [...kinds(known.filter(isSecret)).map(({ key }) => key), 'acme-channel']
    own = kinds(await nodesOf(beside.store('other')))
    nodeIds = ofEach.flatMap(nodeIdsOf)
    const pages = await beside.ask(
      'acme',
      '{ findings(first: 2) { ... on FindingConnection { edges { cursor } } } decisions(first: 1) { ... on DecisionConnection { edges { cursor } } } suppressions(first: 1) { edges { cursor } } cases(first: 1) { ... on CaseConnection { edges { cursor } } } coverage(first: 1) { edges { cursor } } findingCursor }',
    )
    cursors = [...pages.matchAll(/"(?:cursor|findingCursor)":"([^"]+)"/g)].flatMap(
      ([, cursor]) => cursor ?? [],
    )
  }, LONG)
  afterAll(async () => {
    await beside?.[Symbol.asyncDispose]()
    await alone?.[Symbol.asyncDispose]()
  }, LONG)

  /** What keeps the graph, and what is critical, is nothing of a tenant here, and only Neo4j is asked in Cypher. */
  const isTheSameToAll = (query: string): boolean =>
    query === 'graphStore' ||
    query === 'zones' ||
    (query === 'cypher' && place.store.kind === 'sqlite')

  const isSecret = ({ key }: GraphNode): boolean => secrets.includes(key)

  /** What `other` is answered: equal in both worlds, and without a secret. */
  async function sees(operation: 'query' | 'mutation', calls: readonly string[]): Promise<string> {
    const document = documentOf(operation, calls)
    const [here, there] = await Promise.all([
      beside.ask('other', document),
      alone.ask('other', document),
    ])
    // A word that stands in the answer where nobody has a history is one of ours, as in a statement in Cypher.
    const shown = secrets.filter(
      (word) =>
        !document.includes(word) && here.includes(quoted(word)) && !there.includes(quoted(word)),
    )
    expect({ document, shown }).toEqual({ document, shown: [] })
    // Which of several fields fails first, and ends the request, is a matter of time: each is asked alone.
    if (calls.length > 1 && isRefused(here) && isRefused(there)) return here
    expect({ document, answer: settledIds(here) }).toEqual({
      document,
      answer: settledIds(there),
    })
    return here
  }

  /**
   * Asks for several at once where they fit into one request: an error of one hides the answers of the
   * others, so these are asked for by halves. Gives each document with its answer.
   */
  async function seesAll(calls: readonly string[]): Promise<[document: string, answer: string][]> {
    const all: [string, string][] = []
    const ask = async (some: readonly string[]): Promise<void> => {
      const answer = await sees('query', some)
      if (some.length > 1 && isRefused(answer)) {
        const half = Math.ceil(some.length / 2)
        await ask(some.slice(0, half))
        await ask(some.slice(half))
        return
      }
      expect(answer).not.toContain('QUERY_TOO_COMPLEX')
      all.push([documentOf('query', some), answer])
    }
    for (let i = 0; i < calls.length; i += AT_ONCE) await ask(calls.slice(i, i + AT_ONCE))
    return all
  }

  it('knows enough to be asked for', () => {
    expect(secrets.length).toBeGreaterThan(50)
    expect(names.length).toBeGreaterThan(15)
    expect(cursors.length).toBeGreaterThan(4)
    const types = schema.getPossibleTypes(schema.getType('Node') as GraphQLInterfaceType)
    for (const { name } of types) expect(nodeIds).toContainEqual(expect.stringMatching(`^${name}:`))
    // The incident is no part of what other has.
    expect(secrets).toContain(secretFinding)
    expect(few.length).toBeGreaterThan(5)
    expect(own.length).toBeGreaterThan(8)
  })

  it.each(QUERIES.map((field) => [field.name, field] as const))(
    'the query %s tells other nothing of acme, whatever it is asked for',
    async (_, field) => {
      const texts = field.name === 'node' ? nodeIds : names
      const set = flat(field.type, schema)
      const all = argumentsOf(field, { texts, cursors, now })
      const some = all.length > MAX_CALLS ? argumentsOf(field, { texts: few, cursors, now }) : all
      const seen = await seesAll(some.map((args) => `${called(field, args)} ${set}`))
      let told = 0
      for (const [document, answer] of seen) {
        if (told === 0 && (await beside.ask('acme', document)) !== answer) told += 1
      }
      // And it does tell acme something else, or nothing was shown here.
      if (!isTheSameToAll(field.name)) expect(told).toBeGreaterThan(0)
    },
    LONG,
  )

  it.each(QUERIES.map((field) => [field.name, field] as const))(
    'the query %s leads from what other knows to nothing of acme',
    async (_, field) => {
      const texts = field.name === 'node' ? own.flatMap(nodeIdsOf) : own.map(({ key }) => key)
      const calls = new Set<string>()
      const answered = new Map<string, number>()
      for (const args of argumentsOf(field, { texts, cursors: [], now })) {
        const call = called(field, args)
        const answer = await sees('query', [`${call} ${flat(field.type, schema)}`])
        const type = /^\{"data":\{"a0":\[?\{"__typename":"(\w+)"/.exec(answer)?.[1] ?? 'Error'
        const times = answered.get(type) ?? 0
        answered.set(type, times + 1)
        if (type.endsWith('Error') || times >= MAX_DEEP) continue
        for (const after of [undefined, ...cursors.slice(0, 1)]) {
          for (const set of deep(field.type, schema, STEPS, after)) {
            if (set.includes(`on ${type} `)) calls.add(`${call} ${set}`)
          }
        }
      }
      await seesAll([...calls])
    },
    LONG,
  )

  it.each(MUTATIONS.map((field) => [field.name, field] as const))(
    'the mutation %s changes and tells nothing of acme',
    async (_, field) => {
      // What acme did in a test before may still be told.
      await beside.told('acme')
      const before = await nodesOf(beside.store('acme'))
      const journal = beside.tenants.collectors.get('acme')?.journal
      const records = journal?.lastSeq
      const set = flat(field.type, schema)
      const answers = new Map<string, string>()
      const tryAll = async (pairs: boolean): Promise<void> => {
        for (const args of argumentsOf(field, { texts: few, cursors, now, pairs })) {
          const call = `${called(field, args)} ${set}`
          if (!answers.has(call)) answers.set(call, await sees('mutation', [call]))
        }
      }
      await tryAll(false)
      // An id alone may not be enough to change something.
      if ([...answers.values()].every((answer) => /Error"/.test(answer))) await tryAll(true)
      expect(journal?.lastSeq).toBe(records)
      expect(await nodesOf(beside.store('acme'))).toEqual(before)
      // Some of these calls would have been good in the mouth of acme.
      let done = 0
      for (const [call, answer] of answers) {
        if (done > 0) break
        const said = await beside.ask('acme', documentOf('mutation', [call]))
        if (settledIds(said) !== settledIds(answer)) done += 1
      }
      expect(done).toBeGreaterThan(0)
    },
    LONG,
  )

  it.each(SUBSCRIPTIONS.map((field) => [field.name, field] as const))(
    'the subscription %s brings other nothing of acme, of the past or of what comes',
    async (_, field) => {
      const after = ['0', ...cursors]
      let words = 0
      const news = async (): Promise<void> => {
        words += 1
        const said = `a secret word of acme, number ${words}`
        secrets.push(said)
        await beside.ask('acme', commentOn(secretFinding, said))
      }
      for (const args of argumentsOf(field, { texts: few, cursors: after, now })) {
        const document = `subscription { ${called(field, args)} ${deep(field.type, schema, 1)[0]} }`
        const here = await beside.listen('other', document, news)
        const there = await alone.listen('other', document)
        expect({ document, shown: secrets.filter((word) => here.includes(quoted(word))) }).toEqual({
          document,
          shown: [],
        })
        expect({ document, events: eventsOf(here) }).toEqual({ document, events: eventsOf(there) })
      }
      const [args = ''] = argumentsOf(field, { texts: few, cursors: ['0'], now }).slice(-1)
      const document = `subscription { ${called(field, args)} ${deep(field.type, schema, 1)[0]} }`
      const told = await beside.listen('acme', document, news)
      expect(secrets.filter((word) => told.includes(quoted(word)))).not.toEqual([])
    },
    LONG,
  )
}

function documentOf(operation: 'query' | 'mutation', calls: readonly string[]): string {
  return `${operation} { ${calls.map((call, i) => `a${i}: ${call}`).join(' ')} }`
}

/** A link names its chain as well. */
function nodeIdsOf({ kind, key }: GraphNode): string[] {
  return kind === 'Link' ? [`Chain:${key}`, `Link:${key}`] : [`${kind}:${key}`]
}

function commentOn(finding: string, comment: string): string {
  const id = JSON.stringify(finding)
  return `mutation { triage(input: { findings: [${id}], expectedVersions: [1], comment: ${JSON.stringify(comment)} }) { __typename } }`
}

/** Without the comments that say that a stream lives. */
function eventsOf(stream: string): string {
  return settledIds(stream.replace(/^:\n\n/gm, ''))
}

function called(field: RootField, args: string): string {
  return args === '' ? field.name : `${field.name}(${args})`
}

/** An agent that nobody else knows, and a decision on what it wants to do; as log records. */
function secretCase(): Sent {
  const story = new Story()
  const link = story.root('agent:only-of-acme', { [TOOL.deploy]: env('staging') })
  const call = story.propose(link, TOOL.deploy, { env: 'staging' })
  const decision = story.decide(link, call, true)
  const logRecords = [
    { eventName: 'delegation.link', body: { stringValue: link.text } },
    { eventName: 'delegation.decision', body: { stringValue: decision } },
  ]
  const body = JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })
  return {
    path: '/v1/logs',
    headers: { 'content-type': 'application/json' },
    body: new TextEncoder().encode(body),
  }
}

/** What a node says in words that stand for something: ids, hashes, texts; each log counts its places from one. */
function wordsOf({ key, columns }: GraphNode): string[] {
  return [key, ...Object.values(columns)].filter(
    (value): value is string =>
      typeof value === 'string' && value.length > 8 && !/^\d{16}\.\d{8}$/.test(value),
  )
}

/** An error in place of data. */
function isRefused(answer: string): boolean {
  return answer.includes('"errors"')
}

/** As it stands within JSON. */
function quoted(word: string): string {
  return JSON.stringify(word).slice(1, -1)
}

/** Random ids that are given out here count as equal, and so do the places in Neo4j of the two worlds. */
function settledIds(answer: string): string {
  return answer.replace(/(sup|case)_[\w-]+/g, '$1_*').replaceAll(`${ALONE}/`, '/')
}
