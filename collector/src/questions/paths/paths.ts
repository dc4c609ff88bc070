import { type Asking, isMissing, type Missing, type Snapshot, snapshotOf } from '../asking.ts'
import { type Extent, explored } from '../blast-radius/explored.ts'
import {
  type Ground,
  keyOf,
  REACH_RULES,
  type ReachRule,
  type Step,
} from '../blast-radius/ground.ts'
import type { Start } from '../blast-radius/start.ts'
import {
  type ChokePoint,
  chokePointsBefore,
  told,
  type WitnessStep,
} from '../blast-radius/take-back.ts'
import { type End, factsAt, isKnownEnd } from './ends.ts'
import { shortestWays } from './ways.ts'

/** One way, and what it takes to go it. */
export interface Way {
  /** The least of the rules that is needed. */
  readonly rule: ReachRule
  /** Every step of it holds. */
  readonly inForce: boolean
  /** An independent decision lies on it. */
  readonly decided: boolean
  readonly steps: readonly WitnessStep[]
}

export interface Paths {
  readonly snapshot: Snapshot
  readonly start: Start
  readonly to: End
  /** The shortest first. */
  readonly paths: readonly Way[]
  readonly complete: boolean
  /** What to take back, in order, so that as few ways in force as can be are left. */
  readonly chokePoints: readonly ChokePoint[]
  readonly cappedBy: readonly string[]
}

export interface Asked extends Extent {
  /** Ways that are told at most. */
  readonly most: number
  /** Only steps that hold at the instant that is asked of. */
  readonly inForce: boolean
}

export const MAX_WAYS = 50
/** Milliseconds in which ways are looked for once everything is read. */
const MAX_SEARCH = 2_000

/** The ways from what somebody holds to something, over recorded grants and recorded hops. */
export async function paths(
  start: Start,
  to: End,
  asked: Asked,
  asking: Asking,
): Promise<Paths | Missing> {
  if (!(await isKnownEnd(to, asking))) return { missing: `${to.kind} ${to.id}` }
  const found = await explored(start, asked, asking)
  if (isMissing(found)) return found
  const { ground, first } = found
  const own = keyOf(first.kind, first.id)
  const targets = factsAt(to, ground)
  targets.delete(own)
  const steps = [...ground.steps.values()].filter(({ live }) => live || !asked.inForce)
  const deadline = performance.now() + MAX_SEARCH
  const { ways, complete, late } = shortestWays(own, targets, steps, asked.most, deadline)
  if (late) ground.capped.add('time')
  return {
    snapshot: snapshotOf(asking),
    start,
    to,
    paths: ways.map((way) => wayOf(way, ground)),
    complete,
    chokePoints: chokePointsBefore(first, targets, ground, (_, left, of) =>
      left === 0
        ? 'no way in force is left'
        : `${left} of ${of} places at which it arrives are still reached`,
    ),
    cappedBy: ground.cappedBy,
  }
}

export function wayOf(steps: readonly Step[], ground: Ground): Way {
  const rules = steps.map(({ rule }) => REACH_RULES.indexOf(rule))
  return {
    rule: REACH_RULES[Math.max(0, ...rules)] ?? 'given',
    inForce: steps.every(({ live }) => live),
    decided: steps.some(({ decided }) => decided),
    steps: steps.map((step) => told(step, ground)),
  }
}
