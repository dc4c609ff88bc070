import { describe, expect, it } from 'vitest'
import { runOf, type Step, stepsOf } from './steps.ts'
import {
  action,
  approval,
  decision,
  link,
  path,
  ridingAction,
  withdrawal,
} from './testing/chain.ts'

const keys = (steps: readonly Step[]): string[] => steps.map(({ key }) => key)
const CLOSED: ReadonlySet<string> = new Set()

describe('the order', () => {
  it('is that of time: links, then the approval, then the call that used it', () => {
    expect(keys(stepsOf(path(2), [ridingAction()], CLOSED))).toEqual(['h0', 'h1', 'yes', 'ride'])
  })

  it('never puts a link before the one above it, whatever times a forger writes', () => {
    const [root, child] = path(2)
    const early = { ...child, issuedAt: '1999-01-01T00:00:00.000Z' } as NonNullable<typeof child>
    expect(keys(stepsOf([early, root as NonNullable<typeof root>], [], CLOSED))).toEqual([
      'h0',
      'h1',
    ])
  })

  it('puts one approval once, before the first call that presented it', () => {
    const twice = [ridingAction(), { ...ridingAction(), id: 'again' }]
    expect(keys(stepsOf(path(2), twice, CLOSED)).filter((key) => key === 'yes')).toHaveLength(1)
  })
})

describe('what is not handed on', () => {
  const [root, child] = path(2) as [ReturnType<typeof link>, ReturnType<typeof link>]

  it('stands in time: what was taken back before the call, what was decided right before it', () => {
    const taken = { ...root, withdrawals: [withdrawal('back')] }
    const call = action('call', { decisionRecords: [decision('yes-of-policy')] })
    expect(keys(stepsOf([taken, child], [call], CLOSED))).toEqual([
      'h0',
      'h1',
      'back',
      'yes-of-policy',
      'call',
    ])
  })

  it('is one row where it ends a whole task, at the link nearest to the root', () => {
    const end = [withdrawal('end', { kind: 'TASK', at: '2026-11-24T11:00:00.000Z' })]
    const steps = stepsOf(
      [
        { ...child, withdrawals: end },
        { ...root, withdrawals: end },
      ],
      [],
      CLOSED,
    )
    expect(steps.at(-1)).toMatchObject({ kind: 'withdrawal', key: 'end', link: { hash: 'h0' } })
    expect(steps.filter(({ kind }) => kind === 'withdrawal')).toHaveLength(1)
  })

  it('never stands before what it takes back, and is told of an approval, too', () => {
    const early = withdrawal('early', { kind: 'APPROVAL', at: '1999-01-01T00:00:00.000Z' })
    const call = action('call', { approvals: [approval('given', { withdrawals: [early] })] })
    expect(keys(stepsOf([root], [call], CLOSED))).toEqual(['h0', 'given', 'early', 'call'])
  })

  it('parts a run of hops where one of them was taken back', () => {
    const links = path(10).map((one, i) =>
      i === 5 ? { ...one, withdrawals: [withdrawal('back')] } : one,
    )
    expect(keys(stepsOf(links, [], CLOSED))).toEqual(['h0', 'run-h1', 'h5', 'run-h6', 'back'])
  })
})

describe('gaps', () => {
  it('are rows of their own where the link above is not here', () => {
    const steps = stepsOf([link('low', { depth: 3, parentHash: 'gone' })], [], CLOSED)
    expect(steps.map(({ kind }) => kind)).toEqual(['gap', 'link'])
  })

  it('are links that are only named', () => {
    const steps = stepsOf([link('named', { arrived: false, issuedAt: null })], [], CLOSED)
    expect(steps.map(({ kind }) => kind)).toEqual(['gap'])
  })
})

describe('runs of equal scope', () => {
  it('are one row, and unfold', () => {
    const links = path(8)
    expect(keys(stepsOf(links, [], CLOSED))).toEqual(['h0', 'run-h1'])
    expect(keys(stepsOf(links, [], new Set(['run-h1'])))).toHaveLength(8)
    expect(runOf(stepsOf(links, [], CLOSED), 'h5')).toBe('run-h1')
  })

  it('end where a link fails, where the scope changes and where something is called', () => {
    const links = path(12)
    const bad = links.map((one, i) =>
      i >= 8
        ? { ...one, verdict: { ...one.verdict, state: 'FAILED' as const, code: 'depth_invalid' } }
        : one,
    )
    expect(keys(stepsOf(bad, [], CLOSED))).toEqual(['h0', 'run-h1', 'run-h8'])
    const dropped = links.map((one, i) =>
      i === 5 ? { ...one, changes: [{ tool: 'x', limits: [], change: 'DROPPED' as const }] } : one,
    )
    expect(keys(stepsOf(dropped, [], CLOSED))).toEqual(['h0', 'run-h1', 'h5', 'run-h6'])
  })

  it('do not hide a branch', () => {
    const links = [...path(6), link('side', { depth: 3, parentHash: 'h2' })]
    expect(keys(stepsOf(links, [], CLOSED))).toContain('side')
    const rows = keys(stepsOf(links, [], CLOSED))
    expect(rows.indexOf('side')).toBeGreaterThan(rows.indexOf('h2'))
  })

  it('of two are shown as they are', () => {
    expect(keys(stepsOf(path(3), [action('a')], CLOSED))).toEqual(['h0', 'h1', 'h2', 'a'])
  })
})

it('tells in one row only links that came or went together, and none that changed', () => {
  const links = path(8)
  const rows = (changes: Record<string, string>) =>
    stepsOf(links, [], new Set(), new Map(Object.entries(changes))).map(({ kind, key }) => [
      kind,
      key,
    ])
  expect(rows({})).toEqual([
    ['link', 'h0'],
    ['run', 'run-h1'],
  ])
  expect(rows({ h4: 'changed' })).toEqual([
    ['link', 'h0'],
    ['run', 'run-h1'],
    ['link', 'h4'],
    ['run', 'run-h5'],
  ])
  expect(rows({ h5: 'added', h6: 'added', h7: 'added' })).toEqual([
    ['link', 'h0'],
    ['run', 'run-h1'],
    ['run', 'run-h5'],
  ])
})
