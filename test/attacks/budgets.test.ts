import {
  actionHash,
  type Budget,
  CONTAINER_CLAIM,
  restHash,
  type ToolGrants,
} from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { openMemoryStore } from '../contracts/memory-store.ts'
import { keyOf, Story, T0, TOOL, TOOLS } from '../harness/story.ts'
import { refused } from './attack.ts'
import { judged, sqliteStory } from './sqlite-story.ts'

const PAY = TOOL.deploy
const PAYING: ToolGrants = { [PAY]: { amount: { constraint_type: 'range', min: 0 } } }
const OK = { state: 'ok' }
const over = (detail: string) => ({ state: 'failed', code: 'budget_exceeded', detail })
const WITHHELD = { state: 'unknown', code: 'args_withheld' }

const budgets = (budget: Budget) => ({ budgets: { [PAY]: { amount: budget } } })

/** A root for 100 in all, and two that may do 60 each. */
function siblings(story: Story, root = 'agent:planner') {
  story.knows('agent:planner', 'agent:worker', 'agent:helper')
  const top = story.root(root, PAYING, budgets({ max_subtree: 100 }))
  const share = budgets({ max_subtree: 60 })
  return {
    top,
    worker: story.link(top, 'agent:worker', PAYING, share),
    helper: story.link(top, 'agent:helper', PAYING, share),
  }
}

const pay = (amount: number, at: number) => ({ args: { amount }, at })
const actionOf = async (story: Story, id: string) => (await judged(story, id)).verdict.action

describe('siblings that overspend together', () => {
  function told() {
    const story = new Story()
    const { worker, helper } = siblings(story)
    const links = story.evidence.splice(0)
    const first = story.act(worker, PAY, pay(60, T0 + 30))
    const byWorker = story.evidence.splice(0)
    const second = story.act(helper, PAY, pay(60, T0 + 40))
    const byHelper = story.evidence.splice(0)
    return { links, first, second, byWorker, byHelper }
  }

  it('are told: the call that makes the sum exceed is over the budget of the subtree', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { worker, helper } = siblings(story)
    const first = story.act(worker, PAY, pay(60, T0 + 30))
    await story.told()
    expect(await actionOf(story, first)).toEqual(OK)
    story.evidence.length = 0
    const second = story.act(helper, PAY, pay(60, T0 + 40))
    const third = story.act(worker, PAY, pay(0, T0 + 50))
    await story.told()
    expect(await actionOf(story, first)).toEqual(OK)
    expect(await actionOf(story, second)).toEqual(over('subtree'))
    expect(await actionOf(story, third)).toEqual(over('subtree'))
    const { columns } = await judged(story, second)
    expect(String(columns['authority'])).toContain('"kind":"none"')
  })

  it('are told the same in any order of arrival', async () => {
    const { links, first, second, byWorker, byHelper } = told()
    const graphs = new Set<string>()
    for (const parts of [
      [links, byWorker, byHelper],
      [links, byHelper, byWorker],
      [byHelper, links, byWorker],
      [byHelper, byWorker, links],
      [byWorker, byHelper, [...links].reverse()],
      ...links.map((link) => [links.filter((item) => item !== link), byHelper, byWorker, [link]]),
      [[...links, ...byHelper, ...byWorker]],
    ]) {
      const story = new Story(openMemoryStore())
      await story.told(parts)
      expect(await actionOf(story, first)).toEqual(OK)
      expect(await actionOf(story, second)).toEqual(over('subtree'))
      graphs.add(await story.graph())
    }
    expect(graphs.size).toBe(1)
  })

  it('a call of the same second counts by its id, whichever comes first', async () => {
    const story = new Story()
    const { worker, helper } = siblings(story)
    const ids = [
      story.act(worker, PAY, pay(60, T0 + 30)),
      story.act(helper, PAY, pay(60, T0 + 30)),
    ].sort()
    const whole = story.evidence.splice(0)
    for (const order of [whole, [...whole].reverse()]) {
      const again = new Story()
      await again.told(order.map((item) => [item]))
      const found = [await actionOf(again, ids[0] ?? ''), await actionOf(again, ids[1] ?? '')]
      expect(found).toEqual([OK, over('subtree')])
    }
  })
})

