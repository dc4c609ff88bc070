import { describe, expect, it } from 'vitest'
import type { GraphNode, Group, GroupQuery } from '../../../collector/src/graph/index.ts'
import type { TheStore } from '../graph-store.ts'
import { finding } from './shapes.ts'

/** Thirty in seven groups, of which two begin at the same place; and one that is in none. */
const MANY: readonly GraphNode[] = [
  ...Array.from({ length: 30 }, (_, i) => {
    const group = i % 7
    return finding(`f${String(i).padStart(2, '0')}`, {
      series: `s${group}`,
      // The last of a group decides where it stands, and groups 5 and 6 are level.
      raisedAt: group === 5 ? 1_000 + i - (i % 7) + 6 : 1_000 + i,
      incident: `incident-${Math.floor(i / 14)}`,
      ...(i % 3 === 0 ? {} : { at: 500 + i }),
      urgency: i % 4,
      state: i % 5 === 0 ? 'withdrawn' : 'open',
      tool: `tool-${i % 2}`,
      resource: `resource-${i % 6}`,
    })
  }),
  finding('none', { raisedAt: 9_999, urgency: 9 }),
]

const QUERY: GroupQuery = {
  kind: 'Finding',
  where: {},
  by: 'series',
  orderBy: 'raisedAt',
  direction: 'desc',
  limit: 100,
  distinct: 'incident',
  span: 'at',
  lead: 'urgency',
}

export function grouping(store: TheStore): void {
  const write = (nodes: readonly GraphNode[]): Promise<void> => store().write({ nodes, edges: [] })
  const all = async (query: GroupQuery): Promise<Group[]> => {
    const seen: Group[] = []
    let last: Group | undefined
    do {
      const after = last === undefined ? {} : { after: { value: last.place, key: last.key } }
      const page = await store().groups({ ...query, ...after })
      seen.push(...page)
      last = page.at(-1)
    } while (last !== undefined && seen.length < 1_000)
    return seen
  }
  /** What each group is by plain reading of what was written. */
  const expected = ({ direction, where }: GroupQuery) => {
    const wanted = where.equals?.['state']
    const sign = direction === 'asc' ? 1 : -1
    const fits = MANY.filter(
      ({ columns }) =>
        columns['series'] !== undefined &&
        (wanted === undefined || wanted.includes(columns['state'] ?? '')),
    )
    return [...Map.groupBy(fits, ({ columns }) => String(columns['series']))]
      .map(([key, nodes]) => {
        const numbers = (name: string) =>
          nodes.flatMap(({ columns }) => (columns[name] === undefined ? [] : Number(columns[name])))
        const places = numbers('raisedAt')
        const place = sign === 1 ? Math.min(...places) : Math.max(...places)
        const most = Math.max(...numbers('urgency'))
        const led = nodes.filter(({ columns }) => columns['urgency'] === most)
        return {
          key,
          place,
          count: nodes.length,
          distinct: new Set(nodes.map(({ columns }) => columns['incident'])).size,
          least: Math.min(...numbers('at')),
          greatest: Math.max(...numbers('at')),
          lead: led.map((node) => node.key).sort()[0],
        }
      })
      .sort((a, b) => sign * (a.place - b.place) || (a.key < b.key ? -1 : 1))
  }
  const told = (groups: readonly Group[]) =>
    groups.map(({ lead, ...group }) => ({ ...group, lead: lead.key }))

  describe('groups', () => {
    for (const direction of ['asc', 'desc'] as const) {
      it(`run ${direction} by the first of each, with their counts, without gaps or repeats`, async () => {
        await write(MANY)
        for (const where of [{}, { equals: { state: ['open'] } }]) {
          const query = { ...QUERY, direction, where }
          expect(expected(query)).toHaveLength(7)
          for (const limit of [1, 3, 7, 100]) {
            expect(told(await all({ ...query, limit }))).toEqual(expected(query))
          }
        }
      })
    }

    it('are led by the whole node that has most, as it was written', async () => {
      await write(MANY)
      const [first] = await store().groups({ ...QUERY, limit: 1 })
      const written = MANY.find(({ key }) => key === first?.lead.key)
      expect(first?.lead.columns).toEqual(written?.columns)
    })

    it('leave out of spans what has none, and need not lead by anything', async () => {
      await write([finding('a', { series: 's', raisedAt: 1 })])
      expect(told(await all(QUERY))).toEqual([
        { key: 's', place: 1, count: 1, distinct: 0, lead: 'a' },
      ])
    })

    it('of nothing are none', async () => {
      await write(MANY)
      expect(await store().groups({ ...QUERY, limit: 0 })).toEqual([])
      expect(await all({ ...QUERY, where: { equals: { state: ['nothing'] } } })).toEqual([])
      expect(await all({ ...QUERY, where: { any: {} } })).toEqual([])
    })

    it('take any text as what is shared', async () => {
      const odd = [`' OR 1=1 --`, '`n`', 'é\u{1f600}', ' ', 'x'.repeat(5_000)]
      await write(odd.map((series, i) => finding(`f${i}`, { series, raisedAt: 10 - i })))
      expect((await all({ ...QUERY, limit: 2 })).map(({ key }) => key)).toEqual(odd)
    })

    it('refuse what is not declared', async () => {
      const wrong: Partial<GroupQuery>[] = [
        ...[{ by: 'nothing' }, { by: 'title' }, { by: 'raisedAt' }, { by: 'series" --' }],
        ...[{ orderBy: 'nothing' }, { orderBy: 'pages' }, { limit: -1 }, { limit: 1.5 }],
        ...[{ distinct: 'severity' }, { distinct: 'x' }, { span: 'tool' }, { lead: 'rule' }],
        ...[{ where: { any: { nothing: ['x'] } } }, { where: { any: { severity: ['x'] } } }],
      ]
      for (const part of wrong) {
        await expect(store().groups({ ...QUERY, ...part })).rejects.toMatchObject({
          code: 'store_misuse',
        })
      }
    })
  })

  it('tells the different values of a column, in order, however long', async () => {
    const odd = ['x'.repeat(5_000), 'é', 'a', `'`]
    await write([...odd, 'a'].map((series, i) => finding(`f${i}`, { series })))
    expect(await store().values('Finding', 'series', 100)).toEqual([`'`, 'a', odd[0], 'é'])
    expect(await store().values('Finding', 'series', 2)).toEqual([`'`, 'a'])
    expect(await store().values('Finding', 'id', 3)).toEqual(['f0', 'f1', 'f2'])
    expect(await store().values('Finding', 'series', 0)).toEqual([])
    for (const column of ['title', 'nothing', 'raisedAt']) {
      await expect(store().values('Finding', column, 1)).rejects.toMatchObject({
        code: 'store_misuse',
      })
    }
  })

  it('filters by either of two columns', async () => {
    await write(MANY)
    const count = (where: GroupQuery['where']) => store().count('Finding', where, 100)
    const either = { tool: ['tool-0'], resource: ['resource-1', 'resource-5'] }
    expect(await count({ any: either })).toBe(25)
    expect(await count({ any: either, equals: { state: ['open'] } })).toBe(20)
    expect(await count({ any: { tool: [] } })).toBe(0)
    expect(await count({ any: {} })).toBe(0)
    const groups = await all({ ...QUERY, where: { any: either } })
    expect(groups.reduce((sum, group) => sum + group.count, 0)).toBe(25)
    const page = await store().page({
      ...{ kind: 'Finding', where: { any: either }, orderBy: 'raisedAt', direction: 'asc' },
      limit: 100,
    })
    expect(page).toHaveLength(25)
  })
}
