import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { prepare } from '@delegraph/example-approval-riding'
import { play } from '@delegraph/example-guarded-server'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'

const MAIN = fileURLToPath(new URL('../../collector/src/cli/main.ts', import.meta.url))

function demo(folder: string, ...flags: string[]) {
  const ports = ['--otlp-port', '0', '--api-port', '0']
  return spawnSync(
    process.execPath,
    [
      ...['--conditions=delegraph-source', MAIN, 'demo', '--once', '--data', folder],
      ...ports,
      ...flags,
    ],
    { encoding: 'utf8' },
  )
}

describe('what npm start plays', () => {
  it('finds the approval that was ridden, the link that was widened and the one that was withdrawn', () => {
    using folder = temporaryFolder()
    const { status, stdout } = demo(folder.path, '--json')
    expect(status).toBe(0)
    const { findings } = JSON.parse(stdout) as {
      readonly findings: readonly { rule: string; pages: boolean; body: { title: string } }[]
    }
    const paging = findings.filter(({ pages }) => pages)
    expect(paging.map(({ rule, body }) => `${rule} ${body.title}`).sort()).toEqual([
      'D1 worker did deploy(env "staging") on an approval that alice gave to planner',
      'D2 planner gave worker more than it held: deploy',
      'D2 worker did deploy(env "staging") on more than planner had to give to worker',
      'D9 planner did deploy(env "staging") on a link that had been withdrawn',
    ])
    // A second start shows what the first one played: no finding more, and the incident drawn first.
    const again = demo(folder.path)
    expect(again.stdout).toMatch(/^Played at an earlier start/)
    expect(again.stdout.match(/FINDING .*/g)).toEqual([expect.stringContaining('on an approval')])
    expect(again.stdout).toContain('And 3 more that wake somebody:')
  })
})

describe('the tool server behind a guard', () => {
  it('signs what it decided, and what its policy would have', async () => {
    using folder = temporaryFolder()
    const { trust, registry, keys } = await prepare(folder.path)
    const config = readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {})
    await using collector = await startCollector({
      config: { ...config, trust, registry },
      env: {},
      logger: pino({ level: 'silent' }),
    })
    await play({ trust, registry, keys }, collector.otlpUrl)
    await collector.settled()
    const query = `{ decisions(first: 10) { ... on DecisionConnection { nodes {
      answer verdict { state } link { delegate { name } }
      evaluation { answer mode policies } actions(first: 2) { nodes { verdict { status { code } } } }
    } } } }`
    const response = await fetch(collector.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query }),
    })
    const decided = (delegate: string, answer: string, policy: string, code: string | null) => ({
      ...{ answer: 'ALLOW', verdict: { state: 'OK' }, link: { delegate: { name: delegate } } },
      evaluation: { answer, mode: 'OBSERVE', policies: [policy] },
      actions: { nodes: [{ verdict: { status: { code } } }] },
    })
    const { data } = (await response.json()) as { data: { decisions: { nodes: unknown[] } } }
    expect(data.decisions.nodes).toHaveLength(3)
    // All were allowed: a policy that is observed refuses nothing, and nobody told the guard of the withdrawal.
    expect(data.decisions.nodes).toEqual(
      expect.arrayContaining([
        decided('planner', 'ALLOW', 'inside-the-grant', null),
        decided('worker', 'DENY', 'deploy-wants-a-yes', null),
        decided('planner', 'DENY', 'deploy-wants-a-yes', 'revoked'),
      ]),
    )
  })
})
