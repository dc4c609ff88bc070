import { GRADES } from '@delegraph/graph-schema'
import type { Meter } from '@opentelemetry/api'
import type { GraphStore } from '../graph/index.ts'
import { atMostEvery } from './at-most-every.ts'

/** How many of the newest actions are looked at. */
const NEWEST = 1_000
/** Grades that a signature of the agent or of its delegator stands behind. */
const SIGNED: ReadonlySet<unknown> = new Set(['proven', 'signed'])

/** How much of what agents do lately is signed for. */
export function coverageMetrics(meter: Meter, store: GraphStore): void {
  const look = atMostEvery(() => coverage(store))
  const actions = meter.createObservableGauge('delegraph_recent_actions', {
    description:
      'The newest 1,000 actions by grade of evidence; observed is an agent that nobody instrumented',
  })
  const agents = meter.createObservableGauge('delegraph_recent_agents', {
    description: 'The agents of these actions, by whether any of their actions is signed for',
  })
  meter.addBatchObservableCallback(
    async (result) => {
      const found = await look()
      for (const grade of GRADES) result.observe(actions, found.grades.get(grade) ?? 0, { grade })
      result.observe(agents, found.signing, { signed: 'yes' })
      result.observe(agents, found.silent, { signed: 'no' })
    },
    [actions, agents],
  )
}

async function coverage(store: GraphStore) {
  const newest = { kind: 'Action', where: {}, orderBy: 'at', direction: 'desc' } as const
  const rows = (await store.page({ ...newest, limit: NEWEST })).map(({ columns }) => columns)
  const grades = new Map<unknown, number>()
  for (const { grade } of rows) grades.set(grade, (grades.get(grade) ?? 0) + 1)
  const byAgent = Map.groupBy(rows, ({ agent }) => agent)
  const signing = [...byAgent.values()].filter((own) => own.some(({ grade }) => SIGNED.has(grade)))
  return { grades, signing: signing.length, silent: byAgent.size - signing.length }
}
