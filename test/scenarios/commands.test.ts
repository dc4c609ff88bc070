import { execFile, spawn, spawnSync } from 'node:child_process'
import { readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { play, prepare } from '@delegraph/example-approval-riding'
import { Ajv } from 'ajv'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { parseAllDocuments } from 'yaml'
import schema from '../../collector/src/alerts/testing/ocsf-detection-finding.schema.json' with {
  type: 'json',
}
import { type Collector, startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
const MODULES = fileURLToPath(new URL('../../node_modules', import.meta.url))
const SOURCE = '--conditions=delegraph-source'
const folder = temporaryFolder()
const at = (name: string) => join(folder.path, name)

function run(
  args: readonly string[],
  more: { readonly input?: string; readonly cwd?: string } = {},
) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SOURCE, MAIN, ...args], {
    ...{ encoding: 'utf8', cwd: folder.path, input: '' },
    ...more,
    env: { ...process.env, NO_COLOR: '1' },
  })
  return { status, stdout, stderr }
}
const delegraph = (...args: string[]) => run(args)

const LAKE = {
  ...({ name: 'lake', kind: 'ocsf', proof: 'inline', match: {}, groupBy: 'fingerprint' } as const),
}

let collector: Collector
let trust: string
let data: string
beforeAll(async () => {
  const prepared = await prepare(at('demo'))
  data = at('data')
  trust = prepared.trust
  const config = {
    ...readConfig({ data, otlpPort: '0', apiPort: '0' }, {}),
    ...{ trust, registry: prepared.registry },
    channels: [{ ...LAKE, file: at('lake.ndjson') }],
  }
  collector = await startCollector({ config, env: {}, logger: pino({ level: 'silent' }) })
  await play(prepared, collector.otlpUrl)
  await collector.settled()
  const owed = { equals: { state: ['owed'] } }
  await vi.waitFor(
    async () => expect(await collector.store.count('Alert', owed, 1)).toBe(0),
    20_000,
  )
}, 120_000)
afterAll(async () => {
  await collector?.[Symbol.asyncDispose]()
  folder[Symbol.dispose]()
})

describe('delegraph init', () => {
  it('writes what a collector starts with and an agent whose overreach it finds', async () => {
    const made = delegraph('init', '--dir', 'mine', '--yes', '--json')
    expect(made.status).toBe(0)
    const { files } = JSON.parse(made.stdout) as { readonly files: readonly string[] }
    expect(files).toContain('agent.mjs')
    for (const key of ['issuer.jwk', 'approvals.jwk', 'agent.jwk'])
      expect(statSync(join(at('mine'), key)).mode & 0o777).toBe(0o600)
    symlinkSync(MODULES, join(at('mine'), 'node_modules'))
    const child = spawn(
      process.execPath,
      [SOURCE, MAIN, 'start', '--otlp-port', '0', '--api-port', '0', '--json'],
      { cwd: at('mine'), stdio: ['ignore', 'pipe', 'inherit'] },
    )
    try {
      const line = await new Promise<string>((resolve) =>
        child.stdout.once('data', (part: Buffer) => resolve(part.toString('utf8'))),
      )
      const { otlp } = JSON.parse(line) as { readonly otlp: string }
      const agent = spawnSync(process.execPath, [SOURCE, 'agent.mjs'], {
        ...{ cwd: at('mine'), encoding: 'utf8' },
        env: { ...process.env, DELEGRAPH_OTLP: otlp },
      })
      expect(agent.stderr).toBe('')
      await vi.waitFor(() => {
        const { stdout } = run(['findings', 'list', '--json'], { cwd: at('mine') })
        const found = JSON.parse(stdout) as readonly { readonly body: { readonly title: string } }[]
        expect(found.map(({ body }) => body.title).join()).toContain('example did delete')
      }, 20_000)
    } finally {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGTERM')
      await gone
    }
    const again = delegraph('init', '--dir', 'mine', '--yes')
    expect([again.status, again.stderr]).toEqual([2, expect.stringContaining('overwritten')])
    expect(delegraph('init', '--dir', 'other', '--issuer', 'me', '--yes').status).toBe(2)
  })
})

