import type { CONTAINER_CLAIM, DETAIL_TYPE } from './constants.ts'

/** The data shapes of profile `aat-02/strict-1`. Claim names are those of the drafts and RFCs. */

/** A public key, RFC 7517, with `alg` required as in the WIMSE workload identity token. */
export type PublicJwk =
  | { readonly kty: 'OKP'; readonly crv: 'Ed25519'; readonly x: string; readonly alg: 'Ed25519' }
  | {
      readonly kty: 'EC'
      readonly crv: 'P-256'
      readonly x: string
      readonly y: string
      readonly alg: 'ES256'
    }

export type Alg = PublicJwk['alg']

/** JSON as RFC 8785 canonicalises it. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [name: string]: Json }

/**
 * The nine constraint types of draft-niyikiza-oauth-attenuating-agent-tokens-02, section 3.4.
 * `exact` takes a scalar there; a list or an object is written as `one_of` with one value.
 */
type ConstraintBody =
  | { readonly constraint_type: 'wildcard' }
  | { readonly constraint_type: 'exact'; readonly value: null | boolean | number | string }
  | {
      readonly constraint_type: 'range'
      readonly min?: number
      readonly max?: number
      readonly min_inclusive?: boolean
      readonly max_inclusive?: boolean
    }
  | { readonly constraint_type: 'one_of'; readonly values: readonly Json[] }
  | { readonly constraint_type: 'not_one_of'; readonly excluded: readonly Json[] }
  | { readonly constraint_type: 'contains'; readonly required: readonly Json[] }
  | { readonly constraint_type: 'subset'; readonly allowed: readonly Json[] }
  | { readonly constraint_type: 'all'; readonly constraints: readonly Constraint[] }
  | { readonly constraint_type: 'any'; readonly constraints: readonly Constraint[] }

/** `optional` (the argument may be left out) only directly in an argument map, never nested. */
export type Constraint = ConstraintBody & { readonly optional?: boolean }

export type ConstraintType = Constraint['constraint_type']

/** Argument name to constraint; `"*"` admits arguments that are not named; `{}` is `{"*": wildcard}`. */
export type ArgumentMap = Readonly<Record<string, Constraint>>

/** Tool URI to what may be passed to it. */
export type ToolGrants = Readonly<Record<string, ArgumentMap>>

/** What a link asks for before a tool may be called. */
export interface ApprovalRequirement {
  readonly min: number
  readonly approvers: readonly string[]
  /** Seconds. */
  readonly max_age: number
  readonly acr?: readonly string[]
}

/** Tool URI to the approval it needs. */
export type ApprovalRequirements = Readonly<Record<string, ApprovalRequirement>>

/** Bounds on what an argument, a number from 0 up, sums up to over calls that were done. */
export interface Budget {
  /** Over calls under this very link. */
  readonly max_lifetime?: number
  /** Over calls under this link and all links below it. */
  readonly max_subtree?: number
}

/** Tool URI to argument name to its bounds. */
export type Budgets = Readonly<Record<string, Readonly<Record<string, Budget>>>>

/** What a link grants, and what its calls may sum up to. */
export interface LinkLimits {
  readonly tools: ToolGrants
  readonly budgets?: Budgets
}

/** The single private claim of a link. */
export interface LinkContainer {
  readonly approvals?: ApprovalRequirements
  readonly budgets?: Budgets
  readonly profile?: string
  /** Hash of the link that this one renews; it grants nothing by itself. */
  readonly replaces?: string
}

/** The holder of a link, RFC 8693 section 4.1; not nested, since the chain is the nesting. */
export interface ActorClaim {
  readonly sub: string
  readonly iss?: string
  readonly sub_profile: 'ai_agent' | 'service' | 'user'
}

export interface PurposeClaim {
  /** A short code. */
  readonly purpose: string
  readonly purpose_hash?: string
}

/** The claims of a link, root or derived; times are NumericDate (seconds). */
export interface LinkClaims {
  readonly iss: string
  readonly sub: string
  readonly txn: string
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly act: ActorClaim
  readonly cnf: { readonly jwk: PublicJwk }
  readonly del_depth: number
  readonly del_max_depth: number
  readonly par_hash?: string
  readonly tctx?: PurposeClaim
  readonly may_act?: { readonly sub: string | readonly string[] }
  readonly client_id?: string
  readonly aud?: string | readonly string[]
  readonly scope?: string
  readonly status?: { readonly status_list: { readonly idx: number; readonly uri: string } }
  readonly ath?: string
  readonly tth?: string
  readonly authorization_details: readonly [
    { readonly type: typeof DETAIL_TYPE; readonly tools: ToolGrants },
  ]
  readonly [CONTAINER_CLAIM]?: LinkContainer
}

/** A root key that the verifier trusts, from configuration and never from a token. */
export interface Anchor {
  readonly iss: string
  readonly kid: string
  readonly jwk: PublicJwk
  /** Seconds a root may live; 24 h where absent. */
  readonly max_lifetime?: number
  /** Deepest `del_max_depth` a root may carry; 15 where absent. */
  readonly max_depth?: number
  /** Tool URIs this anchor may grant; a trailing `#*` stands for every tool of one resource. */
  readonly tools?: readonly string[]
  /** Hosts that may serve status lists for roots of this anchor; none where absent. */
  readonly status_hosts?: readonly string[]
  /** NumericDate between which a root signed by this key may have been issued. */
  readonly valid_from?: number
  readonly valid_until?: number
  /** Where the key was found, where it was not configured itself. */
  readonly source?: string
}

/** A service whose artefacts the verifier trusts: approver, decision point, transmitter, owner. */
export interface TrustedIssuer {
  readonly iss: string
  readonly kid: string
  readonly jwk: PublicJwk
  /** Of a tool server: the enforcement point it speaks for. */
  readonly aud?: string
  /** Of an approver: the authentication contexts it may claim; any where absent. */
  readonly acr?: readonly string[]
  /** NumericDate between which a text signed by this key may have been issued. */
  readonly valid_from?: number
  readonly valid_until?: number
  /** Where the key was found, where it was not configured itself. */
  readonly source?: string
}
