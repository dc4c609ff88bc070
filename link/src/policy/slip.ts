/** What is wrong with a policy text, and where. */
export interface Slip {
  readonly severity: 'error' | 'warning'
  /**
   * `too_large`, `syntax`, `type` (it does not fit the schema), `needs_has` (an attribute that may be absent is
   * read without a test), `name`, `never` (no request can meet it: an error of a forbid, a warning of a permit);
   * `may_error` warns of arithmetic, since a policy that errors denies.
   */
  readonly code: 'too_large' | 'syntax' | 'type' | 'needs_has' | 'name' | 'never' | 'may_error'
  /** The policy, where it is known which. */
  readonly policy?: string
  /** From 1; in the text given, or in that of the policy where policies were given one by one. */
  readonly line: number
  readonly column: number
  readonly message: string
}

export type PolicyErrorCode =
  /** `@cedar-policy/cedar-wasm` is not installed. */
  'engine_missing' | 'policy_invalid'

/** A policy that cannot be used. Calls never throw: they are answered with a denial. */
export class PolicyError extends Error {
  override readonly name = 'PolicyError'
  readonly code: PolicyErrorCode
  readonly slips: readonly Slip[]

  constructor(code: PolicyErrorCode, message: string, slips: readonly Slip[] = []) {
    super(message)
    this.code = code
    this.slips = slips
  }
}

export function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  const start = before.lastIndexOf('\n') + 1
  return { line: before.split('\n').length, column: offset - start + 1 }
}
