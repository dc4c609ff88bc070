import { jwkThumbprint, signingInputHash } from '@delegraph/link'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../../test/harness/story.ts'
import { createZones } from '../../zones/zones.ts'
import { isMissing } from '../asking.ts'
import { askingOf } from '../testing/asking.ts'
import { type BlastRadius, blastRadius, type Reach } from './blast-radius.ts'
import type { Follows } from './ground.ts'
import type { Start } from './start.ts'

const STAGING = { args: { env: 'staging' } }
const DEPLOY = { [TOOL.deploy]: env('staging') }
const STATUS = { [TOOL.status]: {} }

async function from(
  story: Story,
  start: Start,
  more: { since?: number; at?: number; depth?: number; follows?: Follows } = {},
) {
  const asking = askingOf(story, more.at ?? T0 + 60)
  const { since = 0, depth: maxDepth = 16 } = more
  const result = await blastRadius(start, { since, maxDepth, ...more }, asking)
  if (isMissing(result)) throw new Error(result.missing)
  return result
}

const line = ({ agent, tool, rule, exercised, exercisable }: Reach): string =>
  [agent, tool.split('#')[1], rule, exercised ? 'used' : '', exercisable ? 'open' : '']
    .filter(Boolean)
    .join(' ')
const lines = ({ rows }: BlastRadius): string[] => rows.map(line).sort()

