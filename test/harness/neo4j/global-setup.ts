import type { TestProject } from 'vitest/node'
import { type Neo4jAddress, startNeo4j } from './neo4j.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the real Neo4j of this run is; null where there is none, or no suite that asks for it. */
    neo4j: Neo4jAddress | null
  }
}

/**
 * Starts one Neo4j for the whole run and stops it at the end. Only suites in `test/` ask for it, so
 * a run of unit tests alone does not wait for one.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  project.provide('neo4j', null)
  const wanted = project.vitest.state.getPaths().some((path) => path.includes('/test/'))
  if (!wanted) return async () => {}
  const server = await startNeo4j()
  if ('skipped' in server) {
    if (process.env['DELEGRAPH_REQUIRE_NEO4J'] === '1') throw new Error(server.skipped)
    process.stderr.write(`\n${server.skipped}\n\n`)
    return async () => {}
  }
  project.provide('neo4j', server.address)
  return () => server.stop()
}
