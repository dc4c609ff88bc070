import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../test/harness/story.ts'

const STAGING = { args: { env: 'staging' } }

function begun() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.deploy]: env('staging') })
  const worker = story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') })
  return { story, planner, worker }
}

async function verdictOf(story: Story, id: string) {
  const node = await story.action(id)
  return {
    verdict: JSON.parse(String(node.columns['verdict'])),
    columns: node.columns,
    flags: JSON.parse(String(node.columns['flags'])) as string[],
  }
}

describe('a verdict has parts, and each says what it may', () => {
  it('is ok in every part that applies to an honest, proven action', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, STAGING)
    await story.told()
    const { verdict, columns } = await verdictOf(story, id)
    expect(verdict).toEqual({
      chain: { state: 'ok' },
      possession: { state: 'ok' },
      identity: { state: 'ok' },
      status: { state: 'ok' },
      action: { state: 'ok' },
      approval: { state: 'not_applicable' },
      decision: { state: 'unknown', code: 'decision_missing' },
      effect: { state: 'ok' },
    })
    expect(columns).toMatchObject({ grade: 'proven', effect: 'ok' })
  })

  it('leaves the effect unknown without a receipt, whatever the span says', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, { ...STAGING, signer: null })
    await story.told()
    const { verdict, columns } = await verdictOf(story, id)
    expect(verdict.possession).toEqual({ state: 'unknown', code: 'receipt_missing' })
    expect(verdict.effect).toEqual({ state: 'unknown', code: 'effect_unknown' })
    expect(columns).toMatchObject({ grade: 'signed', effect: 'unknown' })
  })

  it('judges a receipt whose span was sampled out, and says so', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, { ...STAGING, span: false })
    await story.told()
    const { verdict, flags } = await verdictOf(story, id)
    expect(verdict.action).toEqual({ state: 'ok' })
    expect(flags).toContain('span_absent')
  })

  it('fails the action part where an argument lies outside the grant', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, { args: { env: 'production' } })
    await story.told()
    const { verdict } = await verdictOf(story, id)
    expect(verdict.action).toMatchObject({ state: 'failed', code: 'scope_not_granted' })
  })

  it('says expired where the action came after the end of a link', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, { ...STAGING, at: worker.claims.exp })
    await story.told()
    expect((await verdictOf(story, id)).verdict.chain).toEqual({ state: 'failed', code: 'expired' })
    expect(await story.fired()).toEqual(['D8 agent:worker', 'D9 agent:worker'])
  })

  it('says revoked from the time of a revocation on, and only flags an earlier action', async () => {
    const { story, planner, worker } = begun()
    const before = story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 30 })
    const after = story.act(worker, TOOL.deploy, { ...STAGING, at: T0 + 50 })
    story.revoke(planner, T0 + 40)
    // The revocation may come before the links that it speaks of.
    await story.told([[...story.evidence].reverse()])
    const early = await verdictOf(story, before)
    expect(early.verdict.status).toEqual({ state: 'ok' })
    expect(early.flags).toContain('revoked_after_use')
    const late = await verdictOf(story, after)
    expect(late.verdict.status).toEqual({ state: 'failed', code: 'revoked' })
  })

  it('says denied where the action was executed although a decision point said no', async () => {
    const { story, worker } = begun()
    const call = story.propose(worker, TOOL.deploy, STAGING.args)
    story.decide(worker, call, false)
    const id = story.act(worker, TOOL.deploy, { as: call })
    await story.told()
    const { verdict } = await verdictOf(story, id)
    expect(verdict.decision).toEqual({ state: 'failed', code: 'decision_denied' })
  })

  it('asks for the approval that the grant asks for', async () => {
    const { story, planner } = begun()
    const careful = story.link(
      planner,
      'agent:worker',
      { [TOOL.deploy]: env('staging') },
      {
        approvals: {
          [TOOL.deploy]: { min: 1, approvers: ['https://approvals.example.com'], max_age: 300 },
        },
      },
    )
    const without = story.act(careful, TOOL.deploy, STAGING)
    const call = story.propose(careful, TOOL.deploy, STAGING.args)
    const approval = story.approve(careful, call)
    const withIt = story.act(careful, TOOL.deploy, { as: call, approvals: [approval] })
    await story.told()
    expect((await verdictOf(story, without)).verdict.approval).toEqual({
      state: 'failed',
      code: 'approval_missing',
    })
    expect((await verdictOf(story, withIt)).verdict.approval).toEqual({ state: 'ok' })
  })

  it('does not take an approval of another call, another tool, or past its end', async () => {
    const { story, planner } = begun()
    const call = story.propose(planner, TOOL.deploy, STAGING.args)
    const other = story.propose(planner, TOOL.deploy, STAGING.args)
    // A no stands for as long as it lasts, so the call that is too late is one of its own.
    const late = story.propose(planner, TOOL.deploy, STAGING.args)
    const cases = [
      [story.approve(planner, other), 'approval_mismatch', call],
      [story.approve(planner, call, { decision: 'deny' }), 'approval_mismatch', call],
      [story.approve(planner, late, { exp: T0 + 25 }), 'approval_expired', late],
    ] as const
    const ids = cases.map(([approval, , as]) =>
      story.act(planner, TOOL.deploy, { as, approvals: [approval] }),
    )
    await story.told()
    for (const [i, [, code]] of cases.entries()) {
      const { verdict } = await verdictOf(story, ids[i] ?? '')
      expect(verdict.approval).toMatchObject({ state: 'failed', code })
    }
  })

  it('notices two different receipts with one id', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, STAGING)
    const [receipt] = story.evidence.filter((item) => item.kind === 'receipt')
    if (receipt?.kind !== 'receipt' || receipt.text === undefined) throw new Error('no receipt')
    const claims = JSON.parse(Buffer.from(receipt.text.split('.')[1] ?? '', 'base64url').toString())
    const { signJws } = await import('@delegraph/link')
    const header = { alg: 'Ed25519', typ: 'agent-receipt+jwt' }
    const twin = signJws(header, { ...claims, iat: claims.iat + 1 }, keyOf('agent:worker'))
    story.add('receipt', twin)
    await story.told()
    expect((await verdictOf(story, id)).verdict.possession).toEqual({
      state: 'failed',
      code: 'jti_conflict',
    })
  })

  it('keeps what others only observed at the grade observed', async () => {
    const { story } = begun()
    story.evidence.push({
      kind: 'span',
      id: 'observed',
      action: 'aa-bb',
      facts: {
        trace: 'aa',
        span: 'bb',
        name: 'execute_tool search',
        startedAt: T0 * 1000,
        endedAt: T0 * 1000,
        statusError: false,
        agent: 'researcher',
        tool: 'search',
        drivers: [],
        approvals: [],
        decisions: [],
        receipts: [],
        instrumented: false,
        idsInvalid: false,
      },
    })
    await story.told()
    expect((await story.action('aa-bb')).columns['grade']).toBe('observed')
    expect(await story.fired()).toEqual([])
  })
})
