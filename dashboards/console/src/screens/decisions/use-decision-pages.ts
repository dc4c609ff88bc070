import { useCallback, useEffect, useRef, useState } from 'react'
import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import { DECISION_PAGE, type DecisionRow, type DecisionWhere } from './documents.ts'

export const PAGE = 100

export interface DecisionPages {
  readonly decisions: readonly DecisionRow[]
  readonly total: { readonly value: number; readonly approximate: boolean } | undefined
  readonly cursor: string | null
  readonly hasMore: boolean
  readonly state: 'loading' | 'ready' | 'failed' | 'forbidden'
  readonly message: string
}

const NOTHING: DecisionPages = {
  ...{ decisions: [], total: undefined, cursor: null },
  ...{ hasMore: false, state: 'loading', message: '' },
}

/** The decisions that a filter leaves, newest first, page by page as somebody asks for more. */
export function useDecisionPages(filter: DecisionWhere): DecisionPages & {
  readonly more: () => void
  readonly again: () => void
} {
  const query = JSON.stringify(filter)
  const [round, setRound] = useState(0)
  const turn = `${query} ${round}`
  const [loaded, setLoaded] = useState<{ readonly turn: string; readonly pages: DecisionPages }>()
  const current = useRef(turn)
  current.current = turn
  const load = useCallback(
    async (before: DecisionPages): Promise<void> => {
      const variables = {
        first: PAGE,
        after: before.cursor,
        filter: JSON.parse(query) as DecisionWhere,
      }
      const { data, error } = await client
        .query(DECISION_PAGE, variables, { requestPolicy: 'network-only' })
        .toPromise()
      if (current.current !== turn) return
      if (error !== undefined || data === undefined) {
        const state = error !== undefined && isForbidden(error) ? 'forbidden' : 'failed'
        const message = error === undefined ? 'There was no answer.' : messageOf(error)
        return setLoaded({ turn, pages: { ...before, state, message } })
      }
      if (data.decisions.__typename !== 'DecisionConnection') {
        const { message } = data.decisions
        return setLoaded({ turn, pages: { ...before, state: 'failed', message } })
      }
      const { nodes, pageInfo, totalCount } = data.decisions
      setLoaded({
        turn,
        pages: {
          decisions: [...before.decisions, ...nodes],
          total: before.total ?? totalCount,
          cursor: pageInfo.endCursor,
          hasMore: pageInfo.hasNextPage,
          state: 'ready',
          message: '',
        },
      })
    },
    [query, turn],
  )
  useEffect(() => {
    void load(NOTHING)
  }, [load])
  const pages = loaded?.turn === turn ? loaded.pages : NOTHING
  return {
    ...pages,
    more: () => void load(pages),
    again: () => setRound((before) => before + 1),
  }
}
