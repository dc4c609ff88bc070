import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const STAGING = { env: 'staging' }

function begun() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.deploy]: env('staging') })
  return { story, planner }
}

describe('D5 approval-replay', () => {
  it('fires on the second call on one approval, and not on the first', async () => {
    const { story, planner } = begun()
    const call = story.propose(planner, TOOL.deploy, STAGING)
    const approval = story.approve(planner, call)
    story.act(planner, TOOL.deploy, { as: call, approvals: [approval] })
    const second = story.act(planner, TOOL.deploy, { as: call, approvals: [approval], at: T0 + 40 })
    await story.told()
    expect(await story.fired()).toEqual(['D5 agent:planner'])
    expect((await story.findings())[0]?.columns).toMatchObject({ action: second, severity: 3 })
  })

  it('fires when the approval was for another call, at least 4', async () => {
    const { story, planner } = begun()
    const approval = story.approve(planner, story.propose(planner, TOOL.deploy, STAGING))
    const other = story.propose(planner, TOOL.deploy, STAGING)
    story.act(planner, TOOL.deploy, { as: other, approvals: [approval] })
    await story.told()
    expect(await story.fired()).toEqual(['D5 agent:planner'])
    expect((await story.findings())[0]?.columns).toMatchObject({
      severity: 4,
      culpritKind: 'approval',
    })
  })

  it('counts the uses of an approval of several calls', async () => {
    for (const [uses, expected] of [
      [3, []],
      [2, ['D5 agent:planner']],
    ] as const) {
      const { story, planner } = begun()
      const approval = story.approveClass('agent:planner', TOOL.deploy, { uses })
      for (const at of [31, 32, 33]) {
        story.act(planner, TOOL.deploy, { args: STAGING, approvals: [approval], at: T0 + at })
      }
      expect(await (await story.told()).fired()).toEqual(expected)
    }
  })

  it('lets a failed call use nothing up', async () => {
    const { story, planner } = begun()
    const approval = story.approveClass('agent:planner', TOOL.deploy)
    const options = { args: STAGING, approvals: [approval] }
    story.act(planner, TOOL.deploy, { ...options, status: 'failed' })
    story.act(planner, TOOL.deploy, { ...options, at: T0 + 40 })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('fires for an agent that the approval does not name, and not for a delegate that it does', async () => {
    for (const delegates of [false, true]) {
      const { story, planner } = begun()
      const worker = story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') })
      const approval = story.approveClass('agent:planner', TOOL.deploy, {
        ...(delegates ? { delegates: true as const } : {}),
      })
      story.act(worker, TOOL.deploy, { args: STAGING, approvals: [approval] })
      const expected = delegates ? [] : ['D5 agent:worker']
      expect(await (await story.told()).fired()).toEqual(expected)
    }
  })

  it('fires in another task or session than it was given in', async () => {
    for (const given of [{ txn: 'task-9' }, { session: 'session-9' }]) {
      const { story, planner } = begun()
      const approval = story.approveClass('agent:planner', TOOL.deploy, given)
      const said = { session: 'session-1' }
      story.act(planner, TOOL.deploy, { args: STAGING, approvals: [approval], said })
      expect(await (await story.told()).fired()).toEqual(['D5 agent:planner'])
    }
  })
})
