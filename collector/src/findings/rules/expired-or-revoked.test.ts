import { textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const SECRET = textDigest('a secret')
const STAGING = { args: { env: 'staging' } }

function begun(exp = T0 + 100) {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.deploy]: env('staging') })
  const worker = story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') }, { exp })
  return { story, planner, worker }
}

async function d9(story: Story) {
  await story.told()
  return (await story.findings()).filter(({ columns }) => columns['rule'] === 'D9')
}

describe('D9 expired-or-revoked', () => {
  it('fires from the second on at which a link has expired, and not before', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 99 })
    const late = story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 100 })
    const found = await d9(story)
    expect(found.map(({ columns }) => columns['action'])).toEqual([late])
    expect(found[0]?.columns).toMatchObject({
      culprit: worker.hash,
      severity: 3,
      title: 'worker did deploy(env "staging") on a link that had expired',
    })
  })

  it('fires when the root was withdrawn before, one graver, and counts the uses since', async () => {
    const { story, planner, worker } = begun(T0 + 900)
    story.revoke(planner, T0 + 50)
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 40 })
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 60 })
    const second = story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 70 })
    const found = await d9(story)
    expect(found).toHaveLength(2)
    const last = found.find(({ columns }) => columns['action'] === second)
    expect(last?.columns).toMatchObject({ severity: 4, culprit: planner.hash })
    expect(JSON.parse(String(last?.columns['body'])).facts).toContain('it is use 2 since')
  })

  it('stays quiet where the withdrawal came after the action', async () => {
    const { story, planner, worker } = begun()
    story.act(worker, TOOL.deploy, STAGING)
    story.revoke(planner, T0 + 50)
    expect(await d9(story)).toEqual([])
  })

  it('stays quiet about the renewal, and not about what it renews', async () => {
    const { story, planner, worker } = begun()
    const grants = { [TOOL.deploy]: env('staging') }
    const renewed = story.link(planner, 'agent:worker', grants, {
      iat: T0 + 90,
      exp: T0 + 300,
      replaces: worker.hash,
    })
    story.act(renewed, TOOL.deploy, { ...STAGING, at: T0 + 150 })
    await story.told()
    expect(await story.fired()).toEqual([])
    const before = story.evidence.length
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 160 })
    await story.told([story.evidence.slice(before)])
    expect(await story.fired()).toEqual(['D9 agent:worker'])
  })

  it('fires where the renewal came too late', async () => {
    const { story, planner, worker } = begun()
    const grants = { [TOOL.deploy]: env('staging') }
    const more = { iat: T0 + 400, exp: T0 + 900, replaces: worker.hash }
    story.link(planner, 'agent:worker', grants, more)
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 160 })
    expect(await d9(story)).toHaveLength(1)
  })

  it('fires on an approval that had expired or was taken back', async () => {
    for (const taken of [false, true]) {
      const { story, planner } = begun()
      const approval = story.approveClass('agent:planner', TOOL.deploy, {
        exp: taken ? T0 + 900 : T0 + 30,
      })
      if (taken) story.unapprove(approval, T0 + 30)
      story.act(planner, TOOL.deploy, { ...STAGING, approvals: [approval], at: T0 + 35 })
      const [finding] = await d9(story)
      expect(finding?.columns).toMatchObject({ culpritKind: 'approval', severity: taken ? 4 : 3 })
    }
  })

  it('fires on a credential that was taken back, and not before that', async () => {
    const { story, worker } = begun()
    story.credential(SECRET, { event: 'issued' })
    story.credential(SECRET, { event: 'revoked', iat: T0 + 35 })
    story.act(worker, TOOL.deploy, { ...STAGING, credential: SECRET })
    story.act(worker, TOOL.deploy, { ...STAGING, credential: SECRET, at: T0 + 40 })
    const found = await d9(story)
    expect(found.map(({ columns }) => columns['culpritKind'])).toEqual(['credential'])
  })
})