describe('delegraph jwks', () => {
  it('prints public halves alone, with a kid each', () => {
    delegraph('keygen', '--out', 'a.jwk', '--kid', 'one')
    delegraph('keygen', '--out', 'b.jwk', '--alg', 'ES256')
    const { status, stdout } = delegraph('jwks', 'a.jwk', 'b.jwk')
    expect(status).toBe(0)
    const { keys } = JSON.parse(stdout) as { readonly keys: readonly Record<string, unknown>[] }
    expect(keys).toMatchObject([
      { kid: 'one', alg: 'Ed25519', use: 'sig' },
      { kid: expect.stringMatching(/^[\w-]{43}$/), alg: 'ES256' },
    ])
    for (const key of keys) expect(key).not.toHaveProperty('d')
    expect(delegraph('jwks', 'a.jwk', 'a.jwk').status).toBe(2)
    const bad = run(['jwks', '-'], { input: '{"d": "secret"' })
    expect([bad.status, bad.stderr]).toEqual([1, expect.not.stringContaining('secret')])
  })
})

describe('delegraph completion', () => {
  it('completes commands and options in bash', () => {
    const script = delegraph('completion', 'bash').stdout
    const complete = (...words: string[]) =>
      spawnSync(
        'bash',
        [
          '--norc',
          '-c',
          `${script}\nCOMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _delegraph; echo "\${COMPREPLY[*]}"`,
          'bash',
          'delegraph',
          ...words,
        ],
        { encoding: 'utf8' },
      ).stdout.trim()
    expect(complete('veri')).toBe('verify verify-alert')
    expect(complete('findings', 'a')).toBe('ack assign accept')
    expect(complete('findings', 'ack', '--ur')).toBe('--url')
    expect(complete('policy', 're')).toBe('replay')
  })

  it.each(['zsh', 'fish', 'pwsh'])('knows all commands for %s', (shell) => {
    const { status, stdout } = delegraph('completion', shell)
    expect(status).toBe(0)
    for (const word of ['findings', 'accept', 'least-privilege', 'fail-on'])
      expect(stdout).toContain(word)
  })

  it('says which shells it knows', () => {
    expect(delegraph('completion', 'tcsh')).toMatchObject({ status: 2 })
  })
})

describe('delegraph query', () => {
  // The collector is in this process: whoever waits for it must not stand in its way.
  const query = (...args: string[]) => {
    const env = { ...process.env, NO_COLOR: '1' }
    const options = { cwd: folder.path, env }
    return new Promise<{ status: unknown; stdout: string; stderr: string }>((resolve) => {
      const all = [SOURCE, MAIN, 'query', ...args]
      execFile(process.execPath, all, options, (error, stdout, stderr) =>
        resolve({ status: error?.code ?? 0, stdout, stderr }),
      )
    })
  }
  const asked = (...args: string[]) => query(...args, '--url', collector.graphqlUrl)

  it('asks each saved question of a running collector', async () => {
    const { stdout: list } = await query('--list', '--json')
    const names = (JSON.parse(list) as { readonly name: string }[]).map(({ name }) => name)
    expect(names).toContain('inherited-authority')
    for (const name of names) {
      const variables = name === 'by-agent' ? ['--var', 'agent=agent:worker'] : []
      const { status, stdout, stderr } = await asked(name, ...variables, '--csv')
      expect([name, status, stderr]).toEqual([name, 0, ''])
      if (name === 'inherited-authority') expect(stdout).toMatch(/^rule,severity[\s\S]*\r\nD1,4,/)
    }
  })

  it('takes GraphQL and files of it, and says what is wrong with it', async () => {
    const text = '{ findings(first: 1) { ... on FindingConnection { nodes { rule } } } }'
    expect((await asked(text)).stdout).toMatch(/^rule\nD\d+\n$/)
    writeFileSync(at('own.graphql'), text)
    const file = await asked('own.graphql', '--json')
    expect(JSON.parse(file.stdout)).toHaveProperty('findings.nodes')
    expect(await asked('{ nothing }')).toMatchObject({ status: 1, stdout: '' })
    expect(await asked('by-agent')).toMatchObject({ status: 1, stdout: '' })
    for (const wrong of [['open-findings', '--first', '0'], ['mutation { x }'], ['no-such-name']])
      expect(await asked(...wrong)).toMatchObject({ status: 2, stdout: '' })
    const nobody = await query('open-findings', '--url', 'http://127.0.0.1:1/graphql')
    expect(nobody).toMatchObject({ status: 5, stdout: '' })
  })
})

