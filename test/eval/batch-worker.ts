// A thread of the runner: takes batches of cases, gives what was found in each.
import { parentPort, workerData } from 'node:worker_threads'
import { runBatch } from './batch.ts'
import type { Unlabelled } from './play/stage.ts'
import type { RunOptions } from './run.ts'
import { recordSpans } from './span-recorder.ts'

const recorder = recordSpans()
parentPort?.on('message', async (cases: readonly Unlabelled[]) => {
  parentPort?.postMessage(await runBatch(cases, recorder, workerData as RunOptions))
})
// What was imported above is loaded now.
parentPort?.postMessage('ready')
