import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'
import { isMissing } from '../asking.ts'
import { askingOf } from '../testing/asking.ts'
import { leastPrivilege } from './least-privilege.ts'

const DEPLOY = { [TOOL.deploy]: env('staging') }

async function granted(story: Story, at: number, since = 0): Promise<unknown> {
  const result = await leastPrivilege('agent:worker', since * 1000, askingOf(story, at))
  if (isMissing(result)) return result
  return result.granted.map(({ tool, until }) => [tool, until])
}

describe('what an agent was granted', () => {
  it('ends where it was withdrawn, as far as that had happened', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', DEPLOY)
    story.link(planner, 'agent:worker', DEPLOY, { exp: T0 + 600 })
    story.revoke(planner, T0 + 50)
    await story.told()
    expect(await granted(story, T0 + 40)).toEqual([[TOOL.deploy, T0 + 600]])
    expect(await granted(story, T0 + 60)).toEqual([[TOOL.deploy, T0 + 50]])
  })

  it('is not what had been withdrawn before the time that is asked of', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', DEPLOY)
    story.link(planner, 'agent:worker', DEPLOY, { exp: T0 + 600 })
    story.revoke(planner, T0 + 50)
    await story.told()
    expect(await granted(story, T0 + 100, T0 + 60)).toEqual([])
    expect(await granted(story, T0 + 100, T0 + 45)).toEqual([[TOOL.deploy, T0 + 50]])
  })

  it('is not what was given later', async () => {
    const story = new Story().knows('agent:worker')
    story.root('agent:worker', DEPLOY, { iat: T0 + 500 })
    await story.told()
    expect(await granted(story, T0 + 60)).toEqual([])
    expect(await granted(story, T0 + 500)).toMatchObject([[TOOL.deploy, expect.any(Number)]])
  })
})
