import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { NO_TRUST } from '@delegraph/link'
import { collectorLinkStore, createGuard, firstOf, memoryLinkStore } from '@delegraph/sdk/guard'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { cast, deploy, RESOURCE } from '../../sdk/src/testing/cast.ts'
import { CALL, opened, sent } from '../../sdk/src/testing/guarded.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, Story, TOOL } from '../harness/story.ts'

describe('a chain by reference, found at a collector', () => {
  const folder = temporaryFolder()
  let collector: Collector
  let people: Awaited<ReturnType<typeof cast>>
  beforeAll(async () => {
    collector = await startCollector({
      config: readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
      env: {},
      logger: pino({ level: 'silent' }),
      trust: NO_TRUST,
    })
    people = await cast({ collector: collector.otlpUrl })
  })
  afterAll(async () => {
    await Promise.all([people.alice, people.planner, people.worker].map((part) => part.shutdown()))
    await collector[Symbol.asyncDispose]()
    folder[Symbol.dispose]()
  })

  it('is accepted by a service that was shown nothing but the last link and hashes', async () => {
    const { alice, planner, worker, anchors, flush } = people
    const root = alice.issue({ to: planner.holder, tools: deploy('staging') })
    const chain = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })
    await flush()
    await collector.settled()
    const links = firstOf(memoryLinkStore(), collectorLinkStore({ url: collector.graphqlUrl }))
    const guard = createGuard({ audience: RESOURCE, trust: { anchors }, links })
    const result = await guard.check(sent(opened(worker, chain), 'reference'), CALL)
    expect(result).toMatchObject({ accept: true, verdict: { chain: { state: 'ok' } } })
    expect(result.chain?.texts).toEqual(chain.texts)
  })

  it('is incomplete where the collector does not know it, or is none', async () => {
    const { worker, anchors } = people
    const stranger = await cast()
    const root = stranger.alice.issue({ to: stranger.planner.holder, tools: deploy('staging') })
    const held = { to: worker.holder, tools: deploy('staging') }
    const chain = stranger.planner.narrow(root, held)
    const presentation = sent(opened(worker, chain), 'reference')
    const answers = ['not json', '{"data":{"linkTexts":7}}', '{}', 'x'.repeat(400_000)]
    const wrong = createServer((_request, response) => response.end(answers.shift() ?? '{}'))
    await new Promise<void>((resolve) => wrong.listen(0, '127.0.0.1', resolve))
    const { port } = wrong.address() as AddressInfo
    for (const url of [collector.graphqlUrl, ...answers.map(() => `http://127.0.0.1:${port}`)]) {
      const linkBudget = { attempts: 1 }
      const links = collectorLinkStore({ url })
      const guard = createGuard({ audience: RESOURCE, trust: { anchors }, links, linkBudget })
      const { accept, verdict } = await guard.check(presentation, CALL)
      expect([accept, verdict.chain]).toMatchObject([false, { code: 'chain_incomplete' }])
    }
    wrong.closeAllConnections()
    await new Promise((resolve) => wrong.close(resolve))
  })
})

describe('an action that names its link by hash alone', () => {
  it('waits for the links, and is whole once they come as log records, in whatever order', async () => {
    const tools = { [TOOL.deploy]: env('staging') }
    const telling = new Story()
    const root = telling.root('agent:planner', tools)
    const leaf = telling.link(root, 'agent:worker', tools)
    const links = telling.evidence.splice(0)
    const id = telling.act(leaf, TOOL.deploy, { args: { env: 'staging' } })
    for (const order of [links, [...links].reverse()]) {
      const story = new Story()
      await story.told([telling.evidence])
      const verdict = async () => JSON.parse(String((await story.action(id)).columns['verdict']))
      expect((await verdict()).chain).toMatchObject({ state: 'unknown', code: 'chain_incomplete' })
      for (const link of order) await story.told([[link]])
      expect(await verdict()).toMatchObject({ chain: { state: 'ok' }, possession: { state: 'ok' } })
    }
  })
})
