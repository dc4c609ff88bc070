import { describe, expect, it } from 'vitest'
import { Story, TOOL } from '../../../../test/harness/story.ts'

const STAGING = { args: { env: 'staging' } }

/** Planner may deploy and look; worker got a link that may look, and one that may deploy. */
function begun() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.deploy]: {}, [TOOL.status]: {} })
  const worker = story.link(planner, 'agent:worker', { [TOOL.status]: {} })
  return { story, planner, worker }
}

async function d8(story: Story) {
  await story.told()
  const found = (await story.findings()).filter(({ columns }) => columns['rule'] === 'D8')
  return found.map(({ columns }) => `${columns['class']} ${columns['severity']}`)
}

describe('D8 unchecked-hop', () => {
  it('notes that nothing checked what was handed on, where the agent had authority', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.status)
    expect(await d8(story)).toEqual(['exposure 2'])
  })

  it('stays quiet with a decision, made for this call or for the class of calls', async () => {
    const { story, worker } = begun()
    story.rule('agent:worker', TOOL.status, true)
    story.act(worker, TOOL.status)
    expect(await d8(story)).toEqual([])
  })

  it('stays quiet where nothing was handed over, and where anybody may', async () => {
    const story = new Story().knows('agent:worker')
    const agent = 'agent:worker'
    story.registry({ type: 'standing', agent, tools: { [TOOL.status]: {} } })
    story.act({ agent }, TOOL.status)
    expect(await d8(story)).toEqual([])
    const open = begun()
    open.story.registry({ type: 'public', tools: { [TOOL.status]: {} } })
    open.story.act(open.worker, TOOL.status)
    expect(await d8(open.story)).toEqual([])
  })

  it('is inheritance where the agent had no authority and nothing decided', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.deploy, STAGING)
    expect(await d8(story)).toEqual(['inheritance 3'])
  })

  it('is inheritance where a decision let through what only a link above covers', async () => {
    const { story, planner, worker } = begun()
    story.rule('agent:worker', TOOL.deploy, true)
    story.act(worker, TOOL.deploy, STAGING)
    expect(await d8(story)).toEqual(['inheritance 3'])
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ culprit: planner.hash, from: 'agent:planner' })
  })

  it('leaves alone what a decision allowed and no link above covers either', async () => {
    const { story, worker } = begun()
    story.rule('agent:worker', TOOL.unlock, true)
    story.act(worker, TOOL.unlock)
    expect(await d8(story)).toEqual([])
  })

  it('is one graver where the one that acted had been refused', async () => {
    const { story, worker } = begun()
    story.rule('agent:worker', TOOL.deploy, false)
    story.act(worker, TOOL.deploy, STAGING)
    expect(await d8(story)).toEqual(['inheritance 4'])
  })

  it('lets a decision not count where it was accepted for its place', async () => {
    const { story, planner } = begun()
    story.rule('agent:planner', TOOL.status, true)
    story.act(planner, TOOL.status, { said: { zone: true } })
    expect(await d8(story)).toEqual(['exposure 2'])
  })

  it('stays quiet about what was refused and not done', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.deploy, { ...STAGING, status: 'denied' })
    expect(await d8(story)).toEqual([])
  })
})
