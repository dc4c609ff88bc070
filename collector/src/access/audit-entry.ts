/** Who asked what. Names and digests: never a token, an argument or an answer. */
export interface AuditEntry {
  /** Epoch milliseconds. */
  readonly at: number
  /** Absent for nobody who is known. */
  readonly by?: string
  readonly tenant?: string
  /** Address of the connection. */
  readonly from: string
  readonly surface: 'graphql' | 'otlp' | 'login'
  /** query, mutation or subscription; login or logout. */
  readonly operation?: string
  /** What became of a login or logout: signed_in, signed_out, or why not. */
  readonly outcome?: string
  readonly name?: string
  /** Fields that were asked for at the top, at most 30. */
  readonly fields?: readonly string[]
  /** `sha256:` and the digest of the document. */
  readonly document?: string
  /** Why it was refused, where it was before anything was asked. */
  readonly reason?: Reason
  /** Where many were counted together: how many, of which this is the last. */
  readonly count?: number
  /** HTTP status. */
  readonly status: number
  /** Milliseconds until the answer was complete. */
  readonly took: number
}

export type Reason =
  /** It showed nothing by which somebody could be known. */
  | 'no_credential'
  | 'unknown_credential'
  | 'rate_limited'
  | 'foreign_host'
  | 'foreign_origin'
  | 'method'
  | 'media_type'
  | 'encoding'
  | 'no_preflight'
