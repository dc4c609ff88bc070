import type { Verdict } from '@delegraph/graph-schema'
import { jwkThumbprint } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, STATUS_URI, Story, T0, TOOL } from '../../../test/harness/story.ts'
import { answersFor } from './status.ts'

const STAGING = { args: { env: 'staging' } }
const ROOT_KEY = jwkThumbprint(keyOf('root').jwk)
const PLANNER_KEY = jwkThumbprint(keyOf('agent:planner').jwk)

function begun(more: Parameters<Story['root']>[2] = {}) {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const root = story.root('agent:planner', { [TOOL.deploy]: env('staging') }, more)
  const link = story.link(root, 'agent:worker', { [TOOL.deploy]: env('staging') })
  const id = story.act(link, TOOL.deploy, STAGING)
  return { story, root, link, id }
}

async function partsOf(story: Story, id: string) {
  const { columns } = await story.action(id)
  return {
    ...(JSON.parse(String(columns['verdict'])) as Verdict),
    flags: JSON.parse(String(columns['flags'])) as string[],
    authority: (JSON.parse(String(columns['authority'])) as { kind: string }).kind,
  }
}

describe('a key that was withdrawn', () => {
  it('takes along every link below the one it holds, from that time on', async () => {
    const { story, id } = begun()
    story.revoke({ key: PLANNER_KEY }, T0 + 30)
    expect((await partsOf(await story.told(), id)).status).toMatchObject({ code: 'revoked' })
  })

  it('leaves what was done before, and says so', async () => {
    const { story, id } = begun()
    story.revoke({ key: PLANNER_KEY }, T0 + 31)
    const { status, flags } = await partsOf(await story.told(), id)
    expect(status).toEqual({ state: 'ok' })
    expect(flags).toContain('revoked_after_use')
  })

  it('does not leave what was only heard of long after, for it may be dated back', async () => {
    const { story, id } = begun()
    story.revoke({ key: PLANNER_KEY }, T0 + 600)
    const told = await story.told(undefined, T0 + 30 + 901)
    expect((await partsOf(told, id)).status).toMatchObject({ code: 'revoked' })
  })

  it('may be withdrawn by its own holder, and by nobody else who is not trusted', async () => {
    const own = begun()
    own.story.revoke({ key: PLANNER_KEY }, T0 + 5, keyOf('agent:planner'))
    expect((await partsOf(await own.story.told(), own.id)).status).toMatchObject({
      code: 'revoked',
    })
    const other = begun()
    other.story.revoke({ key: PLANNER_KEY }, T0 + 5, keyOf('agent:worker'))
    expect((await partsOf(await other.story.told(), other.id)).status).toEqual({ state: 'ok' })
  })

  it('counts in whatever order it arrives', async () => {
    const { story, id } = begun()
    const before = [...story.evidence]
    story.revoke({ key: PLANNER_KEY }, T0 + 5)
    const after = story.evidence.slice(before.length)
    expect((await partsOf(await story.told([after, before]), id)).status).toMatchObject({
      code: 'revoked',
    })
  })

  it('of the root issuer takes every chain below it along', async () => {
    const { story, id } = begun()
    story.revoke({ key: ROOT_KEY }, T0 + 20)
    expect((await partsOf(await story.told(), id)).status).toMatchObject({ code: 'revoked' })
  })
})

describe('a key that the trust roots call compromised', () => {
  it('no longer vouches for a root issued since', async () => {
    const { story, id } = begun()
    story.trust = { ...story.trust, compromised: [{ jkt: ROOT_KEY, since: T0 }] }
    expect((await partsOf(await story.told(), id)).chain).toMatchObject({
      state: 'unknown',
      code: 'issuer_untrusted',
      detail: 'key_out_of_time',
    })
  })

  it('still vouches for what was issued and done before', async () => {
    const { story, id } = begun()
    story.trust = { ...story.trust, compromised: [{ jkt: ROOT_KEY, since: T0 + 31 }] }
    const { chain, status } = await partsOf(await story.told(), id)
    expect([chain.state, status.state]).toEqual(['ok', 'ok'])
  })

  it('of an agent fails what it did since', async () => {
    const { story, id } = begun()
    const jkt = jwkThumbprint(keyOf('agent:worker').jwk)
    story.trust = { ...story.trust, compromised: [{ jkt, since: T0 + 30 }] }
    expect((await partsOf(await story.told(), id)).status).toMatchObject({ code: 'revoked' })
  })
})

describe('a path that an action rests on without citing it', () => {
  it('takes the authority along when it is withdrawn, though the action was judged before', async () => {
    const story = new Story().knows('agent:worker')
    const covering = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const cited = story.root('agent:worker', { [TOOL.status]: {} })
    // What the covering link constrains is shown, or nobody could tell that it covers the call.
    const as = story.propose(covering, TOOL.deploy, STAGING.args)
    const id = story.act(cited, TOOL.deploy, { as })
    expect((await partsOf(await story.told(), id)).authority).toBe('chain')
    const known = story.evidence.length
    story.revoke(covering, T0 + 5)
    const told = await story.told([story.evidence.slice(known)])
    expect((await partsOf(told, id)).authority).toBe('none')
  })
})

