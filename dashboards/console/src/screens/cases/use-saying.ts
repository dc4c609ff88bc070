import { useState } from 'react'
import { messageOf } from '../../api/ask.ts'
import { send } from '../../api/client.ts'
import type { VariablesOf } from '../../api/graphql.ts'
import {
  ADD_TO_CASE,
  type CaseThing,
  CHANGE_CASE,
  OPEN_CASE,
  TAKE_FROM_CASE,
  type Told,
} from './documents.ts'

/** A case with what its reader saw of it. */
export interface Seen {
  readonly id: string
  readonly version: number
}

export type Added = CaseThing & { readonly note?: string }
type Change = Pick<VariablesOf<typeof CHANGE_CASE>['input'], 'title' | 'state' | 'comment'>
/** A case after a word about it. */
export interface Taken {
  readonly id: string
  readonly title: string
}

/** What an answer is: the case, or why nothing was changed. */
type Answer = Awaited<ReturnType<typeof send<{ readonly told: Told }, never>>>

/** Somebody else adds at the same time: nothing of his is lost, so that it is tried on what he left. */
const MOST_TRIES = 3

export interface Saying {
  readonly busy: boolean
  /** Why nothing was changed. */
  readonly refused: string | undefined
  readonly forget: () => void
  readonly open: (title: string, items: readonly Added[]) => Promise<Taken | undefined>
  readonly add: (seen: Seen, items: readonly Added[]) => Promise<Taken | undefined>
  readonly take: (seen: Seen, items: readonly CaseThing[]) => Promise<Taken | undefined>
  readonly change: (seen: Seen, change: Change) => Promise<Taken | undefined>
}

/** Sends words about cases with the versions that were seen. */
export function useSaying(): Saying {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string>()
  const told = async (ask: () => Promise<Answer>): Promise<Taken | undefined> => {
    setBusy(true)
    setRefused(undefined)
    const { data, error } = await ask()
    setBusy(false)
    if (data?.told.__typename === 'Case') return data.told
    setRefused(
      data?.told.message ?? (error === undefined ? 'There was no answer.' : messageOf(error)),
    )
    return undefined
  }
  const add = async (seen: Seen, items: readonly Added[]): Promise<Answer> => {
    let expectedVersion = seen.version
    for (let tries = 1; ; tries += 1) {
      const answer = await send(ADD_TO_CASE, (idempotencyKey) => ({
        input: { case: seen.id, expectedVersion, items: [...items], idempotencyKey },
      }))
      const now = answer.data?.told
      if (now?.__typename !== 'CaseConflictError' || tries === MOST_TRIES) return answer
      expectedVersion = now.version
    }
  }
  return {
    busy,
    refused,
    forget: () => setRefused(undefined),
    open: (title, items) =>
      told(() =>
        send(OPEN_CASE, (idempotencyKey) => ({
          input: { title, items: [...items], idempotencyKey },
        })),
      ),
    add: (seen, items) => told(() => add(seen, items)),
    take: ({ id, version }, items) =>
      told(() =>
        send(TAKE_FROM_CASE, (idempotencyKey) => ({
          input: { case: id, expectedVersion: version, items: [...items], idempotencyKey },
        })),
      ),
    change: ({ id, version }, change) =>
      told(() =>
        send(CHANGE_CASE, (idempotencyKey) => ({
          input: { case: id, expectedVersion: version, ...change, idempotencyKey },
        })),
      ),
  }
}
