import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const STAGING = { args: { env: 'staging' } }

function begun() {
  const story = new Story().knows('agent:planner', 'agent:worker')
  const planner = story.root('agent:planner', { [TOOL.deploy]: env('staging') })
  const worker = story.link(planner, 'agent:worker', { [TOOL.deploy]: env('staging') })
  return { story, planner, worker }
}

async function outcomeOf(story: Story, hash: string): Promise<unknown> {
  const [node] = await story.store.find('Link', 'hash', [hash])
  return node?.columns['outcome']
}

describe('D10 broken-chain', () => {
  it('fires on a link that another key than the holder of its parent signed', async () => {
    const { story, worker } = begun()
    const forged = story.forge(worker, {}, keyOf('mallory'))
    await story.told()
    expect(await story.fired()).toEqual(['D10 agent:worker'])
    expect(await outcomeOf(story, forged.hash)).toBe('failed:signature_invalid')
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ severity: 4, class: 'validity', link: forged.hash })
  })

  it('fires on a link that was spliced under a parent it was not issued under', async () => {
    const { story, planner, worker } = begun()
    const other = story.root('agent:planner', { [TOOL.status]: {} }, { txn: 'task-9' })
    const spliced = story.forge(worker, { par_hash: other.hash }, keyOf('agent:planner'))
    await story.told()
    expect(await story.fired()).toEqual(['D10 agent:worker'])
    expect(await outcomeOf(story, spliced.hash)).toBe('failed:task_altered')
    expect(planner.hash).not.toBe(other.hash)
  })

  it('fires on a text that is no link at all, and keeps it', async () => {
    const { story } = begun()
    const item = story.add('link', 'not.a.link')
    await story.told()
    expect(await outcomeOf(story, item.artefact)).toMatch(/^failed:malformed/)
    expect(await story.fired()).toEqual(['D10 unknown'])
  })

  it('fires on a receipt that somebody else than the holder signed', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.deploy, { ...STAGING, signer: keyOf('mallory') })
    await story.told()
    expect(await story.fired()).toEqual(['D10 agent:worker'])
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ certainty: 'unknown', pages: false })
  })

  it('blames the link that was cited where a receipt does not hold: it is what was somebody else’s', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.deploy, { ...STAGING, signer: keyOf('mallory') })
    await story.told()
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ culprit: worker.hash, culpritKind: 'link' })
  })

  it('takes neither of two links for the first where one token id was signed twice in a moment', async () => {
    const { story, planner, worker } = begun()
    const { jti, iat } = worker.claims
    const tools = { [TOOL.deploy]: env('staging') }
    const second = story.link(planner, 'agent:worker', tools, {
      jti,
      iat,
      exp: worker.claims.exp - 1,
    })
    await story.told()
    expect(await story.fired()).toEqual(['D10 agent:worker', 'D10 agent:worker'])
    const blamed = (await story.findings()).map(({ columns }) => columns['culprit'])
    expect(blamed.sort()).toEqual([worker.hash, second.hash].sort())
  })

  it('takes the earlier of two links with one token id for the first', async () => {
    const { story, planner, worker } = begun()
    const { jti, iat } = worker.claims
    const tools = { [TOOL.deploy]: env('staging') }
    const second = story.link(planner, 'agent:worker', tools, { jti, iat: iat + 60 })
    await story.told()
    expect((await story.findings()).map(({ columns }) => columns['culprit'])).toEqual([second.hash])
  })

  it('does not let a copy with a broken signature poison the true link', async () => {
    for (const copyFirst of [true, false]) {
      const { story, worker } = begun()
      const [header, payload] = worker.text.split('.')
      const signature = Buffer.from(keyOf('mallory').sign(Buffer.from('x'))).toString('base64url')
      const copy = story.add('link', `${header}.${payload}.${signature}`)
      story.act(worker, TOOL.deploy, STAGING)
      const rest = story.evidence.filter((item) => item !== copy)
      await story.told(copyFirst ? [[copy], rest] : [rest, [copy]])
      expect(await outcomeOf(story, worker.hash)).toBe('ok')
      expect(await story.fired()).toEqual([])
    }
  })

  it('calls a missing parent incomplete, says nothing while it may come, then says so', async () => {
    const { story, planner, worker } = begun()
    story.act(worker, TOOL.deploy, STAGING)
    const late = story.evidence.filter(
      (item) => item.kind === 'link' && item.artefact === planner.hash,
    )
    await story.told([story.evidence.filter((item) => !late.includes(item))])
    expect(await story.fired()).toEqual([])
    await story.later(T0 + 3600)
    expect(await story.fired()).toEqual(['D10 agent:worker'])
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ severity: 2, class: 'validity', pages: false })
    expect(finding?.columns['title']).toContain('incomplete')
    await story.told([late])
    expect(await story.fired()).toEqual([])
  })

  it('stays quiet about evidence that was cut on its way', async () => {
    const { story, worker } = begun()
    const text = worker.text.slice(0, 128)
    story.evidence.push({
      kind: 'link',
      id: 'cut',
      artefact: 'cut',
      text,
      size: 128,
      truncated: true,
    })
    await story.told()
    expect(await outcomeOf(story, 'cut')).toBe('unknown:truncated')
    expect(await story.fired()).toEqual([])
  })

  it('stays quiet about an action without a receipt: that is a lower grade', async () => {
    const { story, worker } = begun()
    const id = story.act(worker, TOOL.deploy, { ...STAGING, signer: null })
    expect(await (await story.told()).fired()).toEqual([])
    expect((await story.action(id)).columns['grade']).toBe('signed')
  })

  it('ends on a ring of links that name each other', async () => {
    const { story, worker } = begun()
    const first = story.forge(worker, { par_hash: 'a'.repeat(43) }, keyOf('mallory'))
    const second = story.forge(worker, { par_hash: first.hash }, keyOf('mallory'))
    story.act(second, TOOL.deploy, STAGING)
    await story.told()
    expect(await outcomeOf(story, second.hash)).toMatch(/chain_incomplete/)
  })
})
