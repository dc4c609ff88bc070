import neo4j from 'neo4j-driver'
import type { TestProject } from 'vitest/node'
import { type Neo4jAddress, startNeo4j } from './neo4j.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where the real Neo4j of this run is; null where there is none. */
    neo4j: Neo4jAddress | null
  }
}

/** Starts one Neo4j for the whole run and stops it at the end. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const choice = await startNeo4j()
  if ('skipped' in choice) {
    if (process.env['DELEGRAPH_REQUIRE_NEO4J'] === '1') throw new Error(choice.skipped)
    process.stderr.write(`\n${choice.skipped}\n\n`)
    project.provide('neo4j', null)
    return async () => {}
  }
  await answering(choice.address)
  project.provide('neo4j', choice.address)
  return () => choice.stop()
}

async function answering({ uri, user, password }: Neo4jAddress): Promise<void> {
  const auth = password === undefined ? undefined : neo4j.auth.basic(user ?? 'neo4j', password)
  await using driver = neo4j.driver(uri, auth)
  for (let tries = 0; ; tries += 1) {
    try {
      await driver.verifyConnectivity()
      return
    } catch (error) {
      if (tries === 60) throw error
      await new Promise((resolve) => setTimeout(resolve, 1_000))
    }
  }
}
