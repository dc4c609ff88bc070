import type { FindingBody } from '@delegraph/graph-schema'
import { jwkThumbprint } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, T0, TOOL } from '../../../../test/harness/story.ts'

const HASH = 'c'.repeat(43)
const STAGING = { args: { env: 'staging' } }

function begun() {
  const story = new Story().knows('agent:admin', 'agent:worker')
  const worker = story.root('agent:worker', { [TOOL.deploy]: env('staging') })
  return { story, worker }
}

describe('D6 credential-reuse', () => {
  it('fires when worker presents a credential that was issued to admin', async () => {
    const { story, worker } = begun()
    story.registry({ type: 'credential', hash: HASH, issued_to: ['agent:admin'] })
    story.act(worker, TOOL.deploy, { ...STAGING, credential: HASH })
    await story.told()
    expect(await story.fired()).toEqual(['D6 agent:worker'])
    const [finding] = await story.findings()
    expect(finding?.columns).toMatchObject({ from: 'agent:admin', culprit: HASH, severity: 4 })
  })

  it('fires when the credential is a key that the registry gives to admin', async () => {
    const { story, worker } = begun()
    const { jwk } = keyOf('admin key')
    story.registry({ type: 'owner', agent: 'agent:admin', owner: 'person:alice', keys: [jwk] })
    story.act(worker, TOOL.deploy, { ...STAGING, credential: jwkThumbprint(jwk) })
    expect(await (await story.told()).fired()).toEqual(['D6 agent:worker'])
  })

  it('stays quiet when the credential was issued to worker', async () => {
    const { story, worker } = begun()
    story.registry({ type: 'credential', hash: HASH, issued_to: ['agent:worker'] })
    story.act(worker, TOOL.deploy, { ...STAGING, credential: HASH })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when the credential is declared shared', async () => {
    const { story, worker } = begun()
    story.registry({
      type: 'credential',
      hash: HASH,
      issued_to: ['agent:admin', 'agent:worker'],
    })
    story.act(worker, TOOL.deploy, { ...STAGING, credential: HASH })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet about a credential that nobody registered', async () => {
    const { story, worker } = begun()
    story.act(worker, TOOL.deploy, { ...STAGING, credential: HASH })
    expect(await (await story.told()).fired()).toEqual([])
  })

  it('stays quiet when the call was refused', async () => {
    const { story, worker } = begun()
    story.registry({ type: 'credential', hash: HASH, issued_to: ['agent:admin'] })
    story.act(worker, TOOL.deploy, { ...STAGING, credential: HASH, status: 'denied' })
    expect(await (await story.told()).fired()).toEqual([])
  })

  describe('a secret of which nobody says to whom it was issued', () => {
    const found = (): {
      story: Story
      use: (at?: number) => string
      cached: (at: number) => void
    } => {
      const { story, worker } = begun()
      const use = (at = T0 + 60): string =>
        story.act(worker, TOOL.deploy, { ...STAGING, credential: HASH, at })
      const cached = (at: number): void =>
        story.move('agent:admin', 'wrote', { resource: 'memory:ops', data: [HASH], at: at * 1000 })
      return { story, use, cached }
    }

    it('belongs to the agent in whose memory it was first seen, and the way that it took is shown', async () => {
      const { story, use, cached } = found()
      cached(T0 + 20)
      use()
      await story.told()
      expect(await story.fired()).toEqual(['D6 agent:worker'])
      const [finding] = await story.findings()
      expect(finding?.columns).toMatchObject({
        from: 'agent:admin',
        grade: 'asserted',
        pages: false,
      })
      const { facts, flow } = JSON.parse(String(finding?.columns['body'])) as FindingBody
      expect(facts[0]).toBe('it was first seen in what admin gave away in memory:ops')
      expect(flow?.map(({ agent, did }) => `${agent} ${did}`)).toEqual([
        'agent:admin gave',
        'agent:worker got',
      ])
    })

    it('belongs to the agent whose call gave it back', async () => {
      const { story, use } = found()
      const admin = story.root('agent:admin', { [TOOL.status]: {} })
      story.act(admin, TOOL.status, { said: { data_out: [HASH] } })
      use()
      expect(await (await story.told()).fired()).toEqual(['D6 agent:worker'])
    })

    it('is found whichever of the two is heard of first', async () => {
      const { story, use, cached } = found()
      use()
      const before = [...story.evidence]
      cached(T0 + 20)
      const after = story.evidence.slice(before.length)
      await story.told([before])
      expect(await story.fired()).toEqual([])
      await story.told([after])
      expect(await story.fired()).toEqual(['D6 agent:worker'])
    })

    it.each([
      ['whoever used it before', (one: ReturnType<typeof found>) => one.use(T0 + 15)],
      [
        'whoever gave it away before',
        ({ story }: ReturnType<typeof found>) =>
          story.move('agent:worker', 'wrote', {
            resource: 'memory:own',
            data: [HASH],
            at: (T0 + 15) * 1000,
          }),
      ],
      [
        'whom the registry names',
        ({ story }: ReturnType<typeof found>) =>
          story.registry({ type: 'credential', hash: HASH, issued_to: ['agent:worker'] }),
      ],
    ])('belongs to %s', async (_, tell) => {
      const one = found()
      tell(one)
      one.cached(T0 + 20)
      one.use()
      expect(await (await one.story.told()).fired()).toEqual([])
    })

    it('is handed on by a link that covers the call', async () => {
      const { story, cached } = found()
      const admin = story.root('agent:admin', { [TOOL.deploy]: env('staging') })
      const worker = story.link(admin, 'agent:worker', { [TOOL.deploy]: env('staging') })
      cached(T0 + 20)
      story.act(worker, TOOL.deploy, { ...STAGING, credential: HASH, at: T0 + 60 })
      expect(await (await story.told()).fired()).toEqual([])
    })
  })
})
