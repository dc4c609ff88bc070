import { type Asking, isMissing, type Missing, type Snapshot, snapshotOf } from '../asking.ts'
import { type Extent, explored } from '../blast-radius/explored.ts'
import { keyOf } from '../blast-radius/ground.ts'
import type { Start } from '../blast-radius/start.ts'
import { startsNear } from './candidates.ts'
import { type End, factsAt, isKnownEnd } from './ends.ts'
import { type Way, wayOf } from './paths.ts'
import { rememberingStore } from './remembering-store.ts'
import { shortestWays } from './ways.ts'

/** Somebody who could reach it, and the shortest way. */
export interface Reacher {
  readonly start: Start
  readonly way: Way
}

export interface ReachedBy {
  readonly snapshot: Snapshot
  readonly to: End
  /** By what is in force before what is over, granted before inherited, then the shortest. */
  readonly reachers: readonly Reacher[]
  /** Agents and principals from which ways were looked for. */
  readonly lookedAt: number
  readonly cappedBy: readonly string[]
}

/** Milliseconds after which no further start is tried. */
const MAX_TIME = 6_000
/** Rows after which no further start is tried. */
const MAX_ROWS = 40_000

/**
 * Who could reach something: from each agent and principal the question is asked as it is asked forwards, so that
 * both directions give the same answer. Those that are near in the graph come first, and the answer says where it
 * ended before all were tried.
 */
export async function reachedBy(
  to: End,
  asked: Extent & { readonly inForce: boolean },
  asking: Asking,
): Promise<ReachedBy | Missing> {
  if (!(await isKnownEnd(to, asking))) return { missing: `${to.kind} ${to.id}` }
  const memory = rememberingStore(asking.store)
  const own: Asking = { ...asking, store: memory.store }
  const { starts, complete } = await startsNear(to, own)
  const capped = new Set<string>(complete ? [] : ['starts'])
  const deadline = performance.now() + MAX_TIME
  const reachers: Reacher[] = []
  let lookedAt = 0
  for (const start of starts) {
    const stop =
      performance.now() > deadline ? 'time' : memory.rows() > MAX_ROWS ? 'rows' : undefined
    if (stop !== undefined) {
      capped.add(stop)
      break
    }
    if (start.kind === to.kind && start.id === to.id) continue
    lookedAt += 1
    const way = await wayFrom(start, to, asked, own, capped)
    if (way !== undefined) reachers.push({ start, way })
  }
  return {
    snapshot: snapshotOf(asking),
    to,
    reachers: reachers.sort(openFirst),
    lookedAt,
    cappedBy: [...capped].sort(),
  }
}

async function wayFrom(
  start: Start,
  to: End,
  asked: Extent & { readonly inForce: boolean },
  asking: Asking,
  capped: Set<string>,
): Promise<Way | undefined> {
  const found = await explored(start, asked, asking)
  if (isMissing(found)) return undefined
  const { ground, first } = found
  for (const cap of ground.cappedBy) capped.add(cap)
  const all = [...ground.steps.values()]
  const targets = factsAt(to, ground)
  // What is in force is told before what is over, and what was granted before what inheritance adds.
  const tries = [
    all.filter(({ live, rule }) => live && rule === 'given'),
    all.filter(({ live }) => live),
    ...(asked.inForce ? [] : [all]),
  ]
  for (const steps of tries) {
    const [way] = shortestWays(keyOf(first.kind, first.id), targets, steps, 1).ways
    if (way !== undefined) return wayOf(way, ground)
  }
  return undefined
}

function openFirst(a: Reacher, b: Reacher): number {
  return (
    Number(b.way.inForce) - Number(a.way.inForce) ||
    Number(b.way.rule === 'given') - Number(a.way.rule === 'given') ||
    a.way.steps.length - b.way.steps.length ||
    (keyText(a) < keyText(b) ? -1 : 1)
  )
}

function keyText({ start: { kind, id } }: Reacher): string {
  return `${kind} ${id}`
}
