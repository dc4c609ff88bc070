import { describe, expect, inject, it } from 'vitest'
import { openNeo4jStore, openSqliteStore } from '../../collector/src/graph/index.ts'
import { startCollectorProcess } from '../harness/collector-process.ts'
import { temporaryFolder, uniqueTenant } from '../harness/own-place.ts'

const KILLS = 20
const neo4j = inject('neo4j')

function span(trace: string, id: string): string {
  const now = `${Date.now()}000000`
  const attribute = (key: string, value: string) => ({ key, value: { stringValue: value } })
  return JSON.stringify({
    resourceSpans: [
      {
        scopeSpans: [
          {
            spans: [
              {
                traceId: trace,
                spanId: id,
                name: 'execute_tool x',
                startTimeUnixNano: now,
                endTimeUnixNano: now,
                attributes: [
                  attribute('delegation.tool', 'https://tools.example.com/mcp#x'),
                  attribute('delegation.agent.id', 'agent:load'),
                ],
              },
            ],
          },
        ],
      },
    ],
  })
}

/** Sends spans until the collector is gone; gives the ids of those that were acknowledged. */
async function load(otlp: string, round: number): Promise<string[]> {
  const acknowledged: string[] = []
  const worker = async (lane: number): Promise<void> => {
    for (let i = 1; ; i += 1) {
      const trace =
        `${round + 1}`.padStart(8, '0') + `${lane + 1}`.padStart(8, '0') + 'a'.repeat(16)
      const id = `${i}`.padStart(16, '0')
      try {
        const response = await fetch(`${otlp}/v1/traces`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: span(trace, id),
        })
        await response.arrayBuffer()
        if (response.status === 200) acknowledged.push(`${trace}-${id}`)
      } catch {
        return
      }
    }
  }
  await Promise.all([0, 1, 2, 3].map(worker))
  return acknowledged
}

interface Setup {
  readonly name: string
  readonly env: Readonly<Record<string, string>>
  open(data: string): ReturnType<typeof openSqliteStore>
}

const tenant = uniqueTenant()
const setups: Setup[] = [
  { name: 'sqlite', env: {}, open: (data) => openSqliteStore({ file: `${data}/graph.sqlite` }) },
  ...(neo4j === null
    ? []
    : [
        {
          name: 'neo4j',
          env: {
            NEO4J_URI: neo4j.uri,
            DELEGRAPH_TENANT: tenant,
            ...(neo4j.user === undefined ? {} : { NEO4J_USER: neo4j.user }),
            ...(neo4j.password === undefined ? {} : { NEO4J_PASSWORD: neo4j.password }),
            ...(neo4j.database === undefined ? {} : { NEO4J_DATABASE: neo4j.database }),
          },
          open: () => openNeo4jStore({ ...neo4j, tenant }),
        },
      ]),
]

describe('a collector that is killed in the middle of a load', () => {
  for (const { name, env, open } of setups) {
    it(`has every acknowledged span after restart, ${KILLS} times over, on ${name}`, async () => {
      using folder = temporaryFolder()
      const acknowledged: string[] = []
      for (let round = 0; round < KILLS; round += 1) {
        const collector = await startCollectorProcess(['--data', folder.path], env)
        const loading = load(collector.otlp, round)
        await new Promise((resolve) => setTimeout(resolve, 60 + ((round * 53) % 170)))
        await collector.kill()
        acknowledged.push(...(await loading))
      }
      // The last start catches up before it says where it listens.
      const collector = await startCollectorProcess(['--data', folder.path], env)
      expect(await collector.stop()).toBe(0)
      await using store = open(folder.path)
      await store.init()
      const found = new Set(
        (await store.find('Action', 'id', acknowledged)).map((node) => node.key),
      )
      expect(acknowledged.length).toBeGreaterThan(KILLS)
      expect(acknowledged.filter((id) => !found.has(id))).toEqual([])
      if (name === 'neo4j') await store.clear()
    }, 420_000)
  }
})
