import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { isMissing } from './asking.ts'
import { askingOf } from './testing/asking.ts'
import { why } from './why.ts'

const STAGING = { args: { env: 'staging' } }
const DEPLOY = { [TOOL.deploy]: env('staging') }

async function asked(story: Story, id: string) {
  const result = await why(id, askingOf(await story.told()))
  if (isMissing(result)) throw new Error(result.missing)
  return result
}

const knows = () => new Story().knows('agent:planner', 'agent:worker')

describe('why an action was allowed', () => {
  it('goes down the chain from the person who began it', async () => {
    const story = knows()
    const worker = story.link(story.root('agent:planner', DEPLOY), 'agent:worker', DEPLOY)
    const result = await asked(story, story.act(worker, TOOL.deploy, STAGING))
    expect(result).toMatchObject({ yes: 'person:alice', authority: { kind: 'chain' } })
    expect(result.sentence).toBe(
      'worker did deploy(env "staging"): alice granted deploy(env "staging") to planner, planner passed it on to worker. The yes was that of alice',
    )
  })

  it('names who approved the very call', async () => {
    const story = knows()
    const planner = story.root('agent:planner', DEPLOY, {
      approvals: {
        [TOOL.deploy]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 },
      },
    })
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const approvals = [story.approve(planner, call)]
    const result = await asked(story, story.act(planner, TOOL.deploy, { as: call, approvals }))
    expect(result.sentence).toContain('alice approved this very call')
    expect(result.approvals).toHaveLength(1)
  })

  it('says whose yes was used by somebody else', async () => {
    const story = knows()
    const planner = story.root('agent:planner', DEPLOY)
    const worker = story.link(planner, 'agent:worker', {})
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const approvals = [story.approve(planner, call)]
    const result = await asked(story, story.act(worker, TOOL.deploy, { as: call, approvals }))
    expect(result).toMatchObject({ yes: 'person:alice', authority: { kind: 'none' } })
    expect(result.sentence).toContain(
      'on the yes of alice, which was for planner and for nobody else',
    )
    expect(result.findings.map((node) => node.columns['rule'])).toContain('D1')
  })

  it('says that the owner stands behind a standing permission, and nobody behind a public one', async () => {
    const story = knows().registry(
      { type: 'standing', agent: 'agent:worker', tools: { [TOOL.status]: {} } },
      { type: 'public', tools: { [TOOL.unlock]: {} } },
    )
    const standing = story.act({ agent: 'agent:worker' }, TOOL.status)
    const open = story.act({ agent: 'agent:worker' }, TOOL.unlock)
    expect((await asked(story, standing)).yes).toBe('person:alice')
    const free = await asked(story, open)
    expect(free.yes).toBeUndefined()
    expect(free.sentence).toContain('nobody had to say yes')
  })

  it('says that nobody covers what nobody granted', async () => {
    const story = knows()
    const result = await asked(story, story.act({ agent: 'agent:worker' }, TOOL.status))
    expect(result.yes).toBeUndefined()
    expect(result.sentence).toContain("nobody's yes covers it")
  })

  it('says whether what it passed on is in force at another instant', async () => {
    const story = knows().registry({
      ...{ type: 'standing', agent: 'agent:worker', tools: { [TOOL.status]: {} }, until: T0 + 80 },
    })
    const planner = story.root('agent:planner', DEPLOY)
    const worker = story.link(planner, 'agent:worker', DEPLOY)
    const approval = story.approveClass('agent:worker', TOOL.unlock, { uses: 1, exp: T0 + 300 })
    const by = {
      chain: story.act(worker, TOOL.deploy, STAGING),
      standing: story.act({ agent: 'agent:worker' }, TOOL.status),
      approved: story.act({ agent: 'agent:worker' }, TOOL.unlock, { approvals: [approval] }),
      none: story.act({ agent: 'agent:planner' }, TOOL.unlock),
    }
    story.revoke(planner, T0 + 50)
    await story.told()
    const inForce = async (at: number): Promise<unknown[]> =>
      Promise.all(
        Object.values(by).map(async (id) => {
          const result = await why(id, askingOf(story, at))
          return isMissing(result) ? 'missing' : result.inForce
        }),
      )
    expect(await inForce(T0 + 29)).toEqual(['missing', 'missing', 'missing', 'missing'])
    // The one use of the approval is made.
    expect(await inForce(T0 + 40)).toEqual([true, true, false, undefined])
    expect(await inForce(T0 + 60)).toEqual([false, true, false, undefined])
    expect(await inForce(T0 + 90)).toEqual([false, false, false, undefined])
  })

  it('says of an approval with uses left that it is in force, until it is withdrawn', async () => {
    const story = knows()
    const approval = story.approveClass('agent:worker', TOOL.unlock, { uses: 2 })
    const id = story.act({ agent: 'agent:worker' }, TOOL.unlock, { approvals: [approval] })
    story.unapprove(approval, T0 + 50)
    await story.told()
    expect(await why(id, askingOf(story, T0 + 40))).toMatchObject({ inForce: true })
    expect(await why(id, askingOf(story, T0 + 60))).toMatchObject({ inForce: false })
  })

  it('knows no action that is not there', async () => {
    const story = await knows().told()
    expect(await why('nothing', askingOf(story))).toEqual({ missing: 'action nothing' })
  })
})
