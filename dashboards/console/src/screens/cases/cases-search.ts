import { oneOf, type RawSearch } from '../../shared/search-text.ts'

export const SHOWN = ['open', 'closed', 'all'] as const

/** The state of the list, as its URL has it. */
export interface CasesSearch {
  readonly show?: (typeof SHOWN)[number]
  /** The form is open. */
  readonly write?: 'yes'
}

export function casesSearch(search: RawSearch): CasesSearch {
  return given({ show: oneOf(search, 'show', SHOWN), write: oneOf(search, 'write', ['yes']) })
}

export const VIEWS = ['timeline', 'table'] as const
export const WRITTEN = ['title', 'comment'] as const

/** The state of one case, as its URL has it. */
export interface CaseSearch {
  readonly view?: (typeof VIEWS)[number]
  /** What is being written. */
  readonly write?: (typeof WRITTEN)[number]
  /** Comments and notes are folded. */
  readonly fold?: 'yes'
}

export function caseSearch(search: RawSearch): CaseSearch {
  return given({
    view: oneOf(search, 'view', VIEWS),
    write: oneOf(search, 'write', WRITTEN),
    fold: oneOf(search, 'fold', ['yes']),
  })
}

function given<T extends object>(search: T): { [Name in keyof T]?: Exclude<T[Name], undefined> } {
  return Object.fromEntries(
    Object.entries(search).filter(([, value]) => value !== undefined),
  ) as ReturnType<typeof given<T>>
}
