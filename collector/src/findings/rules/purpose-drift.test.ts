import { describe, expect, it } from 'vitest'
import { Story, TOOL } from '../../../../test/harness/story.ts'

function begun(purpose?: string) {
  const story = new Story()
    .knows('agent:planner', 'agent:worker')
    .registry({ type: 'purpose', child: 'invoices', parent: 'finance' })
  const more = purpose === undefined ? {} : { tctx: { purpose } }
  const planner = story.root('agent:planner', { [TOOL.status]: {} }, more)
  return { story, planner }
}

describe('D13 purpose-drift', () => {
  it('fires on an action for another purpose than its chain, at most 3', async () => {
    const { story, planner } = begun('finance')
    const said = { purpose: 'marketing' }
    story.registry({ type: 'effect', tool: TOOL.status, class: 'critical' })
    story.act(planner, TOOL.status, { said })
    await story.told()
    // A chain for something else grants nothing, and nobody decided on it.
    expect(await story.fired()).toEqual(['D13 agent:planner', 'D8 agent:planner'])
    expect((await story.findings())[0]?.columns).toMatchObject({ class: 'validity', severity: 3 })
  })

  it('fires on a link for another purpose, and on what was done under it', async () => {
    const { story, planner } = begun('finance')
    const tctx = { purpose: 'marketing' }
    const worker = story.link(planner, 'agent:worker', { [TOOL.status]: {} }, { tctx })
    story.act(worker, TOOL.status)
    await story.told()
    expect(await story.fired()).toEqual(['D13 agent:worker', 'D13 agent:worker', 'D8 agent:worker'])
  })

  it('fires alone where an enforcement point let it through', async () => {
    const { story, planner } = begun('finance')
    const call = story.propose(planner, TOOL.status, {})
    story.decide(planner, call, true)
    story.act(planner, TOOL.status, { as: call, said: { purpose: 'marketing' } })
    expect(await (await story.told()).fired()).toEqual(['D13 agent:planner'])
  })

  it('blames the link that was used for something else, and not the one at the root', async () => {
    const { story, planner } = begun('finance')
    const worker = story.link(planner, 'agent:worker', { [TOOL.status]: {} })
    story.act(worker, TOOL.status, { said: { purpose: 'marketing' } })
    await story.told()
    expect((await story.findings())[0]?.columns['culprit']).toBe(worker.hash)
  })

  it('stays quiet about a purpose below that of the chain, and the same one', async () => {
    for (const purpose of ['invoices', 'finance']) {
      const { story, planner } = begun('finance')
      story.act(planner, TOOL.status, { said: { purpose } })
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('fires on the purpose above that of the chain: the taxonomy goes one way', async () => {
    const { story, planner } = begun('invoices')
    story.act(planner, TOOL.status, { said: { purpose: 'finance' } })
    expect(await (await story.told()).fired()).toEqual(['D13 agent:planner', 'D8 agent:planner'])
  })

  const classes = (...purposes: string[]) =>
    ({ type: 'resource', resource: 'ledger/*', purposes }) as const

  it('fires on a resource whose class lies outside the purpose of the chain', async () => {
    const { story, planner } = begun('invoices')
    story.registry(classes('marketing', 'press'))
    story.act(planner, TOOL.status, { said: { resource: 'ledger/2026' } })
    await story.told()
    expect(await story.fired()).toEqual(['D13 agent:planner'])
    expect((await story.findings())[0]?.columns).toMatchObject({
      ...{ culprit: planner.hash, class: 'validity' },
      title: expect.stringContaining('ledger/2026, which is for marketing and press'),
    })
  })

  it.each([
    ['is the same', 'invoices', ['invoices']],
    ['takes it in', 'invoices', ['finance']],
    ['lies within it', 'finance', ['invoices']],
    ['is one of several', 'invoices', ['marketing', 'finance']],
  ])('stays quiet about a resource whose class %s', async (_, chain, purposes) => {
    const { story, planner } = begun(chain)
    story.registry(classes(...purposes))
    story.act(planner, TOOL.status, { said: { resource: 'ledger/2026' } })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet about a resource of no class, and about a chain that declares nothing', async () => {
    for (const [chain, resource] of [
      ['invoices', 'ledger2/2026'],
      ['invoices', 'ledger'],
      [undefined, 'ledger/2026'],
    ] as const) {
      const { story, planner } = begun(chain)
      story.registry(classes('marketing'))
      story.act(planner, TOOL.status, { said: { resource } })
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('stays quiet about a call that was refused', async () => {
    const { story, planner } = begun('invoices')
    story.registry(classes('marketing'))
    story.act(planner, TOOL.status, { status: 'denied', said: { resource: 'ledger/2026' } })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet where one of the two declares nothing', async () => {
    const { story, planner } = begun()
    story.act(planner, TOOL.status, { said: { purpose: 'marketing' } })
    expect(await (await story.told()).fired()).toEqual([])
    const other = begun('finance')
    other.story.act(other.planner, TOOL.status)
    expect(await (await other.story.told()).fired()).toEqual([])
  })
})
