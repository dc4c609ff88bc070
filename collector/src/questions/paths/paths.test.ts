import { signingInputHash } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'
import { isMissing } from '../asking.ts'
import { blastRadius } from '../blast-radius/blast-radius.ts'
import type { Start } from '../blast-radius/start.ts'
import { askingOf } from '../testing/asking.ts'
import { type End, followsOf } from './ends.ts'
import { type Paths, paths, type Way } from './paths.ts'
import { type ReachedBy, reachedBy } from './reached-by.ts'

const DEPLOY = { [TOOL.deploy]: env('staging') }
const STAGING = { args: { env: 'staging' } }
const ALL = { since: 0, maxDepth: 16, most: 20, inForce: false }
const PLANNER = { kind: 'agent', id: 'agent:planner' } as const
const TO_DEPLOY = { kind: 'tool', id: TOOL.deploy } as const

type More = Partial<typeof ALL> & {
  readonly avoid?: readonly End[]
  readonly rules?: Parameters<typeof followsOf>[1]
}
const askedWith = ({ avoid = [], rules, ...more }: More) => ({
  ...ALL,
  ...more,
  follows: followsOf(avoid, rules),
})
async function ways(story: Story, from: Start, to: End, more: More = {}): Promise<Paths> {
  const answer = await paths(from, to, askedWith(more), askingOf(story, T0 + 60))
  if (isMissing(answer)) throw new Error(answer.missing)
  return answer
}
async function reachers(story: Story, to: End, more: More = {}): Promise<ReachedBy> {
  const answer = await reachedBy(to, askedWith(more), askingOf(story, T0 + 60))
  if (isMissing(answer)) throw new Error(answer.missing)
  return answer
}
const kinds = ({ steps }: Way): string => steps.map(({ kind }) => kind).join(' ')
const who = ({ reachers: all }: ReachedBy): string[] => all.map(({ start }) => start.id)

/** Planner hands on to worker by two ways: at once, and through helper. */
async function twoWays() {
  const story = new Story().knows('agent:planner', 'agent:worker', 'agent:helper', 'agent:alone')
  const planner = story.root('agent:planner', DEPLOY)
  const straight = story.link(planner, 'agent:worker', DEPLOY)
  const helper = story.link(planner, 'agent:helper', DEPLOY)
  const around = story.link(helper, 'agent:worker', DEPLOY)
  story.root('agent:alone', { [TOOL.status]: {} })
  await story.told()
  return { story, planner, straight, helper, around }
}

const WORKER = { kind: 'agent', id: 'agent:worker' } as const

describe('ways from one thing to another', () => {
  it('are told the shortest first, with what to take back so that none is left', async () => {
    const { story, planner } = await twoWays()
    const { paths: found, complete, chokePoints } = await ways(story, PLANNER, WORKER)
    expect(found.map(kinds)).toContain('link link agent')
    expect(found.map(kinds)).toContain('link link link agent')
    expect(found.map(({ steps }) => steps.length)).toEqual(
      found.map(({ steps }) => steps.length).sort(),
    )
    expect(complete).toBe(true)
    expect(found.every(({ rule, inForce }) => rule === 'given' && inForce)).toBe(true)
    expect(chokePoints).toMatchObject([{ kind: 'link', id: planner.hash }])
    expect(chokePoints[0]?.sentence).toContain('no way in force is left')
  })

  it('go past what is avoided: a link, and an agent with all that it hands on', async () => {
    const { story, straight } = await twoWays()
    const around = await ways(story, PLANNER, WORKER, {
      avoid: [{ kind: 'link', id: straight.hash }],
    })
    expect(new Set(around.paths.map(({ steps }) => steps.length))).toEqual(new Set([4]))
    const without = await ways(story, PLANNER, WORKER, {
      avoid: [{ kind: 'agent', id: 'agent:helper' }],
    })
    expect(without.paths.map(kinds)).not.toContain('link link link agent')
    expect(without.paths.length).toBeGreaterThan(0)
    const none = await ways(story, PLANNER, WORKER, {
      avoid: [
        { kind: 'link', id: straight.hash },
        { kind: 'agent', id: 'agent:helper' },
      ],
    })
    expect(none.paths).toEqual([])
    const noTool = await ways(story, PLANNER, TO_DEPLOY, { avoid: [TO_DEPLOY] })
    expect(noTool.paths).toEqual([])
  })

  it('end at what is not there with an error, and at what is not reached with nothing', async () => {
    const { story } = await twoWays()
    const asking = askingOf(story)
    expect(await paths(PLANNER, { kind: 'tool', id: 'none' }, askedWith({}), asking)).toEqual({
      missing: 'tool none',
    })
    expect(await paths({ kind: 'agent', id: 'x' }, WORKER, askedWith({}), asking)).toEqual({
      missing: 'agent x',
    })
    const alone = await ways(story, { kind: 'agent', id: 'agent:alone' }, WORKER)
    expect(alone).toMatchObject({ paths: [], complete: true, chokePoints: [] })
  })

  it('follow the rules that are asked for, and say which are inheritance', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    story.registry({
      ...{ type: 'export', agent: 'agent:worker', callers: ['agent:planner'] },
      tools: DEPLOY,
    })
    story.root('agent:planner', { [TOOL.status]: {} })
    story.act({ agent: 'agent:worker' }, TOOL.deploy, STAGING)
    await story.told()
    const { paths: found } = await ways(story, PLANNER, TO_DEPLOY)
    expect([...new Set(found.map(({ rule }) => rule))]).toEqual(['callable'])
    expect((await ways(story, PLANNER, TO_DEPLOY, { rules: ['given'] })).paths).toEqual([])
    const more = await ways(story, PLANNER, TO_DEPLOY, { rules: ['given', 'callable'] })
    expect(more.paths).toEqual(found)
  })

  it('hold to what is in force where only that is asked for', async () => {
    const { story } = await twoWays()
    const later = askingOf(story, T0 + 100_000)
    const over = await paths(PLANNER, WORKER, askedWith({}), later)
    if (isMissing(over)) throw new Error(over.missing)
    expect(over.paths.every(({ inForce }) => !inForce)).toBe(true)
    expect(over.paths.length).toBeGreaterThan(0)
    expect(await paths(PLANNER, WORKER, askedWith({ inForce: true }), later)).toMatchObject({
      paths: [],
    })
  })
})

