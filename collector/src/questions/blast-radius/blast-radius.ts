import type { EffectClass, GraphNode } from '@delegraph/graph-schema'
import { textOf } from '../../project/nodes.ts'
import { limits } from '../../verify/words.ts'
import type { Zone } from '../../zones/zones.ts'
import { type Asking, isMissing, type Missing, type Snapshot, snapshotOf } from '../asking.ts'
import { covers, type Extent, explored } from './explored.ts'
import { fixpoint, type Reached } from './fixpoint.ts'
import { type Fact, type Ground, keyOf, type ReachRule, type Row } from './ground.ts'
import { isReached, type Seen } from './seen.ts'
import type { Start } from './start.ts'
import { type ChokePoint, chokePointsTo, told, toolsIn, type WitnessStep } from './take-back.ts'

/** One permission that can be reached, and how. */
export interface Reach extends Row {
  readonly limits: readonly string[]
  readonly resource?: string
  readonly rule: ReachRule
  readonly decided: boolean
  /** 1 read to 4 irreversible; absent where nobody classified the tool. */
  readonly effectClass?: number
  readonly exercised: boolean
  readonly exercisable: boolean
  /** By the rule `given` alone. */
  readonly granted: { readonly exercised: boolean; readonly exercisable: boolean }
  readonly lastAction?: GraphNode
  /** The gravest first. */
  readonly zones: readonly Zone[]
  readonly witness: readonly WitnessStep[]
}

export interface ReachCount {
  readonly rows: number
  readonly exercised: number
  readonly exercisable: number
  readonly agents: number
}

/** What is reached of one zone. */
export interface ZoneReach {
  readonly zone: Zone
  readonly count: ReachCount
  readonly chokePoints: readonly ChokePoint[]
}

export interface BlastRadius {
  readonly snapshot: Snapshot
  readonly start: Start
  /** Gravest first: exercised since then, or in force. */
  readonly rows: readonly Reach[]
  readonly granted: ReachCount
  readonly reachable: ReachCount
  readonly chokePoints: readonly ChokePoint[]
  /** The gravest first. */
  readonly byZone: readonly ZoneReach[]
  readonly cappedBy: readonly string[]
}

/**
 * What somebody who holds the start could reach, and did reach since then (epoch milliseconds): a least
 * fixpoint over recorded grants and recorded hops. It creates nothing, so it ends; reading is bounded by
 * depth, by rows of each kind and by time, and the answer says which bound was met.
 */
export async function blastRadius(
  start: Start,
  extent: Extent,
  asking: Asking,
): Promise<BlastRadius | Missing> {
  const found = await explored(start, extent, asking)
  if (isMissing(found)) return found
  const { ground, first, seen } = found
  const reached = fixpoint(keyOf(first.kind, first.id), [...ground.steps.values()])
  const rows = [...ground.rows]
    .flatMap(([key, row]) => rowOf(row, reached.get(key), seen, ground))
    .sort(gravestFirst)
  return {
    snapshot: snapshotOf(asking),
    start,
    rows,
    granted: countOf(rows, ({ granted }) => granted),
    reachable: countOf(rows, (row) => row),
    chokePoints: chokePoints(first, rows, ground),
    byZone: zonesReached(first, rows, ground),
    cappedBy: ground.cappedBy,
  }
}

function rowOf(row: Row, reached: Reached | undefined, { acts }: Seen, ground: Ground): Reach[] {
  if (reached === undefined) return []
  const uses = (acts.get(row.agent) ?? []).filter(
    (node) => covers(row, node) && isReached(node, ground),
  )
  const [lastAction] = uses
  const exercised = lastAction !== undefined
  const exercisable = reached.liveRule !== undefined
  // A grant that is over and that nobody used reached nothing.
  if (!exercised && !exercisable) return []
  const effect = ground.asking.registry.effect(row.tool)
  const resource = lastAction === undefined ? undefined : textOf(lastAction, 'resource')
  return [
    {
      ...row,
      limits: limits(row.map),
      rule: reached.liveRule ?? reached.rule,
      decided: reached.decided,
      exercised,
      exercisable,
      granted: {
        exercised: exercised && reached.rule === 'given',
        exercisable: reached.liveRule === 'given',
      },
      zones: ground.asking.zones.of(row.tool, resource),
      witness: reached.witness.map((step) => told(step, ground)),
      ...(effect === undefined ? {} : { effectClass: CLASSES[effect] }),
      ...(lastAction === undefined ? {} : { lastAction }),
      ...(resource === undefined ? {} : { resource }),
    },
  ]
}

const CLASSES: Readonly<Record<EffectClass, number>> = {
  read: 1,
  sensitive_read: 2,
  write: 3,
  critical: 4,
}
/** What nobody classified counts as a write. */
const UNCLASSIFIED = 3

export function gravityOf({ effectClass }: Pick<Reach, 'effectClass'>): number {
  return effectClass ?? UNCLASSIFIED
}

/** 0 where it is in no zone. */
function criticalityOf({ zones }: Reach): number {
  return zones[0]?.criticality ?? 0
}

/** What is in the gravest zone, then what does most. */
function gravestFirst(a: Reach, b: Reach): number {
  return (
    criticalityOf(b) - criticalityOf(a) ||
    gravityOf(b) - gravityOf(a) ||
    (keyText(a) < keyText(b) ? -1 : 1)
  )
}

function keyText({ agent, tool, limits: of }: Reach): string {
  return JSON.stringify([agent, tool, of])
}

function countOf(
  rows: readonly Reach[],
  of: (row: Reach) => { readonly exercised: boolean; readonly exercisable: boolean },
): ReachCount {
  const counted = rows.filter((row) => of(row).exercised || of(row).exercisable)
  return {
    rows: counted.length,
    exercised: counted.filter((row) => of(row).exercised).length,
    exercisable: counted.filter((row) => of(row).exercisable).length,
    agents: new Set(counted.map(({ agent }) => agent)).size,
  }
}

/** What parts the start from the gravest permissions in force, in order. */
function chokePoints(start: Fact, rows: readonly Reach[], ground: Ground): ChokePoint[] {
  const gravest = Math.max(0, ...rows.filter(({ exercisable }) => exercisable).map(gravityOf))
  const wanted = rows.filter((row) => row.exercisable && gravityOf(row) === gravest)
  const what = toolsIn(wanted)
  return chokePointsTo(
    ...([start, wanted, ground] as const),
    (_, left, of) => `then ${left} of the ${of} gravest in force are left (${what})`,
  )
}

/** What is reached of each zone, and what to take back to cut it off; zones of which nothing is are left out. */
function zonesReached(start: Fact, rows: readonly Reach[], ground: Ground): ZoneReach[] {
  return ground.asking.zones.all.flatMap((zone): ZoneReach[] => {
    const own = rows.filter(({ zones }) => zones.some(({ name }) => name === zone.name))
    if (own.length === 0) return []
    const open = own.filter(({ exercisable }) => exercisable)
    const words = (cuts: number, _: number, of: number): string =>
      `cuts off ${cuts} of ${of} in force in the zone ${zone.name}`
    return [
      {
        zone,
        count: countOf(own, (row) => row),
        chokePoints: chokePointsTo(start, open, ground, words),
      },
    ]
  })
}
