import type { Grade, Outcome } from '@delegraph/graph-schema'
import type { ToolGrants, TrustedIssuer } from '../types.ts'

/** One delegation as a foreign token tells it. */
export interface ForeignHop {
  readonly delegator: string
  readonly delegate: string
  readonly grade: Grade
}

/** What a token of another kind says, and how much of it is shown. Times are NumericDate. */
export interface ForeignReading {
  readonly outcome: Outcome
  /** Of the last hop, which is the current actor's: the best that the token reaches. */
  readonly grade: Grade
  /** SHA-256 of the signing input; absent for a text that cannot be taken apart. */
  readonly hash?: string
  readonly issuer?: string
  readonly tokenId?: string
  readonly principal?: string
  /** From the principal to the current actor; empty where the token cannot be read. */
  readonly hops: readonly ForeignHop[]
  /** OAuth scope tokens; names, not grants. */
  readonly scopes: readonly string[]
  /** Only where configuration maps every scope token; absent means unknown, never nothing. */
  readonly tools?: ToolGrants
  readonly audience: readonly string[]
  readonly issuedAt?: number
  readonly expiresAt?: number
  /** Thumbprint of the key that the token is bound to. */
  readonly boundTo?: string
  /** Whether the current actor showed that key. */
  readonly possession: Outcome
  /** Facts that change no outcome, in alphabetical order. */
  readonly flags: readonly string[]
  readonly notChecked: readonly string[]
}

/**
 * An authorization server whose access tokens are read, from configuration. `aud`: the resource that
 * they must be for. `tools`: what a scope token grants; scope without an entry grants nothing known.
 */
export interface TokenIssuer extends TrustedIssuer {
  readonly tools?: Readonly<Record<string, ToolGrants>>
}
