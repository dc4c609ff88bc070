import { useCallback, useEffect, useRef, useState } from 'react'
import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import { FINDING_CURSOR } from '../../api/documents.ts'
import type { AsOf } from '../../app/as-of.ts'
import { FINDING_PAGE, type FindingOrder, type FindingRow, type FindingWhere } from './documents.ts'

const PAGE = 200

export interface FindingPages {
  readonly findings: readonly FindingRow[]
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
  /** From the top again, as far as it was loaded; what is there stays until then, and if that fails. */
  readonly again: () => void
  /** What failed last, again. */
  readonly retry: () => void
}

interface Loaded {
  readonly query: string
  readonly findings: readonly FindingRow[]
  readonly upTo: string
  readonly total: FindingPages['total']
  readonly cursor: string | null
  readonly hasMore: boolean
  readonly state: FindingPages['state']
  readonly message: string
  readonly isStale?: boolean
}

/** The findings that fit a filter, page by page as far as somebody looks. */
export function useFindingPages(
  where: FindingWhere,
  orderBy: FindingOrder,
  asOf?: AsOf,
): FindingPages {
  const query = JSON.stringify([where, orderBy, asOf ?? null])
  const [loaded, setLoaded] = useState<Loaded>(nothing(query))
  /** What is being loaded; whatever else comes back is too late. */
  const turn = useRef<object>(undefined)

  const load = useCallback(async (before: Loaded, kept?: Loaded): Promise<void> => {
    const own = {}
    turn.current = own
    const [where, orderBy, asOf] = JSON.parse(before.query) as [
      FindingWhere,
      FindingOrder,
      AsOf | null,
    ]
    const atLeast = kept?.findings.length ?? 0
    let now = before
    if (before.cursor === null && asOf === null) {
      // Before the list, so that nothing between the two is taken for known.
      const { data } = await client
        .query(FINDING_CURSOR, {}, { requestPolicy: 'network-only' })
        .toPromise()
      if (turn.current !== own) return
      now = { ...before, upTo: data?.findingCursor ?? '' }
    }
    do {
      const variables = { first: PAGE, after: now.cursor, where, orderBy, asOf }
      const { data, error } = await client
        .query(FINDING_PAGE, variables, { requestPolicy: 'network-only' })
        .toPromise()
      if (turn.current !== own) return
      if (error !== undefined || data === undefined) {
        const state = error !== undefined && isForbidden(error) ? 'forbidden' : 'failed'
        const message = error === undefined ? 'There was no answer.' : messageOf(error)
        now = { ...(kept ?? now), state, message, isStale: kept !== undefined }
      } else if (data.findings.__typename !== 'FindingConnection') {
        const { message } = data.findings
        now = { ...(kept ?? now), state: 'failed', message, isStale: kept !== undefined }
      } else {
        const { nodes, pageInfo, totalCount } = data.findings
        now = {
          query: now.query,
          upTo: now.upTo,
          findings: [...now.findings, ...nodes],
          total: now.total ?? totalCount,
          cursor: pageInfo.endCursor,
          hasMore: pageInfo.hasNextPage,
          state: 'ready',
          message: '',
        }
      }
    } while (now.state === 'ready' && now.hasMore && now.findings.length < atLeast)
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
    query,
    findings: [],
    upTo: '',
    total: undefined,
    cursor: null,
    hasMore: false,
    state: 'loading',
    message: '',
  }
}
