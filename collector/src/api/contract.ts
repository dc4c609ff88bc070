export { SCHEMA_SDL } from '@delegraph/graph-schema'
