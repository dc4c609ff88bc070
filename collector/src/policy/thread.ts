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

/** Asks in turn. @throws ThreadError where there is no answer in time, or too many wait */
export type PolicyThreads = (task: Task) => Promise<Done>

/**
 * Asks policies in threads of their own: whatever a text does to the engine, the collector goes on receiving and
 * writing. A thread that answered is used again for a while; one that failed or was late is ended. One of these for
 * each collector: whoever tries policies waits for nobody of another tenant.
 */
export function createPolicyThreads({ atOnce = 2, most = 8 } = {}): PolicyThreads {
  const waiting: (() => void)[] = []
  const idle: PolicyThread[] = []
  let running = 0
  const answer = async (task: Task): Promise<Done> => {
    const thread = idle.pop() ?? startThread()
    const done = await thread.ask(task)
    if (thread.rest(() => idle.splice(idle.indexOf(thread), 1))) idle.push(thread)
    return done
  }
  return async (task) => {
    if (running >= atOnce) {
      if (waiting.length >= most)
        throw new ThreadError('others are trying policies: ask again in a few seconds')
      // Whoever ends hands on his place.
      await new Promise<void>((resolve) => waiting.push(resolve))
    } else running += 1
    try {
      return await answer(task)
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

/** How long a thread waits for another task, milliseconds, and how many it takes: an engine keeps what it was given. */
const REST = 30_000
const TASKS = 50

interface PolicyThread {
  /** Ends the thread where it fails or is late. @throws ThreadError */
  ask(task: Task): Promise<Done>
  /** Keeps it for another task, and no process alive; false where it has had enough. */
  rest(ended: () => void): boolean
}

function startThread(): PolicyThread {
  const worker = new Worker(new URL(`./replay-thread${OWN}`, import.meta.url), {
    execArgv: [
      ...(OWN === '.ts' ? ['--conditions=delegraph-source'] : []),
      '--disable-warning=ExperimentalWarning',
    ],
    resourceLimits: MEMORY,
    env: {},
  })
  let tasks = 0
  let isOver = false
  let resting: NodeJS.Timeout | undefined
  let leave: (() => void) | undefined
  // One that rests may die as well, and is then nobody's to use.
  worker.on('error', () => {})
  worker.once('exit', () => {
    isOver = true
    leave?.()
  })
  return {
    async ask(task) {
      clearTimeout(resting)
      leave = undefined
      worker.ref()
      tasks += 1
      const { promise, resolve, reject } = Promise.withResolvers<Done>()
      const failed = () => reject(new ThreadError('the policy engine failed on this text'))
      const ended = () => reject(new ThreadError('the policy engine gave no answer in time'))
      worker.once('message', resolve).once('error', failed).once('exit', ended)
      const late = setTimeout(() => void worker.terminate(), task.time + START)
      worker.postMessage(task)
      try {
        return await promise
      } catch (error) {
        await worker.terminate()
        throw error
      } finally {
        clearTimeout(late)
        worker.off('message', resolve).off('error', failed).off('exit', ended)
      }
    },
    rest(ended) {
      if (tasks >= TASKS || isOver) {
        void worker.terminate()
        return false
      }
      worker.unref()
      leave = ended
      resting = setTimeout(() => void worker.terminate(), REST)
      resting.unref()
      return true
    },
  }
}
