export type JournalErrorCode =
  /** The disk refused: nothing of what waited was acknowledged. */
  | 'journal_unwritable'
  /** Another process writes to the same journal. */
  | 'journal_locked'
  | 'journal_unreadable'
  /** A record that could not be read again; nothing was written. */
  | 'record_invalid'

export class JournalError extends Error {
  override readonly name = 'JournalError'
  readonly code: JournalErrorCode

  constructor(code: JournalErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.code = code
  }
}
