import { jwkThumbprint, signingInputHash } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../../test/harness/story.ts'
import { isMissing } from '../asking.ts'
import { askingOf } from '../testing/asking.ts'
import type { Artefact } from './artefact.ts'
import { type WhatIf, whatIf } from './what-if.ts'

const STAGING = { args: { env: 'staging' } }
const DEPLOY = { [TOOL.deploy]: env('staging') }

function begun() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', DEPLOY)
  const worker = story.link(planner, 'agent:worker', DEPLOY)
  return { story, planner, worker }
}

async function answer(story: Story, revoke: readonly Artefact[], since = 0): Promise<WhatIf> {
  const result = await whatIf(revoke, since, askingOf(story))
  if (isMissing(result)) throw new Error(result.missing)
  return result
}

const told = ({ actions }: WhatIf): Record<string, string> =>
  Object.fromEntries(
    actions.map(({ action, fate, rules }) => [action.key, [fate, ...rules].join(' ')]),
  )

describe('what if something had been taken back', () => {
  it('changes nothing where nothing is taken back', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.deploy, STAGING)
    await story.told()
    expect(await answer(story, [])).toMatchObject({ actions: [], loses: 0, keeps: 0, unknown: 0 })
  })

  it('an action below a link loses it, and says which rule would fire', async () => {
    const { story, planner, worker } = begun()
    const id = story.act(worker, TOOL.deploy, STAGING)
    await story.told()
    const before = await story.graph()
    const result = await answer(story, [{ kind: 'link', id: planner.hash }])
    expect(told(result)).toEqual({ [id]: 'loses D9' })
    expect(result).toMatchObject({ loses: 1, legitimateLost: 1, capped: false })
    expect(result.actions[0]?.sentence).toContain('nothing else covers it')
    expect(await story.graph()).toBe(before)
  })

  it('keeps an action that another link of its task covers, and names it', async () => {
    const { story, planner, worker } = begun()
    const other = story.link(planner, 'agent:worker', DEPLOY, { iat: T0 + 11 })
    const id = story.act(worker, TOOL.deploy, STAGING)
    await story.told()
    const result = await answer(story, [{ kind: 'link', id: worker.hash }])
    expect(told(result)).toEqual({ [id]: 'keeps D9' })
    expect(result.actions[0]?.by).toContain('planner passed it on to worker')
    expect(told(await answer(story, [{ kind: 'link', id: other.hash }]))).toEqual({})
  })

  it('leaves alone what was done before the time of the withdrawal', async () => {
    const { story, planner, worker } = begun()
    story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 30 })
    const later = story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 60 })
    await story.told()
    const result = await answer(story, [{ kind: 'link', id: planner.hash }], (T0 + 45) * 1000)
    expect(told(result)).toEqual({ [later]: 'loses D9' })
  })

  it('stops who rode on an approval, and counts the work in order that goes with it', async () => {
    const story = new Story().knows('agent:planner', 'agent:worker')
    const planner = story.root('agent:planner', DEPLOY, {
      approvals: {
        [TOOL.deploy]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 },
      },
    })
    const worker = story.link(planner, 'agent:worker', {})
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const approval = story.approve(planner, call)
    const rode = story.act(worker, TOOL.deploy, { as: call, approvals: [approval], at: T0 + 40 })
    await story.told()
    expect(await story.fired()).toContain('D1 agent:worker')
    const id = signingInputHash(approval) ?? ''
    const result = await answer(story, [{ kind: 'approval', id }])
    expect(told(result)[rode]).toMatch(/^loses/)
    expect(result).toMatchObject({ loses: 1, legitimateLost: 0 })
  })

  it('takes a key with all that it holds', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, STAGING)
    await story.told()
    const key = jwkThumbprint(keyOf('agent:planner').jwk)
    expect(told(await answer(story, [{ kind: 'key', id: key }]))).toEqual({ [id]: 'loses D9' })
    const root = jwkThumbprint(keyOf('root').jwk)
    expect(told(await answer(story, [{ kind: 'key', id: root }]))).toEqual({ [id]: 'loses D9' })
  })

  it('takes the key of an approval service with all that it said', async () => {
    const story = new Story().knows('agent:planner')
    const planner = story.root('agent:planner', DEPLOY, {
      approvals: {
        [TOOL.deploy]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 },
      },
    })
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const id = story.act(planner, TOOL.deploy, {
      as: call,
      approvals: [story.approve(planner, call)],
    })
    await story.told()
    const key = jwkThumbprint(keyOf('approvals').jwk)
    const result = await answer(story, [{ kind: 'key', id: key }])
    expect(told(result)[id]).toMatch(/^loses/)
    expect(result.legitimateLost).toBe(1)
  })

  it('takes a standing permission, of one tool or of all, from a time on', async () => {
    const story = new Story()
      .knows('agent:worker')
      .registry({ type: 'standing', agent: 'agent:worker', tools: { [TOOL.status]: {} } })
    const id = story.act({ agent: 'agent:worker' }, TOOL.status)
    await story.told()
    for (const standing of ['agent:worker', `agent:worker ${TOOL.status}`]) {
      const result = await answer(story, [{ kind: 'standing', id: standing }])
      expect(told(result)[id]).toMatch(/^loses/)
    }
    const later = await answer(story, [{ kind: 'standing', id: 'agent:worker' }], (T0 + 99) * 1000)
    expect(told(later)).toEqual({})
  })

  it('stops what used a credential, also one that nobody recorded the issue of', async () => {
    const { story, worker } = begun()
    const hash = 'k'.repeat(43)
    const id = story.act(worker, TOOL.deploy, { ...STAGING, credential: hash })
    await story.told()
    const revoke = [{ kind: 'credential', id: hash }] as const
    expect(told(await answer(story, revoke))).toEqual({ [id]: 'loses D9' })
    const again = story.again()
    again.credential(hash, { event: 'issued' })
    await again.told()
    expect(told(await answer(again, revoke))).toEqual({ [id]: 'loses D9' })
  })

  it('waits for what is missing by the clock of learning, whatever instant is asked of', async () => {
    const { story, worker } = begun()
    const credential = 'k'.repeat(43)
    const id = story.act(worker, TOOL.deploy, { ...STAGING, credential })
    const come = story.evidence.filter(({ kind }) => kind !== 'link')
    await story.told([come])
    const asking = askingOf(story, T0 + 60)
    const revoke = [{ kind: 'credential', id: credential }] as const
    const rules = async (knownAt: number): Promise<string | undefined> => {
      const result = await whatIf(revoke, 0, { ...asking, knownAt: knownAt * 1000 })
      return isMissing(result) ? result.missing : told(result)[id]
    }
    expect(await rules(T0 + 60)).toBe('loses D9')
    expect(await rules(T0 + 1800)).toBe('loses D10 D9')
  })

  it('says what is not there', async () => {
    const { story } = begun()
    await story.told()
    const result = await whatIf([{ kind: 'link', id: 'nothing' }], 0, askingOf(story))
    expect(result).toEqual({ missing: 'link nothing' })
  })
})
