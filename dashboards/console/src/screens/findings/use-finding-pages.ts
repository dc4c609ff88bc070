import { useCallback, useEffect, useRef, useState } from 'react'
import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import type { AsOf } from '../../app/as-of.ts'
import { FINDING_PAGE, type FindingOrder, type FindingRow, type FindingWhere } from './documents.ts'
import { type InboxSearch, orderOf, whereOf } from './inbox-search.ts'

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
  /** From the top again. */
  readonly again: () => void
}

interface Loaded {
  readonly key: string
  readonly findings: readonly FindingRow[]
  readonly total: FindingPages['total']
  readonly cursor: string | null
  readonly hasMore: boolean
  readonly state: FindingPages['state']
  readonly message: string
}

/** The findings that a search asks for, page by page as far as somebody looks. */
export function useFindingPages(search: InboxSearch, asOf?: AsOf): FindingPages {
  // What the panel shows and what is unfolded asks for no new list.
  const query = JSON.stringify([whereOf(search), orderOf(search), asOf ?? null])
  const [round, setRound] = useState(0)
  const key = `${query} ${round}`
  const [loaded, setLoaded] = useState<Loaded>(nothing(key))
  const busy = useRef<string>(undefined)

  const load = useCallback(
    async (before: Loaded): Promise<void> => {
      const turn = `${key} ${before.cursor}`
      if (busy.current === turn) return
      busy.current = turn
      const [where, orderBy, asOf] = JSON.parse(query) as [FindingWhere, FindingOrder, AsOf | null]
      const variables = { first: PAGE, after: before.cursor, where, orderBy, asOf }
      const { data, error } = await client
        .query(FINDING_PAGE, variables, { requestPolicy: 'network-only' })
        .toPromise()
      if (busy.current !== turn) return
      busy.current = undefined
      if (error !== undefined || data === undefined) {
        const state = error !== undefined && isForbidden(error) ? 'forbidden' : 'failed'
        const message = error === undefined ? '' : messageOf(error)
        setLoaded({ ...before, state, message })
      } else if (data.findings.__typename !== 'FindingConnection') {
        setLoaded({ ...before, state: 'failed', message: data.findings.message })
      } else {
        const { nodes, pageInfo, totalCount } = data.findings
        setLoaded({
          key,
          findings: [...before.findings, ...nodes],
          total: before.total ?? totalCount,
          cursor: pageInfo.endCursor,
          hasMore: pageInfo.hasNextPage,
          state: 'ready',
          message: '',
        })
      }
    },
    [key, query],
  )

  useEffect(() => {
    void load(nothing(key))
  }, [load, key])

  const current = loaded.key === key ? loaded : nothing(key)
  return {
    ...current,
    more: () => {
      if (current.state === 'ready' && current.hasMore) void load(current)
    },
    again: () => setRound((before) => before + 1),
  }
}

function nothing(key: string): Loaded {
  return {
    key,
    findings: [],
    total: undefined,
    cursor: null,
    hasMore: false,
    state: 'loading',
    message: '',
  }
}
