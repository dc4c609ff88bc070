import type { Verdict } from '@delegraph/graph-schema'
import type { LinkContainer } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../test/harness/story.ts'

const ASKED: NonNullable<LinkContainer['approvals']> = {
  [TOOL.deploy]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 },
}

function begun() {
  const story = new Story().knows('agent:worker')
  const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') }, { approvals: ASKED })
  const call = story.propose(link, TOOL.deploy, { env: 'staging' })
  const approval = story.approve(link, call)
  const act = (more: Parameters<Story['act']>[2] = {}) =>
    story.act(link, TOOL.deploy, { as: call, approvals: [approval], ...more })
  return { story, link, call, approval, act }
}

async function approvalOf(story: Story, id: string) {
  const { columns } = await story.action(id)
  return (JSON.parse(String(columns['verdict'])) as Verdict).approval
}

const REPLAYED = { state: 'failed', code: 'approval_replayed' }

describe('an approval is good for one call', () => {
  it('so a second use of it is a replay, and the first is not', async () => {
    const { story, act } = begun()
    const first = act({ at: T0 + 30 })
    const second = act({ at: T0 + 40 })
    await story.told()
    expect(await approvalOf(story, first)).toEqual({ state: 'ok' })
    expect(await approvalOf(story, second)).toEqual(REPLAYED)
  })

  it('whichever of the two arrives first', async () => {
    const { story, act } = begun()
    const granted = [...story.evidence]
    const second = act({ at: T0 + 40 })
    const later = story.evidence.slice(granted.length)
    const first = act({ at: T0 + 30 })
    const earlier = story.evidence.slice(granted.length + later.length)
    await story.told([granted, later, earlier])
    expect(await approvalOf(story, first)).toEqual({ state: 'ok' })
    expect(await approvalOf(story, second)).toEqual(REPLAYED)
  })

  it('and a call that failed has not used it up', async () => {
    const { story, act } = begun()
    act({ at: T0 + 30, status: 'failed' })
    const again = act({ at: T0 + 40 })
    await story.told()
    expect(await approvalOf(story, again)).toEqual({ state: 'ok' })
  })

  it('and a stranger who cites it burns nothing', async () => {
    const { story, act } = begun()
    act({ at: T0 + 30, signer: keyOf('stranger') })
    const honest = act({ at: T0 + 40 })
    await story.told()
    expect(await approvalOf(story, honest)).toEqual({ state: 'ok' })
  })

  it('and a use that did not fit it has not used it up', async () => {
    const { story, link, approval, act } = begun()
    story.act(link, TOOL.deploy, {
      args: { env: 'staging' },
      approvals: [approval],
      at: T0 + 30,
    })
    const honest = act({ at: T0 + 40 })
    await story.told()
    expect(await approvalOf(story, honest)).toEqual({ state: 'ok' })
  })

  it('and a new approval of the same call makes a second one', async () => {
    const { story, link, call, approval } = begun()
    story.act(link, TOOL.deploy, { as: call, approvals: [approval], at: T0 + 30 })
    const fresh = story.approve(link, call, { at: T0 + 35 })
    const second = story.act(link, TOOL.deploy, { as: call, approvals: [fresh], at: T0 + 40 })
    await story.told()
    expect(await approvalOf(story, second)).toEqual({ state: 'ok' })
  })
})

describe('an approval that a link asks for', () => {
  const strong = (acr: string | undefined) => {
    const story = new Story().knows('agent:worker')
    const approvals = {
      [TOOL.deploy]: {
        min: 1,
        approvers: ['https://approvals.example.com'],
        max_age: 300,
        acr: ['phr'],
      },
    }
    const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') }, { approvals })
    const call = story.propose(link, TOOL.deploy, { env: 'staging' })
    const approval = story.approve(link, call, acr === undefined ? {} : { acr })
    const id = story.act(link, TOOL.deploy, { as: call, approvals: [approval] })
    return { story, id }
  }

  it.each([
    ['phr', { state: 'ok' }],
    ['pwd', { state: 'failed', code: 'approval_missing', detail: 'requirement' }],
    [undefined, { state: 'failed', code: 'approval_missing', detail: 'requirement' }],
  ])('with a strong authentication is judged by how he proved who he is: %s', async (acr, part) => {
    const { story, id } = strong(acr)
    await story.told()
    expect(await approvalOf(story, id)).toEqual(part)
  })

  it('by a service that may not claim that strength is not trusted', async () => {
    const { story, id } = strong('phr')
    const approvers = story.trust.approvers.map((key) => ({ ...key, acr: ['pwd'] }))
    story.trust = { ...story.trust, approvers }
    await story.told()
    expect(await approvalOf(story, id)).toMatchObject({ code: 'approver_untrusted', detail: 'acr' })
  })

  it('by the acting agent itself is no approval', async () => {
    const { story, link, call } = begun()
    const own = story.approve(link, call, { by: 'agent:worker' })
    const id = story.act(link, TOOL.deploy, { as: call, approvals: [own] })
    await story.told()
    expect(await approvalOf(story, id)).toMatchObject({
      code: 'approver_untrusted',
      detail: 'self',
    })
  })
})

describe('a decision says two things apart', () => {
  const against = { decision: false, purpose: 'reporting', method: 'model' }

  it('that a call is allowed, and that it does not serve the task', async () => {
    const { story, link, call, act } = begun()
    story.decide(link, call, true, { intent: against })
    const id = act()
    await story.told()
    const { columns } = await story.action(id)
    const verdict = JSON.parse(String(columns['verdict'])) as Verdict
    expect(verdict.decision).toEqual({ state: 'ok' })
    expect(String(columns['flags'])).toContain('intent_denied')
  })

  it('and a judgement in favour never upgrades a refusal', async () => {
    const { story, link, call, act } = begun()
    story.decide(link, call, false, { intent: { ...against, decision: true } })
    const id = act()
    await story.told()
    const { columns } = await story.action(id)
    const verdict = JSON.parse(String(columns['verdict'])) as Verdict
    expect(verdict.decision).toMatchObject({ state: 'failed', code: 'decision_denied' })
    expect(String(columns['flags'])).not.toContain('intent_denied')
  })
})
