import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'
import { play, prepare } from '@delegraph/example-approval-riding'
import { pino } from 'pino'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { decisionsOf } from '../../collector/src/alerts/decided.ts'
import { securityControl } from '../../collector/src/alerts/kinds/ocsf-security-control.ts'
import { ask as askServer } from '../../collector/src/api/test-server.ts'
import { main } from '../../collector/src/cli/main.ts'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { type Governed, RESOURCE, STRICT, serveGoverned } from '../harness/governed.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { storePlaces } from '../harness/stores.ts'

const ALL = '@id("all") permit(principal, action, resource);'
const NONE = '@id("none") forbid(principal, action, resource);'

type Row = Readonly<Record<string, unknown>>

describe.each(storePlaces())('a service with a policy, graph in $name', (place) => {
  let governed: Governed
  beforeAll(async () => {
    governed = await serveGoverned(place)
    const strict = { source: STRICT }
    expect(await governed.call('deploy', strict)).toBe(200)
    expect(await governed.call('drop', strict)).toBe(403)
    expect(await governed.call('count', strict)).toBe(403)
    // What is only observed refuses nothing; what was tried before it was enforced.
    expect(await governed.call('drop', { source: STRICT, mode: 'observe' })).toBe(200)
    await governed.told()
  })
  afterAll(async () => {
    if (place.store.kind === 'neo4j') await governed.collector.store.clear()
    await governed[Symbol.asyncDispose]()
  })

  const ask = async (query: string, variables: object = {}): Promise<Row> => {
    const { data, errors } = await askServer({ url: governed.collector.graphqlUrl }, query, {
      ...variables,
    })
    expect(errors).toEqual([])
    return data as Row
  }
  const decisions = async (filter: object): Promise<readonly Row[]> => {
    const { decisions: page } = await ask(
      `query ($filter: DecisionFilter) { decisions(filter: $filter) { ... on DecisionConnection { nodes {
        answer tool service policyHash requestHash signature
        evaluation { mode answer policies errors { code policy } latency engine }
        action { effect verdict { decision { state code } } } } } } }`,
      { filter },
    )
    return (page as { readonly nodes: readonly Row[] }).nodes
  }

  it('signs what its policy said, and the collector tells it and finds it', async () => {
    const all = await decisions({})
    expect(all).toHaveLength(4)
    expect(new Set(all.map(({ policyHash }) => policyHash)).size).toBe(1)
    for (const one of all)
      expect(one).toMatchObject({
        service: RESOURCE,
        requestHash: expect.stringMatching(/^[\w-]{43}$/),
        signature: 'VALID',
        evaluation: { engine: 'cedar/4.13.0', latency: expect.any(Number) },
      })
    expect(await decisions({ answer: ['DENY'], errored: false })).toMatchObject([
      {
        tool: `${RESOURCE}#drop`,
        evaluation: {
          mode: 'ENFORCE',
          answer: 'DENY',
          policies: ['nothing-is-dropped'],
          errors: [],
        },
        action: { effect: 'DENIED', verdict: { decision: { code: 'decision_denied' } } },
      },
    ])
    expect(await decisions({ errored: true })).toMatchObject([
      {
        ...{ answer: 'DENY', tool: `${RESOURCE}#count` },
        evaluation: {
          ...{ answer: 'DENY', policies: [] },
          errors: [{ code: 'EVALUATION', policy: 'overflows' }],
        },
      },
    ])
    expect(await decisions({ policyMode: ['OBSERVE'], policyAnswer: ['DENY'] })).toMatchObject([
      { answer: 'ALLOW', tool: `${RESOURCE}#drop`, action: { effect: 'OK' } },
    ])
    const [first] = all
    expect(await decisions({ policyHash: [first?.['policyHash']] })).toHaveLength(4)
    expect(await decisions({ policyHash: ['another'] })).toEqual([])
  })

  it('is told of with the findings of the call', async () => {
    const { store } = governed.collector
    const actions = await store.page({
      ...{ kind: 'Action', where: {}, orderBy: 'at', direction: 'asc', limit: 10 },
    })
    const told = await Promise.all(actions.map(({ key }) => decisionsOf({ action: key }, store)))
    const said = told.flatMap((decisions) => {
      const { action, policy } = Object(securityControl(decisions))
      return action === undefined ? [] : [[action, policy.name ?? '', policy.is_applied]]
    })
    expect(said.toSorted()).toEqual([
      ['Allowed', 'all', true],
      ['Denied', '', true],
      ['Denied', 'nothing-is-dropped', true],
      ['Observed', 'nothing-is-dropped', false],
    ])
    expect(await decisionsOf({}, store)).toEqual([])
  })

  it('is tried with another policy over what it decided', async () => {
    const replay = async (draft: string) => {
      const { policyReplay } = await ask(
        `query ($draft: String!) { policyReplay(draft: $draft) { ... on PolicyReplay {
          same allowToDeny denyToAllow errored unknown
          calls { nodes { tool before after change by policies missing } } } } }`,
        { draft },
      )
      return policyReplay as Row & { readonly calls: { readonly nodes: readonly Row[] } }
    }
    // What its policy alone had refused would be let through, and the rest stays.
    expect(await replay(ALL)).toMatchObject({ same: 2, denyToAllow: 2, allowToDeny: 0, unknown: 0 })
    expect(await replay(`${ALL} ${NONE}`)).toMatchObject({
      same: 2,
      allowToDeny: 2,
      denyToAllow: 0,
    })
    // Its own policy says again what it said, and what it only observed would now be a refusal.
    expect(await replay(STRICT)).toMatchObject({ same: 2, allowToDeny: 1, errored: 1, unknown: 0 })
  })
})

