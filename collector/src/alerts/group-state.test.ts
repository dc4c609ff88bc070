import type { GraphNode } from '@delegraph/graph-schema'
import { expect, test } from 'vitest'
import { groupState } from './group-state.ts'

const alert = (key: string, columns: GraphNode['columns']): GraphNode => ({
  ...{ kind: 'Alert', key },
  columns: { id: key, finding: 'f', severity: 3, pages: true, ...columns },
})
const opened = { change: 'opened', state: 'delivered', cursor: '0001.0', recordedAs: 2 }
const withdrawn = { change: 'withdrawn', state: 'delivered', cursor: '0003.0', recordedAs: 4 }
const told = { recordedState: 'delivered' }

test('what was told stays told where the same alert is owed anew', () => {
  const ended = [alert('a', { ...opened, ...told }), alert('b', { ...withdrawn, ...told })]
  expect(groupState(ended).told).toBeUndefined()
  for (const state of ['owed', 'merged']) {
    const cursor = '0009.0'
    // The end of it is owed anew: the receiver was told of an end before, and nothing since.
    const [first, last] = ended as [GraphNode, GraphNode]
    const endAnew = { ...last, columns: { ...last.columns, state, cursor } }
    expect(groupState([first, endAnew]).told).toBeUndefined()
    // The beginning is: it was told before the end.
    const beginAnew = { ...first, columns: { ...first.columns, state, cursor } }
    expect(groupState([beginAnew, last]).told).toBeUndefined()
    expect(groupState([beginAnew]).told).toEqual({ severity: 3, pages: true })
  }
})

test('what was given up was not told, unless it was an end', () => {
  const dead = { state: 'owed', recordedState: 'dead' }
  expect(groupState([alert('a', { ...opened, ...dead })]).told).toBeUndefined()
  const begun = alert('a', { ...opened, ...told })
  expect(groupState([begun, alert('b', { ...withdrawn, ...dead })]).told).toBeUndefined()
})