describe('delegraph rules', () => {
  it('prints Sigma headers that are YAML, and says which rule there is not', () => {
    const { status, stdout } = delegraph('rules', '--sigma')
    expect(status).toBe(0)
    const headers = parseAllDocuments(stdout).map((document) => document.toJS())
    expect(headers).toHaveLength(16)
    expect(headers[0]).toMatchObject({
      ...{ title: 'approved-action-inheritance', status: 'test', level: 'high' },
      falsepositives: [expect.any(String)],
    })
    expect(delegraph('rules', 'D1').stdout).toMatch(/^D1 .* review 20\d\d-\d\d-\d\d /)
    expect(delegraph('rules', 'D99').status).toBe(2)
  })
})

describe('delegraph verify-alert', () => {
  const lines = () => readFileSync(at('lake.ndjson'), 'utf8').trim().split('\n')
  // The newest alert is of the finding as it is now.
  const newest = (rule: string) =>
    lines().findLast((text) => text.includes(`"uid":"${rule}"`)) ?? ''

  it('derives the finding of an alert again from what it ships', () => {
    const line = newest('D1')
    writeFileSync(at('alert.json'), line)
    const good = delegraph('verify-alert', 'alert.json', '--trust', trust)
    expect([good.status, good.stdout]).toEqual([0, expect.stringContaining('derived again')])
    // Under the trust of somebody who trusts nobody it follows from nothing.
    writeFileSync(at('nobody.json'), '{"version":"1"}')
    expect(delegraph('verify-alert', 'alert.json', '--trust', 'nobody.json').status).toBe(3)
  })

  it('sees a proof that was changed, of another finding, or that is not there', () => {
    const line = newest('D1')
    const event = JSON.parse(line)
    const { proof } = event.evidences[0].data
    const finding = event.finding_info.uid_alt as string
    const { inline, ...hash } = proof
    // As the export was then: one of now may have evidence that came since.
    writeFileSync(at('case.json'), `${JSON.stringify(inline)}\n`)
    event.evidences[0].data.proof = { ...hash, notInline: 'not set to have it' }
    writeFileSync(at('hash.json'), JSON.stringify(event))
    const without = delegraph('verify-alert', 'hash.json', '--trust', trust)
    expect([without.status, without.stderr]).toEqual([
      1,
      expect.stringContaining(`export ${finding}`),
    ])
    const given = ['verify-alert', 'hash.json', '--trust', trust, '--proof']
    expect(delegraph(...given, 'case.json')).toMatchObject({ status: 0 })
    const other = newest('D5')
    const { uid_alt } = JSON.parse(other).finding_info
    delegraph('export', uid_alt, '--data', data, '--out', 'other.json')
    const swapped = delegraph(...given, 'other.json')
    expect([swapped.status, swapped.stdout]).toEqual([
      3,
      expect.stringContaining('another finding'),
    ])
    expect(delegraph('verify-alert', trust, '--trust', trust).status).toBe(1)
  })
})

