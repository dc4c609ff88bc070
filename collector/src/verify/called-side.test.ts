import type { Verdict } from '@delegraph/graph-schema'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL, TOOLS } from '../../../test/harness/story.ts'

function begun() {
  const story = new Story().knows('agent:worker')
  const link = story.root('agent:worker', { [TOOL.deploy]: env('staging') }, { aud: TOOLS })
  const call = story.propose(link, TOOL.deploy, { env: 'staging' }, TOOLS)
  return { story, link, call }
}

async function judged(story: Story, id: string) {
  const { columns } = await (await story.told()).action(id)
  return {
    columns,
    verdict: JSON.parse(String(columns['verdict'])) as Verdict,
    flags: JSON.parse(String(columns['flags'])) as string[],
  }
}

describe('the receipt of the service that was called', () => {
  it('agrees with that of the acting agent when both say the same', async () => {
    const { story, link, call } = begun()
    const id = story.act(link, TOOL.deploy, { as: call })
    story.serve(id, link, call)
    const { verdict, flags, columns } = await judged(story, id)
    expect(verdict.effect).toEqual({ state: 'ok' })
    expect(flags).toContain('receipts_agree')
    expect(columns).toMatchObject({ effect: 'ok', grade: 'proven' })
    expect(columns['calledReceipt']).toMatch(/^[\w-]{43}$/)
  })

  it('that says done where the agent says denied shows the disagreement, and it was done', async () => {
    const { story, link, call } = begun()
    const id = story.act(link, TOOL.deploy, { as: call, status: 'denied' })
    story.serve(id, link, call)
    const { verdict, flags, columns } = await judged(story, id)
    expect(verdict.effect).toMatchObject({ state: 'failed', code: 'effect_disagrees' })
    expect(flags).not.toContain('receipts_agree')
    expect(columns['effect']).toBe('ok')
  })

  it('about other arguments than the agent signed disagrees', async () => {
    const { story, link, call } = begun()
    const id = story.act(link, TOOL.deploy, { as: call })
    story.serve(id, link, story.propose(link, TOOL.deploy, { env: 'production' }, TOOLS))
    expect((await judged(story, id)).verdict.effect).toMatchObject({ code: 'effect_disagrees' })
  })

  it('says what was done where the agent keeps its own to itself', async () => {
    const { story, link, call } = begun()
    const id = story.act(link, TOOL.deploy, { as: call, signer: null })
    story.serve(id, link, call)
    const { verdict, flags, columns } = await judged(story, id)
    expect(columns['effect']).toBe('ok')
    expect(flags).toContain('acting_side_missing')
    expect(verdict.possession).toMatchObject({ state: 'unknown', code: 'receipt_missing' })
    expect(columns['grade']).not.toBe('proven')
  })

  it('stands alone where neither the span nor the receipt of the agent arrives', async () => {
    const { story, link, call } = begun()
    const id = story.act(link, TOOL.deploy, { as: call, signer: null, span: false })
    story.serve(id, link, call)
    const { columns } = await judged(story, id)
    expect(columns).toMatchObject({ link: link.hash, tool: TOOL.deploy, effect: 'ok' })
  })

  it('by a key that speaks for another service says nothing', async () => {
    const { story, link, call } = begun()
    story.trust = {
      ...story.trust,
      toolServers: story.trust.toolServers.map((key) => ({ ...key, aud: 'https://a.example.com' })),
    }
    const id = story.act(link, TOOL.deploy, { as: call, status: 'denied' })
    story.serve(id, link, call)
    const { verdict, columns } = await judged(story, id)
    expect(verdict.effect).toEqual({ state: 'ok' })
    expect(columns['effect']).toBe('denied')
  })

  it('by a key that nobody configured says nothing', async () => {
    const { story, link, call } = begun()
    const id = story.act(link, TOOL.deploy, { as: call, status: 'failed' })
    story.serve(id, link, call, { signer: keyOf('stranger') })
    expect((await judged(story, id)).columns['effect']).toBe('failed')
  })

  it('alone does not disagree with a span that says less', async () => {
    const { story, link, call } = begun()
    const id = story.act(link, TOOL.deploy, { as: call, signer: null })
    expect((await judged(story, id)).flags).not.toContain('acting_side_missing')
    story.serve(id, link, call, { at: T0 + 31 })
    const { verdict } = await judged(story, id)
    expect(verdict.effect).toEqual({ state: 'ok' })
  })
})
