import { expect, it } from 'vitest'
import { grouped } from './graph-groups.ts'
import { graphModel } from './graph-model.ts'
import { action, DEPLOY, link, path, STATUS } from './testing/chain.ts'

const KEPT = [{ tool: STATUS, limits: [], change: 'KEPT' as const }]

/** planner hands on to so many workers, each of which calls once. */
function fan(workers: number) {
  const [root] = path(1)
  const hands = Array.from({ length: workers }, (_, i) =>
    link(`w${i}`, {
      ...{ depth: 1, parentHash: 'h0', changes: KEPT, granted: KEPT },
      delegator: { __typename: 'Agent', id: 'agent:h0', name: 'h0' },
    }),
  )
  const calls = hands.map(({ hash }) =>
    action(`call-${hash}`, { agent: { id: `agent:${hash}`, name: hash }, link: { hash } }),
  )
  return { links: [...(root === undefined ? [] : [root]), ...hands], calls }
}

const NOTHING: ReadonlySet<string> = new Set()

it('makes one node of siblings that are alike with all that is below them', () => {
  const { links, calls } = fan(40)
  const model = grouped(graphModel(links, calls), NOTHING)
  expect(model.nodes.map(({ name, members }) => [name, members])).toEqual([
    ['alice', undefined],
    ['h0', undefined],
    ['w0', 40],
  ])
  expect(model.edges.map(({ from, to }) => [from, to])).toEqual([
    ['person:alice', 'agent:h0'],
    ['agent:h0', 'group-agent:w0'],
  ])
})

it('opens one, and then groups what is below each', () => {
  const { links, calls } = fan(5)
  const again = calls.flatMap((call) => [
    call,
    { ...call, id: `${call.id}-2` },
    { ...call, id: `${call.id}-3` },
  ])
  const { nodes } = grouped(graphModel(links, again), new Set(['group-agent:w0']))
  expect(nodes.filter(({ kind }) => kind === 'agent')).toHaveLength(6)
  expect(nodes.flatMap(({ members }) => members ?? [])).toEqual([3, 3, 3, 3, 3])
})

it('lets ten out of a large one at a time', () => {
  const { links, calls } = fan(40)
  const shown = (...open: string[]) => {
    const { nodes } = grouped(graphModel(links, calls), new Set(open))
    const single = nodes.filter(({ kind, members }) => kind === 'agent' && members === undefined)
    return [single.length - 1, nodes.find(({ members }) => members !== undefined)?.members]
  }
  expect(shown('group-agent:w0')).toEqual([10, 30])
  expect(shown('group-agent:w0', 'group-agent:w10')).toEqual([20, 20])
  expect(shown('group-agent:w10')).toEqual([0, 40])
})

it('never hides what is to be looked at, and tells apart what differs', () => {
  const { links, calls } = fan(10)
  const bad = calls.map((call, i) =>
    i === 4 ? { ...call, tool: DEPLOY, why: { ...call.why, kind: 'NONE' as const } } : call,
  )
  const { nodes } = grouped(graphModel(links, bad), NOTHING)
  expect(nodes.find(({ isTrouble }) => isTrouble)?.id).toBe('call-w4')
  expect(nodes.some(({ id }) => id === 'agent:w4')).toBe(true)
  expect(nodes.flatMap(({ members }) => members ?? [])).toEqual([9])
  const two = calls.map((call, i) => (i < 5 ? call : { ...call, tool: DEPLOY }))
  expect(
    grouped(graphModel(links, two), NOTHING).nodes.flatMap(({ members }) => members ?? []),
  ).toEqual([5, 5])
})

it('leaves pairs, and circles that a forger makes, as they are', () => {
  const { links, calls } = fan(2)
  expect(grouped(graphModel(links, calls), NOTHING)).toEqual(graphModel(links, calls))
  const circle = ['a', 'b', 'c', 'd'].map((hash, i, all) =>
    link(hash, {
      ...{ depth: i, parentHash: all.at(i - 1) ?? null, changes: KEPT },
      delegator: { __typename: 'Agent', id: `agent:${all.at(i - 1)}`, name: all.at(i - 1) ?? '' },
    }),
  )
  expect(grouped(graphModel(circle, []), NOTHING).nodes).toHaveLength(4)
})