describe('what can be reached', () => {
  it('holds the links below one, used or not, and says what the root alone would cut off', async () => {
    const story = new Story()
      .knows('agent:planner', 'agent:worker')
      .registry({ type: 'effect', tool: TOOL.deploy, class: 'critical' })
    const planner = story.root('agent:planner', { ...DEPLOY, ...STATUS })
    const worker = story.link(planner, 'agent:worker', DEPLOY)
    story.act(worker, TOOL.deploy, STAGING)
    await story.told()
    const result = await from(story, { kind: 'agent', id: 'agent:planner' })
    expect(lines(result)).toEqual([
      'agent:planner deploy given open',
      'agent:planner status given open',
      'agent:worker deploy given used open',
    ])
    expect(result.granted).toEqual(result.reachable)
    expect(result.rows[0]).toMatchObject({
      effectClass: 4,
      principal: 'person:alice',
      decided: false,
    })
    const used = result.rows.find(({ exercised }) => exercised)
    expect(used?.witness.map(({ kind }) => kind)).toEqual(['link', 'link', 'permission'])
    expect(result.chokePoints).toMatchObject([{ kind: 'link', id: planner.hash, cuts: 2, of: 2 }])
  })

  it('starts at a link, an approval, a key, a principal and says what is not there', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', DEPLOY)
    const worker = story.link(planner, 'agent:worker', DEPLOY)
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const approval = signingInputHash(story.approve(planner, call)) ?? ''
    await story.told()
    const link = await from(story, { kind: 'link', id: worker.hash })
    expect(lines(link)).toEqual(['agent:worker deploy given open'])
    expect(link.chokePoints).toMatchObject([{ kind: 'link', id: worker.hash, cuts: 1, of: 1 }])
    expect(lines(await from(story, { kind: 'approval', id: approval }))).toEqual([
      'agent:planner deploy given open',
    ])
    const key = jwkThumbprint(keyOf('agent:worker').jwk)
    expect(lines(await from(story, { kind: 'key', id: key }))).toEqual([
      'agent:worker deploy given open',
    ])
    const alice = await from(story, { kind: 'principal', id: 'person:alice' })
    expect(lines(alice)).toEqual([
      'agent:planner deploy given open',
      'agent:worker deploy given open',
    ])
    const nothing = await blastRadius(
      { kind: 'link', id: 'x' },
      { since: 0, maxDepth: 16 },
      askingOf(story),
    )
    expect(nothing).toEqual({ missing: 'link x' })
  })

  it('leaves out what is over and was not used, and keeps what was', async () => {
    const story = new Story().knows('agent:planner')
    const planner = story.root('agent:planner', { ...DEPLOY, ...STATUS }, { exp: T0 + 40 })
    story.act(planner, TOOL.deploy, STAGING)
    await story.told()
    const start = { kind: 'agent', id: 'agent:planner' } as const
    expect(lines(await from(story, start))).toEqual(['agent:planner deploy given used'])
    expect(lines(await from(story, start, { at: T0 + 39 }))).toEqual([
      'agent:planner deploy given used open',
      'agent:planner status given open',
    ])
    expect(lines(await from(story, start, { since: (T0 + 35) * 1000 }))).toEqual([])
  })

  it('takes a withdrawn link for one that is over, with all below it', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', DEPLOY)
    story.link(planner, 'agent:worker', DEPLOY)
    story.revoke(planner, T0 + 50)
    await story.told()
    const start = { kind: 'agent', id: 'agent:planner' } as const
    expect(lines(await from(story, start))).toEqual([])
    expect(lines(await from(story, start, { at: T0 + 45 }))).toHaveLength(2)
  })

  it('follows an export to the standing permission of another agent, and marks the difference', async () => {
    const story = new Story()
      .knows('agent:planner', 'agent:worker')
      .registry(
        { type: 'standing', agent: 'agent:worker', tools: { [TOOL.unlock]: {} } },
        { type: 'export', agent: 'agent:worker', callers: ['agent:planner'], tools: STATUS },
      )
    story.root('agent:planner', DEPLOY)
    await story.told()
    const result = await from(story, { kind: 'agent', id: 'agent:planner' })
    expect(lines(result)).toEqual([
      'agent:planner deploy given open',
      'agent:worker status callable open',
      'agent:worker unlock callable open',
    ])
    expect(result.granted.rows).toBe(1)
    expect(result.reachable.rows).toBe(3)
  })

  it('follows a call that was seen, and says whether somebody decided on it', async () => {
    const told = async (decided: boolean) => {
      const story = new Story().knows('agent:planner', 'agent:worker').registry({
        type: 'standing',
        agent: 'agent:worker',
        tools: { [TOOL.unlock]: {}, [TOOL.status]: {} },
      })
      const planner = story.root('agent:planner', STATUS)
      const worker = story.link(planner, 'agent:worker', STATUS)
      const call = story.propose(worker, TOOL.status, {})
      if (decided) story.decide(worker, call, true)
      story.act(worker, TOOL.status, { as: call })
      await story.told()
      const { rows } = await from(story, { kind: 'agent', id: 'agent:planner' })
      return rows.find(({ tool }) => tool === TOOL.unlock)
    }
    expect(await told(false)).toMatchObject({ rule: 'callable', decided: false })
    expect(await told(true)).toMatchObject({ rule: 'callable', decided: true })
  })

  it('follows what was written to whoever read it, and what was changed to whom it governs', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker', 'agent:other')
    const planner = story.root('agent:planner', STATUS)
    story.root('agent:worker', DEPLOY, { txn: 'task-2' })
    story.root('agent:other', DEPLOY, { txn: 'task-3' })
    story.move('agent:planner', 'wrote', { resource: 'memory:notes' })
    story.move('agent:worker', 'read', { resource: 'memory:notes' })
    story.act(planner, TOOL.status, { said: { resource: 'agent:other', control: true } })
    await story.told()
    const result = await from(story, { kind: 'agent', id: 'agent:planner' })
    expect(lines(result)).toEqual([
      'agent:other deploy control open',
      'agent:planner status given used open',
      'agent:worker deploy stateful open',
    ])
    const notes = await from(story, { kind: 'resource', id: 'memory:notes' })
    expect(lines(notes)).toEqual(['agent:worker deploy stateful open'])
  })

  it('follows what was written under a link, and not what its holder wrote elsewhere', async () => {
    const story = new Story().knows('agent:worker', 'agent:one', 'agent:two')
    const link = story.root('agent:worker', STATUS)
    const other = story.root('agent:worker', { [TOOL.unlock]: {} }, { txn: 'task-2' })
    story.act(link, TOOL.status, { said: { resource: 'memory:one' } })
    story.act(other, TOOL.unlock, { said: { resource: 'memory:two' } })
    for (const [agent, resource] of [
      ['agent:one', 'memory:one'],
      ['agent:two', 'memory:two'],
    ] as const) {
      story.root(agent, DEPLOY, { txn: resource })
      story.move(agent, 'read', { resource })
    }
    await story.told()
    expect(lines(await from(story, { kind: 'link', id: link.hash }))).toEqual([
      'agent:one deploy stateful open',
      'agent:worker status given used open',
    ])
    const all = await from(story, { kind: 'agent', id: 'agent:worker' })
    expect(all.rows.map(({ agent }) => agent)).toContain('agent:two')
  })

  it('follows what it may write, by calls that others were seen to make', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker', 'agent:other')
    story.root('agent:planner', DEPLOY)
    const other = story.root('agent:other', DEPLOY, { txn: 'task-2' })
    story.act(other, TOOL.deploy, { ...STAGING, said: { resource: 'agent:worker', control: true } })
    story.root('agent:worker', STATUS, { txn: 'task-3' })
    await story.told()
    const { rows } = await from(story, { kind: 'agent', id: 'agent:planner' })
    const reached = rows.find(({ agent }) => agent === 'agent:worker')
    expect(reached).toMatchObject({ rule: 'control', exercisable: true })
    expect(reached?.witness.map(({ kind }) => kind)).toEqual([
      ...['link', 'permission', 'resource', 'agent', 'link', 'permission'],
    ])
  })

  it('shows who rode on an approval, and what was done without any grant', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', DEPLOY)
    const worker = story.link(planner, 'agent:worker', {})
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const approval = story.approve(planner, call)
    story.act(worker, TOOL.deploy, { as: call, approvals: [approval] })
    await story.told()
    const id = signingInputHash(approval) ?? ''
    const result = await from(story, { kind: 'approval', id })
    expect(lines(result)).toContain('agent:worker deploy callable used')
    const rider = await from(story, { kind: 'agent', id: 'agent:worker' })
    expect(lines(rider)).toEqual(['agent:worker deploy callable used'])
    expect(rider.rows[0]?.witness.at(-1)?.sentence).toContain('without a grant')
  })

  it('knows nothing that was given later, though something earlier would be within it', async () => {
    const story = new Story().knows('agent:a').registry({
      ...{ type: 'standing', agent: 'agent:a', tools: STATUS, from: T0 + 500 },
    })
    const root = story.root('agent:a', DEPLOY)
    story.act(root, TOOL.deploy, STAGING)
    const wider = story.root('agent:a', { [TOOL.deploy]: {} }, { iat: T0 + 500 })
    story.approveClass('agent:a', TOOL.unlock, { iat: T0 + 500 })
    await story.told()
    const start = { kind: 'agent', id: 'agent:a' } as const
    expect(lines(await from(story, start))).toEqual(['agent:a deploy given used open'])
    expect(lines(await from(story, start, { at: T0 + 600 }))).toEqual([
      'agent:a deploy given used open',
      'agent:a deploy given used open',
      'agent:a status given open',
      'agent:a unlock given open',
    ])
    const later = { kind: 'link', id: wider.hash } as const
    expect(await blastRadius(later, { since: 0, maxDepth: 16 }, askingOf(story, T0 + 60))).toEqual({
      missing: `link ${wider.hash}`,
    })
  })

  it('says which bound it met', async () => {
    const story = new Story().knows('agent:a', 'agent:b', 'agent:c')
    const root = story.root('agent:a', DEPLOY)
    story.link(story.link(root, 'agent:b', DEPLOY), 'agent:c', DEPLOY, { iat: T0 + 11 })
    await story.told()
    const start = { kind: 'agent', id: 'agent:a' } as const
    expect((await from(story, start)).cappedBy).toEqual([])
    const cut = await from(story, start, { depth: 2 })
    expect(cut.cappedBy).toEqual(['depth'])
    expect(lines(cut)).toEqual(['agent:a deploy given open'])
  })

  const AGENTS = ['agent:a', 'agent:b', 'agent:c', 'agent:d'] as const
  const grant = fc.record({
    to: fc.constantFrom(...AGENTS),
    parent: fc.nat(5),
    tools: fc.subarray([TOOL.deploy, TOOL.status, TOOL.unlock], { minLength: 1 }),
    kind: fc.constantFrom('link', 'link', 'standing', 'export', 'moved'),
    with: fc.constantFrom(...AGENTS),
  })

  it('is monotone: more evidence of grants and hops never takes a row away', async () => {
    let grown = 0
    await fc.assert(
      fc.asyncProperty(
        fc.array(grant, { minLength: 1, maxLength: 7 }),
        fc.nat(6),
        async (grants, n) => {
          const known = n % grants.length
          const tell = async (some: typeof grants) => {
            const story = new Story().knows(...AGENTS)
            const links = [story.root('agent:a', { [TOOL.status]: {} })]
            for (const one of some) {
              const tools = Object.fromEntries(one.tools.map((tool) => [tool, {}]))
              const parent = links[one.parent]
              const granted = parent?.claims.authorization_details[0].tools ?? {}
              const inside = Object.entries(tools).filter(([tool]) => Object.hasOwn(granted, tool))
              if (one.kind === 'standing')
                story.registry({ type: 'standing', agent: one.to, tools })
              else if (one.kind === 'export')
                story.registry({ type: 'export', agent: one.to, callers: [one.with], tools })
              else if (one.kind === 'moved') {
                story.move(one.with, 'wrote', { resource: 'memory:x' })
                story.move(one.to, 'read', { resource: 'memory:x' })
              } else if (parent === undefined || inside.length === 0 || parent.claims.del_depth > 1)
                links.push(story.root(one.to, tools))
              else links.push(story.link(parent, one.to, Object.fromEntries(inside)))
            }
            await story.told()
            return from(story, { kind: 'agent', id: 'agent:a' })
          }
          const [before, after] = [await tell(grants.slice(0, known + 1)), await tell(grants)]
          const key = ({ agent, tool, limits }: Reach) => JSON.stringify([agent, tool, limits])
          const rows = new Set(after.rows.map(key))
          expect(before.rows.map(key).filter((row) => !rows.has(row))).toEqual([])
          if (after.rows.length > before.rows.length) grown += 1
        },
      ),
      { numRuns: 60 },
    )
    expect(grown).toBeGreaterThan(5)
  })
})

