import { type IssuedLink, SESSION_REVOKED, signCompletion } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../harness/story.ts'
import { refused } from './attack.ts'
import { judged, sqliteStory } from './sqlite-story.ts'

const CALL = { args: { env: 'staging' } }
const REVOKED = { state: 'failed', code: 'revoked' }
const OK = { state: 'ok' }

function begun(story: Story) {
  story.knows('agent:planner', 'agent:worker', 'agent:helper')
  const tools = { [TOOL.deploy]: env('staging') }
  const root = story.root('agent:planner', tools)
  const leaf = story.link(root, 'agent:worker', tools)
  const sibling = story.link(root, 'agent:helper', tools)
  return { root, leaf, sibling }
}

async function statusOf(story: Story, id: string) {
  return (await judged(story, id)).verdict.status
}

function completion(root: IssuedLink, signer: string, at: number): string {
  return signCompletion({
    signer: keyOf(signer),
    claims: {
      aud: 'https://collector.example.com',
      iat: at,
      txn: root.claims.txn,
      aat_hash: root.hash,
    },
  }).text
}

type Links = { readonly root: IssuedLink; readonly leaf: IssuedLink }

function* permutations<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  if (items.length < 2) yield items
  for (const [index, first] of items.entries())
    if (items.length > 1)
      for (const rest of permutations(items.toSpliced(index, 1))) yield [first, ...rest]
}

describe('revocation', () => {
  it('an act under a revoked ancestor is refused, and one under its sibling is not', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { root, leaf, sibling } = begun(story)
    const below = story.link(leaf, 'agent:sub', { [TOOL.deploy]: env('staging') })
    story.revoke(leaf, T0 + 40)
    const ids = [below, leaf, sibling, root].map((link) =>
      story.act(link, TOOL.deploy, { ...CALL, at: T0 + 50 }),
    )
    await story.told()
    const found = []
    for (const id of ids) found.push(await statusOf(story, id))
    expect(found).toEqual([REVOKED, REVOKED, OK, OK])
  })

  it('a revocation by a stranger revokes nothing', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf } = begun(story)
    story.revoke(leaf, T0 + 40, keyOf('stranger'))
    story.revoke(leaf, T0 + 40, keyOf('agent:helper'))
    const id = story.act(leaf, TOOL.deploy, { ...CALL, at: T0 + 50 })
    await story.told()
    expect(await statusOf(story, id)).toEqual(OK)
  })

  it('a delegate cannot revoke the link of its delegator', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { root, leaf } = begun(story)
    story.revoke(root, T0 + 40, keyOf('agent:worker'))
    const id = story.act(leaf, TOOL.deploy, { ...CALL, at: T0 + 50 })
    await story.told()
    expect(await statusOf(story, id)).toEqual(OK)
  })

  it('an act before the revocation stays as it was, and is marked', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { root, leaf } = begun(story)
    const id = story.act(leaf, TOOL.deploy, { ...CALL, at: T0 + 30 })
    await story.told()
    expect((await judged(story, id)).flags).not.toContain('revoked_after_use')
    story.revoke(root, T0 + 40)
    await story.told([[...story.evidence]])
    const { verdict, flags } = await judged(story, id)
    expect(verdict.status).toEqual(OK)
    expect(flags).toContain('revoked_after_use')
  })

  it('an act after the end of its task is refused', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { root, leaf } = begun(story)
    await story.told()
    story.add('completion', completion(root, 'agent:planner', T0 + 40))
    const id = story.act(leaf, TOOL.deploy, { ...CALL, at: T0 + 50 })
    await story.told()
    expect(await statusOf(story, id)).toEqual({ state: 'failed', code: 'task_completed' })
  })

  it('the end of a task by anybody but the holder of its root ends nothing', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { root, leaf } = begun(story)
    for (const name of ['agent:worker', 'stranger'])
      story.add('completion', completion(root, name, T0 + 40))
    const id = story.act(leaf, TOOL.deploy, { ...CALL, at: T0 + 50 })
    await story.told()
    expect(await statusOf(story, id)).toEqual(OK)
  })

  it('a revoked link cannot be un-revoked by sending it again', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf } = begun(story)
    story.revoke(leaf, T0 + 40)
    await story.told()
    story.add('link', leaf.text)
    const id = story.act(leaf, TOOL.deploy, { ...CALL, at: T0 + 50 })
    await story.told()
    expect(await statusOf(story, id)).toEqual(REVOKED)
  })

  it('a root whose status list nobody answered for is unknown, never fine', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const status = { status_list: { idx: 7, uri: 'https://auth.example.com/status/7' } }
    const root = story.root('agent:planner', { [TOOL.deploy]: env('staging') }, { status })
    const id = story.act(root, TOOL.deploy, CALL)
    await story.told()
    expect(await statusOf(story, id)).toEqual({ state: 'unknown', code: 'status_unknown' })
  })

  it.each([
    [
      'a revocation by the transmitter',
      (story: Story, { leaf }: Links) => story.revoke(leaf, T0 + 40),
    ],
    [
      'a revocation by the delegator',
      (story: Story, { leaf }: Links) => story.revoke(leaf, T0 + 40, keyOf('agent:planner')),
    ],
    [
      'the end of the task',
      (story: Story, { root }: Links) => {
        story.add('completion', completion(root, 'agent:planner', T0 + 40))
      },
    ],
  ])('%s counts in whatever order it arrives', async (_, withdraw) => {
    const told = new Story()
    const tools = { [TOOL.deploy]: env('staging') }
    const root = told.root('agent:planner', tools)
    const leaf = told.link(root, 'agent:worker', tools)
    withdraw(told, { root, leaf })
    const id = told.act(leaf, TOOL.deploy, { ...CALL, at: T0 + 50 })
    for (const order of permutations(told.evidence)) {
      const story = new Story()
      await story.told(order.map((item) => [item]))
      const kinds = order.map((item) => item.kind).join(' ')
      const { state } = await statusOf(story, id)
      expect([kinds, state]).toEqual([kinds, 'failed'])
    }
    const together = new Story()
    await together.told([told.evidence])
    expect((await statusOf(together, id)).state).toBe('failed')
  })

  refused('a revocation of nothing is refused', 'Z03', 'malformed:sub_id')
  refused('a second event beside the revocation is refused', 'Z04', 'malformed:events')
  refused(
    `an event other than ${SESSION_REVOKED.split('/').at(-1)} is refused`,
    'Z05',
    'malformed:events',
  )
  refused('a revocation under another key is refused', 'Z09', 'holder_binding_failed:signature')
  refused('a completion by another holder is refused', 'L02', 'holder_binding_failed:signature')
  refused('a status on a derived link is refused', 'M21', 'malformed:status')
})
