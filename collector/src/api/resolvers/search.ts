import type { GraphStore } from '../../graph/index.ts'
import { type Matches, searchIn } from '../../questions/search.ts'
import type { Args } from '../connection.ts'
import { type InvalidArgument, invalidArgument } from '../errors.ts'

const SHORTEST = 2
const LONGEST = 1_024

export async function search(
  store: GraphStore,
  args: Args,
): Promise<(Matches & { readonly kind: 'Matches' }) | InvalidArgument> {
  const text = String(args['text']).trim()
  if (text.length < SHORTEST || text.length > LONGEST)
    return invalidArgument('text', `from ${SHORTEST} to ${LONGEST} characters`)
  return { kind: 'Matches', ...(await searchIn(store, text)) }
}