describe('zones', () => {
  const zones = createZones([
    { name: 'production', criticality: 5, tools: [TOOL.deploy], resources: [] },
    { name: 'nothing of it', criticality: 4, tools: ['other'], resources: [] },
  ])

  it('come first, are counted, and have what to take back to cut them off', async () => {
    const story = new Story()
      .knows('agent:planner', 'agent:worker')
      .registry(
        { type: 'effect', tool: TOOL.deploy, class: 'read' },
        { type: 'effect', tool: TOOL.status, class: 'critical' },
      )
    const planner = story.root('agent:planner', { ...DEPLOY, ...STATUS })
    story.link(planner, 'agent:worker', DEPLOY)
    await story.told()
    const result = await blastRadius(
      { kind: 'agent', id: 'agent:planner' },
      { since: 0, maxDepth: 16 },
      askingOf(story, T0 + 60, zones),
    )
    if (isMissing(result)) throw new Error(result.missing)
    // By its zone, although what it does is the least.
    expect(result.rows.map(({ tool }) => tool)).toEqual([TOOL.deploy, TOOL.deploy, TOOL.status])
    expect(result.rows.map(({ zones: of }) => of.map(({ name }) => name))).toEqual([
      ...[['production'], ['production'], []],
    ])
    expect(result.byZone).toMatchObject([
      {
        zone: { name: 'production', criticality: 5 },
        count: { rows: 2, exercised: 0, exercisable: 2, agents: 2 },
        chokePoints: [{ kind: 'link', id: planner.hash, cuts: 2, of: 2 }],
      },
    ])
    expect(result.byZone[0]?.chokePoints[0]?.sentence).toContain(
      'cuts off 2 of 2 in force in the zone production',
    )
    // The gravest by what it does stay what they were.
    expect(result.chokePoints[0]?.sentence).toContain('gravest in force are left (status)')
  })
})
