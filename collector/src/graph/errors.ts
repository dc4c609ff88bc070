export type StoreErrorCode =
  /** The server does not answer, or the file cannot be read or written now: trying again may help. */
  | 'store_unreachable'
  /** The server refuses the user or the password. */
  | 'store_auth'
  /** What answers is no Neo4j, or one that is too old. */
  | 'store_version'
  /** The address or the database name cannot be right. */
  | 'store_config'
  /** The embedded graph cannot be read; it can be rebuilt from the journal. */
  | 'store_corrupt'
  /** The database refused a statement of ours. */
  | 'store_failed'
  /** A kind, column or value that is not declared: a fault of ours, found before anything is sent. */
  | 'store_misuse'

/** Why a graph could not be used. The message holds no password and nothing of what is stored. */
export class StoreError extends Error {
  override readonly name = 'StoreError'
  readonly code: StoreErrorCode

  constructor(code: StoreErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
