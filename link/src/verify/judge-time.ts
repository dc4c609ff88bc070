import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '../constants.ts'
import type { LinkClaims } from '../types.ts'

/** What a judgement over a whole path found, and the first link it is about. */
export interface PathJudgement {
  readonly outcome: Outcome
  readonly index?: number
}

/**
 * Whether every link of a path was valid at a time: `exp` is after it, and `iat` not more than
 * `skew` seconds ahead of it. Root first; times are NumericDate.
 */
export function judgeTime(
  links: readonly { readonly claims: Pick<LinkClaims, 'exp' | 'iat'> }[],
  at: number,
  skew: number = MAX_IAT_SKEW,
): PathJudgement {
  let index = 0
  for (const { claims } of links) {
    if (!(claims.exp > at)) return { outcome: outcomeOf('expired'), index }
    if (!(claims.iat <= at + skew)) return { outcome: outcomeOf('not_yet_valid'), index }
    index += 1
  }
  return { outcome: OK }
}
