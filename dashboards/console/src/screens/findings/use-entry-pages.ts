import { useCallback, useEffect, useRef, useState } from 'react'
import { client } from '../../api/client.ts'
import { FINDING_CURSOR } from '../../api/documents.ts'
import { type Entry, type EntryQuery, loadEntries } from './inbox-entries.ts'

export interface EntryPages {
  readonly entries: readonly Entry[]
  /** Findings in all. */
  readonly total: { readonly value: number; readonly approximate: boolean } | undefined
  readonly state: 'loading' | 'ready' | 'failed' | 'forbidden'
  readonly message: string
  /** Whether there are more than were loaded. */
  readonly hasMore: boolean
  /** Loads the next page, one at a time. */
  readonly more: () => void
  /** The newest change that is surely in the rows; empty where that is not known. Cursors sort as text. */
  readonly upTo: string
  /** Whether the rows are those of before: the list from the top is what failed. */
  readonly isStale?: boolean
  /** How often it was loaded from the top: what was loaded for an earlier time is of before. */
  readonly round: number
  /** From the top again, as far as it was loaded; what is there stays until then, and if that fails. */
  readonly again: () => void
  /** What failed last, again. */
  readonly retry: () => void
}

interface Loaded {
  readonly query: string
  readonly entries: readonly Entry[]
  readonly upTo: string
  readonly total: EntryPages['total']
  readonly cursor: string | null
  readonly hasMore: boolean
  readonly state: EntryPages['state']
  readonly message: string
  readonly round: number
  readonly isStale?: boolean
}

/** The findings that fit a filter, grouped or not, page by page as far as somebody looks. */
export function useEntryPages(asked: EntryQuery): EntryPages {
  const query = JSON.stringify(asked)
  const [loaded, setLoaded] = useState<Loaded>(nothing(query))
  /** What is being loaded; whatever else comes back is too late. */
  const turn = useRef<object>(undefined)
  const rounds = useRef(0)

  const load = useCallback(async (before: Loaded, kept?: Loaded): Promise<void> => {
    const own = {}
    turn.current = own
    const asked = JSON.parse(before.query) as EntryQuery
    const atLeast = kept?.entries.length ?? 0
    let now = before
    if (before.cursor === null) rounds.current += 1
    if (before.cursor === null && asked.asOf === undefined) {
      // Before the list, so that nothing between the two is taken for known.
      const { data } = await client
        .query(FINDING_CURSOR, {}, { requestPolicy: 'network-only' })
        .toPromise()
      if (turn.current !== own) return
      now = { ...before, upTo: data?.findingCursor ?? '' }
    }
    do {
      const answer = await loadEntries(asked, now.cursor)
      if (turn.current !== own) return
      if (answer.state === 'ready') {
        const { entries, total, cursor, hasMore } = answer.page
        now = {
          ...{ query: now.query, upTo: now.upTo, cursor, hasMore, state: 'ready', message: '' },
          entries: [...now.entries, ...entries],
          total: now.total ?? total,
          round: rounds.current,
        }
      } else {
        const { state, message } = answer
        now = { ...(kept ?? now), state, message, isStale: kept !== undefined }
      }
    } while (now.state === 'ready' && now.hasMore && now.entries.length < atLeast)
    turn.current = undefined
    setLoaded(now)
  }, [])

  useEffect(() => {
    void load(nothing(query))
  }, [load, query])

  const current = loaded.query === query ? loaded : nothing(query)
  const again = (): void => void load(nothing(query), current)
  return {
    ...current,
    more: () => {
      const isIdle = turn.current === undefined
      if (isIdle && current.state === 'ready' && current.hasMore) void load(current)
    },
    again,
    retry: () => {
      if (current.isStale === true) again()
      else void load(current)
    },
  }
}

function nothing(query: string): Loaded {
  return {
    ...{ query, entries: [], upTo: '', total: undefined, cursor: null, hasMore: false },
    ...{ state: 'loading', message: '', round: 0 },
  }
}
