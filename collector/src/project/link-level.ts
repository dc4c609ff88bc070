import { LIMITS } from '@delegraph/link'

/**
 * Whether a link under `parent` lies so deep that none of those above is looked at: the profile takes
 * `LIMITS.links` links, and one more is judged so that it can be said which of them went too far. It depends
 * on what names whom alone, so that it is the same in whatever portions a chain arrives.
 *
 * @param parentOf the hash that a link names as its parent, whether that arrived or not
 */
export function isTooDeepUnder(
  parent: string,
  parentOf: (hash: string) => string | undefined,
): boolean {
  let next: string | undefined = parent
  for (let above = 0; above < LIMITS.links; above += 1) {
    if (next === undefined) return false
    next = parentOf(next)
  }
  return next !== undefined
}
