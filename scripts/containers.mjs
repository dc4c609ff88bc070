// `npm run containers -- up [demo] [observability]`, `npm run containers -- down`: dashboards/compose.yaml with passwords
// and tokens that are made once, and what to open and sign in with at the end.
import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const SECRETS = [
  'NEO4J_PASSWORD',
  'GRAFANA_PASSWORD',
  'DELEGRAPH_INGEST_TOKEN',
  'DELEGRAPH_ADMIN_TOKEN',
  'DELEGRAPH_MONITOR_TOKEN',
]
const DEMO = { DELEGRAPH_TRUST: '/demo/trust.json', DELEGRAPH_REGISTRY: '/demo/registry.jws' }
const PROFILES = ['demo', 'observability']

const [action, ...profiles] = process.argv.slice(2)
const unknown = profiles.find((name) => !PROFILES.includes(name))
if (!['up', 'down'].includes(action ?? '') || unknown !== undefined) {
  process.stderr.write('usage: npm run containers -- up [demo] [observability] | down\n')
  process.exit(2)
}

const folder = join(process.env.DELEGRAPH_DATA ?? join(root, '.delegraph'))
const file = join(folder, 'containers.env')
if (!existsSync(file)) {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const lines = SECRETS.map((name) => `${name}=${randomBytes(33).toString('base64url')}`)
  writeFileSync(file, `${lines.join('\n')}\n`, { mode: 0o600, flag: 'wx' })
}
const secrets = Object.fromEntries(
  readFileSync(file, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.split(/=(.*)/s).slice(0, 2)),
)

// What goes down is all of it: a profile that is not named would stay up.
const chosen = action === 'down' ? PROFILES : profiles
const run = spawnSync(
  'docker',
  [
    ...['compose', '-f', join(root, 'dashboards', 'compose.yaml')],
    ...['core', ...chosen].flatMap((name) => ['--profile', name]),
    ...(action === 'up' ? ['up', '--detach'] : ['down']),
  ],
  // Docker talks to people; what this prints at the end is the program's.
  {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, ...secrets, ...(chosen.includes('demo') ? DEMO : {}) },
  },
)
if (run.error !== undefined) {
  process.stderr.write(`docker could not be started: ${run.error.code}\n`)
  process.exit(1)
}
if (run.status !== 0) process.exit(run.status ?? 1)
if (action === 'up') {
  const lines = [
    ['Console', 'http://127.0.0.1:4319', `token ${secrets.DELEGRAPH_ADMIN_TOKEN}`],
    ['OTLP', 'http://127.0.0.1:4318', `bearer ${secrets.DELEGRAPH_INGEST_TOKEN}`],
    ['Neo4j', 'http://127.0.0.1:7474', `neo4j / ${secrets.NEO4J_PASSWORD}`],
    ...(chosen.includes('observability')
      ? [
          ['Grafana', 'http://127.0.0.1:3000', `admin / ${secrets.GRAFANA_PASSWORD}`],
          ['Prometheus', 'http://127.0.0.1:9090', ''],
          ['Alertmanager', 'http://127.0.0.1:9093', ''],
          ['Jaeger', 'http://127.0.0.1:16686', ''],
        ]
      : []),
  ]
  for (const [name, url, signIn] of lines)
    process.stdout.write(`${[name.padEnd(12), url, signIn].join(' ').trimEnd()}\n`)
}
