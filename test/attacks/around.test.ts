import { type Json, signJws, TYP } from '@delegraph/link'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, keyOf, Story, T0, TOOL, TRUST } from '../harness/story.ts'
import { neo4jStory } from './neo4j-story.ts'
import { type StoredStory, sqliteStory } from './sqlite-story.ts'

const NEO4J = inject('neo4j')

const INJECTIONS = [
  `'; DROP TABLE "Link"; --`,
  `' OR '1'='1`,
  '`) DETACH DELETE n //',
  '}) MATCH (m) DETACH DELETE m //',
  '$tenant',
  '__proto__',
  '"\\u0000',
  '\u0000',
]

/** The graph line by line, without the series of findings: that of the gravest of an incident, which more evidence may add to. */
async function linesOf(story: Story): Promise<ReadonlySet<string>> {
  return new Set((await story.graph()).replace(/"series":"[^"]*",?/g, '').split('\n'))
}

/** Neo4j where this run has one. */
const STORES: readonly (readonly [name: string, open: () => Promise<StoredStory>])[] = [
  ['SQLite', sqliteStory],
  ...(NEO4J === null ? [] : [['Neo4j', () => neo4jStory(NEO4J)] as const]),
]

describe.each(STORES)('names that try to be statements, in %s', (_, storedStory) => {
  it('a kid, jti, agent, principal, task or tool of hostile text changes nothing but its own row', async () => {
    await using place = await storedStory()
    const { story } = place
    const root = story.root('agent:planner', { [TOOL.deploy]: env('staging') })
    story.act(root, TOOL.deploy, { args: { env: 'staging' } })
    await story.told()
    const before = await linesOf(story)
    story.evidence.length = 0
    const claims: { readonly [name: string]: Json } = JSON.parse(JSON.stringify(root.claims))
    for (const text of INJECTIONS) {
      const hostile: { readonly [name: string]: Json }[] = [
        { kid: text },
        { jti: text },
        { iss: text },
        { sub: text },
        { txn: text },
        { act: { sub: text, sub_profile: 'ai_agent' } },
        {
          authorization_details: [
            { type: 'attenuating_agent_token', tools: { [`x:${text}`]: {} } },
          ],
        },
      ]
      for (const { kid = 'root', ...change } of hostile) {
        const header = { alg: 'Ed25519', kid, typ: TYP.link }
        story.add('link', signJws(header, { ...claims, ...change }, keyOf('root')))
      }
      story.act({ agent: text }, `x:${text}`, { args: { [text]: text } })
    }
    await story.told()
    const after = await linesOf(story)
    expect([...before].filter((line) => !after.has(line))).toEqual([])
    expect(after.size).toBeGreaterThan(before.size + INJECTIONS.length)
    for (const text of INJECTIONS)
      expect(await story.store.find('Action', 'agent', [text])).toHaveLength(1)
  }, 180_000)
})

describe('what a stranger learns', () => {
  const folder = temporaryFolder()
  let collector: Collector
  beforeAll(async () => {
    collector = await startCollector({
      config: readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
      env: {},
      logger: pino({ level: 'silent' }),
      trust: TRUST,
      clock: () => T0 * 1000,
    })
  })
  afterAll(async () => {
    await collector[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  const send = async (text: string, attributes: readonly object[] = []) => {
    const record = { eventName: 'delegation.link', body: { stringValue: text }, attributes }
    const response = await fetch(`${collector.otlpUrl}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords: [record] }] }] }),
    })
    const headers = [...response.headers].filter(([name]) => name !== 'date')
    return { status: response.status, headers, body: await response.text() }
  }
  const outcomeOf = async (hash: string) => {
    await collector.settled()
    const [node] = await collector.store.find('Link', 'hash', [hash])
    return node?.columns['outcome']
  }

  it('a good link, a forged one and no link at all get the same answer', async () => {
    const story = new Story()
    const root = story.root('agent:planner', { [TOOL.deploy]: env('staging') })
    const forged = story.forge(root, { sub: 'person:mallory' }, keyOf('stranger'))
    const good = await send(root.text)
    expect(good.status).toBe(200)
    for (const text of [forged.text, root.text.replace(/.{8}$/, 'AAAAAAAA'), 'hello', '', 'a.b.c'])
      expect(await send(text)).toEqual(good)
    expect(await send(root.text)).toEqual(good)
  })

  it('a link cut on its way is truncated, and whole again when the whole one comes', async () => {
    const story = new Story()
    const root = story.root(
      'agent:helper',
      { [TOOL.deploy]: env('staging') },
      { sub: 'person:bob' },
    )
    const size = { key: 'delegation.link.size', value: { intValue: root.text.length } }
    await send(root.text.slice(0, -10), [size])
    expect(await outcomeOf(root.hash)).toBe('unknown:truncated')
    await send(root.text, [size])
    expect(await outcomeOf(root.hash)).toBe('ok')
  })

  it('a masked token is truncated, never forged', async () => {
    await send('eyJhbGciOi***.***.***')
    await collector.settled()
    const links = await collector.store.page({
      kind: 'Link',
      where: {},
      orderBy: 'outcome',
      direction: 'asc',
      limit: 100,
    })
    const masked = links.filter((node) => String(node.columns['text']).includes('***'))
    expect(masked.map((node) => node.columns['outcome'])).toEqual(['unknown:truncated'])
  })
})
