export type StoreErrorCode =
  /** The server cannot be reached, or did not answer in time. */
  | 'store_unreachable'
  | 'store_auth'
  | 'store_version'
  /** The embedded graph cannot be read; it can be rebuilt from the journal. */
  | 'store_corrupt'
  /** A kind or column that is not declared: a fault of ours. */
  | 'store_misuse'

/** Why a graph could not be used. The message never holds a password. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
