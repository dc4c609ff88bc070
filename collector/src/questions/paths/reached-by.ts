import { type Asking, isMissing, type Missing, type Snapshot, snapshotOf } from '../asking.ts'
import { type Extent, explored } from '../blast-radius/explored.ts'
import { FOLLOWS_ALL, keyOf } from '../blast-radius/ground.ts'
import type { Start } from '../blast-radius/start.ts'
import { beforeEnd } from './backwards.ts'
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
const MAX_TIME = 10_000
/** Rows after which no further start is tried. */
const MAX_ROWS = 40_000

/**
 * Who could reach something: from each agent and principal that a walk backwards finds, the question is asked as it
 * is asked forwards, over what that walk passed, so that both directions give the same answer. Where that is too
 * much to walk it is asked from everybody, those that are near in the graph first, and the answer says where it
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
  const deadline = performance.now() + MAX_TIME
  const before = await beforeEnd(
    to,
    own,
    () => performance.now() > deadline || memory.rows() > MAX_ROWS,
  )
  const { starts, complete } =
    before === undefined ? await startsNear(to, own) : { ...before, complete: true }
  const { follows = FOLLOWS_ALL } = asked
  const towards =
    before === undefined ? asked : { ...asked, follows: { ...follows, within: before.within } }
  const { cappedBy, ...found } = await askedForwards(starts, to, towards, own, () =>
    performance.now() > deadline ? 'time' : memory.rows() > MAX_ROWS ? 'rows' : undefined,
  )
  return {
    snapshot: snapshotOf(asking),
    to,
    ...found,
    cappedBy: [...new Set([...cappedBy, ...(complete ? [] : ['starts'])])].sort(),
  }
}

/** The question from each start, as it is asked forwards, until something says why to stop. */
export async function askedForwards(
  starts: readonly Start[],
  to: End,
  asked: Extent & { readonly inForce: boolean },
  asking: Asking,
  stop: () => string | undefined = () => undefined,
): Promise<Pick<ReachedBy, 'reachers' | 'lookedAt' | 'cappedBy'>> {
  const capped = new Set<string>()
  const reachers: Reacher[] = []
  let lookedAt = 0
  for (const start of starts) {
    const why = stop()
    if (why !== undefined) {
      capped.add(why)
      break
    }
    if (start.kind === to.kind && start.id === to.id) continue
    lookedAt += 1
    const way = await wayFrom(start, to, asked, asking, capped)
    if (way !== undefined) reachers.push({ start, way })
  }
  return { reachers: reachers.sort(openFirst), lookedAt, cappedBy: [...capped] }
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
