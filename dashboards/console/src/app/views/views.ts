/// <reference types="vite/client" />
import { type DecisionsSearch, decisionsSearch } from '../../screens/decisions/decisions-search.ts'
import { type ExploreSearch, exploreSearch } from '../../screens/explore/explore-search.ts'
import { type InboxSearch, inboxSearch } from '../../screens/findings/inbox-search.ts'
import type { RawSearch } from '../../shared/search-text.ts'
import type { Navigate } from '../navigate.ts'

/** A question that is kept: a file in `views`. */
export interface SavedView {
  readonly name: string
  /** What it is listed under. */
  readonly folder: string
  /** What it shows, in a sentence. */
  readonly description: string
  readonly screen: keyof typeof SCREENS
  /** The state of the screen, as its URL has it. */
  readonly search: RawSearch
}

/** Screens that have views, each with how it reads its URL. */
export const SCREENS = {
  '/findings': inboxSearch,
  '/decisions': decisionsSearch,
  '/explore': exploreSearch,
} as const satisfies Record<
  string,
  (search: RawSearch) => InboxSearch | DecisionsSearch | ExploreSearch
>

const files = import.meta.glob<SavedView>('../../../views/*.json', {
  eager: true,
  import: 'default',
})

/** All that are kept, by folder and name. */
export const VIEWS: readonly SavedView[] = Object.values(files).sort(
  (a, b) => a.folder.localeCompare(b.folder) || a.name.localeCompare(b.name),
)

/** Shows one in place of what was looked at. */
export function openView({ screen, search }: SavedView, navigate: Navigate): Promise<void> {
  switch (screen) {
    case '/findings':
      return navigate({ to: screen, search: inboxSearch(search) })
    case '/decisions':
      return navigate({ to: screen, search: decisionsSearch(search) })
    case '/explore':
      return navigate({ to: screen, search: exploreSearch(search) })
  }
}
