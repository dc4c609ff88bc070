import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { MAX_IAT_SKEW } from '@delegraph/link'
import { holds } from './holds.ts'
import type { Path } from './path.ts'

/**
 * The path as it was built, whatever the time: the first link that is not in order decides, and else
 * the first that nobody signed.
 */
export function structureOutcome(path: Path): Outcome {
  const wrong = path.links.find((link) => !holds(link.outcome))
  return (wrong ?? path.links.find((link) => link.outcome.state !== 'ok'))?.outcome ?? OK
}

/** Whether every link of the path was in its window at `at`, NumericDate. */
export function timeOutcome(path: Path, at: number): Outcome {
  for (const link of path.links) {
    if (link.expiresAt !== undefined && at >= link.expiresAt) return outcomeOf('expired')
    if (link.issuedAt !== undefined && at < link.issuedAt - MAX_IAT_SKEW) {
      return outcomeOf('not_yet_valid')
    }
  }
  return OK
}

/** Every audience named along the path must name the service called; a call that stays home has none. */
export function audienceOutcome(path: Path, audience: string | undefined): Outcome {
  const named = path.links.filter((link) => link.audience.length > 0)
  if (named.length === 0) return OK
  if (audience === undefined || audience === '') return outcomeOf('audience_mismatch', 'none')
  return named.every((link) => link.audience.includes(audience))
    ? OK
    : outcomeOf('audience_mismatch')
}
