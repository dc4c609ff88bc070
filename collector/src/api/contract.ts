export { SCHEMA_SDL } from '../../../graph-schema/src/graphql/schema.ts'
