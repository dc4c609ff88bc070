import { type IssuedLink, jwkThumbprint, SESSION_REVOKED, signCompletion } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { packed } from '../../link/src/testing/third-party.ts'
import { env, keyOf, STATUS_URI, Story, T0, TOOL } from '../harness/story.ts'
import { refused } from './attack.ts'
import { judged, sqliteStory } from './sqlite-story.ts'

const CALL = { args: { env: 'staging' } }
const REVOKED = { state: 'failed', code: 'revoked' }
const OK = { state: 'ok' }
/** 64 MiB in 65 kB. */
const BOMB = packed(8, 64 * 1024 * 1024, {})

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

  describe('status lists', () => {
    const STALE = { state: 'unknown', code: 'status_unknown', detail: 'stale' }
    const UNANSWERED = { state: 'unknown', code: 'status_unknown' }
    const status = { status_list: { idx: 7, uri: STATUS_URI } }

    /** Status of an act at T0 + 30, below a root whose list gave these answers. */
    async function listed(answers: (story: Story) => void, named = status) {
      await using place = await sqliteStory()
      const { story } = place
      story.knows('agent:planner', 'agent:worker')
      const tools = { [TOOL.deploy]: env('staging') }
      const root = story.root('agent:planner', tools, { status: named })
      const leaf = story.link(root, 'agent:worker', tools)
      const id = story.act(leaf, TOOL.deploy, CALL)
      await story.told()
      const known = story.evidence.length
      answers(story)
      await story.told([story.evidence.slice(known)])
      return statusOf(story, id)
    }

    it('an answer of the right list under the right key is believed', async () => {
      expect(await listed((story) => story.answer(T0, {}))).toEqual(OK)
    })

    it('an act under a root that its list calls revoked is refused, however far below', async () => {
      expect(await listed((story) => story.answer(T0, { 7: 1 }))).toEqual(REVOKED)
    })

    it('an act while it was suspended is refused', async () => {
      const suspended = await listed((story) => story.answer(T0, { 7: 2 }, { bits: 2 }))
      expect(suspended).toEqual({ ...REVOKED, detail: 'suspended' })
    })

    it.each([
      ['exp', { exp: T0 + 30 }],
      ['ttl', { ttl: 30 }],
    ])('a stale answer says nothing of the act: its %s', async (_, claims) => {
      expect(await listed((story) => story.answer(T0, {}, { claims }))).toEqual(STALE)
    })

    it('a later VALID proves nothing where an entry may be suspended, and all where it cannot', async () => {
      expect(await listed((story) => story.answer(T0 + 60, {}, { bits: 2 }))).toEqual(STALE)
      expect(await listed((story) => story.answer(T0 + 60, {}))).toEqual(OK)
    })

    it.each([
      ['of another list', { claims: { sub: `${STATUS_URI}0` } }],
      ['by a stranger', { signer: keyOf('stranger') }],
      ['by the transmitter of revocations, who signs no lists', { signer: keyOf('set') }],
      ['dated ahead of the time it was asked', { askedAt: T0 - 31 }],
      ['of another issuer', { claims: { iss: 'https://evil.example' } }],
      ['that inflates to 64 MiB', { claims: { status_list: { bits: 8, lst: BOMB } } }],
    ])('an answer %s is none', async (_, more) => {
      expect(await listed((story) => story.answer(T0, {}, more))).toEqual(UNANSWERED)
    })

    it('an index outside of the list is unknown, never fine', async () => {
      const named = { status_list: { idx: 64, uri: STATUS_URI } }
      const found = await listed((story) => story.answer(T0, {}), named)
      expect(found).toEqual({ ...UNANSWERED, detail: 'index' })
    })

    it('a list from a host that the anchor does not list does not count', async () => {
      for (const uri of [
        'https://lists.example.com/status/7',
        'https://auth.example.com:8443/status/7',
        'http://auth.example.com/status/7',
        'https://auth.example.com@lists.example.com/status/7',
      ]) {
        const named = { status_list: { idx: 7, uri } }
        const found = await listed((story) => story.answer(T0, {}, { uri }), named)
        expect([uri, found]).toEqual([uri, { ...UNANSWERED, detail: 'host' }])
      }
    })

    it('the key of another anchor speaks for the links of that anchor alone', async () => {
      const other = await listed((story) => {
        const { jwk } = keyOf('other root')
        const iss = 'https://other.example.com'
        const anchor = { iss, kid: 'root', jwk, status_hosts: ['auth.example.com'] }
        story.trust = { ...story.trust, anchors: [...story.trust.anchors, anchor] }
        story.answer(T0, {}, { signer: keyOf('other root') })
      })
      expect(other).toEqual(UNANSWERED)
    })

    it('an answer under a key that was known to be stolen when it came may be dated back: it is none', async () => {
      const stolen = (askedAt: number) =>
        listed((story) => {
          const jkt = jwkThumbprint(keyOf('lists').jwk)
          const iss = 'https://auth.example.com'
          const anchor = { iss, kid: 'root', jwk: keyOf('lists').jwk }
          const anchors = [
            ...story.trust.anchors,
            { ...anchor, status_hosts: ['auth.example.com'] },
          ]
          story.trust = { ...story.trust, anchors, compromised: [{ jkt, since: T0 + 500 }] }
          story.answer(T0, {}, { signer: keyOf('lists'), askedAt })
        })
      expect(await stolen(T0 + 499)).toEqual(OK)
      expect(await stolen(T0 + 500)).toEqual(UNANSWERED)
    })
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
