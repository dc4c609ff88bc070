import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Config } from '../../collector/src/config.ts'
import type { Found } from './findings.ts'
import type { Unlabelled } from './play/stage.ts'

export interface RunOptions {
  readonly store: Config['store']
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Delivers everything out of order, twice and late. */
  readonly shuffle?: number
  /** Plays everything as somebody's unsigned word. */
  readonly stripSignatures?: boolean
  /** Told when the threads stand, and nothing is played yet. */
  readonly onReady?: () => void
  /** Told after each collector how many cases are done. */
  readonly onProgress?: (done: number) => void
}

/** Cases in one collector at most: their registry has to fit into one. */
const CASES = 64
/** Collectors at once, each with its cases in a thread of its own. */
const THREADS = 2

/** Plays cases through the product and gives the open findings of each, by case id. */
export async function runCases(
  cases: readonly Unlabelled[],
  options: RunOptions,
): Promise<Map<string, readonly Found[]>> {
  const { onReady, onProgress, ...settings } = options
  // One Neo4j has one tenant for all of them.
  const most = options.store.kind === 'sqlite' ? Math.min(THREADS, availableParallelism()) : 1
  const batches = batchesOf(cases, most)
  const threads = batches.slice(0, most).map(() => new Thread(settings))
  const found = new Map<string, readonly Found[]>()
  let done = 0
  const work = async (thread: Thread): Promise<void> => {
    try {
      for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
        for (const [id, list] of await thread.run(batch)) found.set(id, list)
        done += batch.length
        onProgress?.(done)
      }
    } catch (error) {
      // The other threads end with the batch that they are at.
      batches.length = 0
      throw error
    }
  }
  try {
    await Promise.all(threads.map((thread) => thread.ready))
    onReady?.()
    await Promise.all(threads.map(work))
  } finally {
    await Promise.all(threads.map((thread) => thread.stop()))
  }
  return new Map(cases.map(({ case_id }) => [case_id, found.get(case_id) ?? []]))
}

/** Batches of about one size, as many for each thread. */
function batchesOf(cases: readonly Unlabelled[], threads: number): (readonly Unlabelled[])[] {
  const rounds = Math.ceil(cases.length / (CASES * threads))
  const size = Math.max(1, Math.ceil(cases.length / (rounds * threads)))
  const batches: (readonly Unlabelled[])[] = []
  for (let first = 0; first < cases.length; first += size)
    batches.push(cases.slice(first, first + size))
  return batches
}

/** A thread that plays one batch after the other. */
class Thread {
  /** It has loaded the product. */
  readonly ready: Promise<void>
  readonly #worker: Worker
  #answer: ((found: Map<string, Found[]>) => void) | undefined
  #fail: ((error: unknown) => void) | undefined

  constructor(settings: Omit<RunOptions, 'onProgress'>) {
    this.#worker = new Worker(new URL('./batch-worker.ts', import.meta.url), {
      execArgv: ['--conditions=delegraph-source', '--disable-warning=ExperimentalWarning'],
      workerData: settings,
    })
    this.#worker.on('error', (error) => this.#fail?.(error))
    this.#worker.on('exit', (code) => this.#fail?.(new Error(`a thread ended with ${code}`)))
    this.ready = new Promise((resolve, reject) => {
      this.#fail = reject
      this.#worker.once('message', () => {
        this.#worker.on('message', (found: Map<string, Found[]>) => this.#answer?.(found))
        resolve()
      })
    })
  }

  run(cases: readonly Unlabelled[]): Promise<Map<string, Found[]>> {
    return new Promise((resolve, reject) => {
      this.#answer = resolve
      this.#fail = reject
      this.#worker.postMessage(cases)
    })
  }

  async stop(): Promise<void> {
    await this.#worker.terminate()
  }
}
