import type { NarrowingProblem } from './constraints/narrows.ts'

/** What a caller of this package asked for that it does not do. */
export type LinkErrorCode =
  | 'invalid_claims'
  | 'invalid_json'
  | 'invalid_key'
  | 'wrong_signer'
  | 'widens'
  | 'outlives'
  | 'lifetime_exceeded'
  | 'too_deep'
  | 'too_large'
  | 'delegate_not_permitted'

/**
 * Misuse by our own caller. Bad signed text never throws: it gives a verdict. The message names
 * tools and claims, never values, tokens or keys.
 */
export class LinkError extends Error {
  override readonly name = 'LinkError'
  readonly code: LinkErrorCode
  readonly detail: string | undefined
  /** For `widens`: what is wider, tool by tool. */
  readonly problems: readonly NarrowingProblem[]

  constructor(
    code: LinkErrorCode,
    message: string,
    facts: { detail?: string | undefined; problems?: readonly NarrowingProblem[] } = {},
  ) {
    super(message)
    this.code = code
    this.detail = facts.detail
    this.problems = facts.problems ?? []
  }
}
