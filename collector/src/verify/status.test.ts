import type { Verdict } from '@delegraph/graph-schema'
import { jwkThumbprint } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../test/harness/story.ts'

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

describe('a root that names a status list', () => {
  const status = { status_list: { idx: 7, uri: 'https://auth.example.com/status/1' } }

  it('for which nobody has answered is unknown, never fine', async () => {
    const { story, id } = begun({ status })
    const { status: part, authority } = await partsOf(await story.told(), id)
    expect(part).toMatchObject({ state: 'unknown', code: 'status_unknown' })
    expect(authority).toBe('unknown')
  })

  it('and was withdrawn is withdrawn all the same', async () => {
    const { story, root, id } = begun({ status })
    story.revoke(root, T0 + 5)
    expect((await partsOf(await story.told(), id)).status).toMatchObject({ code: 'revoked' })
  })
})
