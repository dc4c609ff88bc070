import { textDigest } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const STAGING = { env: 'staging' }
const NOTE = textDigest('approved: delete staging')
const MEMORY = 'memory:shared'

/** Intern writes into a shared memory in its own task; ops reads it in another and may deploy. */
function begun(order: 'written first' | 'read first' = 'written first') {
  const story = new Story().knows('agent:intern', 'agent:ops')
  const ops = story.root('agent:ops', { [TOOL.deploy]: env('staging') }, { txn: 'task-2' })
  const [wrote, read] = order === 'written first' ? [10, 20] : [20, 10]
  const note = { data: [NOTE], resource: MEMORY }
  story.move('agent:intern', 'wrote', { ...note, at: (T0 + wrote) * 1000, task: 'task-1' })
  story.move('agent:ops', 'read', { ...note, at: (T0 + read) * 1000, task: 'task-2' })
  return { story, ops }
}

describe('D7 cross-trace-inheritance', () => {
  it('fires on what intern wrote where it set what ops did, or merely reached ops and no path covers that', async () => {
    for (const drives of [true, false]) {
      const { story, ops } = begun()
      const options = { args: STAGING, ...(drives ? { drivers: [NOTE] } : {}) }
      if (drives) story.act(ops, TOOL.deploy, options)
      else {
        story.registry({ type: 'standing', agent: 'agent:ops', tools: { [TOOL.deploy]: {} } })
        const narrow = story.root('agent:ops', { [TOOL.status]: {} }, { txn: 'task-2' })
        story.evidence.splice(0, 1)
        story.act(narrow, TOOL.deploy, options)
      }
      await story.told()
      const [finding] = await story.findings()
      expect(await story.fired()).toEqual(['D7 agent:intern'])
      expect(finding?.columns).toMatchObject({
        from: 'agent:ops',
        grade: 'asserted',
        pages: false,
        severity: drives ? 2 : 1,
        title: `what intern wrote in ${MEMORY} reached deploy${drives ? '(env "staging")' : ''} by ops in another task`,
      })
      const body = JSON.parse(String(finding?.columns['body']))
      expect(
        body.flow.map(({ did, agent }: { did: string; agent: string }) => `${agent} ${did}`),
      ).toEqual(['agent:intern gave', 'agent:ops got'])
    }
  })

  it('stays quiet when the action was approved after the read, and not when before', async () => {
    for (const [at, expected] of [
      [25, []],
      [15, ['D7 agent:intern']],
    ] as const) {
      const { story, ops } = begun()
      story.approveClass('agent:ops', TOOL.deploy, { iat: T0 + at, txn: 'task-2' })
      story.act(ops, TOOL.deploy, { args: STAGING, drivers: [NOTE] })
      expect(await (await story.told()).fired()).toEqual(expected)
    }
  })

  it('stays quiet when the read came before the write', async () => {
    const { story, ops } = begun('read first')
    story.act(ops, TOOL.deploy, { args: STAGING, drivers: [NOTE] })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when the read came after the action', async () => {
    const { story, ops } = begun()
    story.act(ops, TOOL.deploy, { args: STAGING, at: T0 + 15 })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when the operation is exported to intern, or intern may do it in that task', async () => {
    const exported = begun()
    exported.story.registry({
      type: 'export',
      agent: 'agent:ops',
      callers: ['agent:intern'],
      tools: { [TOOL.deploy]: {} },
    })
    const granted = begun()
    granted.story.root('agent:intern', { [TOOL.deploy]: env('staging') }, { txn: 'task-2' })
    for (const { story, ops } of [exported, granted]) {
      story.act(ops, TOOL.deploy, { args: STAGING, drivers: [NOTE] })
      expect(await (await story.told()).fired()).toEqual([])
    }
  })

  it('stays quiet about a writer of the same task where the path of ops covers the call: that is the plan', async () => {
    const { story, ops } = begun()
    story.evidence.splice(1, 1)
    const note = { data: [NOTE], resource: MEMORY, at: (T0 + 5) * 1000 }
    story.move('agent:intern', 'wrote', { ...note, task: 'task-2' })
    story.act(ops, TOOL.deploy, { args: STAGING, drivers: [NOTE] })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('follows data over several hands, each no later than the next', async () => {
    for (const [at, expected] of [
      [22, ['D7 agent:intern']],
      [18, []],
    ] as const) {
      const story = new Story().knows('agent:intern', 'agent:middle', 'agent:ops')
      const ops = story.root('agent:ops', { [TOOL.deploy]: env('staging') }, { txn: 'task-2' })
      story.root('agent:middle', { [TOOL.deploy]: env('staging') }, { txn: 'task-2' })
      const note = { data: [NOTE], resource: MEMORY }
      story.move('agent:intern', 'wrote', { ...note, at: (T0 + 10) * 1000, task: 'task-1' })
      story.move('agent:middle', 'read', { ...note, at: (T0 + 20) * 1000, task: 'task-2' })
      const data = story.pass('agent:middle', 'agent:ops', T0 + at, { task: 'task-2' })
      story.act(ops, TOOL.deploy, { args: STAGING, drivers: [data] })
      expect(await (await story.told()).fired()).toEqual(expected)
    }
  })

  it('stays quiet where it merely reached ops and a path covers what ops did', async () => {
    const { story, ops } = begun()
    story.act(ops, TOOL.deploy, { args: STAGING })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet about a queue whose owner offers it to that writer', async () => {
    for (const [writer, expected] of [
      ['agent:intern', []],
      ['agent:other', ['D7 agent:intern']],
    ] as const) {
      const { story, ops } = begun()
      story.registry({ type: 'export', agent: MEMORY, callers: [writer], tools: {} })
      story.act(ops, TOOL.deploy, { args: STAGING, drivers: [NOTE] })
      expect(await (await story.told()).fired()).toEqual(expected)
    }
  })

  it('is found when the write arrives last, and says the same in any order', async () => {
    const { story, ops } = begun()
    story.act(ops, TOOL.deploy, { args: STAGING, drivers: [NOTE] })
    await story.told(story.evidence.map((item) => [item]).reverse())
    const straight = await story.again().told()
    expect(await story.graph()).toBe(await straight.graph())
    expect(await story.fired()).toEqual(['D7 agent:intern'])
  })

  it('is withdrawn when the approval arrives late', async () => {
    const { story, ops } = begun()
    story.act(ops, TOOL.deploy, { args: STAGING, drivers: [NOTE] })
    await story.told()
    expect(await story.fired()).toEqual(['D7 agent:intern'])
    const before = story.evidence.length
    story.approveClass('agent:ops', TOOL.deploy, { iat: T0 + 25, txn: 'task-2' })
    await story.told([story.evidence.slice(before)])
    expect(await story.fired()).toEqual([])
  })
})
