import { spawnSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import neo4j, { Neo4jError } from 'neo4j-driver'
import { startDockerServer } from './docker-server.ts'
import { fetchJars, haveJars } from './jars.ts'
import { startJavaServer } from './java-server.ts'
import type { Neo4jAddress, Neo4jServer } from './server.ts'

export type { Neo4jAddress, Neo4jServer }

/** One line that says what was skipped and how to get it. */
export interface Skipped {
  readonly skipped: string
}

const ANSWERS_WITHIN = 120_000

/** The first of these that is there: `NEO4J_URI`; Java 17 and Maven; Docker. It answers when returned. */
export async function startNeo4j(): Promise<Neo4jServer | Skipped> {
  const server = given() ?? (await started())
  if (server === undefined) {
    return {
      skipped:
        'Skipped what needs a real Neo4j: no NEO4J_URI, no Java 17 with Maven, no Docker. On Debian: apt-get install default-jdk-headless maven',
    }
  }
  try {
    await answering(server.address)
  } catch (error) {
    await server.stop()
    throw error
  }
  return server
}

function given(): Neo4jServer | undefined {
  const {
    NEO4J_URI: uri,
    NEO4J_USER: user,
    NEO4J_PASSWORD: password,
    NEO4J_DATABASE: database,
  } = process.env
  if (uri === undefined || uri === '') return undefined
  const address: Neo4jAddress = {
    uri,
    ...(user === undefined ? {} : { user }),
    ...(password === undefined ? {} : { password }),
    ...(database === undefined ? {} : { database }),
  }
  return { address, stop: async () => {} }
}

async function started(): Promise<Neo4jServer | undefined> {
  if (hasJava() && (haveJars() || succeeds('mvn', '--version'))) return startJavaServer(fetchJars())
  return succeeds('docker', 'info') ? startDockerServer() : undefined
}

/** Java 17 or later with its compiler, which runs the server's single source file. */
function hasJava(): boolean {
  const { stdout, status } = spawnSync('java', ['--list-modules'], { encoding: 'utf8' })
  return status === 0 && Number(/^jdk\.compiler@(\d+)/m.exec(stdout)?.[1] ?? 0) >= 17
}

function succeeds(command: string, ...args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0
}

async function answering({ uri, user, password }: Neo4jAddress): Promise<void> {
  const auth = password === undefined ? undefined : neo4j.auth.basic(user ?? 'neo4j', password)
  await using driver = neo4j.driver(uri, auth)
  for (const end = Date.now() + ANSWERS_WITHIN; ; await sleep(500)) {
    try {
      await driver.verifyConnectivity()
      return
    } catch (error) {
      const later = error instanceof Neo4jError && error.code === 'ServiceUnavailable'
      if (!later || Date.now() > end) throw error
    }
  }
}
