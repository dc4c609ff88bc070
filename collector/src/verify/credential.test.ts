import { describe, expect, it } from 'vitest'
import { env, Story, T0, TOOL } from '../../../test/harness/story.ts'

const HASH = 'k'.repeat(43)

function begun() {
  const story = new Story().knows('agent:worker', 'agent:other')
  const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  const id = story.act(link, TOOL.deploy, { args: { env: 'staging' }, credential: HASH })
  return { story, id }
}

async function flagsOf(story: Story, id: string): Promise<string[]> {
  const { columns } = await (await story.told()).action(id)
  return (JSON.parse(String(columns['flags'])) as string[]).filter((flag) =>
    flag.startsWith('credential_'),
  )
}

describe('a credential for one task', () => {
  it('used by whom it was issued to, in time and in its task, is in order', async () => {
    const { story, id } = begun()
    story.credential(HASH, { event: 'issued' })
    expect(await flagsOf(story, id)).toEqual([])
    expect(await story.fired()).toEqual([])
  })

  it('issued to somebody else is a finding, whatever the registry says', async () => {
    const { story } = begun()
    story.registry({ type: 'credential', hash: HASH, issued_to: ['agent:worker'] })
    story.credential(HASH, { event: 'issued', issued_to: ['agent:other'] })
    expect(await (await story.told()).fired()).toEqual(['D6 agent:worker'])
  })

  it('that arrives after the action still makes the finding', async () => {
    const { story } = begun()
    const before = [...story.evidence]
    story.credential(HASH, { event: 'issued', issued_to: ['agent:other'] })
    const after = story.evidence.slice(before.length)
    expect(await (await story.told([before, after])).fired()).toEqual(['D6 agent:worker'])
  })

  it.each([
    ['has expired', { exp: T0 + 30 }, ['credential_expired']],
    ['is for another task', { txn: 'task-2' }, ['credential_other_task']],
    ['is for another tool', { tools: [TOOL.status] }, ['credential_other_tool']],
    ['is for this tool', { tools: [TOOL.deploy] }, []],
    ['expires a second later', { exp: T0 + 31 }, []],
  ])('that %s says so', async (_, more, flags) => {
    const { story, id } = begun()
    story.credential(HASH, { event: 'issued', ...more })
    expect(await flagsOf(story, id)).toEqual(flags)
  })

  it.each([
    ['before its use', T0 + 30, ['credential_revoked']],
    ['after its use', T0 + 31, []],
  ])('taken back %s', async (_, iat, flags) => {
    const { story, id } = begun()
    story.credential(HASH, { event: 'issued' })
    story.credential(HASH, { event: 'revoked', iat })
    expect(await flagsOf(story, id)).toEqual(flags)
  })

  it('that was renewed before it ended is in order', async () => {
    const { story, id } = begun()
    story.credential(HASH, { event: 'issued', exp: T0 + 10 })
    story.credential(HASH, { event: 'issued', iat: T0 + 5 })
    expect(await flagsOf(story, id)).toEqual([])
  })

  it('issued by a broker that nobody trusts counts as issued by nobody', async () => {
    const { story, id } = begun()
    story.trust = { ...story.trust, credentialIssuers: [] }
    story.credential(HASH, { event: 'issued', issued_to: ['agent:other'] })
    expect(await flagsOf(story, id)).toEqual([])
    expect(await story.fired()).toEqual([])
  })
})
