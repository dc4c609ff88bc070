import type { LinkContainer } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, type Story, T0, TOOL } from '../harness/story.ts'
import { refused } from './attack.ts'
import { judged, sqliteStory } from './sqlite-story.ts'

const ASKED: NonNullable<LinkContainer['approvals']> = {
  [TOOL.deploy]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 },
}

function begun(story: Story) {
  story.knows('agent:planner', 'agent:worker', 'agent:helper')
  const root = story.root('agent:planner', { [TOOL.deploy]: env('staging') }, { approvals: ASKED })
  const leaf = story.link(root, 'agent:worker', { [TOOL.deploy]: env('staging') })
  const call = story.propose(leaf, TOOL.deploy, { env: 'staging' })
  return { root, leaf, call }
}

const failed = (code: string, detail?: string) =>
  detail === undefined ? { state: 'failed', code } : { state: 'failed', code, detail }

describe('approvals', () => {
  it('an approval is refused for a second call', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const approvals = [story.approve(leaf, call)]
    const first = story.act(leaf, TOOL.deploy, { as: call, approvals, at: T0 + 30 })
    const second = story.act(leaf, TOOL.deploy, { as: call, approvals, at: T0 + 40 })
    await story.told()
    expect((await judged(story, first)).verdict.approval).toEqual({ state: 'ok' })
    expect((await judged(story, second)).verdict.approval).toEqual(failed('approval_replayed'))
  })

  it('an approval of one leaf is refused under its sibling', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { root, leaf, call } = begun(story)
    const sibling = story.link(root, 'agent:helper', { [TOOL.deploy]: env('staging') })
    const approvals = [story.approve(leaf, call)]
    const id = story.act(sibling, TOOL.deploy, { as: call, approvals })
    await story.told()
    const { verdict } = await judged(story, id)
    expect(verdict.approval).toEqual(failed('approval_mismatch', 'link'))
  })

  it('arguments changed after the approval are refused', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const approvals = [story.approve(leaf, call)]
    const id = story.act(leaf, TOOL.deploy, { args: { env: 'production' }, approvals })
    await story.told()
    const { verdict } = await judged(story, id)
    expect(verdict.approval).toEqual(failed('approval_mismatch', 'call'))
    expect(verdict.action).toMatchObject(failed('scope_not_granted'))
  })

  it('a call proposed again, with a new salt, is refused on the old approval', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const approvals = [story.approve(leaf, call)]
    const again = story.propose(leaf, TOOL.deploy, { env: 'staging' })
    const id = story.act(leaf, TOOL.deploy, { as: again, approvals })
    await story.told()
    expect((await judged(story, id)).verdict.approval).toEqual(failed('approval_mismatch', 'call'))
  })

  it('an approval is refused after its exp, and older than the link takes it', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const short = [story.approve(leaf, call, { exp: T0 + 25 })]
    const old = [story.approve(leaf, call, { at: T0 + 20, exp: T0 + 1000 })]
    const late = story.act(leaf, TOOL.deploy, { as: call, approvals: short, at: T0 + 25 })
    const stale = story.act(leaf, TOOL.deploy, { as: call, approvals: old, at: T0 + 321 })
    await story.told()
    expect((await judged(story, late)).verdict.approval).toEqual(failed('approval_expired'))
    expect((await judged(story, stale)).verdict.approval).toMatchObject(failed('approval_missing'))
  })

  it('a call that was denied is refused although it was executed', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const approvals = [story.approve(leaf, call, { decision: 'deny' })]
    const id = story.act(leaf, TOOL.deploy, { as: call, approvals })
    await story.told()
    const { verdict, columns } = await judged(story, id)
    expect(verdict.approval).toEqual(failed('approval_mismatch', 'denied'))
    expect(columns['effect']).toBe('ok')
  })

  it('an agent that approves its own call is refused', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const approvals = [story.approve(leaf, call, { by: 'agent:worker' })]
    const id = story.act(leaf, TOOL.deploy, { as: call, approvals })
    await story.told()
    expect((await judged(story, id)).verdict.approval).toMatchObject({ state: 'failed' })
  })

  it('a denial that the agent keeps to itself still shows', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    story.approve(leaf, call, { decision: 'deny' })
    const id = story.act(leaf, TOOL.deploy, { as: call })
    await story.told()
    expect((await judged(story, id)).verdict.approval).toMatchObject({ state: 'failed' })
  })

  it('a yes beside a no to the same call is refused', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    story.approve(leaf, call, { decision: 'deny' })
    const approvals = [story.approve(leaf, call, { at: T0 + 21 })]
    const id = story.act(leaf, TOOL.deploy, { as: call, approvals })
    await story.told()
    expect((await judged(story, id)).verdict.approval).toMatchObject({ state: 'failed' })
  })

  it('an approval of a stranger is refused, and one of an issuer that the link does not name', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const approvals = [story.approve(leaf, call)]
    const other = keyOf('somebody').jwk
    story.trust = {
      ...story.trust,
      approvers: [{ iss: 'https://approvals.example.com', kid: 'approvals', jwk: other }],
    }
    const id = story.act(leaf, TOOL.deploy, { as: call, approvals })
    await story.told()
    expect((await judged(story, id)).verdict.approval).toEqual(failed('signature_invalid'))
  })

  it('two approvals by one person are one where two are asked for', async () => {
    await using place = await sqliteStory()
    const { story } = place
    story.knows('agent:worker')
    const entry = { min: 2, approvers: ['https://approvals.example.com'], max_age: 300 }
    const root = story.root(
      'agent:worker',
      { [TOOL.deploy]: env('staging') },
      { approvals: { [TOOL.deploy]: entry } },
    )
    const found = []
    for (const by of ['person:alice', 'person:bob']) {
      const call = story.propose(root, TOOL.deploy, { env: 'staging' })
      const approvals = [story.approve(root, call), story.approve(root, call, { by, at: T0 + 21 })]
      const id = story.act(root, TOOL.deploy, { as: call, approvals })
      await story.told()
      found.push((await judged(story, id)).verdict.approval)
    }
    expect(found).toEqual([failed('approval_missing', 'requirement'), { state: 'ok' }])
  })

  refused('an agent as approver is refused', 'W07', 'approver_untrusted:ai_agent')
  refused('an approver whom nobody configured is refused', 'W03', 'approver_untrusted')
  refused('an approval valid for more than an hour is refused', 'W08', 'lifetime_exceeded')
  refused('an approval bound to no link is refused', 'W11', 'malformed:aat_hash')
  refused('an approval bound to no call is refused', 'W12', 'malformed:action_hash')
  refused(
    'an approval whose arguments are not those of its hash is refused',
    'W10',
    'approval_mismatch:action_hash',
  )
})
