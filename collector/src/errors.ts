/** Why the collector could not do what it was asked: misuse, configuration or I/O, never bad data. */
export type CollectorErrorCode =
  | 'config_invalid'
  | 'file_unreadable'
  | 'trust_invalid'
  | 'registry_invalid'
  | 'address_refused'
  /** The graph holds more than the journal: it was made from another one. */
  | 'graph_ahead'
  | 'unreachable'
  /** A running collector was asked, and says no. */
  | 'api_refused'
  /** Trimming would change what stays: nothing was trimmed. */
  | 'retention_refused'
  /** There is no graph to be read, or one of another version. */
  | 'no_graph'
  /** A signature beside a file is not of it, or not by the keys that were named. */
  | 'not_verified'
  /** The disk of the data folder has no room for what was asked. */
  | 'no_room'

export class CollectorError extends Error {
  readonly code: CollectorErrorCode

  constructor(code: CollectorErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'CollectorError'
    this.code = code
  }
}
