import { NOT_APPLICABLE, OK, outcomeOf } from '@delegraph/graph-schema'
import type { LinkClaims } from '../types.ts'
import type { PathJudgement } from './judge-time.ts'

/**
 * Whether every `aud` of a path names the enforcement point, and the leaf has one: a leaf that
 * calls a tool names where. A call that stays in its process has the audience `''`, and nothing is
 * judged. Root first.
 */
export function judgeAudience(
  links: readonly { readonly claims: Pick<LinkClaims, 'aud'> }[],
  audience: string,
): PathJudgement {
  if (audience === '') return { outcome: NOT_APPLICABLE }
  for (const [index, { claims }] of links.entries())
    if (claims.aud !== undefined && ![claims.aud].flat().includes(audience))
      return { outcome: outcomeOf('audience_mismatch'), index }
  const leaf = links.length - 1
  if (links[leaf]?.claims.aud === undefined)
    return { outcome: outcomeOf('audience_mismatch', 'absent'), index: leaf }
  return { outcome: OK }
}
