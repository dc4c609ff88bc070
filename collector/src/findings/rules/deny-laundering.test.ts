import { signingInputHash } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const STAGING = { args: { env: 'staging' } }

/** Planner may look; helper may deploy by a root link of its own in the same task. */
function begun() {
  const story = new Story().knows('agent:planner', 'agent:helper')
  const planner = story.root('agent:planner', { [TOOL.status]: {} })
  const helper = story.root('agent:helper', { [TOOL.deploy]: env('staging') })
  return { story, planner, helper }
}

describe('D4 deny-laundering', () => {
  it('fires when helper does what planner was refused', async () => {
    const { story, helper } = begun()
    const denial = story.rule('agent:planner', TOOL.deploy, false)
    story.act(helper, TOOL.deploy, STAGING)
    await story.told()
    const [finding] = await story.findings()
    expect(await story.fired()).toEqual(['D4 agent:planner'])
    expect(finding?.columns).toMatchObject({
      from: 'agent:helper',
      culpritKind: 'decision',
      culprit: signingInputHash(denial),
      severity: 4,
      title: 'planner was refused deploy, and helper did deploy(env "staging")',
    })
  })

  it('stays quiet when planner merely lacks it and was refused nothing', async () => {
    const { story, helper } = begun()
    story.act(helper, TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when a person approved it after seeing the refusal, and not after any other approval', async () => {
    for (const [sawIt, expected] of [
      [true, []],
      [false, ['D4 agent:planner']],
    ] as const) {
      const { story, helper } = begun()
      const denial = story.rule('agent:planner', TOOL.deploy, false)
      const after = sawIt ? { after: signingInputHash(denial) ?? '' } : {}
      story.approveClass('agent:helper', TOOL.deploy, { ...after, iat: T0 + 28 })
      story.act(helper, TOOL.deploy, STAGING)
      expect(await (await story.told()).fired()).toEqual(expected)
    }
  })

  it('stays quiet about other arguments, another operation, or a refusal that came later', async () => {
    for (const more of [
      { grants: env('production') },
      { tool: TOOL.unlock },
      { iat: T0 + 40 },
    ] as const) {
      const { story, helper } = begun()
      const { tool = TOOL.deploy, ...claims } = { tool: TOOL.deploy, ...more }
      story.rule('agent:planner', tool, false, claims)
      story.act(helper, TOOL.deploy, STAGING)
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('stays quiet about an agent of another task that nothing of planner had reached', async () => {
    const { story } = begun()
    story.rule('agent:planner', TOOL.deploy, false)
    const other = story.root('agent:helper', { [TOOL.deploy]: env('staging') }, { txn: 'task-2' })
    story.act(other, TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('fires in another task once data of planner had reached the one that acts', async () => {
    const { story } = begun()
    story.rule('agent:planner', TOOL.deploy, false)
    const other = story.root('agent:helper', { [TOOL.deploy]: env('staging') }, { txn: 'task-2' })
    story.pass('agent:planner', 'agent:helper', T0 + 27)
    story.act(other, TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toContain('D4 agent:planner')
  })

  it('leaves the one that was refused to the rule about unchecked hops', async () => {
    const { story, helper } = begun()
    story.rule('agent:helper', TOOL.deploy, false)
    story.act(helper, TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('is found when the refusal arrives last, and says so in any order', async () => {
    const { story, helper } = begun()
    story.rule('agent:planner', TOOL.deploy, false)
    story.act(helper, TOOL.deploy, STAGING)
    const parts = story.evidence.map((item) => [item])
    await story.told([...parts].reverse())
    const straight = story.again()
    await straight.told()
    expect(await story.graph()).toBe(await straight.graph())
    expect(await story.fired()).toEqual(['D4 agent:planner'])
  })
})
