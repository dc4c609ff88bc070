import { textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { Story, T0, TOOL } from '../../../../test/harness/story.ts'

const ANSWER = textDigest('buy ten')
const VAULT = { door: 'vault' }

/** Finance may unlock by itself; news, which it asked, may only look and gives an answer back. */
function begun(more: { granted?: boolean; drives?: boolean } = {}) {
  const story = new Story().knows('agent:finance', 'agent:news').registry({
    type: 'standing',
    agent: 'agent:finance',
    tools: { [TOOL.unlock]: {} },
  })
  const finance = story.root('agent:finance', {
    [TOOL.status]: {},
    ...(more.granted === true ? { [TOOL.unlock]: {} } : {}),
  })
  const news = story.link(finance, 'agent:news', { [TOOL.status]: {} })
  story.act(news, TOOL.status, { said: { data_out: [ANSWER] }, at: T0 + 20 })
  story.move('agent:finance', 'received', {
    at: (T0 + 22) * 1000,
    data: [ANSWER],
    peer: 'agent:news',
    task: 'task-1',
  })
  return { story, finance }
}

describe('D14 result-driven-widening', () => {
  it('fires when the answer of news reached what finance did on its standing permission', async () => {
    const { story, finance } = begun()
    story.act(finance, TOOL.unlock, { args: VAULT })
    await story.told()
    expect(await story.fired()).toEqual(['D14 agent:news'])
    const [finding] = (await story.findings()).filter(({ columns }) => columns['rule'] === 'D14')
    expect(finding?.columns).toMatchObject({ from: 'agent:finance', pages: false })
  })

  it('rests on the receipts of both where the answer is recorded to have set the call', async () => {
    const { story, finance } = begun()
    story.act(finance, TOOL.unlock, { args: VAULT, drivers: [ANSWER] })
    await story.told()
    const [finding] = (await story.findings()).filter(({ columns }) => columns['rule'] === 'D14')
    expect(finding?.columns).toMatchObject({ grade: 'proven', severity: 4 })
  })

  it('stays quiet where a path of the task covers the call: the answer only fills it', async () => {
    const { story, finance } = begun({ granted: true })
    story.act(finance, TOOL.unlock, { args: VAULT, drivers: [ANSWER] })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when a person approved it after the answer, and not before', async () => {
    for (const [at, expected] of [
      [25, []],
      [21, ['D14 agent:news']],
    ] as const) {
      const { story, finance } = begun()
      story.approveClass('agent:finance', TOOL.unlock, { iat: T0 + at })
      story.act(finance, TOOL.unlock, { args: VAULT })
      expect(await (await story.told()).fired()).toEqual(expected)
    }
  })

  it('stays quiet when it is exported to news, and when the answer came later', async () => {
    const offered = begun()
    offered.story.registry({
      type: 'export',
      agent: 'agent:finance',
      callers: '*',
      tools: { [TOOL.unlock]: {} },
    })
    offered.story.act(offered.finance, TOOL.unlock, { args: VAULT })
    expect(await (await offered.story.told()).fired()).toEqual([])
    const later = begun()
    later.story.act(later.finance, TOOL.unlock, { args: VAULT, at: T0 + 21 })
    expect(await (await later.story.told()).fired()).toEqual([])
  })

  it('says the same in any order', async () => {
    const { story, finance } = begun()
    story.act(finance, TOOL.unlock, { args: VAULT })
    await story.told(story.evidence.map((item) => [item]).reverse())
    expect(await story.graph()).toBe(await (await story.again().told()).graph())
    expect(await story.fired()).toContain('D14 agent:news')
  })
})
