import { jwkThumbprint } from '@delegraph/link'
import { describe, expect, it } from 'vitest'
import { env, keyOf, Story, TOOL } from '../../../../test/harness/story.ts'

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
})
