import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Verdict } from '@delegraph/graph-schema'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { createCertificate } from '../../collector/src/fetch/testing/tls-server.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, keyOf, Story, T0, TOOL, TRUST } from '../harness/story.ts'

/** Everything signed in a story, as log records. */
async function send(collector: Collector, story: Story): Promise<void> {
  const logRecords = story.evidence.flatMap((item) =>
    'text' in item && item.kind !== 'status'
      ? [{ eventName: `delegation.${item.kind}`, body: { stringValue: item.text } }]
      : [],
  )
  const response = await fetch(`${collector.otlpUrl}/v1/logs`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] }),
  })
  expect(response.status).toBe(200)
  await collector.settled()
}

async function graphOf(collector: Collector): Promise<string[]> {
  const lines: string[] = []
  for await (const item of collector.store.dump()) lines.push(JSON.stringify(item))
  return lines
}

it('a list over https and a workload identity over OTLP decide a verdict, and a rebuild needs neither again', async () => {
  const certificate = await createCertificate()
  const story = new Story()
  let text = ''
  await using server = await certificate.serve((_, response) =>
    response.writeHead(200, { 'content-type': 'application/statuslist+jwt' }).end(text),
  )
  const uri = `${server.url}/status/1`
  const agent = 'spiffe://example.org/agent/worker'
  const status = { status_list: { idx: 3, uri } }
  const root = story.root(agent, { [TOOL.deploy]: env('staging') }, { status })
  story.attest(agent, keyOf(agent))
  const id = story.act(root, TOOL.deploy, { args: { env: 'staging' } })
  const later = story.act(root, TOOL.deploy, { args: { env: 'staging' }, at: T0 + 90 })

  using folder = temporaryFolder()
  const [anchor] = TRUST.anchors
  if (anchor === undefined) throw new Error('the story has an anchor')
  const caFile = join(folder.path, 'ca.pem')
  writeFileSync(caFile, certificate.ca)
  let now = T0 + 40
  const options = {
    config: {
      ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
      statusLists: { allowAddresses: ['127.0.0.1'], caFile },
    },
    env: {},
    logger: pino({ level: 'silent' }),
    trust: { ...TRUST, anchors: [{ ...anchor, status_hosts: [server.host] }] },
    clock: () => now * 1000,
  }
  let before: string[]
  {
    await using collector = await startCollector(options)
    const parts = async (action: string): Promise<Verdict> => {
      const [node] = await collector.store.find('Action', 'id', [action])
      return JSON.parse(String(node?.columns['verdict'])) as Verdict
    }
    await send(collector, story)
    expect(await parts(id)).toMatchObject({
      identity: { state: 'ok' },
      status: { state: 'unknown', code: 'status_unknown' },
    })
    text = story.answer(T0, {}, { uri, claims: { exp: T0 + 60 } }).text
    await collector.poller.tick()
    await collector.settled()
    expect((await parts(id)).status).toEqual({ state: 'ok' })

    now = T0 + 120
    text = story.answer(T0 + 80, { 3: 1 }, { uri }).text
    await collector.poller.tick()
    await collector.settled()
    expect((await parts(id)).status).toEqual({ state: 'ok' })
    expect((await parts(later)).status).toEqual({ state: 'failed', code: 'revoked' })
    before = await graphOf(collector)
  }
  for (const end of ['', '-wal', '-shm'])
    rmSync(join(folder.path, `graph.sqlite${end}`), { force: true })
  const noNetwork = () => Promise.reject(new Error('no network'))
  await using again = await startCollector({ ...options, fetchStatus: noNetwork })
  await again.settled()
  expect(await graphOf(again)).toEqual(before)
})
