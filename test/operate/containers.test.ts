import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { describe, expect, it, vi } from 'vitest'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const GENERATOR = join(ROOT, 'examples/guarded-server/src/generator.ts')
const CONTAINERS = join(ROOT, 'scripts/containers.mjs')
const CONDITION = '--conditions=delegraph-source'
const TOKEN = 'ingest-token-of-at-least-32-characters'

describe('the agents of the containers', () => {
  it('make what the collector is started with, play to it with their token, and show Jaeger the same spans', async () => {
    using folder = temporaryFolder()
    const made = spawnSync(process.execPath, [CONDITION, GENERATOR, folder.path])
    expect(made.status).toBe(0)
    const file = join(folder.path, 'delegraph.json')
    const tokens = [{ name: 'agents', roles: ['ingest'], env: 'DELEGRAPH_INGEST_TOKEN' }]
    writeFileSync(file, JSON.stringify({ auth: { tokens } }))
    const env = {
      DELEGRAPH_INGEST_TOKEN: TOKEN,
      DELEGRAPH_TRUST: join(folder.path, 'trust.json'),
      DELEGRAPH_REGISTRY: join(folder.path, 'registry.jws'),
    }
    const flags = { config: file, data: folder.path, otlpPort: '0', apiPort: '0' }
    await using collector = await startCollector({
      ...{ config: readConfig(flags, env), env, logger: pino({ level: 'silent' }) },
    })
    // What Jaeger would get; no Jaeger is here.
    const seen: string[] = []
    const traces = createServer(async (request, response) => {
      const parts: Buffer[] = []
      for await (const part of request) parts.push(part as Buffer)
      expect(request.headers.authorization).toBeUndefined()
      seen.push(Buffer.concat(parts).toString('latin1'))
      response.writeHead(200, { 'content-type': 'application/x-protobuf' }).end()
    })
    await new Promise<void>((resolve) => traces.listen(0, '127.0.0.1', resolve))
    const { port } = traces.address() as AddressInfo
    const child = spawn(process.execPath, [CONDITION, GENERATOR, folder.path, collector.otlpUrl], {
      env: {
        ...process.env,
        ...{ DELEGRAPH_INGEST_TOKEN: TOKEN, DEMO_EVERY: '1' },
        DEMO_TRACES_TO: `http://127.0.0.1:${port}`,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    try {
      let said = ''
      child.stderr?.on('data', (part) => {
        said += String(part)
      })
      await vi.waitFor(() => expect(said.match(/^played at/gm)?.length).toBeGreaterThan(1), 60_000)
    } finally {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      expect(await gone).toBe(0)
      traces.closeAllConnections()
      traces.close()
    }
    await collector.settled()
    const rules = await collector.store.page({
      ...{ kind: 'Finding', where: { equals: { pages: [true] } }, limit: 100 },
      ...{ orderBy: 'at', direction: 'asc' },
    })
    expect(new Set(rules.map(({ columns }) => columns['rule']))).toEqual(
      new Set(['D1', 'D2', 'D9']),
    )
    const [action] = await collector.store.find(
      'Action',
      'id',
      rules.slice(0, 1).map(({ columns }) => String(columns['action'])),
    )
    const trace = Buffer.from(String(action?.columns['trace']), 'hex').toString('latin1')
    expect(trace).toHaveLength(16)
    expect(seen.some((body) => body.includes(trace))).toBe(true)
  }, 120_000)
})

describe('npm run containers', () => {
  /** A program in place of docker, which is not here: it writes down how it was called. */
  function run(folder: string, ...words: string[]) {
    const docker = join(folder, 'docker')
    const names = 'NEO4J_PASSWORD DELEGRAPH_ADMIN_TOKEN DELEGRAPH_TRUST'
    writeFileSync(
      docker,
      `#!/bin/sh\necho "$@" > ${folder}/called\nfor n in ${names}; do printenv $n >> ${folder}/called || echo >> ${folder}/called; done\n`,
    )
    chmodSync(docker, 0o700)
    const path = `${folder}${delimiter}${process.env['PATH'] ?? ''}`
    const { DELEGRAPH_TRUST: _, ...rest } = process.env
    const ran = spawnSync(process.execPath, [CONTAINERS, ...words], {
      env: { ...rest, PATH: path, DELEGRAPH_DATA: folder },
      encoding: 'utf8',
    })
    return { ...ran, called: () => readFileSync(join(folder, 'called'), 'utf8').split('\n') }
  }

  it('makes secrets once, for their owner alone, and prints what to open and sign in with', () => {
    using folder = temporaryFolder()
    const first = run(folder.path, 'up')
    expect(first.status).toBe(0)
    const [words, neo4j, admin, trust] = first.called()
    expect(words).toMatch(/^compose -f \S+dashboards\/compose\.yaml --profile core up --detach$/)
    expect(neo4j).toHaveLength(44)
    expect(trust).toBe('')
    expect(first.stdout).toContain(`Console      http://127.0.0.1:4319 token ${admin}\n`)
    expect(first.stdout).not.toContain('Grafana')
    expect(statSync(join(folder.path, 'containers.env')).mode & 0o777).toBe(0o600)
    const second = run(folder.path, 'up', 'demo', 'observability')
    expect(second.called().slice(1, 4)).toEqual([neo4j, admin, '/demo/trust.json'])
    expect(second.called()[0]).toMatch(/--profile core --profile demo --profile observability up/)
    expect(second.stdout).toContain('Jaeger       http://127.0.0.1:16686\n')
  })

  it('takes everything down, and knows no other word', () => {
    using folder = temporaryFolder()
    expect(run(folder.path, 'down').called()[0]).toMatch(
      /--profile demo --profile observability down$/,
    )
    const wrong = run(folder.path, 'up', 'demos')
    expect(wrong.status).toBe(2)
    expect(wrong.stderr).toContain('usage')
  })
})
