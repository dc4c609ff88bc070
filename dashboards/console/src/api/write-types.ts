/** Writes `schema-types.d.ts`, the contract as types for gql.tada: `npm run console:types`. */
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { contractAsTypes } from './contract-types.ts'

writeFileSync(fileURLToPath(new URL('schema-types.d.ts', import.meta.url)), contractAsTypes())
