import { useCallback, useEffect, useRef, useState } from 'react'
import type { FindingRow } from './documents.ts'
import { type Entry, type EntryQuery, loadMembers } from './inbox-entries.ts'

/** What a group stands for, as far as it was loaded; or why not. */
export type Members =
  | { readonly state: 'ready'; readonly findings: readonly FindingRow[] }
  | { readonly state: 'failed'; readonly message: string }

export interface MemberLists {
  readonly of: ReadonlyMap<string, Members>
  /** What an entry stands for; empty where that could not be loaded. */
  readonly load: (entry: Entry) => Promise<readonly FindingRow[]>
}

const NONE: ReadonlyMap<string, Members> = new Map()

/** What the unfolded groups stand for, and others when somebody takes them; anew with each round of the list. */
export function useMembers(
  asked: EntryQuery,
  round: number,
  unfolded: readonly Entry[],
): MemberLists {
  const turn = `${round} ${JSON.stringify(asked)}`
  const [known, setKnown] = useState<{ readonly turn: string; readonly of: typeof NONE }>({
    ...{ turn, of: NONE },
  })
  const of = known.turn === turn ? known.of : NONE
  const current = useRef({ turn, of })
  current.current = { turn, of }
  const loading = useRef(new Map<string, Promise<readonly FindingRow[]>>())
  const load = useCallback(
    (entry: Entry): Promise<readonly FindingRow[]> => {
      if (entry.findings === 1) return Promise.resolve([entry.lead])
      const have = current.current.of.get(entry.key)
      if (have?.state === 'ready') return Promise.resolve(have.findings)
      const id = `${turn} ${entry.key}`
      const begun = loading.current.get(id)
      if (begun !== undefined) return begun
      const asking = loadMembers(JSON.parse(turn.slice(turn.indexOf(' ') + 1)) as EntryQuery, entry)
        .then((answer): readonly FindingRow[] => {
          if (current.current.turn !== turn) return []
          const members: Members =
            answer.state === 'ready'
              ? { state: 'ready', findings: answer.page }
              : { state: 'failed', message: answer.message }
          setKnown((before) => ({
            turn,
            of: new Map(before.turn === turn ? before.of : NONE).set(entry.key, members),
          }))
          return members.state === 'ready' ? members.findings : []
        })
        .finally(() => loading.current.delete(id))
      loading.current.set(id, asking)
      return asking
    },
    [turn],
  )
  useEffect(() => {
    for (const entry of unfolded) if (!of.has(entry.key)) void load(entry)
  }, [unfolded, of, load])
  return { of, load }
}
