import { describe, expect, it } from 'vitest'
import { env, Story, TOOL } from '../../../../test/harness/story.ts'

const DOOR = { door: 'vault' }

/** Lock may unlock by itself; browser may only look and asks lock to unlock. */
function asked() {
  const story = new Story().knows('agent:browser', 'agent:lock').registry({
    type: 'standing',
    agent: 'agent:lock',
    tools: { [TOOL.unlock]: {} },
  })
  const browser = story.root('agent:browser', { [TOOL.status]: {} })
  const lock = story.link(browser, 'agent:lock', { [TOOL.status]: {} })
  return { story, browser, lock }
}

describe('D3 confused-deputy', () => {
  it('fires when lock unlocks for a caller that may not', async () => {
    const { story, lock } = asked()
    story.act(lock, TOOL.unlock, { args: DOOR })
    await story.told()
    const [finding] = await story.findings()
    expect(await story.fired()).toEqual(['D3 agent:browser'])
    expect(finding?.columns).toMatchObject({ from: 'agent:lock', grade: 'proven' })
    expect(finding?.columns['title']).toBe(
      'browser got lock to do unlock, which browser may not do',
    )
  })

  it('fires when a receipt names the caller and no link does', async () => {
    const story = new Story().knows('agent:browser', 'agent:lock').registry({
      type: 'standing',
      agent: 'agent:lock',
      tools: { [TOOL.unlock]: {} },
    })
    story.act({ agent: 'agent:lock' }, TOOL.unlock, { args: DOOR, drivers: ['agent:browser'] })
    expect(await (await story.told()).fired()).toEqual(['D3 agent:browser'])
  })

  it('stays quiet when the owner offers it to that caller', async () => {
    const { story, lock } = asked()
    story.registry({
      type: 'export',
      agent: 'agent:lock',
      callers: ['agent:browser'],
      tools: { [TOOL.unlock]: {} },
    })
    story.act(lock, TOOL.unlock, { args: DOOR })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('fires when it is offered to another caller only, or with other arguments', async () => {
    for (const [callers, door] of [
      [['agent:other'], 'vault'],
      [['agent:browser'], 'cellar'],
    ] as const) {
      const { story, lock } = asked()
      story.registry({
        type: 'export',
        agent: 'agent:lock',
        callers,
        tools: { [TOOL.unlock]: { door: { constraint_type: 'exact', value: door } } },
      })
      story.act(lock, TOOL.unlock, { args: DOOR })
      const fired = await (await story.told()).fired()
      // Arguments that no link constrains are not disclosed: an export that limits them is unknown.
      expect(fired).toEqual(['D3 agent:browser'])
    }
  })

  it('stays quiet when the caller may do it itself', async () => {
    const { story, lock, browser } = asked()
    story.root('agent:browser', { [TOOL.unlock]: {} })
    story.act(lock, TOOL.unlock, { args: DOOR })
    expect(await (await story.told()).fired()).toEqual([])
    expect(browser.claims.act.sub).toBe('agent:browser')
  })

  it('stays quiet when lock acts for nobody', async () => {
    const { story } = asked()
    story.act({ agent: 'agent:lock' }, TOOL.unlock, { args: DOOR })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when lock was given the operation for this task', async () => {
    const { story } = asked()
    const root = story.root('agent:browser', { [TOOL.unlock]: env('x') }, { txn: 'task-2' })
    const lock = story.link(root, 'agent:lock', { [TOOL.unlock]: env('x') })
    story.act(lock, TOOL.unlock, { args: { env: 'x' } })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when the operation was refused', async () => {
    const { story, lock } = asked()
    story.act(lock, TOOL.unlock, { args: DOOR, status: 'denied' })
    expect(await (await story.told()).fired()).toEqual([])
  })
})
