import { describe, expect, it } from 'vitest'
import { keyOf, Story, TOOL } from '../../../../test/harness/story.ts'

function begun() {
  const story = new Story()
    .knows('agent:planner', 'agent:worker')
    .registry({ type: 'principal', id: 'person:bob', kind: 'person' })
  const planner = story.root('agent:planner', { [TOOL.status]: {} })
  return { story, planner }
}

describe('D15 principal-substitution', () => {
  it('fires on an action for bob on a chain of alice', async () => {
    const { story, planner } = begun()
    story.act(planner, TOOL.status, { said: { on_behalf_of: 'person:bob' } })
    await story.told()
    expect(await story.fired()).toEqual(['D15 agent:planner'])
    expect((await story.findings())[0]?.columns['title']).toBe(
      'planner did status for bob on what alice answers for',
    )
  })

  it('fires on an agent of alice that acts for bob by its standing permission', async () => {
    const { story } = begun()
    const agent = 'agent:worker'
    story.registry({ type: 'standing', agent, tools: { [TOOL.status]: {} } })
    story.act({ agent }, TOOL.status, { said: { on_behalf_of: 'person:bob' } })
    expect(await (await story.told()).fired()).toEqual(['D15 agent:worker'])
  })

  it('fires on a link that names another principal than its root', async () => {
    const { story, planner } = begun()
    const base = story.link(planner, 'agent:worker', { [TOOL.status]: {} })
    story.evidence.pop()
    story.forge(base, { sub: 'person:bob' }, keyOf('agent:planner'))
    expect(await (await story.told()).fired()).toEqual(['D15 agent:worker'])
  })

  it('stays quiet when bob granted it himself', async () => {
    const { story, planner } = begun()
    story.root('agent:planner', { [TOOL.status]: {} }, { sub: 'person:bob' })
    story.act(planner, TOOL.status, { said: { on_behalf_of: 'person:bob' } })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet about the principal of the chain, about nobody, and where nothing is said', async () => {
    for (const said of [{ on_behalf_of: 'person:alice' }, { on_behalf_of: '' }, {}]) {
      const { story, planner } = begun()
      story.act(planner, TOOL.status, { said })
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('stays quiet about a service that acts for its owner or for nobody', async () => {
    for (const said of [{ on_behalf_of: 'person:alice' }, {}]) {
      const { story } = begun()
      const agent = 'agent:worker'
      story.registry({ type: 'standing', agent, tools: { [TOOL.status]: {} } })
      story.act({ agent }, TOOL.status, { said })
      expect(await (await story.told()).fired()).toEqual([])
    }
  })
})