describe('a budget', () => {
  it('is not used by a call that failed or was denied', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { worker, helper } = siblings(story)
    story.act(worker, PAY, { ...pay(60, T0 + 20), status: 'failed' })
    story.act(worker, PAY, { ...pay(60, T0 + 25), status: 'denied' })
    story.act(worker, PAY, pay(40, T0 + 30))
    const last = story.act(helper, PAY, pay(60, T0 + 40))
    await story.told()
    expect(await actionOf(story, last)).toEqual(OK)
  })

  it('is not used by a stranger, nor by a link that a stranger signed', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { worker, helper } = siblings(story)
    story.act(worker, PAY, { ...pay(60, T0 + 20), signer: keyOf('stranger') })
    const forged = story.forge(
      worker,
      {
        cnf: { jwk: keyOf('stranger').jwk },
        act: { sub: 'agent:stranger', sub_profile: 'ai_agent' },
      },
      keyOf('stranger'),
    )
    story.act(forged, PAY, pay(60, T0 + 25))
    const last = story.act(helper, PAY, pay(60, T0 + 40))
    await story.told()
    expect(await actionOf(story, last)).toEqual(OK)
  })

  it('is used by an agent that keeps its receipt to itself, where the service has one', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { worker, helper } = siblings(story)
    const call = story.propose(worker, PAY, { amount: 60 }, TOOLS)
    const hidden = story.act(worker, PAY, { as: call, at: T0 + 30, signer: null })
    story.serve(hidden, worker, call)
    const last = story.act(helper, PAY, pay(60, T0 + 40))
    await story.told()
    expect(await actionOf(story, last)).toEqual(over('subtree'))
  })

  it('of one link does not count what is done below it', async () => {
    await using place = await sqliteStory()
    const { story } = place
    story.knows('agent:planner', 'agent:worker')
    const root = story.root('agent:planner', PAYING, budgets({ max_lifetime: 60 }))
    const leaf = story.link(root, 'agent:worker', PAYING)
    const ids = [root, leaf, leaf, root].map((link, index) =>
      story.act(link, PAY, pay(40, T0 + 30 + index)),
    )
    await story.told()
    const found = await Promise.all(ids.map((id) => actionOf(story, id)))
    expect(found).toEqual([OK, OK, over('lifetime'), over('lifetime')])
  })

  it('adds up decimals as they are written', async () => {
    await using place = await sqliteStory()
    const { story } = place
    story.knows('agent:planner')
    const root = story.root('agent:planner', PAYING, budgets({ max_lifetime: 0.3 }))
    const ids = [0.1, 0.2, 1e-9].map((amount, index) =>
      story.act(root, PAY, pay(amount, T0 + 30 + index)),
    )
    await story.told()
    const found = await Promise.all(ids.map((id) => actionOf(story, id)))
    expect(found).toEqual([OK, OK, over('lifetime')])
  })

  it.each([
    ['one that is above it alone', { amount: 101 }, 'subtree'],
    ['a refund that would make room', { amount: -50 }, 'amount'],
    ['a text', { amount: '60' }, 'amount'],
    ['one that leaves it to the tool', {}, 'amount'],
  ])('is a ceiling for each call: %s', async (_, args, detail) => {
    await using place = await sqliteStory()
    const { story } = place
    story.knows('agent:planner')
    const open: ToolGrants = { [PAY]: {} }
    const root = story.root('agent:planner', open, budgets({ max_subtree: 100 }))
    const id = story.act(root, PAY, { args, at: T0 + 30 })
    await story.told()
    expect(await actionOf(story, id)).toEqual({ state: 'failed', code: 'ceiling_exceeded', detail })
  })

  it('of which an amount was withheld is unknown from there on, and exceeded where the rest is', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { worker, helper } = siblings(story)
    const rest = restHash({ amount: 1 }, 'salt')
    const hash = actionHash({ aud: '', args: {}, rest, tool: PAY })
    const call = { tool: PAY, args: {}, rest, names: ['amount'], hash, audience: '' }
    const hidden = story.act(worker, PAY, { as: call, at: T0 + 30 })
    const after = story.act(helper, PAY, pay(60, T0 + 40))
    const last = story.act(worker, PAY, pay(50, T0 + 50))
    await story.told()
    expect(await actionOf(story, hidden)).toEqual(WITHHELD)
    expect(await actionOf(story, after)).toEqual(WITHHELD)
    expect(await actionOf(story, last)).toEqual(over('subtree'))
  })

  it('that a child raises or drops still holds above it, and the child does not hold', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { worker, top } = siblings(story)
    const raised = story.forge(
      worker,
      { [CONTAINER_CLAIM]: budgets({ max_subtree: 500 }) },
      keyOf('agent:planner'),
    )
    const dropped = story.forge(worker, { [CONTAINER_CLAIM]: undefined }, keyOf('agent:planner'))
    const ids = [raised, dropped].map((link, index) =>
      story.act(link, PAY, pay(60, T0 + 30 + index)),
    )
    const own = story.act(top, PAY, pay(0, T0 + 50))
    await story.told()
    const widened = { state: 'failed', code: 'not_narrower', detail: 'widened' }
    for (const id of ids) expect((await judged(story, id)).verdict.chain).toEqual(widened)
    expect(await actionOf(story, own)).toEqual(over('subtree'))
  })

  refused('that a child drops is refused', 'Y04', 'not_narrower:widened')
  refused('of which a child drops one bound is refused', 'Y05', 'not_narrower:widened')
  refused('that a child raises is refused', 'Y07', 'not_narrower:widened')
  refused('that a child moves to another argument is refused', 'Y08', 'not_narrower:widened')
  refused('below zero is refused', 'Y09', 'malformed:container')
  refused('without a bound is refused', 'Y11', 'malformed:container')
})
