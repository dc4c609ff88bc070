import { GRADES } from '@delegraph/graph-schema'
import { LIMITS } from '@delegraph/link'
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
  const links = meter.createObservableGauge('delegraph_recent_links', {
    description: 'The newest 1,000 signed links by depth: 0 is what a principal gave',
  })
  meter.addBatchObservableCallback(
    async (result) => {
      const found = await look()
      for (const [depth, count] of found.depths) result.observe(links, count, { depth })
      for (const grade of GRADES) result.observe(actions, found.grades.get(grade) ?? 0, { grade })
      result.observe(agents, found.signing, { signed: 'yes' })
      result.observe(agents, found.silent, { signed: 'no' })
    },
    [actions, agents, links],
  )
}

async function coverage(store: GraphStore) {
  const newest = { kind: 'Action', where: {}, orderBy: 'at', direction: 'desc' } as const
  const rows = (await store.page({ ...newest, limit: NEWEST })).map(({ columns }) => columns)
  const grades = new Map<unknown, number>()
  for (const { grade } of rows) grades.set(grade, (grades.get(grade) ?? 0) + 1)
  const byAgent = Map.groupBy(rows, ({ agent }) => agent)
  const signing = [...byAgent.values()].filter((own) => own.some(({ grade }) => SIGNED.has(grade)))
  return {
    grades,
    signing: signing.length,
    silent: byAgent.size - signing.length,
    depths: await depthsOf(store),
  }
}

/** A signed link is at most 15 deep, so that the label has few values whatever is sent. */
async function depthsOf(store: GraphStore): Promise<ReadonlyMap<string, number>> {
  const newest = { kind: 'Link', orderBy: 'issuedAt', direction: 'desc', limit: NEWEST } as const
  const rows = await store.page({ ...newest, where: { min: { issuedAt: 0, depth: 0 } } })
  const depths = new Map<string, number>()
  for (const { columns } of rows) {
    const depth = Number(columns['depth'])
    if (depth > LIMITS.depth) continue
    depths.set(String(depth), (depths.get(String(depth)) ?? 0) + 1)
  }
  return depths
}