describe('delegraph export', () => {
  it('writes open findings as OCSF', () => {
    const conforms = new Ajv({ allErrors: true }).compile(schema)
    const { status, stdout } = delegraph('export', '--ocsf', '--data', data)
    expect(status).toBe(0)
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const event of events) expect([conforms(event), conforms.errors]).toEqual([true, null])
    const listed = delegraph('findings', '--all', '--json', '--limit', '200', '--data', data).stdout
    expect(events).toHaveLength((JSON.parse(listed) as readonly object[]).length)
    expect(delegraph('export', '--ocsf', '--journal', '--data', data).status).toBe(2)
  })

  it('signs a file for handing it over, and sees that it was changed or is by another', () => {
    delegraph('keygen', '--out', 'hand.jwk', '--kid', 'desk')
    delegraph('keygen', '--out', 'mallory.jwk')
    writeFileSync(at('hand.jwks'), delegraph('jwks', 'hand.jwk').stdout)
    writeFileSync(at('mallory.jwks'), delegraph('jwks', 'mallory.jwk').stdout)
    const [event = ''] = readFileSync(at('lake.ndjson'), 'utf8').split('\n')
    const finding = JSON.parse(event).finding_info.uid_alt as string
    const signed = ['export', finding, '--data', data, '--out', 'handed.json', '--sign', 'hand.jwk']
    expect(delegraph(...signed)).toMatchObject({ status: 0, stdout: '' })
    const told = delegraph(...signed, '--json')
    expect([told.status, told.stderr, JSON.parse(told.stdout)]).toEqual([
      ...[0, '', { file: 'handed.json', findings: 1, signature: 'handed.json.jws' }],
    ])
    const verify = (keys: string) =>
      delegraph('verify', 'handed.json', '--trust', trust, '--signed-by', keys)
    expect(verify('hand.jwks')).toMatchObject({
      ...{ status: 0, stdout: expect.stringContaining('derived again') },
      stderr: expect.stringContaining('is what was signed at'),
    })
    expect(verify('mallory.jwks')).toMatchObject({ status: 3, stdout: '' })
    writeFileSync(at('handed.json'), ' ', { flag: 'a' })
    expect(verify('hand.jwks')).toMatchObject({
      ...{ status: 3, stdout: '' },
      stderr: expect.stringContaining('not the file that was signed'),
    })
    rmSync(at('handed.json.jws'))
    expect(verify('hand.jwks').status).toBe(1)
    expect(delegraph('export', finding, '--data', data, '--sign', 'hand.jwk').status).toBe(2)
  })
})

describe('every command', () => {
  it('takes what is not there, what is no JSON and a reader that leaves without a trace or a secret', () => {
    writeFileSync(at('broken.json'), '{"secret-of-somebody": ')
    for (const args of [
      ['verify', 'broken.json', '--trust', trust],
      ['verify', 'case.json', '--trust', 'broken.json'],
      ['verify-alert', 'broken.json', '--trust', trust],
      ['inspect', 'broken.json'],
      ['import', 'broken.json', '--data', 'fresh'],
      ['policy', 'check', 'broken.json'],
      ['policy', 'test', 'broken.json'],
      ['jwks', 'broken.json'],
      ['findings', '--config', 'broken.json'],
      ['query', 'open-findings', '--config', 'broken.json'],
    ]) {
      const { status, stderr, stdout } = delegraph(...args)
      expect([args, status === 0 || status === null]).toEqual([args, false])
      expect(stdout + stderr).not.toContain('secret-of-somebody')
      expect(stderr).not.toMatch(/\n\s+at /)
    }
    const piped = spawnSync(
      'bash',
      [
        '-c',
        `set -o pipefail; "$0" ${SOURCE} "$1" findings --data "$2" --json | head -1`,
        process.execPath,
        MAIN,
        data,
      ],
      { encoding: 'utf8' },
    )
    expect([piped.status, piped.stderr, piped.stdout]).toEqual([0, '', '[\n'])
  })

  it('takes --json', () => {
    const places = JSON.parse(delegraph('completion', 'bash', '--json').stdout) as {
      readonly at: string
      readonly words: readonly { readonly word: string }[]
    }[]
    const leaves = places.filter(
      ({ at: place }) =>
        place !== '' && !places.some(({ at: other }) => other.startsWith(`${place} `)),
    )
    const without = leaves.filter(({ words }) => !words.some(({ word }) => word === '--json'))
    expect(leaves.length).toBeGreaterThan(25)
    expect(without.map(({ at: place }) => place)).toEqual([])
  })
})
