import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { play, prepare } from '@delegraph/example-approval-riding'
import neo4j from 'neo4j-driver'
import { pino } from 'pino'
import { describe, expect, inject, it } from 'vitest'
import { startCollector } from '../../collector/src/collector.ts'
import { readConfig } from '../../collector/src/config.ts'
import { temporaryFolder } from '../harness/own-place.ts'
import { neo4jPlace } from '../harness/stores.ts'

const FOLDER = fileURLToPath(new URL('../../dashboards/questions', import.meta.url))
const server = inject('neo4j')

type Row = Readonly<Record<string, unknown>>

/** What each question must answer on the demo's incident. */
const EXPECTED: Readonly<Record<string, Row[]>> = {
  'approval-riding.cypher': [
    {
      rider: 'agent:worker',
      tool: 'https://tools.example.com/mcp#deploy',
      approvalGivenTo: 'agent:planner',
      approvedBy: 'person:alice',
      grade: 'proven',
    },
  ],
  'approval-uses.cypher': [1, 2].map(() => ({
    approvedBy: 'person:alice',
    tool: 'https://tools.example.com/mcp#deploy',
    used: 1,
    allowed: 1,
    byAgents: ['agent:worker'],
  })),
  'broken-links.cypher': [],
  'delegations.cypher': [
    { delegator: 'agent:planner', delegate: 'agent:worker', links: 3, deepest: 1 },
  ],
  'granted-and-unused.cypher': [
    { agent: 'agent:planner', tool: 'https://tools.example.com/mcp#deploy', links: 3 },
    { agent: 'agent:worker', tool: 'https://tools.example.com/mcp#status', links: 2 },
  ],
  'open-findings.cypher': [
    { rule: 'D1', severity: 4, open: 1 },
    { rule: 'D5', severity: 4, open: 1 },
    { rule: 'D8', severity: 4, open: 1 },
    { rule: 'D8', severity: 2, open: 5 },
  ],
  'chain-of-action.cypher': [
    { depth: 0, heldBy: 'agent:planner', verdict: 'ok', signature: 'valid' },
    { depth: 1, heldBy: 'agent:worker', verdict: 'ok', signature: 'valid' },
  ],
  'whose-yes.cypher': [
    { rule: 'D1', severity: 4, whoseYes: 'person:alice', ownerToCall: 'person:alice' },
  ],
  'unproven-agents.cypher': [
    { agent: 'agent:planner', actions: 3, proven: 3, withoutProof: 0 },
    { agent: 'agent:worker', actions: 3, proven: 3, withoutProof: 0 },
  ],
}

/** What each names its columns: saved views and scripts rely on it. */
const COLUMNS: Readonly<Record<string, string[]>> = {
  'approval-riding.cypher': ['rider', 'tool', 'approvalGivenTo', 'approvedBy', 'grade', 'at'],
  'approval-uses.cypher': ['approval', 'approvedBy', 'tool', 'used', 'allowed', 'byAgents'],
  'broken-links.cypher': ['why', 'links', 'heldBy'],
  'chain-of-action.cypher': ['finding', 'depth', 'heldBy', 'verdict', 'signature', 'granted'],
  'delegations.cypher': ['delegator', 'delegate', 'links', 'deepest'],
  'granted-and-unused.cypher': ['agent', 'tool', 'links'],
  'open-findings.cypher': ['rule', 'severity', 'open', 'oldest'],
  'unproven-agents.cypher': ['agent', 'actions', 'proven', 'withoutProof'],
  'whose-yes.cypher': ['rule', 'severity', 'finding', 'whoseYes', 'ownerToCall'],
}

describe('the saved questions', () => {
  it('are all listed with what they must answer', () => {
    expect(readdirSync(FOLDER).sort()).toEqual(Object.keys(EXPECTED).sort())
  })

  it.runIf(server !== null)(
    'answer on the incident, on a real Neo4j',
    async () => {
      if (server === null) return
      using folder = temporaryFolder()
      const prepared = await prepare(join(folder.path, 'demo'))
      const { uri, user, password } = server
      const { store, env } = neo4jPlace(server)
      const config = {
        ...readConfig({ data: folder.path, otlpPort: '0', apiPort: '0' }, {}),
        trust: prepared.trust,
        registry: prepared.registry,
        store,
      }
      await using collector = await startCollector({
        config,
        env,
        logger: pino({ level: 'silent' }),
      })
      await play(prepared, collector.otlpUrl)
      await collector.settled()
      const auth = password === undefined ? undefined : neo4j.auth.basic(user ?? 'neo4j', password)
      await using driver = neo4j.driver(uri, auth, { disableLosslessIntegers: true })
      const answers: Record<string, Row[]> = {}
      for (const file of Object.keys(EXPECTED)) {
        // The questions know nothing of tenants; this run keeps its graph apart from its neighbours'.
        const question = readFileSync(join(FOLDER, file), 'utf8').replace(
          /\((\w+):(Action|Finding|Link|Approval)( \{| ?\))/g,
          (_, name, label, rest) =>
            rest.includes('{')
              ? `(${name}:${label} {tenant: $tenant, `
              : `(${name}:${label} {tenant: $tenant})`,
        )
        const { records, keys } = await driver.executeQuery(question, { tenant: store.tenant })
        expect([...keys], file).toEqual(COLUMNS[file])
        answers[file] = records.map((record) => record.toObject())
      }
      expect(answers).toMatchObject(EXPECTED)
      await collector.store.clear()
    },
    180_000,
  )
})
