import { createContext, useContext } from 'react'
import type { CaseThing } from '../documents.ts'

/** What is to be put into a case, and what it is called meanwhile. */
export interface ToAdd {
  readonly items: readonly CaseThing[]
  readonly name: string
  /** After it is in one. */
  readonly done?: () => void
}

/** Asks into which case; undefined for whoever may not write. */
export type Adding = ((what: ToAdd) => void) | undefined

export const AddingContext = createContext<Adding>(undefined)

export function useAdding(): Adding {
  return useContext(AddingContext)
}