describe('delegraph policy', () => {
  const folder = temporaryFolder()
  const example = fileURLToPath(new URL('../../examples/approval-riding/', import.meta.url))
  beforeAll(async () => {
    const prepared = await prepare(join(folder.path, 'demo'))
    await using collector = await startCollector({
      config: {
        ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
        ...{ trust: prepared.trust, registry: prepared.registry },
      },
      env: {},
      logger: pino({ level: 'silent' }),
    })
    await play(prepared, collector.otlpUrl)
    await collector.settled()
  })
  afterAll(() => folder[Symbol.dispose]())

  const delegraph = async (...args: string[]) => {
    const said = { stdout: '', stderr: '' }
    const keep = (name: keyof typeof said) =>
      vi.spyOn(process[name], 'write').mockImplementation((text) => {
        said[name] += stripVTControlCharacters(String(text))
        return true
      })
    const spies = [keep('stdout'), keep('stderr')]
    const code = await main(['policy', ...args])
    for (const spy of spies) spy.mockRestore()
    return { code, ...said }
  }
  const file = (name: string, text: string): string => {
    const path = join(folder.path, name)
    writeFileSync(path, text)
    return path
  }

  it('check says that a policy can be used, or by line and column why not', async () => {
    const good = await delegraph('check', join(example, 'policy.cedar'))
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('4 policies, set ') })
    const wrong = file(
      'wrong.cedar',
      `\n${ALL}\n\n  permit(principal, action, resource) when { 1 };`,
    )
    const { code, stdout } = await delegraph('check', wrong)
    expect(code).toBe(3)
    expect(stdout).toMatch(/wrong\.cedar:4:46 error type policy1: /)
    const json = await delegraph('check', wrong, '--json')
    expect(json.code).toBe(3)
    expect(JSON.parse(json.stdout)).toMatchObject({ slips: [{ line: 4, code: 'type' }] })
    expect((await delegraph('check', join(folder.path, 'nowhere'))).code).toBe(1)
  })

  it('test compares answers with what was expected, and exits with 3 where one differs', async () => {
    const good = await delegraph('test', join(example, 'policy.test.json'))
    expect(good).toMatchObject({ code: 0, stdout: expect.stringContaining('7 of 7 as expected') })
    file('all.cedar', ALL)
    const cases = [
      { name: 'yes', expect: 'allow', policies: ['all'] },
      { name: 'no', expect: 'deny' },
    ]
    const given = { tool: 'x', chain: {} }
    const tests = file('t.json', JSON.stringify({ policy: 'all.cedar', given, cases }))
    const failed = await delegraph('test', tests)
    expect(failed.code).toBe(3)
    expect(failed.stdout).toMatch(/ok +yes\nnot ok +no: expected deny, got allow by all\n1 of 2/)
    const bad = file('bad.json', JSON.stringify({ policy: 'all.cedar', cases: [{ name: 'x' }] }))
    expect(await delegraph('test', bad)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('cases.0.expect'),
    })
    expect((await delegraph('test', file('none.json', '{'))).code).toBe(2)
  })

  it('replay shows that the policy of the example would have denied its incident', async () => {
    const policy = join(example, 'policy.cedar')
    const { code, stdout } = await delegraph('replay', policy, '--data', folder.path)
    expect(code).toBe(0)
    expect(stdout).toContain('worker, deploy: was allowed, would be denied by no-borrowed-approval')
    const failing = await delegraph(
      ...['replay', policy, '--data', folder.path, '--json', '--fail-on-change'],
    )
    expect(failing.code).toBe(4)
    const answer = JSON.parse(failing.stdout)
    expect(answer).toMatchObject({ counts: { allow_to_deny: 2, errored: 0, unknown: 0 } })
    expect(answer.calls).toHaveLength(6)
    const one = await delegraph('replay', policy, '--data', folder.path, '--last', '1')
    expect(one.stdout).toContain('capped')
    const none = await delegraph('replay', file('x.cedar', 'permit'), '--data', folder.path)
    expect(none).toMatchObject({ code: 3, stdout: '' })
    const tooMany = await delegraph('replay', policy, '--data', folder.path, '--last', '2001')
    expect(tooMany.code).toBe(2)
  })

  it('replay compares two files', async () => {
    const policy = join(example, 'policy.cedar')
    const all = file('all.cedar', ALL)
    const { code, stdout } = await delegraph(
      'replay',
      policy,
      '--against',
      all,
      '--data',
      folder.path,
    )
    expect(code).toBe(0)
    expect(stdout).toContain('policies: 4 added, 1 removed, 0 changed')
  })
})
