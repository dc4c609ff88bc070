import { initGraphQLTada } from 'gql.tada'
import type { introspection } from './schema-types.d.ts'

/** Reads a document of the contract; its result and variables are typed by the contract. */
export const graphql = initGraphQLTada<{
  introspection: introspection
  scalars: { DateTime: string; JSON: unknown }
  disableMasking: true
}>()

export type { ResultOf, VariablesOf } from 'gql.tada'
