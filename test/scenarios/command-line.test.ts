import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openSqliteStore } from '../../collector/src/graph/index.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { env, keyOf, STATUS_URI, Story, T0, TOOL, TRUST } from '../harness/story.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))
const AT = '2026-11-23T04:00:00Z'

function delegraph(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=delegraph-source', MAIN, ...args],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1' } },
  )
  return { status, stdout, stderr }
}

const folder = temporaryFolder()
const trust = join(folder.path, 'trust.json')
const story = new Story()
const planner = story.root(
  'agent:planner',
  { [TOOL.deploy]: env('staging'), [TOOL.status]: {} },
  { iat: seconds(AT) - 60, exp: seconds(AT) + 3000 },
)
const worker = story.link(planner, 'agent:worker', { [TOOL.status]: {} }, { iat: seconds(AT) - 30 })

function seconds(text: string): number {
  return Date.parse(text) / 1000
}

function file(name: string, content: string): string {
  const path = join(folder.path, name)
  writeFileSync(path, content)
  return path
}

beforeAll(() => {
  writeFileSync(
    trust,
    JSON.stringify({
      version: '1',
      anchors: TRUST.anchors,
      approvers: TRUST.approvers,
      workloads: TRUST.workloads,
    }),
  )
})
afterAll(() => folder[Symbol.dispose]())

describe('delegraph verify', () => {
  it('draws a chain that holds, says what was not checked, and exits with 0', () => {
    const chain = file('good.json', JSON.stringify({ aat_chain: [planner.text, worker.text] }))
    const { status, stdout } = delegraph('verify', chain, '--trust', trust, '--at', AT)
    expect(status).toBe(0)
    expect(stdout).toContain('alice (principal)')
    expect(stdout).toContain('granted deploy(env = "staging"), status')
    expect(stdout).toContain('worker')
    expect(stdout).toMatch(/not checked: .*revocation/)
  })

  it('exits with 3 for a spliced chain, a missing parent, a forged and an expired one', () => {
    const other = story.root('agent:planner', { [TOOL.status]: {} }, { iat: seconds(AT) - 60 })
    const forged = story.forge(worker, {}, keyOf('mallory'))
    const cases: [string[], string, RegExp][] = [
      [[other.text, worker.text], AT, /par_hash_mismatch/],
      [[worker.text], AT, /chain_incomplete:parent_missing/],
      [[planner.text, forged.text], AT, /signature_invalid/],
      [[planner.text, worker.text], '2026-11-23T08:00:00Z', /expired/],
    ]
    for (const [texts, at, code] of cases) {
      const chain = file('bad.txt', texts.join('\n'))
      const { status, stdout } = delegraph('verify', chain, '--trust', trust, '--at', at)
      expect([status, stdout]).toEqual([3, expect.stringMatching(code)])
    }
  })

  it('gives one JSON object with --json', () => {
    const chain = file('good.txt', `${planner.text}\n${worker.text}\n`)
    const { stdout } = delegraph('verify', chain, '--trust', trust, '--at', AT, '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      outcome: { state: 'ok' },
      links: [{ delegate: 'agent:planner' }, { delegate: 'agent:worker', signature: 'valid' }],
    })
  })

  it('names the link that is missing in a chain with a gap, and judges what is above it', () => {
    const leaf = story.link(
      worker,
      'agent:poster',
      { [TOOL.status]: {} },
      { iat: seconds(AT) - 20 },
    )
    const chain = file('gap.txt', `${planner.text}\n${leaf.text}\n`)
    const { status, stdout } = delegraph('verify', chain, '--trust', trust, '--at', AT)
    expect(status).toBe(3)
    expect(stdout).toMatch(/planner {2}\S+ {2}signature valid {2}ok/)
    expect(stdout).toContain(`the link at depth 1, ${worker.hash.slice(0, 8)}, is not in the file`)
    expect(stdout).toMatch(/poster .* signature unchecked/)
  })

  it('judges a call part by part from its signed texts, in any order', () => {
    const own = new Story()
    const root = own.root('agent:worker', { [TOOL.deploy]: env('staging') })
    const call = own.propose(root, TOOL.deploy, { env: 'staging' })
    const approval = own.approve(root, call)
    own.act(root, TOOL.deploy, { as: call, approvals: [approval] })
    const texts = own.evidence.flatMap((item) => ('text' in item ? [item.text ?? ''] : []))
    const whole = file('case.json', JSON.stringify({ anything: texts.reverse() }))
    const { status, stdout } = delegraph('verify', whole, '--trust', trust)
    expect(status).toBe(0)
    expect(stdout).toMatch(/chain {8}ok\n {4}possession {3}ok\n/)
    expect(stdout).toContain('approval     ok')
    expect(stdout).toContain('alice granted deploy')
    expect(stdout).toMatch(/not checked: .*was used before/)
  })

  it('judges a call by the status list and the workload identity among its texts', () => {
    const agent = 'spiffe://example.org/agent/worker'
    const status = { status_list: { idx: 7, uri: STATUS_URI } }
    const told = (...values: Record<number, number>[]) => {
      const own = new Story()
      const root = own.root(agent, { [TOOL.deploy]: env('staging') }, { status })
      own.act(root, TOOL.deploy, { args: { env: 'staging' } })
      own.attest(agent, keyOf(agent))
      for (const value of values) own.answer(T0, value)
      const texts = own.evidence.flatMap((item) => ('text' in item ? [item.text ?? ''] : []))
      return delegraph('verify', file('listed.txt', texts.join('\n')), '--trust', trust)
    }
    const valid = told({})
    expect(valid.status).toBe(0)
    expect(valid.stdout).toMatch(/statuslist\+jwt +\S+ +ok\n/)
    expect(valid.stdout).toMatch(/wit\+jwt +\S+ +ok\n/)
    expect(valid.stdout).toMatch(/identity {5}ok\n {4}status {7}ok\n/)
    expect(valid.stdout).toMatch(/not checked: .*whether the status list was served from where/)
    const revoked = told({ 7: 1 })
    expect(revoked.status).toBe(3)
    expect(revoked.stdout).toMatch(/status {7}failed:revoked/)
    const unanswered = told()
    expect(unanswered.status).toBe(3)
    expect(unanswered.stdout).toMatch(/status {7}unknown:status_unknown/)
    expect(unanswered.stdout).toMatch(/not checked: .*the status list that the root names/)
  })

  it('fails a call outside its grant, and says in which part', () => {
    const own = new Story()
    const root = own.root('agent:worker', { [TOOL.deploy]: env('staging') })
    own.act(root, TOOL.deploy, { args: { env: 'production' } })
    const texts = own.evidence.flatMap((item) => ('text' in item ? [item.text ?? ''] : []))
    const { status, stdout } = delegraph(
      'verify',
      file('outside.txt', texts.join('\n')),
      '--trust',
      trust,
    )
    expect(status).toBe(3)
    expect(stdout).toMatch(/action {7}failed:scope_not_granted/)
    expect(stdout).toMatch(/chain {8}ok/)
  })

  it('does not believe a receipt whose link is not in the file', () => {
    const own = new Story()
    const root = own.root('agent:worker', { [TOOL.deploy]: env('staging') })
    own.act(root, TOOL.deploy, { args: { env: 'staging' } })
    const receipt = own.evidence.find((item) => item.kind === 'receipt')
    const path = file(
      'receipt.jws',
      receipt !== undefined && 'text' in receipt ? `${receipt.text}` : '',
    )
    const { status, stdout } = delegraph('verify', path, '--trust', trust, '--json')
    expect(status).toBe(3)
    expect(JSON.parse(stdout)).toMatchObject({
      holds: false,
      texts: [{ typ: 'agent-receipt+jwt', outcome: { code: 'key_unavailable' } }],
    })
  })

  it('judges an approval, and one of somebody who may not approve', () => {
    const call = story.propose(planner, TOOL.deploy, { env: 'staging' })
    const good = file('approval.jws', story.approve(planner, call))
    expect(delegraph('verify', good, '--trust', trust).status).toBe(0)
    const nobody = file('nobody.json', JSON.stringify({ version: '1' }))
    const { status, stdout } = delegraph('verify', good, '--trust', nobody)
    expect([status, stdout]).toEqual([3, expect.stringContaining('approver_untrusted')])
  })
})

