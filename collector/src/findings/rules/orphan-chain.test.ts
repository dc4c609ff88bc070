import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const STAGING = { args: { env: 'staging' } }

describe('D12 orphan-chain', () => {
  it('fires when the principal of the chain is not registered', async () => {
    const story = new Story()
      .registry({ type: 'principal', id: 'person:bob', kind: 'person' })
      .registry({ type: 'owner', agent: 'agent:worker', owner: 'person:bob' })
    story.act(story.root('agent:worker', { [TOOL.deploy]: env('staging') }), TOOL.deploy, STAGING)
    await story.told()
    expect(await story.fired()).toEqual(['D12 agent:worker', 'D8 agent:worker'])
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ class: 'exposure', severity: 3, pages: false })
  })

  it('fires when the principal is disabled', async () => {
    const story = new Story()
      .registry({ type: 'principal', id: 'person:alice', kind: 'person', disabled: true })
      .registry({ type: 'principal', id: 'person:bob', kind: 'person' })
      .registry({ type: 'owner', agent: 'agent:worker', owner: 'person:bob' })
    story.act(story.root('agent:worker', { [TOOL.deploy]: env('staging') }), TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual(['D12 agent:worker', 'D8 agent:worker'])
  })

  it('fires when nobody answers for the agent', async () => {
    const story = new Story().knows('agent:planner')
    story.act(story.root('agent:worker', { [TOOL.deploy]: env('staging') }), TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual(['D12 agent:worker'])
  })

  it('stays quiet about a new agent within its time of grace, and no longer', async () => {
    for (const [until, fired] of [
      [T0 + 60, []],
      [T0 + 30, ['D12 agent:worker']],
    ] as const) {
      const story = new Story()
        .knows('agent:planner')
        .registry({ type: 'owner', agent: 'agent:worker', owner: null, until })
      const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
      story.act(link, TOOL.deploy, { ...STAGING, at: T0 + 30 })
      expect(await (await story.told()).fired()).toEqual(fired)
    }
  })

  it('fires when an instrumented agent acts without chain or permission', async () => {
    const story = new Story().knows('agent:worker')
    story.act({ agent: 'agent:worker' }, TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual(['D12 agent:worker', 'D8 agent:worker'])
  })

  it('stays quiet about service-owned automation with a registered owner', async () => {
    const story = new Story()
      .registry({ type: 'principal', id: 'service:nightly', kind: 'service' })
      .registry({ type: 'owner', agent: 'agent:worker', owner: 'service:nightly' })
      .registry({ type: 'standing', agent: 'agent:worker', tools: { [TOOL.deploy]: {} } })
    story.act({ agent: 'agent:worker' }, TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet about owners while there is no registry to name them', async () => {
    const story = new Story()
    story.act(story.root('agent:worker', { [TOOL.deploy]: env('staging') }), TOOL.deploy, STAGING)
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet about public operations and refused calls', async () => {
    const open = new Story().knows().registry({ type: 'public', tools: { [TOOL.status]: {} } })
    open.act({ agent: 'agent:stranger' }, TOOL.status)
    expect(await (await open.told()).fired()).toEqual([])
    const refused = new Story().knows('agent:worker')
    refused.act({ agent: 'agent:worker' }, TOOL.deploy, { ...STAGING, status: 'denied' })
    expect(await (await refused.told()).fired()).toEqual([])
  })
})
