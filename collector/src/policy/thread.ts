import { Worker } from 'node:worker_threads'
import type { CheckedPolicies } from '@delegraph/link/policy'
import type { Replayed } from './replay.ts'
import type { ReplayCase } from './replay-case.ts'

/** What a thread is given. */
export interface Task {
  readonly draft: string
  readonly against: string | undefined
  readonly cases: readonly ReplayCase[]
  /** Milliseconds for all of it. */
  readonly time: number
}

/** A policy text that was read, without what only the thread needs. */
export type Read = Pick<CheckedPolicies, 'slips' | 'policies' | 'hash'>

export interface Done {
  readonly draft: Read
  readonly against?: Read
  /** Absent where one of the texts cannot be used. Fewer than were given where the time was up. */
  readonly rows?: readonly Replayed[]
}

/** A thread that does not answer. */
export class ThreadError extends Error {
  override readonly name = 'ThreadError'
}

const MEMORY = { maxOldGenerationSizeMb: 256, maxYoungGenerationSizeMb: 32 }
/** What starting a thread and loading the engine may take on top, milliseconds. */
const START = 20_000

/** From source it runs as it is; what is built is another file. */
const OWN = import.meta.url.endsWith('.ts') ? '.ts' : '.js'

/** Asks in turn. @throws ThreadError as `askInThread` does, and where too many wait */
export type PolicyThreads = (task: Task) => Promise<Done>

/** One for each collector: whoever tries policies waits for nobody of another tenant. */
export function createPolicyThreads({ atOnce = 2, most = 8 } = {}): PolicyThreads {
  const waiting: (() => void)[] = []
  let running = 0
  return async (task) => {
    if (running >= atOnce) {
      if (waiting.length >= most)
        throw new ThreadError('others are trying policies: ask again in a few seconds')
      // Whoever ends hands on his place.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await askInThread(task)
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/**
 * Asks policies in a thread of their own, which ends with it: whatever a text does to the engine, the collector goes on
 * receiving and writing.
 *
 * @throws ThreadError where it gives no answer in time
 */
export async function askInThread(task: Task): Promise<Done> {
  const worker = new Worker(new URL(`./replay-thread${OWN}`, import.meta.url), {
    execArgv: [
      ...(OWN === '.ts' ? ['--conditions=delegraph-source'] : []),
      '--disable-warning=ExperimentalWarning',
    ],
    workerData: task,
    resourceLimits: MEMORY,
    env: {},
  })
  const late = setTimeout(() => void worker.terminate(), task.time + START)
  try {
    return await new Promise<Done>((resolve, reject) => {
      worker.once('message', resolve)
      worker.once('error', () => reject(new ThreadError('the policy engine failed on this text')))
      worker.once('exit', () => reject(new ThreadError('the policy engine gave no answer in time')))
    })
  } finally {
    clearTimeout(late)
    await worker.terminate()
  }
}
