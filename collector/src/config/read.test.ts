import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { neo4jPassword } from '../config.ts'
import { configLeaves } from './leaves.ts'
import { explainConfig, readConfig } from './read.ts'

const folder = mkdtempSync(join(tmpdir(), 'delegraph-config-'))
afterAll(() => rmSync(folder, { recursive: true }))

const PUBLIC = { publicUrl: 'https://delegraph.test' }

let count = 0
function file(value: unknown): string {
  count += 1
  const path = join(folder, `${count}.json`)
  writeFileSync(path, typeof value === 'string' ? value : JSON.stringify(value))
  return path
}

function problem(config: unknown, env = {}, flags = {}): string {
  try {
    readConfig({ config: file(config), ...flags }, env)
  } catch (error) {
    return (error as Error).message.replaceAll(/[^\s(]*\/(\d+\.json)/g, 'FILE')
  }
  return ''
}

describe('the configuration', () => {
  it('goes from the file to the environment to flags, value by value', () => {
    const config = file({
      data: 'from-file',
      otlp: { port: 1, host: '127.0.0.2' },
      api: { port: 11 },
    })
    const env = { DELEGRAPH_OTLP_PORT: '2', DELEGRAPH_API_PORT: '12' }
    const flags = { config, apiPort: '13' }
    expect(readConfig(flags, env)).toMatchObject({
      data: 'from-file',
      otlp: { port: 2, host: '127.0.0.2' },
      api: { port: 13, host: '127.0.0.1' },
    })
    const from = Object.fromEntries(explainConfig(flags, env).map((row) => [row.key, row.from]))
    expect(from).toMatchObject({
      data: expect.stringContaining('.json'),
      'otlp.port': 'DELEGRAPH_OTLP_PORT',
      'otlp.host': expect.stringContaining('.json'),
      'api.port': '--api-port',
      'api.host': 'default',
      pendingWindow: 'default',
    })
  })

  it('takes the file that the environment names, and none where there is none', () => {
    const config = file({ data: 'here' })
    expect(readConfig({}, { DELEGRAPH_CONFIG: config }).data).toBe('here')
    expect(readConfig({}, {}).data).toBe('.delegraph')
    expect(() => readConfig({ config: join(folder, 'none.json') }, {})).toThrow(
      expect.objectContaining({
        code: 'config_invalid',
        message: expect.stringContaining('no such file'),
      }),
    )
  })

  it('takes the address of a server for the word that the graph is kept there', () => {
    const env = { NEO4J_URI: 'bolt://127.0.0.1:7687', NEO4J_USER: 'neo4j', NEO4J_PASSWORD: 'pw' }
    const config = readConfig({}, env)
    expect(config.store).toEqual({ kind: 'neo4j', uri: env.NEO4J_URI, user: 'neo4j' })
    expect(neo4jPassword(config, env)).toBe('pw')
    expect(readConfig({ neo4j: 'bolt://other' }, env).store).toMatchObject({ uri: 'bolt://other' })
    // A user alone names no server.
    expect(readConfig({}, { NEO4J_USER: 'neo4j' }).store).toEqual({ kind: 'sqlite' })
  })

  const loginOf = (login: object) => ({
    auth: { oidc: { issuer: 'https://a.test', audience: 'a', roles: {}, login } },
  })
  const faults: [string, string][] = [
    [
      problem({ ...loginOf({ clientId: 'c', clientSecret: 's3cret' }), api: PUBLIC }),
      'auth.oidc.login.clientSecret (FILE): is not a key we know',
    ],
    [
      problem({ ...loginOf({ clientId: 'c', idle: 900, longest: 600 }), api: PUBLIC }),
      'auth.oidc.login.idle (FILE): must not be more than longest',
    ],
    [
      problem({ ...loginOf({ clientId: 'c', scopes: ['groups'] }), api: PUBLIC }),
      'auth.oidc.login.scopes (FILE): must have openid',
    ],
    [problem(loginOf({ clientId: 'c' })), 'api.publicUrl: auth.oidc.login needs it'],
    [
      problem({}, { DELEGRAPH_PUBLIC_URL: 'http://delegraph.test' }),
      'api.publicUrl (DELEGRAPH_PUBLIC_URL): must be https, but for a loopback address',
    ],
    [
      problem({ api: { publicUrl: 'https://delegraph.test/console' } }),
      'api.publicUrl (FILE): takes a scheme, a host and a port, and no path',
    ],
    [problem({ api: { publicUrl: 'delegraph' } }), 'api.publicUrl (FILE): Invalid URL'],
    [problem({ otlp: { port: 'x' } }), 'otlp.port (FILE): takes integer, 0 to 65535'],
    [
      problem({}, { DELEGRAPH_OTLP_PORT: '99999' }),
      'otlp.port (DELEGRAPH_OTLP_PORT): takes integer',
    ],
    [problem({}, { DELEGRAPH_OTLP_PORT: 'x' }), 'otlp.port (DELEGRAPH_OTLP_PORT): takes integer'],
    [problem({}, {}, { apiPort: '-1' }), 'api.port (--api-port): takes integer'],
    [problem({ opts: 1 }), 'opts (FILE): is not a key we know'],
    [problem({ otlp: { prot: 1 } }), 'otlp.prot (FILE): is not a key we know; did you mean port?'],
    [problem({ store: { kind: 'mysql' } }), "store.kind (FILE): takes 'sqlite' | 'neo4j'"],
    [problem({ store: { kind: 'neo4j' } }), 'store.uri (FILE): is missing: takes text'],
    [problem({ findingUrl: 'https://x.test/' }), 'findingUrl (FILE): must contain {id}'],
    [
      problem({ channels: [{ name: 'a', kind: 'slack' }] }),
      'channels.0.urlFile (FILE): is missing: takes text',
    ],
    [problem({ pendingwindow: 3 }), 'is not a key we know; did you mean pendingWindow?'],
    [problem('{\n"data": "s3cret",}'), 'FILE is not JSON (line 2, column 18)'],
    [problem([]), 'FILE holds no JSON object'],
  ]
  it('says which key is at fault and where it was set', () => {
    for (const [said, expected] of faults) expect(said).toContain(expected)
  })

  it('says all that is wrong at once, and never the value', () => {
    const said = problem({ otlp: { port: 'whsec_s3cret' }, extra: 's3cret', pendingWindow: 0 })
    expect(said.split('\n  ')).toHaveLength(4)
    expect(said).not.toContain('s3cret')
    const many = problem(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`k${i}`, 1])))
    expect(many).toMatch(/\n {2}and 20 more$/)
  })

  it('masks what may be a secret where it explains itself', () => {
    const channels = [
      { name: 'soc', kind: 'otlp', url: 'https://user:s3cret@logs.test/v1/logs?key=s3cret' },
    ]
    const config = file({ channels, store: { kind: 'neo4j', uri: 'bolt://127.0.0.1' } })
    const rows = explainConfig({ config }, { NEO4J_PASSWORD: 's3cret' })
    expect(JSON.stringify(rows)).not.toContain('s3cret')
    const url = rows.find(({ key }) => key === 'channels.0.url')
    expect(url?.value).toBe('https://***@logs.test/v1/logs?***')
    expect(rows.at(-1)).toEqual({ key: 'store.password', value: '***', from: 'NEO4J_PASSWORD' })
  })

  it('has a description or a self-explaining name for whatever is set outside the file', () => {
    const outside = configLeaves().filter(
      ({ env, flag }) => env !== undefined || flag !== undefined,
    )
    expect(outside.length).toBeGreaterThan(10)
    for (const { path, description } of outside) expect(description, path).toBeTruthy()
    const names = outside.flatMap(({ env }) => env ?? [])
    expect(new Set(names).size).toBe(names.length)
  })
})