describe('who could reach one thing', () => {
  it('are those from which a way leads there, and nobody else', async () => {
    const { story } = await twoWays()
    const answer = await reachers(story, TO_DEPLOY)
    expect(who(answer).sort()).toEqual([
      ...['agent:helper', 'agent:planner', 'agent:worker', 'person:alice'],
    ])
    expect(answer.cappedBy).toEqual([])
    // The agent alone, which has a link for something else, was not asked.
    expect(answer.lookedAt).toBe(4)
  })

  it('are told as the question is answered forwards, for every start and every end', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker', 'agent:helper')
    story.registry(
      { type: 'standing', agent: 'agent:helper', tools: { [TOOL.status]: {} } },
      {
        type: 'export',
        agent: 'agent:helper',
        callers: ['agent:worker'],
        tools: { [TOOL.status]: {} },
      },
    )
    const planner = story.root('agent:planner', DEPLOY)
    const worker = story.link(planner, 'agent:worker', {})
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const approvals = [story.approve(planner, call)]
    story.act(worker, TOOL.deploy, { as: call, approvals })
    story.act({ agent: 'agent:helper' }, TOOL.status, { args: {} })
    await story.told()
    const hash = signingInputHash(approvals[0] ?? '') ?? ''
    const ends: End[] = [
      ...[TO_DEPLOY, { kind: 'tool', id: TOOL.status } as const, WORKER],
      ...[{ kind: 'approval', id: hash } as const, { kind: 'agent', id: 'agent:helper' } as const],
    ]
    const starts: Start[] = [
      ...['agent:planner', 'agent:worker', 'agent:helper'].map(
        (id): Start => ({ kind: 'agent', id }),
      ),
      { kind: 'principal', id: 'person:alice' },
    ]
    for (const to of ends) {
      const back = who(await reachers(story, to))
      const forth: string[] = []
      for (const start of starts) {
        if (start.id === to.id) continue
        if ((await ways(story, start, to)).paths.length > 0) forth.push(start.id)
      }
      expect([to, back.sort()]).toEqual([to, forth.sort()])
    }
    expect(who(await reachers(story, TO_DEPLOY)).length).toBeGreaterThan(0)
  })

  it('leave out who reaches it only through what is avoided', async () => {
    const { story, straight } = await twoWays()
    const avoid = [
      { kind: 'agent', id: 'agent:helper' } as const,
      { kind: 'link', id: straight.hash } as const,
    ]
    expect(who(await reachers(story, WORKER, { avoid }))).toEqual([])
  })
})

it('the blast radius is smaller by what is avoided, and by rules that are left out', async () => {
  const { story, straight } = await twoWays()
  const reach = async (more: More) => {
    const answer = await blastRadius(PLANNER, askedWith(more), askingOf(story, T0 + 60))
    if (isMissing(answer)) throw new Error(answer.missing)
    return answer.rows.map(({ agent }) => agent)
  }
  expect(await reach({})).toEqual(['agent:helper', 'agent:planner', 'agent:worker'])
  expect(await reach({ avoid: [{ kind: 'agent', id: 'agent:helper' }] })).toEqual([
    ...['agent:planner', 'agent:worker'],
  ])
  expect(
    await reach({
      avoid: [
        { kind: 'link', id: straight.hash },
        { kind: 'agent', id: 'agent:helper' },
      ],
    }),
  ).toEqual(['agent:planner'])
  expect(await reach({ rules: ['control'] })).toEqual([])
})
