import { textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { agentsPage, coverageOf } from './coverage.ts'
import { askingOf } from './testing/asking.ts'

const STAGING = { args: { env: 'staging' } }
const DEPLOY = { [TOOL.deploy]: env('staging') }

async function of(story: Story, agent: string, at?: number) {
  const { snapshot: _, agent: __, ...rest } = await coverageOf(agent, askingOf(story, at))
  // Each number has its rows.
  const graded = (grade: string): number => rest.rows.filter((row) => row.grade === grade).length
  expect(rest.rows).toHaveLength(rest.hops)
  expect(rest.rows.filter(({ dark }) => dark)).toHaveLength(rest.dark)
  for (const grade of ['proven', 'signed', 'asserted', 'observed'] as const)
    expect(graded(grade)).toBe(rest[grade])
  return rest
}

describe('how much is shown of what an agent did', () => {
  it('counts calls with receipts as proven, and those without as signed', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const worker = story.link(story.root('agent:planner', DEPLOY), 'agent:worker', DEPLOY)
    story.act(worker, TOOL.deploy, STAGING)
    story.act(worker, TOOL.deploy, { ...STAGING, signer: null })
    await story.told()
    expect(await of(story, 'agent:worker')).toMatchObject({
      ...{ hops: 2, proven: 1, signed: 1, asserted: 0, observed: 0, dark: 0, capped: false },
      sentence: 'every hop of worker is shown by a link or a receipt',
    })
    // planner asked for both, by links that it signed.
    expect(await of(story, 'agent:planner')).toMatchObject({
      hops: 2,
      proven: 1,
      signed: 1,
      dark: 0,
    })
  })

  it('shows an agent as dark that was handed work and is silent', async () => {
    const story = new Story().knows('agent:planner')
    story.link(story.root('agent:planner', DEPLOY), 'agent:silent', DEPLOY)
    await story.told()
    expect(await agentsPage(askingOf(story), 10, undefined)).toContain('agent:silent')
    const silent = await of(story, 'agent:silent')
    expect(silent).toMatchObject({ hops: 1, dark: 1 })
    expect(silent.sentence).toContain(
      'silent is dark: nobody instrumented it; 1 link that it was handed, and nothing was heard of it since',
    )
  })

  it('shows an agent as dark that only others speak of', async () => {
    const story = new Story().knows('agent:worker')
    const worker = story.root('agent:worker', DEPLOY)
    story.act(worker, TOOL.deploy, { ...STAGING, drivers: ['agent:ghost'] })
    await story.told()
    expect(await agentsPage(askingOf(story), 10, undefined)).toContain('agent:ghost')
    expect(await of(story, 'agent:ghost')).toMatchObject({ hops: 1, asserted: 1, dark: 1 })
  })

  it('shows calls with neither link nor receipt as dark', async () => {
    const story = new Story().knows('agent:worker')
    const facts = { instrumented: false }
    story.act({ agent: 'agent:worker' }, TOOL.status, { signer: null, facts })
    await story.told()
    expect(await of(story, 'agent:worker')).toMatchObject({ hops: 1, observed: 1, dark: 1 })
  })

  it('knows nothing of what came later', async () => {
    const story = new Story().knows('agent:worker')
    const worker = story.root('agent:worker', DEPLOY)
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 60 })
    await story.told()
    expect(await of(story, 'agent:worker', T0 + 30)).toMatchObject({ hops: 1, proven: 0, dark: 1 })
    const nothing = await of(story, 'agent:worker', T0 - 60)
    expect(nothing).toMatchObject({ hops: 0, dark: 0 })
    expect(nothing.sentence).toContain('nothing was heard of worker')
  })

  it('knows whoever is said to have asked, in whatever order it is told', async () => {
    const story = new Story().knows('agent:worker')
    const facts = { delegator: 'agent:one' }
    story.act({ agent: 'agent:worker' }, TOOL.status, { signer: null, facts })
    const [span] = story.evidence
    if (span?.kind !== 'span') throw new Error('no span')
    const other = {
      ...{ ...span, id: textDigest('another span of the same call') },
      facts: { ...span.facts, delegator: 'agent:two', instrumented: false },
    }
    const first = story.again()
    const second = story.again()
    await first.told([[span], [other]])
    await second.told([[other], [span]])
    expect(await second.graph()).toBe(await first.graph())
    expect(await agentsPage(askingOf(first), 10, undefined)).toContain('agent:two')
  })

  it('lists how an agent took part, the newest first', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const root = story.root('agent:planner', DEPLOY)
    const worker = story.link(root, 'agent:worker', DEPLOY, { iat: T0 + 1 })
    story.link(root, 'agent:silent', DEPLOY, { iat: T0 + 2 })
    story.act(root, TOOL.deploy, { ...STAGING, at: T0 + 10 })
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 20 })
    await story.told()
    const { rows } = await of(story, 'agent:planner')
    expect(rows.map(({ part, node }) => [part, node.kind, node.columns['agent']])).toEqual([
      ['asked', 'Action', 'agent:worker'],
      ['made', 'Action', 'agent:planner'],
    ])
    const silent = await of(story, 'agent:silent')
    expect(silent.rows.map(({ part, grade, node }) => [part, grade, node.kind])).toEqual([
      ['handed', undefined, 'Link'],
    ])
  })
})
