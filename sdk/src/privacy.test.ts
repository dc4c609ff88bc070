import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inspect } from 'node:util'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto'
import { NodeSDK } from '@opentelemetry/sdk-node'
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Warning } from './index.ts'
import { cast, DEPLOY, deploy } from './testing/cast.ts'
import { startFakeCollector } from './testing/fake-collector.ts'
import { privateTexts, unfolded } from './testing/secrets.ts'

/** Values that no link constrains: they never leave the process. */
const NOTE = 'correct horse battery staple'
const ERROR = 'an error with battery staple in it'
const CREDENTIAL = 'bearer-token-of-somebody'

const collector = await startFakeCollector()
const sdk = new NodeSDK({
  autoDetectResources: false,
  spanProcessors: [
    new SimpleSpanProcessor({
      exporter: new OTLPTraceExporter({ url: `${collector.url}/v1/traces` }),
    }),
  ],
  logRecordProcessors: [],
  metricReaders: [],
})
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'delegraph-privacy-'))
  sdk.start()
})
afterAll(async () => {
  await sdk.shutdown()
  await collector[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** A whole story with everything that can go wrong, and all that anybody got to see of it. */
async function tell(args?: 'none') {
  const from = collector.bodies.length
  const warnings: Warning[] = []
  const people = await cast({
    collector: collector.url,
    headers: { authorization: `Bearer ${CREDENTIAL}` },
    onWarning: (warning) => warnings.push(warning),
    ...(args === undefined ? {} : { args }),
  })
  const { alice, planner, worker, approver, keys, flush } = people
  const errors: unknown[] = []
  const noted = async (run: () => unknown) => {
    try {
      await run()
    } catch (error) {
      if (!(error instanceof RangeError)) errors.push(error)
    }
  }
  const root = alice.issue({ to: planner.holder, tools: deploy('staging', 'canary') })
  const child = planner.narrow(root, { to: worker.holder, tools: deploy('staging') })
  const call = { tool: DEPLOY, args: { env: 'staging', note: NOTE } }
  const chain = worker.receive(child.texts)
  await worker.under(chain, () =>
    worker.hop('worker', async () => {
      const proposal = worker.propose(call)
      const approvals = [approver.approve(proposal, { chain })]
      await worker.act(proposal, () => NOTE, { approvals })
      await noted(() =>
        worker.act(call, () => {
          throw new RangeError(ERROR)
        }),
      )
      await noted(() => worker.act({ ...proposal, args: { env: 'x', note: NOTE } }, () => 0))
      await noted(() => worker.act(call, () => 0, { credential: CREDENTIAL }))
      await noted(() => worker.act(call, () => 0, { approvals: [NOTE] }))
    }),
  )
  await worker.act(call, () => 0)
  await noted(() => planner.narrow(root, { to: worker.holder, tools: { [DEPLOY]: {} } }))
  await noted(() => planner.receive(child.texts))
  await flush()
  const secrets = await privateTexts(Object.values(keys), folder)
  const seen = collector.bodies.slice(from).map(unfolded)
  const said = inspect([warnings, errors, people], { depth: 9, showHidden: true })
  return { seen, said, secrets, errors }
}

describe('what leaves the process', () => {
  test('has the constrained argument, and none of the others', async () => {
    const { seen, said, errors } = await tell()
    const all = seen.join('\n')
    expect(seen.length).toBeGreaterThan(5)
    expect(errors.length).toBe(5)
    expect(all).toContain('{"env":"staging"}')
    expect(all).toContain('arg_names')
    for (const text of [all, said]) {
      expect(text).not.toContain('battery')
      expect(text).not.toContain(CREDENTIAL)
    }
  })

  test('never has a private key in it', async () => {
    const { seen, said, secrets } = await tell()
    expect(secrets).toHaveLength(4)
    for (const secret of secrets) {
      expect(secret).toHaveLength(43)
      for (const text of [...seen, said]) expect(text).not.toContain(secret)
      const raw = Buffer.from(secret, 'base64url').toString('latin1')
      for (const text of seen) expect(text).not.toContain(raw)
    }
  })

  test('has no argument and no argument name with the setting args: none', async () => {
    const { seen } = await tell('none')
    const all = seen.join('\n')
    expect(all).toContain('"action_hash"')
    expect(all).not.toContain('{"env":"staging"}')
    expect(all).not.toContain('"arg_names":["env"')
    expect(all).not.toContain('battery')
  })
})
