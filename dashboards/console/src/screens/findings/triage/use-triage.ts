import { useState } from 'react'
import { messageOf } from '../../../api/ask.ts'
import { send } from '../../../api/client.ts'
import type { VariablesOf } from '../../../api/graphql.ts'
import { type Conflict, TRIAGE, type TriageState } from './documents.ts'

/** A finding with what its reader saw of its triage. */
export interface Target {
  readonly id: string
  readonly triage: { readonly state: TriageState; readonly version: number }
}

/** What is said of findings; what is not given stays. */
export type Saying = Omit<
  VariablesOf<typeof TRIAGE>['input'],
  'findings' | 'expectedVersions' | 'idempotencyKey'
>

/** Why nothing was changed. */
export type Refused =
  | { readonly kind: 'conflict'; readonly conflict: Conflict }
  | { readonly kind: 'message'; readonly message: string }

export interface Triage {
  readonly busy: boolean
  readonly refused: Refused | undefined
  /** Whether it was taken. */
  readonly say: (targets: readonly Target[], saying: Saying) => Promise<boolean>
  readonly forget: () => void
}

/** Sends words about findings with the versions that were seen, so that nobody else's word is written over. */
export function useTriage(): Triage {
  const [busy, setBusy] = useState(false)
  const [refused, setRefused] = useState<Refused>()
  const say: Triage['say'] = async (targets, saying) => {
    setBusy(true)
    setRefused(undefined)
    const input = {
      ...saying,
      findings: targets.map(({ id }) => id),
      expectedVersions: targets.map(({ triage }) => triage.version),
    }
    const { data, error } = await send(TRIAGE, (idempotencyKey) => ({
      input: { ...input, idempotencyKey },
    }))
    setBusy(false)
    if (data === undefined) {
      setRefused({ kind: 'message', message: error === undefined ? '' : messageOf(error) })
      return false
    }
    const { triage } = data
    if (triage.__typename === 'TriagePayload') return true
    setRefused(
      triage.__typename === 'ConflictError'
        ? { kind: 'conflict', conflict: triage }
        : { kind: 'message', message: triage.message },
    )
    return false
  }
  return { busy, refused, say, forget: () => setRefused(undefined) }
}
