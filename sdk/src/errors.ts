/** What a caller of the SDK did wrong, or was handed. */
export type SdkErrorCode =
  | 'invalid_config'
  | 'key_invalid'
  | 'key_unreadable'
  | 'key_unwritable'
  | 'key_exists'
  /** A chain handed over is not in order; `detail` has the outcome code. */
  | 'chain_refused'
  | 'chain_expired'
  /** The chain is bound to another key than ours. */
  | 'not_holder'
  /** Neither the link nor any above it was signed by our key. */
  | 'not_issuer'
  | 'no_active_chain'
  /** A proposal whose arguments are not those of its hash. */
  | 'proposal_mismatch'
  /** Not a compact JWS of at most the profile's size. */
  | 'invalid_artefact'
  /** Evidence that does not fit into what carries it. */
  | 'too_large'
  /** Something else than a 43-character hash was given for a credential. */
  | 'invalid_credential_hash'
  | 'invalid_data_hash'
  /** Thrown by an application to say that an action was refused: its receipt says `denied`. */
  | 'denied'
  /** An adapter was asked to stand where handlers already are. */
  | 'too_late'

/**
 * Misuse, configuration and files. Lost evidence never throws: it is counted in `stats` and warned
 * of once. The message holds no token, key or argument.
 */
export class SdkError extends Error {
  override readonly name = 'SdkError'
  readonly code: SdkErrorCode
  readonly detail: string | undefined

  constructor(
    code: SdkErrorCode,
    message: string,
    facts: { readonly detail?: string; readonly cause?: unknown } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.code = code
    this.detail = facts.detail
  }
}
