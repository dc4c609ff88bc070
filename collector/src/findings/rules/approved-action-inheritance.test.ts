import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const STAGING = { env: 'staging' }

/** Planner may deploy and hands worker a link that may only look. */
function begun() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.deploy]: env('staging'), [TOOL.status]: {} })
  const worker = story.link(planner, 'agent:worker', { [TOOL.status]: {} })
  const call = story.propose(planner, TOOL.deploy, STAGING)
  return { story, planner, worker, call }
}

describe('D1 approved-action-inheritance', () => {
  it('fires when worker acts on the approval that was given to planner', async () => {
    const { story, planner, worker, call } = begun()
    const approval = story.approve(planner, call)
    const id = story.act(worker, TOOL.deploy, { as: call, approvals: [approval] })
    await story.told()
    const [finding] = await story.findings()
    expect(await story.fired()).toEqual(['D1 agent:worker', 'D5 agent:worker', 'D8 agent:worker'])
    expect(finding?.columns).toMatchObject({
      action: id,
      from: 'agent:planner',
      grade: 'proven',
      certainty: 'certain',
      culpritKind: 'approval',
      title: 'worker did deploy(env "staging") on an approval that alice gave to planner',
    })
    const body = JSON.parse(String(finding?.columns['body']))
    expect(body.uncoveredHop).toBe(1)
    expect(body.source).toMatchObject({ holder: 'agent:planner', giver: 'person:alice' })
    expect(body.counterfactual).toContain('worker alone would have been denied')
    expect(body.remedy).toMatchObject({ issuer: 'agent:planner', holder: 'agent:worker' })
  })

  it('stays quiet when planner acts on its own approval', async () => {
    const { story, planner, call } = begun()
    const approval = story.approve(planner, call)
    story.act(planner, TOOL.deploy, { as: call, approvals: [approval] })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('leaves it to D5 when planner passed the permission on: worker needed no yes of another', async () => {
    const { story, planner, call } = begun()
    const wider = story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') })
    const approval = story.approve(planner, call)
    story.act(wider, TOOL.deploy, { as: call, approvals: [approval] })
    expect(await (await story.told()).fired()).toEqual(['D5 agent:worker'])
  })

  it('leaves it to D5 when worker holds another link of the task that covers the call', async () => {
    const { story, planner, worker, call } = begun()
    story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') })
    const approval = story.approve(planner, call)
    story.act(worker, TOOL.deploy, { as: call, approvals: [approval] })
    expect(await (await story.told()).fired()).toEqual(['D5 agent:worker'])
  })

  it('stays quiet when worker asks for an approval of its own', async () => {
    const { story, worker } = begun()
    const own = story.propose(worker, TOOL.deploy, STAGING)
    const approval = story.approve(worker, own)
    const id = story.act(worker, TOOL.deploy, { as: own, approvals: [approval] })
    expect(await (await story.told()).fired()).toEqual([])
    const authority = JSON.parse(String((await story.action(id)).columns['authority']))
    expect(authority.kind).toBe('approved')
  })

  it('stays quiet when the owner gave worker a standing permission', async () => {
    const { story, planner, worker, call } = begun()
    story.registry({
      type: 'standing',
      agent: 'agent:worker',
      tools: { [TOOL.deploy]: env('staging') },
    })
    const approval = story.approve(planner, call)
    story.act(worker, TOOL.deploy, { as: call, approvals: [approval] })
    expect(await (await story.told()).fired()).not.toContain('D1 agent:worker')
  })

  it('stays quiet when the operation is public', async () => {
    const { story, planner, worker, call } = begun()
    story.registry({ type: 'public', tools: { [TOOL.deploy]: {} } })
    const approval = story.approve(planner, call)
    story.act(worker, TOOL.deploy, { as: call, approvals: [approval] })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when the call was denied or failed', async () => {
    for (const status of ['denied', 'failed'] as const) {
      const { story, planner, worker, call } = begun()
      const approval = story.approve(planner, call)
      story.act(worker, TOOL.deploy, { as: call, approvals: [approval], status })
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('stays quiet about an approval that nobody trusted signed', async () => {
    const { story, planner, worker, call } = begun()
    const approval = story.approve(planner, call)
    const copy = approval.split('.')
    const forged = [
      copy[0],
      copy[1],
      Buffer.from(keyOf('mallory').sign(Buffer.from('x'))).toString('base64url'),
    ]
    story.evidence.length = 0
    const again = begun()
    again.story.add('approval', forged.join('.'))
    again.story.act(worker, TOOL.deploy, { as: call, approvals: [forged.join('.')] })
    expect(await (await again.story.told()).fired()).not.toContain('D1 agent:worker')
    expect(planner.hash).toBe(again.planner.hash)
  })

  it('is unknown and pages nobody while no receipt says that it was executed', async () => {
    const { story, planner, worker, call } = begun()
    const approval = story.approve(planner, call)
    story.act(worker, TOOL.deploy, { as: call, approvals: [approval], signer: null })
    await story.told()
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ rule: 'D1', certainty: 'unknown', pages: false })
  })

  it('comes to the same finding in any order and however often the evidence comes', async () => {
    const dumps: string[] = []
    for (const seed of [0, 1, 2, 3, 4, 5]) {
      const { story, planner, worker, call } = begun()
      const approval = story.approve(planner, call)
      story.act(worker, TOOL.deploy, { as: call, approvals: [approval] })
      const shuffled = [...story.evidence, ...story.evidence.slice(0, seed)]
        .map((evidence, i) => ({ evidence, rank: (i * 7919 + seed * 104_729) % 97 }))
        .sort((a, b) => a.rank - b.rank)
        .map(({ evidence }) => evidence)
      await story.told(seed === 0 ? [story.evidence] : shuffled.map((item) => [item]))
      dumps.push(await story.graph())
      expect(await story.fired()).toEqual(['D1 agent:worker', 'D5 agent:worker', 'D8 agent:worker'])
    }
    expect(new Set(dumps).size).toBe(1)
  })

  it('is withdrawn when the link that passed the permission on arrives late', async () => {
    const { story, planner, worker, call } = begun()
    const approval = story.approve(planner, call)
    story.act(worker, TOOL.deploy, { as: call, approvals: [approval] })
    const before = [...story.evidence]
    await story.told([before])
    expect(await story.fired()).toEqual(['D1 agent:worker', 'D5 agent:worker', 'D8 agent:worker'])
    story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') }, { iat: T0 + 11 })
    await story.told([story.evidence.slice(before.length)])
    expect(await story.fired()).toEqual(['D5 agent:worker'])
  })
})
