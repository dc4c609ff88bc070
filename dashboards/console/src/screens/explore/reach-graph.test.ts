import { describe, expect, it } from 'vitest'
import { reachGraph, throughNode } from './reach-graph.ts'
import { mergedRows, shownRows } from './reach-rows.ts'
import { row, START } from './testing/reach-row.ts'

const rows = [
  row('worker', 'x#deploy', ['a', 'b'], { effectClass: 4, exercised: true }),
  row('worker', 'x#status', ['a', 'c']),
  row('other', 'x#read', ['d'], { rule: 'CALLABLE', effectClass: 1, exercisable: false }),
]

describe('the picture', () => {
  it('has each fact once, and knows what goes through it', () => {
    const graph = reachGraph(START, rows, [
      { kind: 'link', id: 'a', cuts: 2, of: 2, sentence: 'link a' },
    ])
    expect(graph.nodes).toHaveLength(8)
    const a = graph.nodes.find(({ id }) => id === 'a')
    expect([a?.rows.length, a?.choke?.cuts, a?.depth]).toEqual([2, 2, 1])
    expect(throughNode(graph, 'link c')).toEqual(
      new Set([
        'agent agent:planner',
        'link a',
        'link c',
        'permission ["agent:worker","x#status"]',
      ]),
    )
    expect(graph.edges.filter(({ isInherited }) => isInherited)).toHaveLength(2)
  })

  it('draws whole paths only, the gravest, and says how many', () => {
    const many = Array.from({ length: 50 }, (_, n) => row(`a${n}`, 'x#read', [`l${n}`]))
    const graph = reachGraph(START, many, [], 21)
    expect([graph.drawn, graph.nodes.length]).toEqual([10, 21])
  })
})

describe('the rows', () => {
  it('are each once, gravest first, from both lists', () => {
    const merged = mergedRows(rows.slice(1), rows.slice(0, 2))
    expect(merged.map(({ tool }) => tool)).toEqual(['x#deploy', 'x#status', 'x#read'])
  })

  it.each([
    [{ only: 'exercised' }, ['x#deploy']],
    [{ only: 'inherited' }, ['x#read']],
    [{ only: 'exercisable', effect: 'none' }, ['x#status']],
    [{ to: 'DEPLOY' }, ['x#deploy']],
    [{ agent: ['agent:other'] }, ['x#read']],
  ] as const)('are those of %j', (search, tools) => {
    expect(shownRows(rows, search as never).map(({ tool }) => tool)).toEqual(tools)
  })
})
