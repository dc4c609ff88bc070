import { type Extent, MAX_DEPTH } from '../../../questions/blast-radius/explored.ts'
import type { ReachRule } from '../../../questions/blast-radius/ground.ts'
import { type End, followsOf } from '../../../questions/paths/ends.ts'
import type { Args } from '../../connection.ts'
import { type InvalidArgument, invalidArgument, isUserError } from '../../errors.ts'
import { idIn, sinceIn } from './asked.ts'

const MAX_AVOIDED = 50

/** How far, by which rules and past what a question over the graph goes. */
export function extentIn(args: Args): Extent | InvalidArgument {
  const maxDepth = args['maxDepth'] ?? 16
  if (typeof maxDepth !== 'number' || maxDepth < 1 || maxDepth > MAX_DEPTH)
    return invalidArgument('maxDepth', `from 1 to ${MAX_DEPTH}`)
  const avoid = (args['avoid'] ?? []) as readonly End[]
  if (avoid.length > MAX_AVOIDED) return invalidArgument('avoid', `at most ${MAX_AVOIDED} things`)
  const wrong = avoid.map(({ id }) => idIn(id, 'avoid.id')).find((id) => typeof id !== 'string')
  if (wrong !== undefined && isUserError(wrong)) return wrong as InvalidArgument
  const rules = (args['rules'] ?? undefined) as readonly ReachRule[] | undefined
  if (rules?.length === 0) return invalidArgument('rules', 'at least one, or left out')
  return { since: sinceIn(args), maxDepth, follows: followsOf(avoid, rules) }
}
