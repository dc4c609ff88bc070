import { expect, it } from 'vitest'
import { Story, TOOL } from '../../../test/harness/story.ts'

const UNLOCK = { [TOOL.unlock]: {} }

/** Desk has a grant for finance, and asks lock for something else. */
it.each([
  ['marketing', ['D3 agent:desk']],
  ['invoices', []],
  ['finance', []],
  [undefined, []],
])('a grant for one purpose answers for %s', async (purpose, fired) => {
  const story = new Story()
    .knows('agent:desk', 'agent:lock')
    .registry(
      { type: 'purpose', child: 'invoices', parent: 'finance' },
      { type: 'standing', agent: 'agent:lock', tools: UNLOCK },
    )
  story.root('agent:desk', UNLOCK, { tctx: { purpose: 'finance' } })
  const asks = story.root('agent:desk', { [TOOL.status]: {} })
  const lock = story.link(asks, 'agent:lock', {})
  story.act(lock, TOOL.unlock, { said: purpose === undefined ? {} : { purpose } })
  expect(await (await story.told()).fired()).toEqual(fired)
})
