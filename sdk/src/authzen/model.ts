import { membersOf } from '../carriage/presentation.ts'

/** The shapes of the Authorization API 1.0 of OpenID AuthZEN, without its search. Unknown members are let be. */
export interface Entity {
  readonly type: string
  readonly id: string
  readonly properties?: Readonly<Record<string, unknown>>
}

export interface NamedAction {
  readonly name: string
  readonly properties?: Readonly<Record<string, unknown>>
}

/** One question to a decision point. */
export interface EvaluationRequest {
  readonly subject: Entity
  readonly action: NamedAction
  readonly resource: Entity
  readonly context?: Readonly<Record<string, unknown>>
}

export const SEMANTICS = ['execute_all', 'deny_on_first_deny', 'permit_on_first_permit'] as const
export type Semantic = (typeof SEMANTICS)[number]

/** Several at once. What an evaluation leaves out is taken whole from beside the list. */
export interface EvaluationsRequest extends Partial<EvaluationRequest> {
  readonly evaluations: readonly Partial<EvaluationRequest>[]
  readonly options?: { readonly evaluations_semantic?: Semantic }
}

/** An answer. `context` is the decision point's own. */
export interface Decision {
  readonly decision: boolean
  readonly context?: Readonly<Record<string, unknown>>
}

/** A question that cannot be asked; the message says no value of it. */
export class BadRequest extends Error {
  override readonly name = 'BadRequest'
}

/** @throws BadRequest where a required member is missing or has another type */
export function readEvaluation(value: unknown): EvaluationRequest {
  const { subject, action, resource, context } = objectOf(value, 'the request')
  return {
    subject: entityOf(subject, 'subject'),
    action: actionOf(action),
    resource: entityOf(resource, 'resource'),
    ...optional('context', context),
  }
}

function entityOf(value: unknown, name: string): Entity {
  const { type, id, properties } = objectOf(value, name)
  return {
    type: textOf(type, `${name}.type`),
    id: textOf(id, `${name}.id`),
    ...optional('properties', properties),
  }
}

function actionOf(value: unknown): NamedAction {
  const { name, properties } = objectOf(value, 'action')
  return { name: textOf(name, 'action.name'), ...optional('properties', properties) }
}

export function objectOf(value: unknown, name: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new BadRequest(`${name} must be an object`)
  return membersOf(value)
}

function textOf(value: unknown, name: string): string {
  if (typeof value !== 'string' || value === '')
    throw new BadRequest(`${name} must be a string that is not empty`)
  return value
}

function optional<Name extends string>(
  name: Name,
  value: unknown,
): { readonly [Key in Name]?: Readonly<Record<string, unknown>> } {
  return value === undefined ? {} : ({ [name]: objectOf(value, name) } as never)
}
