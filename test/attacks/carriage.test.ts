import { createLinkMemo, verifyChain } from '@delegraph/link'
import { createGuard, readPresentation } from '@delegraph/sdk/guard'
import { HEADER, MAX_HEADERS, presentationFrom } from '@delegraph/sdk/http'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL, TRUST } from '../harness/story.ts'
import { judged, sqliteStory } from './sqlite-story.ts'

const CALL = { args: { env: 'staging' } }
const tools = { [TOOL.deploy]: env('staging') }
const { anchors } = TRUST
const at = T0 + 20

function chain() {
  const story = new Story()
  const root = story.root('agent:planner', tools)
  const leaf = story.link(root, 'agent:worker', tools)
  return { root, leaf, texts: [root.text, leaf.text] }
}

/** The same statement with a signature that does not hold. */
function broken(text: string): string {
  return text.replace(/.{8}$/, 'AAAAAAAA')
}

describe('what happens on the way', () => {
  it('a known link with a broken signature is refused, and the true one still holds', () => {
    const { texts } = chain()
    const [first = '', second = ''] = texts
    const memo = createLinkMemo({ max: 100 })
    const ask = (list: readonly string[]) => verifyChain(list, { anchors, at, memo }).outcome
    expect(ask([broken(first), second])).toMatchObject({ code: 'signature_invalid' })
    expect(ask(texts)).toEqual({ state: 'ok' })
    expect(ask([first, broken(second)])).toMatchObject({ code: 'signature_invalid' })
    expect(ask([broken(first), second])).toMatchObject({ code: 'signature_invalid' })
    expect(ask(texts)).toEqual({ state: 'ok' })
  })

  it('a broken copy that arrives first does not poison the true link in the graph', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const root = story.root('agent:planner', tools)
    const link = story.link(root, 'agent:worker', tools)
    const honest = story.evidence.splice(0)
    story.add('link', broken(root.text))
    story.add('link', broken(link.text))
    await story.told()
    story.evidence.splice(0, story.evidence.length, ...honest)
    const id = story.act(link, TOOL.deploy, CALL)
    await story.told()
    const { verdict, columns } = await judged(story, id)
    expect(verdict.chain).toEqual({ state: 'ok' })
    expect(columns['grade']).toBe('proven')
  })

  it('a store that gives other bytes for a hash gives no chain', () => {
    const { leaf, texts } = chain()
    const other = chain()
    const wrong = new Story().root('agent:planner', tools, { sub: 'person:mallory' })
    for (const ancestor of [wrong.text, other.leaf.text, leaf.text, broken(texts[0] ?? '')])
      expect(verifyChain([ancestor, leaf.text], { anchors, at }).outcome.state).not.toBe('ok')
  })

  it('a JWS in JSON serialisation is refused in place of a compact one', () => {
    const { root } = chain()
    const [protectedHeader = '', payload = '', signature = ''] = root.text.split('.')
    const flattened = JSON.stringify({ protected: protectedHeader, payload, signature })
    const general = JSON.stringify({
      payload,
      signatures: [{ protected: protectedHeader, signature }],
    })
    for (const text of [flattened, general])
      expect(verifyChain([text], { anchors, at }).outcome).toMatchObject({ code: 'malformed' })
  })

  it('a JWE is refused in place of a compact JWS', () => {
    const header = Buffer.from('{"alg":"dir","enc":"A256GCM"}').toString('base64url')
    const text = `${header}..AAAAAAAAAAAAAAAA.AAAA.AAAAAAAAAAAAAAAAAAAAAA`
    expect(verifyChain([text], { anchors, at }).outcome).toMatchObject({ code: 'malformed' })
  })

  it('a receipt whose span was sampled out still counts, and says so', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const root = story.root('agent:planner', tools)
    const id = story.act(root, TOOL.deploy, { ...CALL, span: false })
    await story.told()
    const { verdict, flags } = await judged(story, id)
    expect(verdict.possession).toEqual({ state: 'ok' })
    expect(flags).toContain('span_absent')
  })

  it('a span and a log record that differ do not both hold: the signed text wins', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const root = story.root('agent:planner', tools)
    const link = story.link(root, 'agent:worker', tools)
    const id = story.act(link, TOOL.deploy, CALL)
    for (const [index, item] of story.evidence.entries())
      if (item.kind === 'span')
        story.evidence[index] = { ...item, facts: { ...item.facts, agent: 'agent:planner' } }
    await story.told()
    const { columns, flags } = await judged(story, id)
    expect(columns['agent']).toBe('agent:worker')
    expect(flags).toContain('attribute_disagrees')
  })

  it('a text that was cut or masked is called truncated, never forged', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const root = story.root('agent:planner', tools)
    const link = story.link(root, 'agent:worker', tools)
    const whole = story.evidence.splice(1, 1)
    const text = link.text.slice(0, 200)
    story.evidence.push({
      kind: 'link',
      id: 'cut',
      artefact: link.hash,
      text,
      size: text.length,
      truncated: true,
    })
    const id = story.act(link, TOOL.deploy, CALL)
    await story.told()
    expect((await judged(story, id)).verdict.chain.state).toBe('unknown')
    expect(await story.fired()).not.toContain('D10 agent:worker')
    story.evidence.push(...whole)
    await story.told()
    expect((await judged(story, id)).verdict.chain).toEqual({ state: 'ok' })
  })

  it('evidence that was heard of long after its span does not prove when it was made', async () => {
    await using place = await sqliteStory()
    const { story } = place
    const root = story.root('agent:planner', tools)
    const id = story.act(root, TOOL.deploy, CALL)
    for (const [index, item] of story.evidence.entries())
      if (item.kind === 'span') {
        const startedAt = item.facts.startedAt + 61_000
        story.evidence[index] = { ...item, facts: { ...item.facts, startedAt } }
      }
    await story.told()
    const { verdict } = await judged(story, id)
    expect(verdict.possession).toEqual({ state: 'unknown', code: 'late_evidence' })
  })

  it('a stranger’s chain is told from ours by its anchor alone', () => {
    const { texts } = chain()
    const stranger = [{ iss: 'https://auth.example.com', kid: 'root', jwk: keyOf('stranger').jwk }]
    expect(verifyChain(texts, { anchors: stranger, at }).outcome).toMatchObject({
      code: 'signature_invalid',
    })
    expect(verifyChain(texts, { anchors: [], at }).outcome).toMatchObject({
      code: 'issuer_untrusted',
    })
  })
})

