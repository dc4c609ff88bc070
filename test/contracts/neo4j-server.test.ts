import neo4jDriver from 'neo4j-driver'
import { afterAll, describe, expect, inject, it } from 'vitest'
import { openNeo4jStore } from '../../collector/src/graph/index.ts'
import { derived, dumpOf, link } from './graph-store/shapes.ts'

const run = crypto.randomUUID()

describe('an address of Neo4j', () => {
  it('that cannot be one is refused at once', () => {
    for (const uri of [
      'http://127.0.0.1:7474',
      'nonsense',
      'bolt//127.0.0.1',
      'javascript:alert(1)',
    ]) {
      expect(() => openNeo4jStore({ uri })).toThrow(
        expect.objectContaining({ code: 'store_config' }),
      )
    }
  })

  it('that holds a password is refused without repeating it', () => {
    const open = () => openNeo4jStore({ uri: 'bolt://user:hunter2@127.0.0.1:7687' })
    expect(open).toThrow(expect.objectContaining({ code: 'store_config' }))
    expect(open).toThrow(expect.not.stringContaining('hunter2'))
  })

  it('where nobody answers makes a store that says so and not with what password', async () => {
    await using store = openNeo4jStore({
      uri: 'bolt://127.0.0.1:1',
      user: 'neo4j',
      password: 'hunter2',
    })
    const health = await store.health()
    expect(health).toMatchObject({
      ok: false,
      problem: expect.stringMatching(/^Neo4j at bolt:\/\/127\.0\.0\.1:1 cannot be reached/),
    })
    expect(JSON.stringify(health)).not.toContain('hunter2')
  })
})

