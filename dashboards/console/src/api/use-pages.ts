import type { TypedDocumentNode } from '@urql/core'
import { useCallback, useEffect, useRef, useState } from 'react'
import type { AnyVariables } from 'urql'
import { isForbidden, messageOf } from './ask.ts'
import { client } from './client.ts'

/** A page as GraphQL Cursor Connections have it, or why there is none. */
type Page<Node> =
  | {
      readonly nodes: readonly Node[]
      readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null }
      readonly totalCount: Total
    }
  | { readonly message: string }

interface Total {
  readonly value: number
  readonly approximate: boolean
}

interface Loaded<Node> {
  readonly nodes: readonly Node[]
  readonly total: Total | undefined
  readonly cursor: string | null
  readonly hasMore: boolean
  readonly state: 'loading' | 'ready' | 'failed' | 'forbidden'
  readonly message: string
}

export interface Pages<Node> extends Loaded<Node> {
  /** Loads the next page. */
  readonly more: () => void
  /** From the top again. */
  readonly again: () => void
}

const NOTHING: Loaded<never> = {
  ...{ nodes: [], total: undefined, cursor: null },
  ...{ hasMore: false, state: 'loading', message: '' },
}

/**
 * What a question lists, page by page as somebody asks for more; from the top when `variables` change, and
 * only then: `document` and `pageOf` are those of the first call.
 */
export function usePages<Data, Variables extends AnyVariables, Node>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Omit<Variables, 'after'>,
  pageOf: (data: Data) => Page<Node>,
): Pages<Node> {
  const asks = useRef({ document, pageOf })
  const query = JSON.stringify(variables)
  const [round, setRound] = useState(0)
  const turn = `${query} ${round}`
  const [loaded, setLoaded] = useState<{ readonly turn: string; readonly pages: Loaded<Node> }>()
  const current = useRef(turn)
  current.current = turn
  const load = useCallback(
    async (before: Loaded<Node>): Promise<void> => {
      const { document, pageOf } = asks.current
      const asked = { ...JSON.parse(query), after: before.cursor } as Variables
      const { data, error } = await client
        .query(document, asked, { requestPolicy: 'network-only' })
        .toPromise()
      if (current.current !== turn) return
      if (error !== undefined || data === undefined) {
        const state = error !== undefined && isForbidden(error) ? 'forbidden' : 'failed'
        const message = error === undefined ? 'There was no answer.' : messageOf(error)
        return setLoaded({ turn, pages: { ...before, state, message } })
      }
      const page = pageOf(data)
      if ('message' in page) {
        const { message } = page
        return setLoaded({ turn, pages: { ...before, state: 'failed', message } })
      }
      const { nodes, pageInfo, totalCount } = page
      setLoaded({
        turn,
        pages: {
          nodes: [...before.nodes, ...nodes],
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
