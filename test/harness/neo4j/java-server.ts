import { type ChildProcess, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../free-port.ts'
import type { Neo4jServer } from './server.ts'

const READY_WITHIN = 120_000
const STOPPED_WITHIN = 20_000

/** Starts a server from its jars, with data and a password of its own. */
export async function startJavaServer(lib: string): Promise<Neo4jServer> {
  const home = mkdtempSync(join(tmpdir(), 'delegraph-neo4j-'))
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  let server: ChildProcess | undefined
  const start = async (): Promise<void> => {
    server = launch(lib, home, port, password)
    await ready(server)
  }
  const cleanUp = (): void => rmSync(home, { recursive: true, force: true })
  // However the run ends: nothing stays behind.
  const atExit = (): void => {
    server?.kill('SIGKILL')
    cleanUp()
  }
  process.once('exit', atExit)
  await start()
  return {
    address: { uri: `bolt://127.0.0.1:${port}`, user: 'neo4j', password },
    restart: start,
    kill: async () => end(server, (running) => running.kill('SIGKILL')),
    stop: async () => {
      await end(server, (running) => {
        running.stdin?.end()
        setTimeout(() => running.kill('SIGKILL'), STOPPED_WITHIN).unref()
      })
      process.off('exit', atExit)
      cleanUp()
    },
  }
}

function launch(lib: string, home: string, port: number, password: string): ChildProcess {
  return spawn(
    'java',
    [
      '-Xmx512m',
      '--add-opens=java.base/java.nio=ALL-UNNAMED',
      '-cp',
      join(lib, '*'),
      join(import.meta.dirname, 'Neo4jServer.java'),
      home,
      String(port),
    ],
    { stdio: ['pipe', 'pipe', 'pipe'], env: { ...process.env, SERVER_PASSWORD: password } },
  )
}

async function ready(server: ChildProcess): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const timer = setTimeout(() => {
    server.kill('SIGKILL')
    reject(new Error('Neo4j did not become ready in time'))
  }, READY_WITHIN)
  let said = ''
  server.stderr?.on('data', (data: Buffer) => {
    said = `${said}${data}`.slice(-2_000)
  })
  server.stdout?.on('data', (data: Buffer) => {
    if (data.toString().includes('ready')) resolve()
  })
  server.once('error', reject)
  server.once('exit', (code) => {
    reject(new Error(`Neo4j ended with ${code} before it was ready: ${said}`))
  })
  try {
    await promise
  } finally {
    clearTimeout(timer)
  }
}

async function end(
  server: ChildProcess | undefined,
  how: (running: ChildProcess) => void,
): Promise<void> {
  if (server === undefined || server.exitCode !== null || server.signalCode !== null) return
  const gone = once(server, 'exit')
  how(server)
  await gone
}
