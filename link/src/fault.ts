import type { OutcomeCode } from '@delegraph/graph-schema'

/**
 * Why some signed text is not acceptable: an outcome code, and where or how. `detail` never holds
 * a token, a key or an argument value.
 */
export interface Fault {
  readonly code: OutcomeCode
  readonly detail?: string
}

/** A fault of a code, and where or how. */
export function fault(code: OutcomeCode, detail?: string): Fault {
  return detail === undefined ? { code } : { code, detail }
}

/** Tells a fault from the result that a function returns in its place. */
export function isFault(result: object): result is Fault {
  return (result as Partial<Fault>).code !== undefined
}
