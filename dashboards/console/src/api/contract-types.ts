import { SCHEMA_SDL } from '@delegraph/graph-schema'
import { minifyIntrospection, outputIntrospectionFile } from '@gql.tada/internal'
import { buildSchema, introspectionFromSchema } from 'graphql'

/**
 * The contract as the type declarations that gql.tada reads documents by. Its command line needs the
 * JavaScript interface of TypeScript 6; its types and this writer do not.
 */
export function contractAsTypes(): string {
  const introspection = introspectionFromSchema(buildSchema(SCHEMA_SDL))
  return outputIntrospectionFile(
    minifyIntrospection(introspection as Parameters<typeof minifyIntrospection>[0]),
    { fileType: '.d.ts', shouldPreprocess: true },
  )
}
