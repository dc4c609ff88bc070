import { textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { Story, T0, TOOL } from '../../../../test/harness/story.ts'

const CONFIG = 'config:worker'
const EDIT = 'https://tools.example.com/mcp#edit_config'
const RULE = textDigest('allow everything')

/** Coder may look; it edits the configuration that worker reads before it looks. */
function begun(more: { entitled?: boolean; read?: number } = {}) {
  const story = new Story().knows('agent:coder', 'agent:worker')
  const coder = story.root('agent:coder', {
    [TOOL.status]: {},
    ...(more.entitled === true ? { [EDIT]: {} } : {}),
  })
  const worker = story.root('agent:worker', { [TOOL.status]: {} })
  const wrote = { control: true as const, resource: CONFIG, data_out: [RULE] }
  const edit = story.act(coder, EDIT, { said: wrote, at: T0 + 20 })
  const read = { at: (T0 + (more.read ?? 22)) * 1000, data: [RULE], resource: CONFIG }
  story.move('agent:worker', 'read', { ...read, task: 'task-1' })
  return { story, coder, worker, edit }
}

async function d16(story: Story) {
  return (await story.fired()).filter((text) => text.startsWith('D16'))
}

describe('D16 self-granted', () => {
  it('fires on what worker did after it had read what coder was not entitled to write', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.status)
    await story.told()
    expect(await d16(story)).toEqual(['D16 agent:coder'])
    const [finding] = (await story.findings()).filter(({ columns }) => columns['rule'] === 'D16')
    expect(finding?.columns).toMatchObject({ action: id, from: 'agent:worker', severity: 4 })
  })

  it('stays quiet when the task granted the change, or a person approved it', async () => {
    const granted = begun({ entitled: true })
    const approved = begun()
    approved.story.approveClass('agent:coder', EDIT, { iat: T0 + 10 })
    for (const { story, worker } of [granted, approved]) {
      story.act(worker, TOOL.status)
      expect(await d16(await story.told())).toEqual([])
    }
  })

  it('stays quiet about what was done before the change was read, or without it', async () => {
    const { story, worker } = begun({ read: 35 })
    story.act(worker, TOOL.status)
    expect(await d16(await story.told())).toEqual([])
  })

  it('fires on an agent that wrote a rule for itself and acted on nothing else', async () => {
    const { story, coder } = begun()
    story.rule('agent:coder', TOOL.unlock, true)
    story.act(coder, TOOL.unlock)
    expect(await d16(await story.told())).toEqual(['D16 agent:coder'])
  })

  it('stays quiet about an agent that wrote a rule and acted on a link', async () => {
    const { story, coder } = begun()
    story.act(coder, TOOL.status)
    expect(await d16(await story.told())).toEqual([])
  })

  it('fires on an agent that approved its own call', async () => {
    const story = new Story().knows('agent:worker')
    const worker = story.root('agent:worker', { [TOOL.status]: {} })
    const approval = story.approveClass('agent:worker', TOOL.unlock, { by: 'agent:worker' })
    story.act(worker, TOOL.unlock, { approvals: [approval] })
    expect(await d16(await story.told())).toEqual(['D16 agent:worker'])
  })

  it('is found when the change arrives last, and withdrawn when its approval does', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.status)
    await story.told(story.evidence.map((item) => [item]).reverse())
    expect(await d16(story)).toEqual(['D16 agent:coder'])
    expect(await story.graph()).toBe(await (await story.again().told()).graph())
    const before = story.evidence.length
    story.approveClass('agent:coder', EDIT, { iat: T0 + 10 })
    await story.told([story.evidence.slice(before)])
    expect(await d16(story)).toEqual([])
  })
})
