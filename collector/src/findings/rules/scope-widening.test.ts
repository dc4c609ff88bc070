import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, TOOL, thumbprintUri } from '../../../../test/harness/story.ts'

/** Planner may look; its link to worker says more than that. */
function widened(tools = { [TOOL.status]: {}, [TOOL.deploy]: env('staging') }) {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.status]: {} })
  const base = story.link(planner, 'agent:worker', { [TOOL.status]: {} })
  const worker = story.forge(
    base,
    { authorization_details: [{ type: 'attenuating_agent_token', tools }] },
    keyOf('agent:planner'),
  )
  return { story, planner, base, worker }
}

describe('D2 scope-widening', () => {
  it('fires on a link that adds a tool, one lower while nobody has used it', async () => {
    const { story, worker } = widened()
    await story.told()
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({
      rule: 'D2',
      link: worker.hash,
      agent: 'agent:worker',
      from: 'agent:planner',
      severity: 2,
      title: 'planner gave worker more than it held: deploy',
    })
  })

  it('is one graver once the wider permission was used, and names the use', async () => {
    const { story, worker } = widened()
    const id = story.act(worker, TOOL.deploy, { args: { env: 'staging' } })
    await story.told()
    const found = await story.findings()
    const finding = found.find((node) => node.columns['rule'] === 'D2')
    expect(finding?.columns).toMatchObject({ severity: 3, action: id })
  })

  it('fires on a link that outlives its parent', async () => {
    const { story, base, planner } = widened()
    story.evidence.pop()
    story.forge(base, { exp: planner.claims.exp + 60 }, keyOf('agent:planner'))
    expect(await (await story.told()).fired()).toEqual(['D2 agent:worker'])
  })

  it('stays quiet about a link that narrows, also in another notation', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const amount = { amount: { constraint_type: 'range', min: 0, max: 500 } } as const
    const planner = story.root('agent:planner', { [TOOL.deploy]: amount })
    const worker = story.link(planner, 'agent:worker', {
      [TOOL.deploy]: { amount: { constraint_type: 'exact', value: 20 } },
    })
    story.act(worker, TOOL.deploy, { args: { amount: 20 } })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet about a link that is merely not provably narrower', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const not = { env: { constraint_type: 'not_one_of', excluded: ['production'] } } as const
    const planner = story.root('agent:planner', { [TOOL.deploy]: not })
    const base = story.link(planner, 'agent:worker', { [TOOL.deploy]: not })
    story.evidence.pop()
    const tools = { [TOOL.deploy]: env('staging') }
    const link = story.forge(
      base,
      { authorization_details: [{ type: 'attenuating_agent_token', tools }] },
      keyOf('agent:planner'),
    )
    await story.told()
    expect(await story.fired()).toEqual([])
    const [node] = await story.store.find('Link', 'hash', [link.hash])
    expect(node?.columns['outcome']).toBe('failed:not_narrower:unproven')
  })

  it('stays quiet where a second root link grants the rest', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', { [TOOL.status]: {} })
    story.link(planner, 'agent:worker', { [TOOL.status]: {} })
    const own = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    story.act(own, TOOL.deploy, { args: { env: 'staging' } })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('fires on a link deeper than the registry allows, and not at the limit', async () => {
    const chain = (limit: number) => {
      const story = new Story()
        .knows('agent:planner', 'agent:worker', 'agent:helper')
        .registry({ type: 'limit', max_depth: limit })
      const planner = story.root('agent:planner', { [TOOL.status]: {} })
      const worker = story.link(planner, 'agent:worker', { [TOOL.status]: {} })
      story.link(worker, 'agent:helper', { [TOOL.status]: {} })
      return story.told()
    }
    expect(await (await chain(2)).fired()).toEqual([])
    expect(await (await chain(1)).fired()).toEqual(['D2 agent:helper'])
  })

  it('says of a link below the wide one that the fault lies above', async () => {
    const { story, worker } = widened()
    const below = story.forge(
      worker,
      {
        iss: thumbprintUri(keyOf('agent:worker').jwk),
        par_hash: worker.hash,
        del_depth: 2,
        act: { sub: 'agent:helper', sub_profile: 'ai_agent' },
        cnf: { jwk: keyOf('agent:helper').jwk },
      },
      keyOf('agent:worker'),
    )
    await story.told()
    const [node] = await story.store.find('Link', 'hash', [below.hash])
    expect(node?.columns['outcome']).toBe('failed:not_narrower:above')
    expect((await story.fired()).filter((text) => text.startsWith('D2'))).toEqual([
      'D2 agent:worker',
    ])
  })
})
