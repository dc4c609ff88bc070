import { GraphQLError } from 'graphql'
import type { Role } from '../access/viewer.ts'
import type { GraphNode } from '../graph/index.ts'
import type { TriageState } from '../triage/index.ts'

/** What a query may answer instead of data; the members of the contract's unions. */
export interface NotFound {
  readonly kind: 'NotFoundError'
  readonly message: string
  /** When its evidence was trimmed. */
  readonly trimmedAt?: Date
}

export interface InvalidArgument {
  readonly kind: 'InvalidArgumentError'
  readonly message: string
  /** Path of the argument: `where.severityAtLeast`. */
  readonly argument: string
}

/** Somebody else was there first. */
export interface Conflict {
  readonly kind: 'ConflictError'
  readonly message: string
  readonly finding: GraphNode
  readonly version: number
}

export interface InvalidTransition {
  readonly kind: 'InvalidTransitionError'
  readonly message: string
  readonly from: TriageState
  readonly to: TriageState
}

/** Somebody changed the case meanwhile. */
export interface CaseConflict {
  readonly kind: 'CaseConflictError'
  readonly message: string
  readonly case: GraphNode
  readonly version: number
}

export interface CaseClosed {
  readonly kind: 'CaseClosedError'
  readonly message: string
  readonly case: GraphNode
}

export interface Forbidden {
  readonly kind: 'ForbiddenError'
  readonly message: string
  readonly needs: Role
}

/** What an argument may be answered with. */
export type UserError = NotFound | InvalidArgument

export function forbidden(needs: Role): Forbidden {
  return { kind: 'ForbiddenError', message: `this needs the role ${needs}`, needs }
}

export function notFound(what: string): NotFound {
  return { kind: 'NotFoundError', message: `${what} is not known here` }
}

export function invalidArgument(argument: string, expected: string): InvalidArgument {
  return { kind: 'InvalidArgumentError', message: `${argument} must be ${expected}`, argument }
}

export function isUserError(value: unknown): value is UserError {
  return (
    typeof value === 'object' &&
    value !== null &&
    'kind' in value &&
    (value.kind === 'NotFoundError' || value.kind === 'InvalidArgumentError')
  )
}

export type ApiErrorCode =
  | 'INVALID_ARGUMENT'
  | 'CURSOR_INVALID'
  | 'CURSOR_NOT_KEPT'
  | 'TOO_MANY_SUBSCRIPTIONS'
  | 'QUERY_TOO_COMPLEX'
  | 'DOCUMENT_UNKNOWN'
  | 'FORBIDDEN'
  | 'RATE_LIMITED'

/** An error for the `errors` of an answer, with the HTTP status where nothing was executed. */
export function apiError(code: ApiErrorCode, message: string, status?: number): GraphQLError {
  const http = status === undefined ? {} : { http: { status } }
  return new GraphQLError(message, { extensions: { code, ...http } })
}

/** Below the top level there is no union to answer with. */
export function throwIfInvalid<T>(value: T | InvalidArgument): T {
  if (isUserError(value)) throw apiError('INVALID_ARGUMENT', value.message)
  return value
}
