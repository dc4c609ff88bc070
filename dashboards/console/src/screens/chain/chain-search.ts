import { instantIn, listOf, oneOf, type RawSearch } from '../../shared/search-text.ts'

export const VIEWS = ['lanes', 'graph', 'table'] as const

/** The whole state of the chain view, as its URL has it. */
export interface ChainSearch {
  readonly view?: (typeof VIEWS)[number]
  /** A link, an approval or an action. */
  readonly select?: string
  /** Runs that are unfolded. */
  readonly unfold?: string[]
  /** The instant that the one of `asOf` is compared with. ISO 8601, in UTC. */
  readonly against?: string | undefined
}

export function chainSearch(search: RawSearch): ChainSearch {
  const view = oneOf(search, 'view', VIEWS)
  const select = oneOf(search, 'select')
  const unfold = listOf(search, 'unfold')
  const against = instantIn(search, 'against')
  return {
    ...(view === undefined ? {} : { view }),
    ...(select === undefined ? {} : { select }),
    ...(unfold.length === 0 ? {} : { unfold }),
    ...(against === undefined ? {} : { against }),
  }
}
