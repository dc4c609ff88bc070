import { type Json, signJws, signReceipt, TYP } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, type Story, TOOL, TOOLS } from '../harness/story.ts'
import { refused } from './attack.ts'
import { judged, sqliteStory } from './sqlite-story.ts'

function begun(story: Story) {
  story.knows('agent:planner', 'agent:worker')
  const root = story.root('agent:planner', { [TOOL.deploy]: env('staging') }, { aud: TOOLS })
  const leaf = story.link(root, 'agent:worker', { [TOOL.deploy]: env('staging') }, { aud: TOOLS })
  const call = story.propose(leaf, TOOL.deploy, { env: 'staging' }, TOOLS)
  return { root, leaf, call }
}

/** The receipt told last, and its claims. */
function lastReceipt(story: Story) {
  const item = story.evidence.findLast((evidence) => evidence.kind === 'receipt')
  if (item?.kind !== 'receipt' || item.text === undefined) throw new Error('no receipt')
  const payload = Buffer.from(item.text.split('.')[1] ?? '', 'base64url').toString()
  return { text: item.text, claims: JSON.parse(payload) as { readonly [name: string]: Json } }
}

const PROVEN = { state: 'ok' }
const failed = (code: string) => ({ state: 'failed', code })

describe('receipts', () => {
  it('a receipt of another span is refused as proof of this one', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const honest = story.act(leaf, TOOL.deploy, { as: call })
    const { text } = lastReceipt(story)
    const other = story.act(leaf, TOOL.deploy, { as: call, signer: null })
    story.add('receipt', text, other)
    await story.told()
    expect((await judged(story, honest)).verdict.possession).toEqual(PROVEN)
    const { verdict, columns } = await judged(story, other)
    expect(verdict.possession).not.toEqual(PROVEN)
    expect(columns['grade']).not.toBe('proven')
  })

  it('a receipt that names no link is no proof of the link on its span', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const id = story.act(leaf, TOOL.deploy, { as: call, signer: null })
    const [trace_id = '', span_id = ''] = id.split('-')
    const { text } = signReceipt({
      signer: keyOf('agent:worker'),
      claims: {
        aud: 'https://collector.example.com',
        iat: leaf.claims.iat + 20,
        act: { sub: 'agent:worker' },
        aat_tool: call.tool,
        action_hash: call.hash,
        result: { status: 'ok' },
        trace: { trace_id, span_id },
      },
    })
    story.add('receipt', text, id)
    await story.told()
    const { verdict, columns } = await judged(story, id)
    expect(verdict.possession).toEqual(failed('holder_binding_failed'))
    expect(columns['grade']).not.toBe('proven')
  })

  it('a receipt by anybody but the holder of the link is refused', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    for (const name of ['agent:planner', 'tools', 'stranger']) {
      const id = story.act(leaf, TOOL.deploy, { as: call, signer: keyOf(name) })
      await story.told()
      const { verdict, columns } = await judged(story, id)
      expect(verdict.possession).toMatchObject(failed('holder_binding_failed'))
      expect(columns['grade']).toBe('signed')
    }
  })

  it('two receipts with one jti prove nothing, whichever comes first', async () => {
    for (const turned of [false, true]) {
      await using place = await sqliteStory()
      const { story } = place
      const { leaf, call } = begun(story)
      const id = story.act(leaf, TOOL.deploy, { as: call })
      const { claims } = lastReceipt(story)
      const header = { alg: 'Ed25519', typ: TYP.receipt }
      const result: Json = { status: 'failed' }
      story.add('receipt', signJws(header, { ...claims, result }, keyOf('agent:worker')), id)
      const told = story.evidence.map((item) => [item])
      await story.told(turned ? told.reverse() : told)
      expect((await judged(story, id)).verdict.possession).toEqual(failed('jti_conflict'))
    }
  })

  it('a stranger who repeats a jti does not burn the receipt of the holder', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const id = story.act(leaf, TOOL.deploy, { as: call })
    const { claims } = lastReceipt(story)
    const header = { alg: 'Ed25519', typ: TYP.receipt }
    const result: Json = { status: 'failed' }
    story.add('receipt', signJws(header, { ...claims, result }, keyOf('stranger')), id)
    await story.told()
    expect((await judged(story, id)).verdict.possession).toEqual(PROVEN)
  })

  it('an agent that says denied is contradicted by the service that says done', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const id = story.act(leaf, TOOL.deploy, { as: call, status: 'denied' })
    story.serve(id, leaf, call)
    await story.told()
    const { verdict, columns } = await judged(story, id)
    expect(verdict.effect).toEqual(failed('effect_disagrees'))
    expect(columns['effect']).toBe('ok')
  })

  it('a span whose arguments differ from the signed ones does not hide the signed ones', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf } = begun(story)
    const id = story.act(leaf, TOOL.deploy, { args: { env: 'production' }, audience: TOOLS })
    for (const [at, item] of story.evidence.entries())
      if (item.kind === 'span') {
        const facts = { ...item.facts, args: JSON.stringify({ env: 'staging' }) }
        story.evidence[at] = { ...item, facts }
      }
    await story.told()
    const { verdict, flags } = await judged(story, id)
    expect(verdict.action).toMatchObject(failed('scope_not_granted'))
    expect(flags).toContain('attribute_disagrees')
  })

  it('a span of another tool than its receipt is refused', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { leaf, call } = begun(story)
    const id = story.act(leaf, TOOL.deploy, { as: call })
    for (const [at, item] of story.evidence.entries())
      if (item.kind === 'span')
        story.evidence[at] = { ...item, facts: { ...item.facts, tool: TOOL.status } }
    await story.told()
    expect((await judged(story, id)).verdict.action).toEqual(failed('receipt_mismatch'))
  })

  it('a call to a service that any hop does not name is refused', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const { root } = begun(story)
    const both = [TOOLS, 'https://other.example.com/mcp']
    const leaf = story.link(root, 'agent:worker', { [TOOL.deploy]: env('staging') }, { aud: both })
    const call = story.propose(leaf, TOOL.deploy, { env: 'staging' }, both[1])
    const id = story.act(leaf, TOOL.deploy, { as: call })
    await story.told()
    expect((await judged(story, id)).verdict.action).toMatchObject(failed('audience_mismatch'))
  })

  refused('a receipt under another key is refused', 'R02', 'holder_binding_failed:signature')
  refused('a receipt in the name of another key is refused', 'R03', 'holder_binding_failed:issuer')
  refused(
    'a receipt whose hash is of other arguments is refused',
    'R06',
    'receipt_mismatch:action_hash',
  )
  refused(
    'a receipt whose hash is of another tool is refused',
    'R07',
    'receipt_mismatch:action_hash',
  )
  refused('a receipt of no link and no agent is refused', 'R10', 'malformed:aat_hash')
})
