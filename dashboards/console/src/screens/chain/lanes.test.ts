import { expect, it } from 'vitest'
import { laneLayout } from './lanes.ts'
import { stepsOf } from './steps.ts'
import { link, path, ridingAction } from './testing/chain.ts'

it('gives each party one lane, in the order in which they appear', () => {
  const { lanes, spans } = laneLayout(stepsOf(path(2), [ridingAction()], new Set()))
  expect(lanes.map(({ name, kind }) => [name, kind])).toEqual([
    ['alice', 'principal'],
    ['h0', 'agent'],
    ['h1', 'agent'],
  ])
  expect(spans.get('h1')).toEqual({ from: 1, to: 2 })
  expect(spans.get('yes')).toEqual({ from: 0, to: 1 })
  expect(spans.get('ride')).toEqual({ from: 2, to: 2 })
})

it('has no lanes for those inside a folded run', () => {
  const folded = laneLayout(stepsOf(path(500), [], new Set()))
  expect(folded.lanes.map(({ name }) => name)).toEqual(['alice', 'h0', 'h499'])
  expect(folded.spans.get('run-h1')).toEqual({ from: 1, to: 2 })
  expect(laneLayout(stepsOf(path(500), [], new Set(['run-h1']))).lanes).toHaveLength(501)
})

it('never takes an unknown party for another', () => {
  const links = ['a', 'b'].map((hash) => link(hash, { delegator: null, delegate: null }))
  const { lanes } = laneLayout(stepsOf(links, [], new Set()))
  expect(lanes.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'unknown', 'unknown'])
})
