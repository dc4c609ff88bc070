import { useState } from 'react'
import { messageOf } from '../../api/ask.ts'
import { send } from '../../api/client.ts'
import { END_SUPPRESSION, type Matcher, SUPPRESS } from './documents.ts'

type Told = { readonly __typename: string; readonly message?: string } | undefined

export interface Saying {
  readonly busy: boolean
  /** Why nothing was changed. */
  readonly refused: string | undefined
  /** Whether it was taken. */
  readonly suppress: (matcher: Matcher, reason: string, until: string) => Promise<boolean>
  readonly end: (id: string) => Promise<boolean>
}

/** Writes and ends suppressions. */
export function useSaying(): Saying {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<string>()
  const told = async (ask: () => Promise<{ told: Told; failed: string }>): Promise<boolean> => {
    setBusy(true)
    const { told, failed } = await ask()
    setBusy(false)
    const isTaken = told?.__typename === 'Suppression'
    setRefused(isTaken ? undefined : (told?.message ?? failed))
    return isTaken
  }
  return {
    busy,
    refused,
    suppress: (matcher, reason, until) =>
      told(async () => {
        const { data, error } = await send(SUPPRESS, (idempotencyKey) => ({
          input: { matcher, reason, until, idempotencyKey },
        }))
        return { told: data?.suppress, failed: error === undefined ? '' : messageOf(error) }
      }),
    end: (id) =>
      told(async () => {
        const { data, error } = await send(END_SUPPRESSION, (idempotencyKey) => ({
          input: { id, idempotencyKey },
        }))
        return { told: data?.endSuppression, failed: error === undefined ? '' : messageOf(error) }
      }),
  }
}
