import { describe, expect, it } from 'vitest'
import { runOf, type Step, stepsOf } from './steps.ts'
import { action, link, path, ridingAction } from './testing/chain.ts'

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
