import {
  type Json,
  type Signer,
  signJws,
  verifyChain,
  verifyWorkloadIdentity,
} from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, type Story, T0, TOOL } from '../harness/story.ts'
import { judged, sqliteStory } from './sqlite-story.ts'

const AGENT = 'spiffe://example.org/agent/worker'
const OTHER = 'spiffe://example.org/agent/other'
const OK = { state: 'ok' }
const ASSERTED = { state: 'unknown', code: 'identity_asserted' }
const BOUND_TO_ANOTHER = { state: 'failed', code: 'holder_binding_failed', detail: 'attested' }

/** An act of the agent under a link that its delegator says is the agent's, and what was attested. */
async function identityOf(
  attest: (story: Story, key: Signer) => void,
  agent = AGENT,
): Promise<unknown> {
  await using place = await sqliteStory()
  const { story } = place
  const root = story.root(agent, { [TOOL.deploy]: env('staging') })
  const id = story.act(root, TOOL.deploy, { args: { env: 'staging' } })
  await story.told()
  const known = story.evidence.length
  attest(story, keyOf(agent))
  // It comes late, as evidence may: what it touches is judged again.
  await story.told([story.evidence.slice(known)])
  return (await judged(story, id)).verdict.identity
}

describe('workload identity', () => {
  it('of the trust domain of the agent, for the very key of the link, attests it', async () => {
    expect(await identityOf((story, key) => story.attest(AGENT, key))).toEqual(OK)
  })

  it('the word of the delegator alone attests nobody', async () => {
    expect(await identityOf(() => {})).toEqual(ASSERTED)
  })

  it('the word of the delegator alone fails where the trust roots require more, and only there', async () => {
    const required = async (attest: (story: Story, key: Signer) => void) => {
      await using place = await sqliteStory()
      const { story } = place
      story.trust = { ...story.trust, holderIdentity: 'require_attested' }
      const root = story.root(AGENT, { [TOOL.deploy]: env('staging') })
      const id = story.act(root, TOOL.deploy, { args: { env: 'staging' } })
      attest(story, keyOf(AGENT))
      await story.told()
      return (await judged(story, id)).verdict.identity
    }
    const unattested = { state: 'failed', code: 'identity_unattested' }
    expect(await required(() => {})).toEqual(unattested)
    const late = { claims: { iat: T0 - 60, exp: T0 + 30 } }
    const outOfTime = await required((story, key) => story.attest(AGENT, key, late))
    expect(outOfTime).toEqual({ ...unattested, detail: 'out_of_time' })
    expect(await required((story, key) => story.attest(AGENT, key))).toEqual(OK)
    expect(await required((story) => story.knows(AGENT))).toEqual(OK)
    const other = await required((story, key) => story.attest(OTHER, key))
    expect(other).toEqual(BOUND_TO_ANOTHER)
  })

  it('a token of another trust domain attests nobody', async () => {
    const other = (story: Story, key: Signer) =>
      story.attest('spiffe://evil.example/agent/worker', key)
    expect(await identityOf(other)).toEqual(ASSERTED)
    expect(await identityOf(other, 'spiffe://evil.example/agent/worker')).toEqual(ASSERTED)
  })

  it('two trust domains under one key are not one', async () => {
    const merged = (story: Story, key: Signer) => {
      const workloads = { iss: 'spiffe://partner.example', kid: 'workloads' }
      const { jwk } = keyOf('workloads')
      story.trust = { ...story.trust, workloads: [{ ...workloads, jwk }] }
      story.attest(AGENT, key)
    }
    expect(await identityOf(merged)).toEqual(ASSERTED)
  })

  it('a token by a stranger attests nobody, and neither does one that brings its key along', async () => {
    const signer = keyOf('stranger')
    const strange = (story: Story, key: Signer) => story.attest(AGENT, key, { signer })
    expect(await identityOf(strange)).toEqual(ASSERTED)
    const brought = (story: Story, key: Signer) =>
      story.attest(AGENT, key, { signer, header: { jwk: { ...signer.jwk } } })
    expect(await identityOf(brought)).toEqual(ASSERTED)
  })

  it('a token that had expired at the time of the act attests nobody then', async () => {
    const expired = (story: Story, key: Signer) =>
      story.attest(AGENT, key, { claims: { iat: T0 - 60, exp: T0 + 30 } })
    expect(await identityOf(expired)).toEqual({ ...ASSERTED, detail: 'out_of_time' })
  })

  it('a token that was made after the act says nothing of it', async () => {
    const late = (story: Story, key: Signer) =>
      story.attest(AGENT, key, { claims: { iat: T0 + 61, exp: T0 + 900 } })
    expect(await identityOf(late)).toEqual({ ...ASSERTED, detail: 'out_of_time' })
  })

  it('a token for another key attests nobody', async () => {
    const another = (story: Story) => story.attest(AGENT, keyOf('somebody else'))
    expect(await identityOf(another)).toEqual(ASSERTED)
  })

  it('a key that is bound to somebody else fails, whatever else is said of it', async () => {
    const other = (story: Story, key: Signer) => story.attest(OTHER, key)
    expect(await identityOf(other)).toEqual(BOUND_TO_ANOTHER)
    const both = (story: Story, key: Signer) => {
      story.attest(AGENT, key)
      story.attest(OTHER, key)
    }
    expect(await identityOf(both)).toEqual(BOUND_TO_ANOTHER)
    const registered = (story: Story, key: Signer) => {
      story.knows(AGENT)
      story.attest(OTHER, key)
    }
    expect(await identityOf(registered)).toEqual(BOUND_TO_ANOTHER)
  })

  it('an agent without a link whose registered key is attested to somebody else fails too', async () => {
    await using place = await sqliteStory()
    const { story } = place
    story.knows(AGENT)
    const id = story.act({ agent: AGENT }, TOOL.deploy, { args: { env: 'staging' } })
    await story.told()
    expect((await judged(story, id)).verdict.identity).toEqual(OK)
    const known = story.evidence.length
    story.attest(OTHER, keyOf(AGENT))
    await story.told([story.evidence.slice(known)])
    expect((await judged(story, id)).verdict.identity).toEqual(BOUND_TO_ANOTHER)
  })

  it('a workload identity is refused as a link, and a link as a workload identity', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const root = story.root(AGENT, { [TOOL.deploy]: env('staging') })
    const wit = signJws(
      { alg: 'Ed25519', kid: 'root', typ: 'wit+jwt' },
      JSON.parse(JSON.stringify({ ...root.claims, sub: AGENT })) as Json,
      keyOf('root'),
    )
    const { anchors } = story.trust
    const asLink = verifyChain([wit], { anchors, at: T0 + 30 }).outcome
    expect(asLink).toMatchObject({ state: 'failed', code: 'type_invalid' })
    const issuers = anchors.map((anchor) => ({ ...anchor, iss: 'spiffe://example.org' }))
    const asIdentity = verifyWorkloadIdentity(root.text, issuers).outcome
    expect(asIdentity).toEqual({ state: 'failed', code: 'type_invalid' })
    // Sent under the name of the other, each is stored as what it is not.
    story.evidence.length = 0
    story.add('link', wit)
    story.add('identity', root.text)
    await story.told()
    const [identity] = await story.store.find('Evidence', 'kind', ['identity'])
    const [node] = await story.store.find('Identity', 'hash', [root.hash])
    expect(identity?.columns['artefact']).toBe(root.hash)
    expect(node?.columns['outcome']).toBe('failed:type_invalid')
  })
})