describe('a root that names a status list', () => {
  const status = { status_list: { idx: 7, uri: STATUS_URI } }
  const UNKNOWN = { state: 'unknown', code: 'status_unknown' }
  const REVOKED = { state: 'failed', code: 'revoked' }
  /** The act is at T0 + 30. */
  const listed = () => begun({ status })

  it('for which nobody has answered is unknown, never fine', async () => {
    const { story, id } = listed()
    const { status: part, authority } = await partsOf(await story.told(), id)
    expect(part).toEqual(UNKNOWN)
    expect(authority).toBe('unknown')
  })

  it('and was withdrawn is withdrawn all the same', async () => {
    const { story, root, id } = listed()
    story.revoke(root, T0 + 5)
    expect((await partsOf(await story.told(), id)).status).toMatchObject(REVOKED)
  })

  it('is ok where an answer that covers the act says so, and below it too', async () => {
    const { story, id } = listed()
    story.answer(T0, { 6: 1, 8: 1 })
    const { status: part, authority, flags } = await partsOf(await story.told(), id)
    expect([part, authority]).toEqual([{ state: 'ok' }, 'chain'])
    expect(flags).not.toContain('revoked_after_use')
  })

  it('is revoked where an answer that covers the act says so', async () => {
    const { story, id } = listed()
    story.answer(T0, { 7: 1 })
    expect((await partsOf(await story.told(), id)).status).toEqual(REVOKED)
  })

  it('is suspended where an answer that covers the act says so', async () => {
    const { story, id } = listed()
    story.answer(T0, { 7: 2 }, { bits: 2 })
    const { status: part } = await partsOf(await story.told(), id)
    expect(part).toEqual({ ...REVOKED, detail: 'suspended' })
  })

  it.each([3, 9, 15])(
    'is unknown where its value is %i, which means something else to each',
    async (value) => {
      const { story, id } = listed()
      story.answer(T0, { 7: value }, { bits: 4 })
      expect((await partsOf(await story.told(), id)).status).toEqual({
        ...UNKNOWN,
        detail: 'value',
      })
    },
  )

  it('was revoked once and for all: an earlier answer that is over decides, whatever a later one says', async () => {
    const { story, id } = listed()
    story.answer(T0 - 10, { 7: 1 }, { claims: { exp: T0 + 5 } })
    story.answer(T0 + 20, {})
    expect((await partsOf(await story.told(), id)).status).toEqual(REVOKED)
  })

  it('goes by the newest of several answers that cover the act', async () => {
    const suspended = listed()
    suspended.story.answer(T0, {}, { bits: 2 })
    suspended.story.answer(T0 + 10, { 7: 2 }, { bits: 2 })
    const first = await partsOf(await suspended.story.told(), suspended.id)
    expect(first.status).toMatchObject({ code: 'revoked', detail: 'suspended' })
    const resumed = listed()
    resumed.story.answer(T0, { 7: 2 }, { bits: 2 })
    resumed.story.answer(T0 + 10, {}, { bits: 2 })
    const second = await partsOf(await resumed.story.told(), resumed.id)
    expect(second.status).toEqual({ state: 'ok' })
  })

  it('was valid where a later answer in a list of one bit says so, and is unknown with two', async () => {
    const one = listed()
    one.story.answer(T0 + 60, {})
    expect((await partsOf(await one.story.told(), one.id)).status).toEqual({ state: 'ok' })
    const two = listed()
    two.story.answer(T0 + 60, {}, { bits: 2 })
    const { status: part } = await partsOf(await two.story.told(), two.id)
    expect(part).toEqual({ ...UNKNOWN, detail: 'stale' })
  })

  it('is unknown where it was found revoked only later and nothing covers the act', async () => {
    const { story, id } = listed()
    story.answer(T0 + 60, { 7: 1 })
    // A list that takes a revocation back proves nothing of the time before.
    story.answer(T0 + 90, {})
    expect((await partsOf(await story.told(), id)).status).toEqual({ ...UNKNOWN, detail: 'stale' })
  })

  it('stays ok, and is marked, where it was revoked after the act', async () => {
    const { story, id } = listed()
    story.answer(T0, {})
    story.answer(T0 + 60, { 7: 1 })
    const { status: part, flags } = await partsOf(await story.told(), id)
    expect(part).toEqual({ state: 'ok' })
    expect(flags).toContain('revoked_after_use')
  })

  it('is judged the same in whatever order answers, links and acts arrive', async () => {
    const tell = async (parts: (story: Story) => readonly Story['evidence'][]) => {
      const { story, id } = listed()
      story.answer(T0 + 60, { 7: 1 })
      story.answer(T0, {})
      story.answer(T0 + 4000, { 7: 1 })
      await story.told(parts(story))
      return [await partsOf(story, id), await story.graph()] as const
    }
    const forth = await tell(({ evidence }) => [evidence])
    const back = await tell(({ evidence }) => evidence.map((item) => [item]).reverse())
    const each = await tell(({ evidence }) => evidence.map((item) => [item]))
    expect(back).toEqual(forth)
    expect(each).toEqual(forth)
  })

  it('is not touched by what a list says of others, long after, or before it was issued', () => {
    const answers = [
      { from: 10, until: 20 },
      { from: 90, until: 110 },
      { from: 150, until: 250 },
      { from: 210, until: 300 },
      { from: 400, until: 500 },
    ]
    const kept = answersFor({ issuedAt: 100, expiresAt: 200 }, answers)
    expect(kept.map(({ from }) => from)).toEqual([90, 150, 210])
  })
})
