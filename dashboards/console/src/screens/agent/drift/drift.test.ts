import { expect, it } from 'vitest'
import type { AgentProfile } from '../documents.ts'
import { driftOf, exportedChange } from './drift.ts'

const permission = (
  tool: string,
  more: Partial<AgentProfile['granted']['permissions'][number]> = {},
) => ({
  ...{ tool, limits: [], source: 'LINK' as const, state: 'OK' as const, links: 1 },
  ...{ link: { hash: `link of ${tool}`, chain: { id: 'c' } }, expiresAt: null },
  ...more,
})
const use = (tool: string) => ({
  ...{ tool, uses: { value: 1, approximate: false }, lastUsedAt: '2026-11-24T10:00:00.000Z' },
  lastAction: { id: 'a', chain: null },
})
const borrowed = (tool: string, id: string) => ({
  ...{ tool, uses: 2, lastAt: '2026-11-24T10:00:00.000Z', findings: [] },
  from: { id, name: id },
})
const sides = (
  permissions: ReturnType<typeof permission>[] = [],
  tools: ReturnType<typeof use>[] = [],
  inherited: ReturnType<typeof borrowed>[] = [],
  complete = true,
) => ({
  granted: { permissions, complete },
  exercised: { tools, complete },
  inherited: { tools: inherited, complete },
})
const said = ({ changes }: ReturnType<typeof driftOf>) =>
  changes.map(({ what, tool }) => `${what} ${tool}`)

it('tells what was granted since, what is gone, and what is done that was not', () => {
  const then = sides([permission('read'), permission('deploy', { limits: ['env = "staging"'] })])
  const now = sides(
    [permission('read'), permission('deploy', { limits: ['env = "production"'] })],
    [use('deploy')],
    [borrowed('refund', 'agent:planner')],
  )
  // Other limits are another permission.
  expect(said(driftOf(then, now))).toEqual([
    ...['granted deploy', 'inherited refund', 'exercised deploy', 'gone deploy'],
  ])
})

it('a grant that came by another link, or more links, is the same grant', () => {
  const then = sides([permission('read')])
  const now = sides([permission('read', { links: 3, link: { hash: 'other', chain: { id: 'c' } } })])
  expect(driftOf(then, now)).toEqual({ changes: [], complete: true })
})

it('a link above that came, or is missing now, changed what is known of the grant', () => {
  const then = sides([permission('read', { state: 'UNKNOWN' })])
  expect(said(driftOf(then, sides([permission('read')])))).toEqual(['changed read'])
})

it('of an agent that was not known then everything is new', () => {
  const now = sides([permission('read')], [use('read')])
  expect(said(driftOf(undefined, now))).toEqual(['granted read', 'exercised read'])
})

it('says that it may not be all', () => {
  expect(driftOf(sides([], [], [], false), sides()).complete).toBe(false)
  expect(driftOf(undefined, sides([], [], [], false)).complete).toBe(false)
})

it('gives rows that say the same', () => {
  const now = sides([permission('read')], [use('read')], [borrowed('refund', 'agent:planner')])
  expect(driftOf(undefined, now).changes.map(exportedChange)).toEqual([
    {
      what: 'granted',
      tool: 'read',
      limits: [],
      source: 'link',
      link: 'link of read',
      expiresAt: null,
    },
    { what: 'inherited', tool: 'refund', uses: 2, from: 'agent:planner' },
    { what: 'exercised', tool: 'read', uses: 1 },
  ])
})
