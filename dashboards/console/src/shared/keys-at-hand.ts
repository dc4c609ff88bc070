import { useSyncExternalStore } from 'react'
import type { KeyEntry } from './keys.ts'

/** Keys that work now, with the name of their place. */
export interface KeysAtHand {
  readonly where: string
  readonly entries: readonly KeyEntry[]
}

let atHand: readonly KeysAtHand[] = []
const listeners = new Set<() => void>()

/** Says that keys work from now on; gives back what ends that. */
export function offerKeys(keys: KeysAtHand): () => void {
  set([...atHand, keys])
  return () => set(atHand.filter((one) => one !== keys))
}

/** All keys that work now, those of the whole console last. */
export function useKeysAtHand(): readonly KeysAtHand[] {
  return useSyncExternalStore(subscribe, () => atHand)
}

function set(next: readonly KeysAtHand[]): void {
  atHand = next
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}