describe('delegraph inspect', () => {
  it('shows what a text says and that nothing was checked', () => {
    const { status, stdout, stderr } = delegraph('inspect', file('one.jws', worker.text))
    expect(status).toBe(0)
    expect(stdout).toContain('"sub": "person:alice"')
    expect(stderr).toContain('signatures were not checked')
  })

  it('exits with 3 for what cannot be read', () => {
    expect(delegraph('inspect', file('none.txt', 'hello')).status).toBe(3)
  })
})

describe('delegraph keygen', () => {
  it('writes a private key that only its owner reads, prints the public half, never overwrites', () => {
    const path = join(folder.path, 'new.jwk')
    const { status, stdout } = delegraph('keygen', '--out', path, '--alg', 'ES256', '--json')
    expect(status).toBe(0)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    const secret = JSON.parse(readFileSync(path, 'utf8')).d
    expect(JSON.parse(stdout)).toMatchObject({ kty: 'EC', alg: 'ES256' })
    expect(stdout).not.toContain(secret)
    expect(delegraph('keygen', '--out', path).status).toBe(1)
    expect(JSON.parse(readFileSync(path, 'utf8')).d).toBe(secret)
  })
})

describe('every command', () => {
  it('has help, and exits with 2 for words it does not know', () => {
    expect(delegraph('--help')).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('Exit'),
    })
    expect(delegraph('findings', '--fail-on', 'never').status).toBe(2)
    expect(delegraph('nothing').status).toBe(2)
    expect(delegraph('verify').status).toBe(2)
    const config = file('config.json', JSON.stringify({ otlp: { port: 'x' } }))
    const wrong = delegraph('doctor', '--config', config)
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('otlp.port')])
  }, 120_000)

  it('ends quietly where whoever reads its output has seen enough', async () => {
    const child = spawn(process.execPath, ['--conditions=delegraph-source', MAIN, '--help'])
    child.stdout.destroy()
    let stderr = ''
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString()
    })
    const [code] = await once(child, 'close')
    expect([code, stderr]).toEqual([0, ''])
  })

  it('exits with 5 when the graph cannot be reached, without naming its password', () => {
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--conditions=delegraph-source', MAIN, 'findings', '--neo4j', 'bolt://127.0.0.1:1'],
      { encoding: 'utf8', env: { ...process.env, NEO4J_PASSWORD: 'do-not-print' } },
    )
    expect(status).toBe(5)
    expect(stderr).not.toContain('do-not-print')
  })

  it('gives findings as JSON, an empty list where there are none, and none where there is no graph', async () => {
    const data = join(folder.path, 'empty')
    const nowhere = delegraph('findings', '--data', data, '--json')
    expect([nowhere.status, nowhere.stdout]).toEqual([1, ''])
    expect(nowhere.stderr).toContain('there is nothing in')
    mkdirSync(data)
    await using store = openSqliteStore({ file: join(data, 'graph.sqlite') })
    await store.init()
    const { status, stdout } = delegraph('findings', '--data', data, '--json')
    expect([status, JSON.parse(stdout)]).toEqual([0, []])
  })
})
