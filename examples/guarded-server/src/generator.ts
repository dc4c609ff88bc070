/**
 * Plays all stories against a running collector, now and then, for the containers of `dashboards/compose.yaml`:
 *
 *     generator.ts FOLDER                 makes keys, trust file and registry there, and ends
 *     generator.ts FOLDER COLLECTOR       plays at once and again each DEMO_EVERY seconds (600) until it is stopped
 *
 * The collector is started with the trust file and the registry of that folder.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { play as playFirst, prepare } from '@delegraph/example-approval-riding'
import { play as playSecond } from './index.ts'

const [folder, collector] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: generator.ts FOLDER [COLLECTOR]')
const prepared = await prepare(folder)
if (collector !== undefined) {
  const every = Number(process.env['DEMO_EVERY'] ?? 600)
  if (!(every >= 1)) throw new Error('DEMO_EVERY takes seconds, 1 or more')
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort())
  while (!stop.signal.aborted) {
    await playFirst(prepared, collector)
    await playSecond(prepared, collector)
    process.stderr.write(`played at ${new Date().toISOString()}\n`)
    await sleep(every * 1000, undefined, { signal: stop.signal }).catch(() => {})
  }
}
