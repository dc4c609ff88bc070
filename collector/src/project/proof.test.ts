import type { Verdict } from '@delegraph/graph-schema'
import { describe, expect, it } from 'vitest'
import { env, keyOf, STATUS_URI, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { openSqliteStore } from '../graph/index.ts'
import { proofOf, rederive } from './proof.ts'

const SETTINGS = { judgedAt: T0 * 1000, pendingWindow: 900_000 }

/** An approval that somebody else rides on, below a root that names a status list. */
async function found() {
  const story = new Story()
  const status = { status_list: { idx: 7, uri: STATUS_URI } }
  const tools = { [TOOL.deploy]: env('staging'), [TOOL.status]: {} }
  const planner = story.root('spiffe://example.org/planner', tools, { status })
  const worker = story.link(planner, 'spiffe://example.org/worker', { [TOOL.status]: {} })
  const call = story.propose(planner, TOOL.deploy, { env: 'staging' })
  const approvals = [story.approve(planner, call)]
  story.act(worker, TOOL.deploy, { as: call, approvals })
  story.answer(T0, { 7: 1 })
  story.answer(T0 + 90_000, {})
  story.attest('spiffe://example.org/worker', keyOf('spiffe://example.org/worker'))
  await story.told()
  const [finding] = await story.findings()
  if (finding === undefined) throw new Error('nothing was found')
  return { story, proof: await proofOf(story.store, finding, SETTINGS) }
}

describe('a proof of a finding below a root that names a status list', () => {
  it('ships the answers that mattered and what attests the keys, and no more', async () => {
    const { proof } = await found()
    const kinds = proof.evidence.map(({ evidence }) => evidence.kind).sort()
    expect(kinds.filter((kind) => kind === 'status' || kind === 'identity')).toEqual([
      'identity',
      'status',
      'status',
    ])
  })

  it('comes out the same again, and differently without what the list said', async () => {
    const { story, proof } = await found()
    const again = async (evidence: typeof proof.evidence) => {
      await using store = openSqliteStore({ file: ':memory:' })
      await store.init()
      return await rederive({ ...proof, evidence }, story.trust, store)
    }
    expect(await again(proof.evidence)).toEqual([])
    const unanswered = proof.evidence.filter(({ evidence }) => evidence.kind !== 'status')
    expect(await again(unanswered)).not.toEqual([])
  })
})

describe('a proof of a finding on an action that is over a budget', () => {
  it('ships what else was done out of that budget, so that the verdict comes out the same', async () => {
    const story = new Story()
    const tools = { [TOOL.deploy]: { amount: { constraint_type: 'range', min: 0 } } } as const
    const budgets = { [TOOL.deploy]: { amount: { max_subtree: 100 } } }
    const root = story.root('agent:planner', tools, { budgets })
    const worker = story.link(root, 'agent:worker', tools)
    const helper = story.link(root, 'agent:helper', tools)
    const spent = story.act(helper, TOOL.deploy, { args: { amount: 60 } })
    const call = story.propose(root, TOOL.deploy, { amount: 60 })
    const approvals = [story.approve(root, call)]
    const over = story.act(worker, TOOL.deploy, { as: call, approvals, at: T0 + 40 })
    await story.told()
    const finding = (await story.findings()).find(({ columns }) => columns['action'] === over)
    if (finding === undefined) throw new Error('nothing was found')
    const proof = await proofOf(story.store, finding, SETTINGS)
    const again = async (evidence: typeof proof.evidence) => {
      await using store = openSqliteStore({ file: ':memory:' })
      await store.init()
      const differs = await rederive({ ...proof, evidence }, story.trust, store)
      const [node] = await store.find('Action', 'id', [over])
      const { action } = JSON.parse(String(node?.columns['verdict'])) as Verdict
      return [differs, action]
    }
    const exceeded = { state: 'failed', code: 'budget_exceeded', detail: 'subtree' }
    expect(await again(proof.evidence)).toEqual([[], exceeded])
    const alone = proof.evidence.filter(
      ({ evidence }) => !('action' in evidence && evidence.action === spent),
    )
    expect(await again(alone)).toMatchObject([expect.anything(), { state: 'ok' }])
  })
})

it('a proof of a secret that was found ships where it was seen', async () => {
  const story = new Story().knows('agent:admin', 'agent:worker')
  const worker = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  const secret = 'c'.repeat(43)
  const at = (T0 + 20) * 1000
  story.move('agent:admin', 'wrote', { resource: 'memory:ops', data: [secret], at })
  story.act(worker, TOOL.deploy, { args: { env: 'staging' }, credential: secret })
  await story.told()
  const finding = (await story.findings()).find(({ columns }) => columns['rule'] === 'D6')
  if (finding === undefined) throw new Error('nothing was found')
  const proof = await proofOf(story.store, finding, SETTINGS)
  await using store = openSqliteStore({ file: ':memory:' })
  await store.init()
  const evidence = [
    ...proof.evidence,
    { evidence: story.signedRegistry(), learnedAt: SETTINGS.judgedAt },
  ]
  expect(await rederive({ ...proof, evidence }, story.trust, store)).toEqual([])
})
