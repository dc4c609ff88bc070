/** AuthZEN 1.0: a guard as a decision point, and a client for any other. */
export { type AuthzenClient, AuthzenFailure, type AuthzenPoint, authzenClient } from './client.ts'
export { MAX_EVALUATIONS } from './evaluations.ts'
export { type AuthzenHandler, type AuthzenOptions, createAuthzen } from './handler.ts'
export type {
  Decision,
  Entity,
  EvaluationRequest,
  EvaluationsRequest,
  NamedAction,
  Semantic,
} from './model.ts'
export { evaluationFor } from './request.ts'
export { type AuthzenServer, serveAuthzen } from './serve.ts'
export { ARGUMENTS_KEY, EVIDENCE_KEY } from './wire.ts'
