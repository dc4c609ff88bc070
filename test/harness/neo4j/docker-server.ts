import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { freePort } from '../free-port.ts'
import type { Neo4jServer } from './server.ts'

const IMAGE = 'neo4j:5.26-community'

/** Starts a server in a container; `undefined` where Docker cannot. */
export async function startDockerServer(): Promise<Neo4jServer | undefined> {
  const port = await freePort()
  const password = randomBytes(12).toString('hex')
  const { stdout, status } = spawnSync(
    'docker',
    ['run', '--detach', '--publish', `127.0.0.1:${port}:7687`, '--env', 'NEO4J_AUTH', IMAGE],
    { encoding: 'utf8', env: { ...process.env, NEO4J_AUTH: `neo4j/${password}` } },
  )
  if (status !== 0) return undefined
  const container = stdout.trim()
  const remove = (): void => void docker('rm', '--force', '--volumes', container)
  process.once('exit', remove)
  return {
    address: { uri: `bolt://127.0.0.1:${port}`, user: 'neo4j', password },
    kill: async () => docker('kill', container),
    restart: async () => docker('start', container),
    stop: async () => {
      process.off('exit', remove)
      remove()
    },
  }
}

function docker(...args: readonly string[]): void {
  spawnSync('docker', args, { stdio: 'ignore' })
}
