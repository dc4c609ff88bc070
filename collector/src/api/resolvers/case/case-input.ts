import type { Added, CaseChange, Known } from '../../../cases/desk.ts'
import { aboutOf, MAX_WORD_ITEMS, type Subject } from '../../../cases/index.ts'
import type { Args } from '../../connection.ts'
import { type InvalidArgument, invalidArgument } from '../../errors.ts'
import { given } from '../given.ts'

const MAX_ID = 1_024
const MAX_TITLE = 200
const MAX_TEXT = 4_000

/** Which case an input is about, as its sender saw it. */
export function knownIn(input: Args): Known | InvalidArgument {
  const id = String(input['case'])
  if (id === '' || id.length > MAX_ID)
    return invalidArgument('input.case', `from 1 to ${MAX_ID} characters`)
  return { id, expected: Number(input['expectedVersion']) }
}

/** A title without the space around it; undefined where none is given. */
export function titleIn(input: Args): string | undefined | InvalidArgument {
  const title = given<string>(input, 'title')?.trim()
  if (title === undefined || (title !== '' && title.length <= MAX_TITLE)) return title
  return invalidArgument('input.title', `from 1 to ${MAX_TITLE} characters`)
}

export function commentIn(input: Args): string | undefined | InvalidArgument {
  const comment = given<string>(input, 'comment')
  if (comment === undefined || (comment.trim() !== '' && comment.length <= MAX_TEXT)) return comment
  return invalidArgument('input.comment', `from 1 to ${MAX_TEXT} characters`)
}

/** Things with their notes; null is not given. */
export function itemsIn(input: Args, least: 0 | 1): Added[] | InvalidArgument {
  const items = (given<readonly Args[]>(input, 'items') ?? []).map((item) => {
    const note = given<string>(item, 'note')
    const subject = { kind: item['kind'], id: item['id'] } as Subject
    return { ...subject, ...(note === undefined || note.trim() === '' ? {} : { note }) }
  })
  const isDifferent = new Set(items.map(aboutOf)).size === items.length
  if (items.length < least || items.length > MAX_WORD_ITEMS || !isDifferent)
    return invalidArgument('input.items', `${least} to ${MAX_WORD_ITEMS} different ones`)
  if (items.some(({ id }) => id === '' || id.length > MAX_ID))
    return invalidArgument('input.items.id', `from 1 to ${MAX_ID} characters`)
  if (items.some(({ note = '' }) => note.length > MAX_TEXT))
    return invalidArgument('input.items.note', `at most ${MAX_TEXT} characters`)
  return items
}

/** What is to be another about a case. */
export function changeIn(
  input: Args,
  { title, comment }: Pick<CaseChange, 'title' | 'comment'>,
): CaseChange | InvalidArgument {
  const change = { title, state: given<CaseChange['state']>(input, 'state'), comment }
  const said = Object.entries(change).filter(([, value]) => value !== undefined)
  if (said.length === 0) return invalidArgument('input', 'a change: a title, a state or a comment')
  return Object.fromEntries(said)
}
