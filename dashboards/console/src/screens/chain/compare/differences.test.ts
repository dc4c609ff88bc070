import { expect, it } from 'vitest'
import type { ChainHead, ChainLink } from '../documents.ts'
import type { LoadedChain } from '../loaded-chain.ts'
import { action, approval, link, path } from '../testing/chain.ts'
import { compareChains, countsOf, linkChanges } from './differences.ts'

const UNKNOWN: ChainLink['verdict'] = {
  state: 'UNKNOWN',
  code: 'chain_incomplete',
  detail: null,
  meaning: null,
  text: 'unknown:chain_incomplete',
}

function chain(part: Partial<LoadedChain> = {}, found: readonly string[] = []): LoadedChain {
  const findings = found.map((id) => ({
    ...{ id, rule: 'D1', ruleName: 'Inherited', title: 'worker did deploy', severity: 5 },
    ...{ tool: null, action: { id: 'call' }, link: null },
  }))
  const head = { id: 'h0', findings: { nodes: findings } } as unknown as ChainHead
  return {
    ...{ head, links: [], actions: [], isComplete: true },
    ...{ cut: { links: false, actions: false }, ...part },
  }
}

it('tells what came, what went, and each part of what changed, in words', () => {
  const [root, middle, leaf] = path(3) as [ChainLink, ChainLink, ChainLink]
  const earlier = chain({
    links: [root, link('gone'), { ...leaf, signature: 'UNCHECKED', verdict: UNKNOWN }],
    actions: [action('call', { verdict: { ...action('call').verdict, chain: UNKNOWN } })],
  })
  const later = chain(
    {
      links: [root, middle, leaf],
      actions: [action('call', { grade: 'SIGNED', approvals: [approval('yes')] })],
    },
    ['finding-1'],
  )
  const comparison = compareChains(earlier, later)
  expect(comparison?.differences).toEqual([
    {
      kind: 'link',
      id: 'gone',
      key: 'gone',
      name: 'above-gone → gone, hop 0',
      change: 'removed',
      parts: [],
    },
    { kind: 'link', id: 'h1', key: 'h1', name: 'h0 → h1, hop 1', change: 'added', parts: [] },
    {
      ...{ kind: 'link', id: 'h2', key: 'h2', name: 'h1 → h2, hop 2', change: 'changed' },
      parts: [
        { part: 'signature', before: 'not checked', after: 'valid' },
        { part: 'verdict', before: 'link above missing', after: 'ok' },
      ],
    },
    {
      ...{
        kind: 'approval',
        id: 'yes',
        key: 'yes',
        name: 'alice’s yes to deploy for h0',
        change: 'added',
      },
      parts: [],
    },
    {
      ...{ kind: 'call', id: 'call', key: 'call', name: 'h1 called status', change: 'changed' },
      parts: [
        { part: 'chain', before: 'unknown: chain incomplete', after: 'ok' },
        { part: 'evidence', before: 'proven', after: 'signed' },
        { part: 'approvals', before: 'none', after: 'alice’s yes to deploy for h0' },
      ],
    },
    {
      kind: 'finding',
      id: 'finding-1',
      key: 'call',
      name: 'D1 worker did deploy',
      change: 'added',
      parts: [],
    },
  ])
  expect(countsOf(comparison?.differences ?? [])).toEqual([
    '1 link removed',
    '1 link added',
    '1 link changed',
    '1 approval added',
    '1 call changed',
    '1 finding added',
  ])
  expect([...linkChanges(comparison?.differences ?? [])]).toEqual([
    ['gone', 'removed'],
    ['h1', 'added'],
    ['h2', 'changed'],
    ['call', 'changed'],
  ])
  // Both are in the picture, the newer of what both have, by depth.
  expect(comparison?.chain.links.map(({ hash }) => hash)).toEqual(['h0', 'gone', 'h1', 'h2'])
  expect(comparison?.chain.links.at(-1)?.signature).toBe('VALID')
})

it('finds nothing where nothing differs, all where one did not know it, and no chain in two of none', () => {
  const one = chain({ links: path(2), actions: [action('call')] }, ['finding-1'])
  expect(compareChains(one, structuredClone(one))?.differences).toEqual([])
  const born = compareChains(undefined, one)
  expect(countsOf(born?.differences ?? [])).toEqual([
    '2 links added',
    '1 call added',
    '1 finding added',
  ])
  expect(compareChains(one, undefined)?.differences.map(({ change }) => change)).toEqual(
    Array(4).fill('removed'),
  )
  expect(compareChains(undefined, undefined)).toBeUndefined()
})

it('says that something was cut where it was in either', () => {
  const cut = chain({ cut: { links: true, actions: false } })
  expect(compareChains(cut, chain())?.chain.cut).toEqual({ links: true, actions: false })
})
