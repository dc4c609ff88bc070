import type { GraphNode, GraphStore } from '../graph/index.ts'
import type { ApiContext } from './context.ts'
import { apiError } from './errors.ts'

/** Sorts before every cursor: a replay from the beginning. */
const BEGINNING = '0'
const PAGE = 100
const CURSOR = /^[\w.-]{1,64}$/

/** The cursor of the newest finding event, or the one that stands before the first. */
export async function newestCursor(store: GraphStore): Promise<string> {
  const [newest] = await store.page({
    kind: 'FindingEvent',
    where: {},
    orderBy: 'cursor',
    direction: 'desc',
    limit: 1,
  })
  return newest?.key ?? BEGINNING
}

/**
 * Where a stream starts. A cursor that we did not give out, or no longer keep, is refused: to start
 * at the next one that is kept would skip events without a word.
 */
export async function startOf(store: GraphStore, after: string | undefined): Promise<string> {
  if (after === undefined) return newestCursor(store)
  if (after === BEGINNING) return BEGINNING
  if (!CURSOR.test(after)) {
    throw apiError('CURSOR_INVALID', 'after must be the cursor of a finding event, or 0', 400)
  }
  const [known] = await store.find('FindingEvent', 'cursor', [after])
  if (known === undefined) {
    throw apiError(
      'CURSOR_NOT_KEPT',
      'the event that after names is not kept here; what came since cannot be told. Read findings again and start from findingCursor',
      400,
    )
  }
  return after
}

/**
 * Every finding event after a cursor, for as long as somebody listens. There is one road for the past
 * and the present: pages of the store after the last cursor given. The events only say that it is
 * worth looking again, so nothing can fall between replay and live, and nothing comes twice.
 *
 * `onEnd` is called once, when the stream ends by whichever side.
 */
export function findingStream(
  { store, events }: Pick<ApiContext, 'store' | 'events'>,
  start: string,
  onEnd: () => void,
): AsyncIterableIterator<GraphNode> {
  let position = start
  let page: GraphNode[] = []
  let news = true
  let ended = false
  let wake: (() => void) | undefined
  let turn: Promise<unknown> = Promise.resolve()

  const unsubscribe = events.subscribe(() => {
    news = true
    wake?.()
  })
  const end = (): void => {
    if (ended) return
    ended = true
    unsubscribe()
    wake?.()
    onEnd()
  }
  const pull = async (): Promise<IteratorResult<GraphNode, undefined>> => {
    while (!ended) {
      const next = page.shift()
      if (next !== undefined) {
        position = next.key
        return { done: false, value: next }
      }
      if (!news) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
        continue
      }
      // Before the read: what is written during it must be looked for again.
      news = false
      page = await after(store, position)
      if (page.length > 0) news = true
    }
    return { done: true, value: undefined }
  }
  return {
    next() {
      const result = turn.then(pull)
      turn = result.catch(end)
      return result
    },
    // Not a generator: its return would wait for the event that may never come.
    async return() {
      end()
      return { done: true, value: undefined }
    },
    async throw(error: unknown) {
      end()
      throw error
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}

function after(store: GraphStore, cursor: string): Promise<GraphNode[]> {
  return store.page({
    kind: 'FindingEvent',
    where: {},
    orderBy: 'cursor',
    direction: 'asc',
    limit: PAGE,
    after: { value: cursor, key: cursor },
  })
}
