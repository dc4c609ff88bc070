import type { OperationResult } from '@urql/core'
import { useSyncExternalStore } from 'react'
import { statusOf } from './status-of.ts'

/** Whether the collector knows who asks, as its answers have it. */
export interface Standing {
  /** Undefined until it has answered. */
  readonly known?: boolean
  /** Whether it has known somebody since this page was opened: what is shown is his. */
  readonly wasKnown: boolean
  /** Whether people can sign in by a redirect. */
  readonly canSignIn: boolean
}

let standing: Standing = { wasKnown: false, canSignIn: false }
const listeners = new Set<() => void>()

/** Learns it from an answer of the collector. */
export function noteStanding({ data, error }: Pick<OperationResult, 'data' | 'error'>): void {
  if (error !== undefined && statusOf(error) === 401) {
    const { signIn } = error.graphQLErrors[0]?.extensions ?? {}
    set({ ...standing, known: false, canSignIn: typeof signIn === 'string' })
  } else if (data !== undefined && data !== null) {
    set({ ...standing, known: true, wasKnown: true })
  }
}

export function useStanding(): Standing {
  return useSyncExternalStore(subscribe, () => standing)
}

function set(next: Standing): void {
  if (JSON.stringify(next) === JSON.stringify(standing)) return
  standing = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
