import type { Json } from '@delegraph/link'

/** A call as far as it was disclosed: what grants are compared with. */
export interface Call {
  /** Tool URI. */
  readonly tool: string
  /** The arguments that are known; absent where none was disclosed, which is not the same as none. */
  readonly args?: Readonly<Record<string, Json>>
  /** Names of all arguments; absent where they are not known either. */
  readonly argNames?: readonly string[]
  /** Arguments are known and the names of all are not: there may be others. */
  readonly partial?: boolean
}

/** A call of which this is known. */
export function callWith(tool: string, known: Pick<Call, 'args' | 'argNames'>): Call {
  const partial = known.args !== undefined && known.argNames === undefined
  return { tool, ...known, ...(partial ? { partial } : {}) }
}
