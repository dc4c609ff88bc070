import { useCallback, useEffect, useRef, useState } from 'react'
import { isForbidden, messageOf } from '../../api/ask.ts'
import { client } from '../../api/client.ts'
import type { VariablesOf } from '../../api/graphql.ts'
import type { AsOf } from '../../app/as-of.ts'
import { BLAST_RADIUS, type BlastRadius, type ReachRow } from './documents.ts'
import type { Subject } from './explore-search.ts'
import { type Followed, followed } from './followed.ts'
import { mergedRows } from './reach-rows.ts'

/** Of each of the two lists, at a time. */
export const PAGE = 200

export type Variables = VariablesOf<typeof BLAST_RADIUS>

export interface LoadedReach {
  readonly answer: BlastRadius
  readonly rows: readonly ReachRow[]
  readonly hasMore: boolean
  /** Behind which the next pages begin; a list at its end keeps its last. */
  readonly cursors: Pick<Variables, 'exercised' | 'exercisable'>
}

export type ReachState =
  | { readonly state: 'loading' }
  | { readonly state: 'forbidden'; readonly message: string }
  | { readonly state: 'failed'; readonly message: string }
  | { readonly state: 'refused'; readonly kind: string; readonly message: string }
  | { readonly state: 'loaded'; readonly reach: LoadedReach }

/** Exactly what is asked, which is also what *Copy* gives. */
export function reachVariables(subject: Subject, search: Followed, asOf?: AsOf): Variables {
  const kind = subject.kind.toUpperCase() as Variables['from']['kind']
  return { from: { kind, id: subject.id }, first: PAGE, ...followed(search, asOf) }
}

/** What a subject reaches; more of the rows as somebody asks for them. */
export function useReach(variables: Variables): {
  readonly reach: ReachState
  readonly isBusy: boolean
  readonly more: () => void
  readonly again: () => void
} {
  const key = JSON.stringify(variables)
  const [round, setRound] = useState(0)
  const turn = `${key} ${round}`
  const [told, setTold] = useState<{ readonly turn: string; readonly reach: ReachState }>()
  const [isBusy, setBusy] = useState(false)
  const current = useRef(turn)
  current.current = turn
  const load = useCallback(
    async (before?: LoadedReach): Promise<void> => {
      setBusy(true)
      const { data, error } = await client
        .query(
          BLAST_RADIUS,
          { ...(JSON.parse(key) as Variables), ...before?.cursors },
          { requestPolicy: 'network-only' },
        )
        .toPromise()
      if (current.current !== turn) return
      setBusy(false)
      const reach = error === undefined ? read(data?.blastRadius, before) : failed(error)
      setTold({ turn, reach })
    },
    [key, turn],
  )
  useEffect(() => {
    void load()
  }, [load])
  const reach: ReachState = told?.turn === turn ? told.reach : { state: 'loading' }
  return {
    reach,
    isBusy,
    more: () => {
      if (reach.state === 'loaded' && reach.reach.hasMore && !isBusy) void load(reach.reach)
    },
    again: () => setRound((before) => before + 1),
  }
}

function read(
  answer: { readonly __typename: string; readonly message?: string } | BlastRadius | undefined,
  before: LoadedReach | undefined,
): ReachState {
  if (answer === undefined) return { state: 'failed', message: 'There was no answer.' }
  if (!('start' in answer))
    return { state: 'refused', kind: answer.__typename, message: answer.message ?? '' }
  const { exercised, exercisable } = answer
  const rows = mergedRows([...(before?.rows ?? []), ...exercised.nodes], exercisable.nodes)
  const hasMore = exercised.pageInfo.hasNextPage || exercisable.pageInfo.hasNextPage
  const cursors = {
    exercised: exercised.pageInfo.endCursor ?? before?.cursors.exercised ?? null,
    exercisable: exercisable.pageInfo.endCursor ?? before?.cursors.exercisable ?? null,
  }
  return { state: 'loaded', reach: { answer, rows, hasMore, cursors } }
}

function failed(error: Parameters<typeof messageOf>[0]): ReachState {
  return { state: isForbidden(error) ? 'forbidden' : 'failed', message: messageOf(error) }
}
