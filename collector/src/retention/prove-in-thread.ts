import { extname } from 'node:path'
import { Worker } from 'node:worker_threads'
import { CollectorError } from '../errors.ts'
import type { Owner, Plan, ProofSettings } from './prove-retention.ts'
import type { FromThread, ThreadSettings, ToThread } from './thread-messages.ts'

/**
 * Proves in a thread of its own, so that what comes meanwhile is received and answered.
 *
 * @throws as `proveRetention` does; where the thread ends before, and where the signal stops it
 */
export async function proveInThread(
  settings: ThreadSettings,
  owner: Owner,
  onProgress: ProofSettings['onProgress'],
  signal: AbortSignal,
): Promise<Plan> {
  signal.throwIfAborted()
  const own = import.meta.url
  const worker = new Worker(new URL(`./prove-thread${extname(own)}`, own), {
    workerData: settings,
    ...(own.endsWith('.ts')
      ? { execArgv: ['--conditions=delegraph-source', '--disable-warning=ExperimentalWarning'] }
      : {}),
  })
  const ended = Promise.withResolvers<Plan>()
  const stop = (): void => ended.reject(signal.reason)
  signal.addEventListener('abort', stop)
  worker.on('error', ended.reject)
  worker.on('exit', () => ended.reject(new Error('the thread ended too early')))
  const answer = (given: Promise<ToThread>): void => {
    given.then((message) => worker.postMessage(message), ended.reject)
  }
  worker.on('message', (message: FromThread) => {
    switch (message.says) {
      case 'progress':
        onProgress(message.step, message.done, message.all)
        return
      case 'next':
        answer(owner.next(message.at))
        return
      case 'release':
        owner.release()
        return
      case 'commit':
        answer(owner.commit(message).then((committed) => ({ committed })))
        return
      case 'done':
        ended.resolve(message.plan)
        return
      case 'failed':
        ended.reject(errorOf(message))
    }
  })
  try {
    return await ended.promise
  } finally {
    signal.removeEventListener('abort', stop)
    owner.release()
    await worker.terminate()
  }
}

function errorOf({ code, message }: { readonly code: string; readonly message: string }): Error {
  return code === 'retention_refused' || code === 'file_unreadable'
    ? new CollectorError(code, message)
    : new Error(message)
}