const address = inject('neo4j')
if (address !== null) {
  describe('a Neo4j server', () => {
    const driver = neo4jDriver.driver(
      address.uri,
      neo4jDriver.auth.basic(address.user ?? 'neo4j', address.password ?? ''),
      { disableLosslessIntegers: true },
    )
    const ask = async (statement: string, parameters: Record<string, unknown> = {}) => {
      const { records } = await driver.executeQuery(statement, parameters, {
        ...(address.database === undefined ? {} : { database: address.database }),
      })
      return records.map((record) => record.toObject())
    }
    afterAll(async () => {
      await ask('MATCH (n) WHERE n.tenant STARTS WITH $run DETACH DELETE n', { run })
      await driver.close()
    })

    it('takes findings of an earlier form for ones that nobody touched', async () => {
      const tenant = `${run}-earlier`
      await using store = openNeo4jStore({ ...address, tenant })
      await store.init()
      await ask(
        `CREATE (:Finding {tenant: $tenant, uid: 'old', id: 'old', severity: 4, pages: true}),
          (:Finding {tenant: $tenant, uid: 'named', id: 'named'})`,
        { tenant },
      )
      await ask("MATCH (n:DelegraphMeta {tenant: '', uid: '0003-standing'}) DELETE n")
      await store.init()
      const found = await store.find('Finding', 'triage', ['new'])
      expect(
        found.map(({ key, columns }) => [key, columns['urgency'], columns['suppressed']]),
      ).toEqual([['old', 1_400, false]])
    })

    it('keeps two graphs in one database apart', async () => {
      await using one = openNeo4jStore({ ...address, tenant: `${run}-1` })
      await using two = openNeo4jStore({ ...address, tenant: `${run}-2` })
      await one.init()
      await two.init()
      await one.write({
        nodes: [link('a', { agent: 'x' })],
        edges: [derived('b', 'a')],
        position: 4,
      })
      await two.write({ nodes: [link('b', { agent: 'x' })], edges: [], position: 9 })
      expect(await two.ancestors(['b'])).toEqual([link('b', { agent: 'x' })])
      expect(await two.find('Link', 'agent', ['x'])).toEqual([link('b', { agent: 'x' })])
      expect(await two.neighbours('DERIVED_FROM', 'out', ['b'])).toEqual([])
      expect(await two.count('Link', {}, 10)).toBe(1)
      await two.clear()
      expect(await two.position()).toBe(0)
      expect(await one.position()).toBe(4)
      expect(await dumpOf(one)).toHaveLength(3)
    })

    it('keeps a graph for the next connection, in labels and types that read well', async () => {
      {
        await using store = openNeo4jStore({ ...address, tenant: `${run}-3` })
        await store.init()
        await store.write({
          nodes: [link('a', { depth: 0 })],
          edges: [derived('b', 'a')],
          position: 1,
        })
      }
      await using store = openNeo4jStore({ ...address, tenant: `${run}-3` })
      await store.init()
      expect(await store.position()).toBe(1)
      const found = await ask(
        'MATCH (b:Link {tenant: $tenant})-[r:DERIVED_FROM]->(a:Link) RETURN a.hash AS a, b.hash AS b, a.depth AS depth, valueType(a.depth) AS type',
        { tenant: `${run}-3` },
      )
      expect(found).toEqual([{ a: 'a', b: 'b', depth: 0, type: 'INTEGER NOT NULL' }])
    })

    it('has the constraints and indexes online, and what was applied on record', async () => {
      await using store = openNeo4jStore({ ...address, tenant: `${run}-4` })
      await Promise.all([store.init(), store.init()])
      const constraints = await ask(
        `SHOW CONSTRAINTS YIELD name, type WHERE name STARTS WITH 'delegraph_' RETURN DISTINCT type`,
      )
      expect(constraints).toEqual([{ type: 'UNIQUENESS' }])
      const states = await ask(
        `SHOW INDEXES YIELD name, state WHERE name STARTS WITH 'delegraph_' RETURN DISTINCT state`,
      )
      expect(states).toEqual([{ state: 'ONLINE' }])
      const applied = await ask(
        `MATCH (n:DelegraphMeta {tenant: ''}) RETURN n.uid AS id ORDER BY id`,
      )
      expect(applied).toEqual([
        { id: '0001-keys' },
        { id: '0002-lookups' },
        { id: '0003-standing' },
        { id: '0004-decisions' },
        { id: '0005-reasons' },
        { id: '0006-series' },
      ])
    })

    it('is set up by several that start at one moment', async () => {
      await ask('DROP INDEX delegraph_Decision_policy IF EXISTS', {})
      await ask(`MATCH (n:DelegraphMeta {tenant: '', uid: '0002-lookups'}) DELETE n`, {})
      await using stack = new AsyncDisposableStack()
      const stores = Array.from({ length: 8 }, (_, i) =>
        stack.use(openNeo4jStore({ ...address, tenant: `${run}-6-${i}` })),
      )
      await Promise.all(stores.map((store) => store.init()))
      const made = await ask(
        `SHOW INDEXES YIELD name WHERE name = 'delegraph_Decision_policy' RETURN name`,
        {},
      )
      expect(made).toHaveLength(1)
    })

    it('without such a database is named so', async () => {
      await using store = openNeo4jStore({ ...address, database: 'nowhere' })
      await expect(store.init()).rejects.toMatchObject({ code: 'store_config' })
      expect(await store.health()).toMatchObject({ ok: false })
    })

    it('shows values as parameters only: no statement contains what was stored', async () => {
      await using store = openNeo4jStore({ ...address, tenant: `${run}-5` })
      await store.init()
      const text = `x'}) DETACH DELETE n //`
      await store.write({ nodes: [link(text, { agent: text })], edges: [derived(text, text)] })
      const seen = await ask('MATCH (n:Link {tenant: $tenant}) RETURN n.uid AS uid', {
        tenant: `${run}-5`,
      })
      expect(seen).toEqual([{ uid: text }])
    })

    // A server that asks for no password takes any.
    if (address.password !== undefined) {
      it('that refuses the password is named so, without the password', async () => {
        await using store = openNeo4jStore({ ...address, user: `no-${run}`, password: 'hunter2' })
        const refusal = expect.objectContaining({
          code: 'store_auth',
          message: expect.stringContaining('refuses the user or the password'),
        })
        await expect(store.init()).rejects.toEqual(refusal)
        await expect(store.write({ nodes: [link('a')], edges: [] })).rejects.toEqual(refusal)
        expect(JSON.stringify(await store.health())).not.toContain('hunter2')
      })
    }
  })
}
