/// <reference types="vite/client" />
import type { RawSearch } from '../../shared/search-text.ts'
import type { Match } from '../palette/documents.ts'
import type { SavedView } from '../views/views.ts'

/** A question that lacks one thing: a file in `questions`. */
export interface Question {
  /** With `{value}` where the thing stands. */
  readonly name: string
  readonly folder: string
  /** What it answers, in a sentence. */
  readonly description: string
  /** What the thing may be. */
  readonly takes: readonly Match['kind'][]
  readonly screen: SavedView['screen']
  /** The state of the screen as its URL has it, with `{value}` for the id of the thing. */
  readonly search: RawSearch
}

const files = import.meta.glob<Question>('../../../questions/*.json', {
  eager: true,
  import: 'default',
})

/** All that are kept, by folder and name. */
export const QUESTIONS: readonly Question[] = Object.values(files).sort(
  (a, b) => a.folder.localeCompare(b.folder) || a.name.localeCompare(b.name),
)

export const VALUE = '{value}'

/** The question about one thing, as a view that can be opened. */
export function viewOf(question: Question, { id, name }: Pick<Match, 'id' | 'name'>): SavedView {
  const { folder, description, screen, search } = question
  return {
    ...{ folder, description, screen },
    name: question.name.replace(VALUE, () => name),
    search: Object.fromEntries(
      Object.entries(search).map(([key, value]) => [key, filled(value, id)]),
    ),
  }
}

/** An id is put in whole, whatever it looks like. */
function filled(value: unknown, id: string): unknown {
  if (Array.isArray(value)) return value.map((one) => filled(one, id))
  return value === VALUE ? id : value
}