describe('headers and bodies that carry too much or something else', () => {
  const [first = '', second = ''] = chain().texts
  const fits = { [HEADER.link]: second, [HEADER.refs]: 'A'.repeat(43) }

  it.each([
    ['all together', { ...fits, [HEADER.approvals]: 'x'.repeat(MAX_HEADERS) }, 'oversized'],
    ['with 16 hashes', { ...fits, [HEADER.refs]: hashes(16) }, 'depth_invalid'],
    ['with a chain by value', { ...fits, [HEADER.link]: `${first},${second}` }, undefined],
    ['with two fields of one name', { ...fits, [HEADER.link]: [first, second] }, undefined],
  ])('oversized headers are no presentation: %s', async (_name, headers, code) => {
    const presentation = presentationFrom(headers)
    const guard = createGuard({ audience: TOOL.deploy, trust: { anchors }, links: ANY })
    const { accept, verdict } = await guard.check(presentation, { tool: TOOL.deploy })
    expect([accept, verdict.chain.state === 'ok']).toEqual([false, false])
    if (code !== undefined) expect(verdict.chain).toMatchObject({ code })
  })

  it('17 links are refused, by value and by reference', async () => {
    const guard = createGuard({ audience: TOOL.deploy, trust: { anchors }, links: ANY })
    const byValue = { aat_chain: Array.from({ length: 17 }, () => first) }
    const byReference = { aat_chain: [second], aat_refs: hashes(16).split(',') }
    for (const sent of [byValue, byReference]) {
      const { accept, verdict } = await guard.check(readPresentation(sent), { tool: TOOL.deploy })
      expect([accept, verdict.chain]).toMatchObject([false, { code: 'depth_invalid' }])
    }
  })

  it.each([null, 7, 'text', [], { aat_chain: {} }, { aat_chain: [7] }, { aat_chain: 'a.b.c' }])(
    'a presentation of the wrong type is refused: %j',
    async (sent) => {
      const guard = createGuard({ audience: TOOL.deploy, trust: { anchors } })
      const { accept } = await guard.check(readPresentation(sent), { tool: TOOL.deploy })
      expect(accept).toBe(false)
    },
  )
})

/** A store that says it has everything. */
const ANY = {
  get: (wanted: readonly string[]) => new Map(wanted.map((hash) => [hash, 'a.b.c'])),
}

function hashes(count: number): string {
  return Array.from({ length: count }, (_, index) => `${index}`.padStart(43, 'A')).join(',')
}
