import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** How tests reach a real Neo4j. */
export interface Neo4jAddress {
  readonly uri: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
}

export type Neo4jChoice =
  | { readonly address: Neo4jAddress; stop(): Promise<void> }
  /** One line that says what was skipped and how to get it. */
  | { readonly skipped: string }

const HERE = dirname(fileURLToPath(import.meta.url))
const CACHE = join(HERE, '..', '..', '..', '.cache', 'neo4j')
const READY_WITHIN = 120_000

/** The first of these that is there: `NEO4J_URI`; Java 17 and Maven; Docker. */
export async function startNeo4j(): Promise<Neo4jChoice> {
  const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, NEO4J_DATABASE } = process.env
  if (NEO4J_URI !== undefined) {
    return {
      address: {
        uri: NEO4J_URI,
        ...(NEO4J_USER === undefined ? {} : { user: NEO4J_USER }),
        ...(NEO4J_PASSWORD === undefined ? {} : { password: NEO4J_PASSWORD }),
        ...(NEO4J_DATABASE === undefined ? {} : { database: NEO4J_DATABASE }),
      },
      stop: async () => {},
    }
  }
  if (hasJava() && runs('mvn', ['--version'])) return startJava(fetchJars())
  if (runs('docker', ['info'])) return startDocker()
  return {
    skipped:
      'Neo4j half skipped: no NEO4J_URI, no Java 17 with Maven, no Docker. On Debian: apt-get install default-jdk-headless maven',
  }
}

function hasJava(): boolean {
  const { stderr, status } = spawnSync('java', ['-version'], { encoding: 'utf8' })
  return status === 0 && Number(/version "(\d+)/.exec(stderr)?.[1] ?? 0) >= 17
}

function runs(command: string, args: readonly string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore', timeout: 20_000 }).status === 0
}

/** The server's jars; fetched once, whole or not at all. */
function fetchJars(): string {
  const lib = join(CACHE, 'lib')
  const marker = join(CACHE, 'complete-5.26.30')
  if (existsSync(marker) && readdirSync(lib).length > 50) return lib
  rmSync(CACHE, { recursive: true, force: true })
  mkdirSync(lib, { recursive: true })
  process.stderr.write('Fetching Neo4j 5.26.30 for the tests (once, 123 MB) ...\n')
  const { status } = spawnSync(
    'mvn',
    [
      '-B',
      '-q',
      '-f',
      join(HERE, 'pom.xml'),
      'dependency:copy-dependencies',
      '-DincludeScope=runtime',
      `-DoutputDirectory=${lib}`,
    ],
    { stdio: ['ignore', 2, 2] },
  )
  if (status !== 0) throw new Error('mvn could not fetch Neo4j; its output is above')
  writeFileSync(marker, '')
  return lib
}

async function startJava(lib: string): Promise<Neo4jChoice> {
  const home = mkdtempSync(join(tmpdir(), 'delegraph-neo4j-'))
  const port = await freePort()
  const server = spawn(
    'java',
    [
      '-Xmx512m',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '-cp',
      join(lib, '*'),
      join(HERE, 'Neo4jServer.java'),
      home,
      String(port),
    ],
    { stdio: ['pipe', 'pipe', 'ignore'] },
  )
  await ready(server)
  return {
    address: { uri: `bolt://127.0.0.1:${port}` },
    stop: async () => {
      const gone = new Promise((resolve) => server.once('exit', resolve))
      server.stdin?.end()
      const force = setTimeout(() => server.kill('SIGKILL'), 20_000)
      await gone
      clearTimeout(force)
      rmSync(home, { recursive: true, force: true })
    },
  }
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      server.kill('SIGKILL')
      reject(new Error('Neo4j did not become ready in time'))
    }, READY_WITHIN)
    server.stdout?.on('data', (data: Buffer) => {
      if (!data.toString().includes('ready')) return
      clearTimeout(timer)
      resolve()
    })
    server.once('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`Neo4j ended with ${code} before it was ready`))
    })
  })
}

async function startDocker(): Promise<Neo4jChoice> {
  const port = await freePort()
  const { stdout, status } = spawnSync(
    'docker',
    [
      'run',
      '--rm',
      '-d',
      '-p',
      `127.0.0.1:${port}:7687`,
      '-e',
      'NEO4J_AUTH=none',
      'neo4j:5.26-community',
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0)
    return { skipped: 'Neo4j half skipped: Docker could not run neo4j:5.26-community' }
  return {
    address: { uri: `bolt://127.0.0.1:${port}` },
    stop: async () => {
      spawnSync('docker', ['stop', stdout.trim()], { stdio: 'ignore' })
    },
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0))
    })
  })
}
