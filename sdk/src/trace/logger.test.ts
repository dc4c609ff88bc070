import { EVENT } from '@delegraph/graph-schema'
import {
  InMemoryLogRecordExporter,
  LoggerProvider,
  SimpleLogRecordProcessor,
} from '@opentelemetry/sdk-logs'
import { expect, test } from 'vitest'
import type { Warning } from '../index.ts'
import { cast, DEPLOY, deploy } from '../testing/cast.ts'

const call = { tool: DEPLOY, args: { env: 'staging' } }

test('evidence goes through a logger that is handed in, whole in spite of its limits', async () => {
  const exporter = new InMemoryLogRecordExporter()
  const provider = new LoggerProvider({
    processors: [new SimpleLogRecordProcessor({ exporter })],
    logRecordLimits: { attributeValueLengthLimit: 64 },
  })
  const logger = provider.getLogger('evidence')
  const { alice, worker } = await cast({ logger })
  const chain = alice.issue({ to: worker.holder, tools: deploy('staging') })
  const ids = await worker.under(chain, () => worker.act(call, (open) => open.ids))
  const records = exporter.getFinishedLogRecords()
  const link = records.find(({ eventName }) => eventName === EVENT.link)
  const receipt = records.find(({ eventName }) => eventName === EVENT.receipt)
  expect(link?.body).toBe(chain.texts[0])
  expect(receipt?.spanContext).toMatchObject(ids)
  expect(receipt?.severityText).toBe('INFO')
  expect(receipt?.attributes).toMatchObject({ 'event.name': EVENT.receipt })
  expect(String(receipt?.body).length).toBeGreaterThan(500)
})

test('a logger that throws costs its evidence and nothing else', async () => {
  const warnings: Warning[] = []
  const { worker } = await cast({
    logger: {
      emit: () => {
        throw new Error('no')
      },
    },
    onWarning: (warning) => warnings.push(warning),
  })
  expect(await worker.act(call, () => 3)).toBe(3)
  expect(worker.stats.failed).toBe(1)
  expect(warnings.map(({ code }) => code)).toEqual(['logger_failed'])
})
