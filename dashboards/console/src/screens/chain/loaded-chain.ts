import type { ChainAction, ChainHead, ChainLink } from './documents.ts'

/** A chain with all that belongs to it, as far as it is loaded. */
export interface LoadedChain {
  readonly head: ChainHead
  readonly links: readonly ChainLink[]
  /** Whether its root is here. */
  readonly isComplete: boolean
  readonly actions: readonly ChainAction[]
  /** What was left out; a cut is said and never silent. */
  readonly cut: { readonly links: boolean; readonly actions: boolean }
}
