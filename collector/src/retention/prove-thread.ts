import { parentPort, workerData } from 'node:worker_threads'
import { openJournalView } from '../journal/index.ts'
import { type Owner, proveRetention } from './prove-retention.ts'
import type { FromThread, ThreadSettings, ToThread } from './thread-messages.ts'

/** A thread that makes the graphs and compares them; the journal's owner is asked by messages. */
const port = parentPort
const settings = workerData as ThreadSettings

function say(message: FromThread): void {
  port?.postMessage(message)
}

function ask(message: FromThread): Promise<ToThread> {
  return new Promise((resolve) => {
    port?.once('message', resolve)
    say(message)
  })
}

const EVERY = 500
let told = Number.NEGATIVE_INFINITY

const owner: Owner = {
  async next(at) {
    const answer = await ask({ says: 'next', at })
    if (!('lastSeq' in answer))
      throw new TypeError('the owner of the journal answers another question')
    return answer
  },
  release: () => say({ says: 'release' }),
  async commit(proposal) {
    const answer = await ask({ says: 'commit', ...proposal })
    return 'committed' in answer && answer.committed
  },
}

try {
  const plan = await proveRetention(
    {
      ...settings,
      view: await openJournalView(settings.dir, settings.lastSeq),
      onProgress(step, done, all) {
        if (performance.now() - told < EVERY) return
        told = performance.now()
        say({ says: 'progress', step, done, all })
      },
    },
    owner,
  )
  say({ says: 'done', plan })
} catch (error) {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  say({ says: 'failed', code, message: error instanceof Error ? error.message : String(error) })
}
