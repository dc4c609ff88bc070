import { stringifyDocument } from '@urql/core'
import { createClient, NetworkError } from 'graphql-sse'
import { FINDING_RAISED } from './documents.ts'
import type { ResultOf } from './graphql.ts'
import { authorization } from './token.ts'

export type FindingEvent = ResultOf<typeof FINDING_RAISED>['findingRaised']

/** `gap`: the cursor is not kept any more, so that what came before now may be missing. */
export type FeedState = 'connecting' | 'live' | 'reconnecting' | 'gap' | 'signed-out' | 'forbidden'

export interface FeedOptions {
  readonly url: string
  /** The cursor behind which it goes on; 0 is the very first change. */
  readonly after: string
  readonly onEvent: (event: FindingEvent) => void
  readonly onState: (state: FeedState) => void
  readonly signal: AbortSignal
  /** Milliseconds before attempt n, from 1. */
  readonly wait?: (attempt: number) => number
}

/**
 * Follows the changes of findings until the signal aborts. Each time the stream breaks it asks again with the
 * cursor of the last change that it got: the client of server-sent events alone would ask with the first
 * cursor again. So nothing is lost over a restart of the collector, and nothing comes twice.
 */
export async function followFindings(options: FeedOptions): Promise<void> {
  const { onEvent, onState, signal, wait = backoff } = options
  let after: string | undefined = options.after
  let attempt = 0
  onState('connecting')
  while (!signal.aborted) {
    const end = await followOnce(after, options, (event) => {
      attempt = 0
      after = event.cursor
      onEvent(event)
    })
    if (signal.aborted) return
    if (end === 'forbidden' || end === 'signed-out') return onState(end)
    if (end === 'gap') {
      // Never silently: whoever looks is told, and the stream goes on from now.
      after = undefined
      onState('gap')
      continue
    }
    attempt += 1
    onState('reconnecting')
    await pause(wait(attempt), signal)
  }
}

async function followOnce(
  after: string | undefined,
  { url, onState, signal }: FeedOptions,
  onEvent: (event: FindingEvent) => void,
): Promise<'broken' | 'gap' | 'signed-out' | 'forbidden'> {
  const client = createClient({ url, retryAttempts: 0, headers: authorization })
  const stop = (): void => client.dispose()
  signal.addEventListener('abort', stop)
  const query = stringifyDocument(FINDING_RAISED)
  const variables = after === undefined ? {} : { after }
  try {
    const events = client.iterate<ResultOf<typeof FINDING_RAISED>>(
      { query, variables },
      { connected: () => onState('live') },
    )
    for await (const { data, errors } of events) {
      const code = errors?.[0]?.extensions?.['code']
      if (code === 'CURSOR_NOT_KEPT' || code === 'CURSOR_INVALID') return 'gap'
      if (errors !== undefined) return 'broken'
      if (data != null) onEvent(data.findingRaised)
    }
    return 'broken'
  } catch (error) {
    const status = error instanceof NetworkError ? error.response?.status : undefined
    if (status === 401) return 'signed-out'
    return status === 403 ? 'forbidden' : 'broken'
  } finally {
    signal.removeEventListener('abort', stop)
    client.dispose()
  }
}

/** A quarter of a second, doubling up to ten. */
function backoff(attempt: number): number {
  return Math.min(250 * 2 ** (attempt - 1), 10_000)
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener('abort', () => {
      clearTimeout(timer)
      resolve()
    })
  })
}
