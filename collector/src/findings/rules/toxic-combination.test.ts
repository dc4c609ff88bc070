import type { IssuedLink } from '@delegraph/link'
import { textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { Story, T0, TOOL } from '../../../../test/harness/story.ts'

/** Alice lends `status`, bob lends `unlock`; a rule keeps the two apart. */
function begun(tasks: readonly [string, string] = ['task-1', 'task-1'], second = 'agent:worker') {
  const story = new Story()
    .knows('agent:worker', 'agent:other')
    .registry(
      { type: 'principal', id: 'person:bob', kind: 'person' },
      { type: 'conflict', id: 'read-and-open', tools: [TOOL.status, TOOL.unlock] },
    )
  const reads = story.root('agent:worker', { [TOOL.status]: {} }, { txn: tasks[0] })
  const opens = story.root(second, { [TOOL.unlock]: {} }, { sub: 'person:bob', txn: tasks[1] })
  return { story, reads, opens }
}

function both(story: Story, reads: IssuedLink, opens: IssuedLink, data?: string) {
  story.act(reads, TOOL.status, data === undefined ? {} : { said: { data_out: [data] } })
  const drivers = data === undefined ? {} : { drivers: [data] }
  return story.act(opens, TOOL.unlock, { at: T0 + 40, ...drivers })
}

describe('D11 toxic-combination', () => {
  it('flags the later of the two, as a weakness', async () => {
    const { story, reads, opens } = begun()
    const later = both(story, reads, opens)
    await story.told()
    expect(await story.fired()).toEqual(['D11 agent:worker'])
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ action: later, class: 'exposure', severity: 2 })
  })

  it('is told of the later link while not both were used, whichever arrived first', async () => {
    for (const later of [false, true]) {
      const { story, reads, opens } = begun()
      const [first, ...rest] = story.evidence
      if (later && first !== undefined) await story.told([rest, [first]])
      else await story.told()
      expect(await story.fired()).toEqual(['D11 agent:worker'])
      const [finding] = await story.findings()
      expect(finding?.columns).toMatchObject({ class: 'exposure', severity: 2, pages: false })
      expect([reads.hash, opens.hash]).toContain(finding?.columns['link'])
    }
  })

  it('is inheritance where data went from the one to the other, also in another task', async () => {
    const { story, reads, opens } = begun(['task-1', 'task-2'])
    both(story, reads, opens, textDigest('salaries'))
    await story.told()
    const [finding] = (await story.findings()).filter(({ columns }) => columns['rule'] === 'D11')
    expect(finding?.columns).toMatchObject({ class: 'inheritance', severity: 4 })
  })

  it('counts the agents of one owner in one task together', async () => {
    const { story, reads, opens } = begun(['task-1', 'task-1'], 'agent:other')
    both(story, reads, opens)
    expect(await (await story.told()).fired()).toEqual(['D11 agent:other'])
  })

  it('stays quiet about two tasks with no flow between them, whoever acts', async () => {
    for (const second of ['agent:worker', 'agent:other']) {
      const { story, reads, opens } = begun(['task-1', 'task-2'], second)
      both(story, reads, opens)
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('stays quiet when one principal granted both, or approved the other one', async () => {
    const one = begun()
    one.story.root('agent:worker', { [TOOL.unlock]: {} })
    const approved = begun()
    approved.story.approveClass('agent:worker', TOOL.unlock)
    for (const { story, reads, opens } of [one, approved]) {
      both(story, reads, opens)
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('tells no action where no rule names both, and where the first was only tried', async () => {
    const onActions = async (told: Story) =>
      (await told.findings()).filter(
        ({ columns }) => columns['rule'] === 'D11' && columns['action'] !== undefined,
      )
    const { story, reads } = begun()
    const deploys = story.root('agent:worker', { [TOOL.deploy]: {} }, { sub: 'person:bob' })
    story.act(reads, TOOL.status)
    story.act(deploys, TOOL.deploy, { at: T0 + 40 })
    expect(await onActions(await story.told())).toEqual([])
    const tried = begun()
    tried.story.act(tried.reads, TOOL.status, { status: 'denied' })
    tried.story.act(tried.opens, TOOL.unlock, { at: T0 + 40 })
    expect(await onActions(await tried.story.told())).toEqual([])
  })

  it('is found when the earlier one arrives last', async () => {
    const { story, reads, opens } = begun()
    both(story, reads, opens)
    await story.told(story.evidence.map((item) => [item]).reverse())
    expect(await story.fired()).toEqual(['D11 agent:worker'])
    expect(await story.graph()).toBe(await (await story.again().told()).graph())
  })
})
