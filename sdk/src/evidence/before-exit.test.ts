import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { EVENT } from '@delegraph/graph-schema'
import { expect, test } from 'vitest'
import { startFakeCollector } from '../testing/fake-collector.ts'

const SCRIPT = fileURLToPath(new URL('../testing/short-script.ts', import.meta.url))

async function runScript(collector: string): Promise<number> {
  const args = [
    '--conditions=delegraph-source',
    '--disable-warning=ExperimentalWarning',
    SCRIPT,
    collector,
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'pipe'] })
  const [code] = (await once(child, 'exit')) as [number]
  return code
}

test('a script that simply ends has sent its evidence', async () => {
  await using collector = await startFakeCollector()
  expect(await runScript(collector.url)).toBe(0)
  expect(collector.records().map(({ eventName }) => eventName)).toEqual([EVENT.receipt])
})

test('a script that simply ends does so with the collector down', async () => {
  expect(await runScript('http://127.0.0.1:1')).toBe(0)
})

test('a script ends although its collector never answers', async () => {
  await using collector = await startFakeCollector()
  collector.script('hang', 'hang')
  expect(await runScript(collector.url)).toBe(0)
})
