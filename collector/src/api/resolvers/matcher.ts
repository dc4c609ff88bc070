import { MATCHER, type Matcher } from '../../triage/index.ts'
import type { Args } from '../connection.ts'
import { type InvalidArgument, invalidArgument } from '../errors.ts'

/** The matcher of a rule, or what is wrong with it. Null is not given. */
export function matcherIn(args: Args, argument = 'matcher'): Matcher | InvalidArgument {
  const given = Object.entries((args['matcher'] ?? {}) as Args).filter(
    ([, value]) => value !== null,
  )
  const parsed = MATCHER.safeParse(Object.fromEntries(given))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  const path = [argument, ...(issue?.path ?? []).filter((part) => typeof part === 'string')]
  return invalidArgument(path.join('.'), expected(issue?.path.length ?? 0, issue?.message))
}

function expected(depth: number, message: string | undefined): string {
  return depth === 0
    ? 'something: an empty one would hide everything'
    : `of 1 to 100 values that can be: ${message ?? ''}`
}
