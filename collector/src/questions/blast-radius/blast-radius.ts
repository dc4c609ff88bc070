import type { EffectClass, GraphNode } from '@delegraph/graph-schema'
import { permits } from '@delegraph/link'
import { callOfNode } from '../../project/action-node.ts'
import { textOf } from '../../project/nodes.ts'
import { limits, list, toolName, who } from '../../verify/words.ts'
import { type Asking, type Missing, type Snapshot, snapshotOf } from '../asking.ts'
import { reachUncovered } from './callable.ts'
import { type Cut, smallestCut } from './choke-points.ts'
import { fixpoint, type Reached } from './fixpoint.ts'
import { expandGiven } from './given.ts'
import {
  type Fact,
  type FactKind,
  Ground,
  keyOf,
  type ReachRule,
  type Row,
  type Step,
} from './ground.ts'
import { expandObserved } from './observed.ts'
import { isReached, type Seen } from './seen.ts'
import { factOfStart, type Start } from './start.ts'

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
  readonly witness: readonly WitnessStep[]
}

export interface WitnessStep {
  readonly kind: string
  readonly id: string
  readonly sentence: string
}

export interface ReachCount {
  readonly rows: number
  readonly exercised: number
  readonly exercisable: number
  readonly agents: number
}

export interface ChokePoint {
  readonly kind: string
  readonly id: string
  readonly cuts: number
  readonly of: number
  readonly sentence: string
}

export interface BlastRadius {
  readonly snapshot: Snapshot
  readonly start: Start
  /** Gravest first: exercised since then, or in force. */
  readonly rows: readonly Reach[]
  readonly granted: ReachCount
  readonly reachable: ReachCount
  readonly chokePoints: readonly ChokePoint[]
  readonly cappedBy: readonly string[]
}

export const MAX_DEPTH = 32
/** Milliseconds after which nothing more is read. */
const MAX_TIME = 8_000

/**
 * What somebody who holds the start could reach, and did reach since then (epoch milliseconds): a least
 * fixpoint over recorded grants and recorded hops. It creates nothing, so it ends; reading is bounded by
 * depth, by rows of each kind and by time, and the answer says which bound was met.
 */
export async function blastRadius(
  start: Start,
  since: number,
  maxDepth: number,
  asking: Asking,
): Promise<BlastRadius | Missing> {
  const ground = new Ground(asking, since)
  const first = await factOfStart(start, ground)
  if (first === undefined) return { missing: `${start.kind} ${start.id}` }
  const seen = await explore(ground, maxDepth)
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
    cappedBy: ground.cappedBy,
  }
}

async function explore(ground: Ground, maxDepth: number): Promise<Seen> {
  const seen: Seen = { acts: new Map(), asked: new Map(), written: new Map() }
  const deadline = performance.now() + MAX_TIME
  for (let depth = 0; ground.hasFresh; depth += 1) {
    if (depth >= maxDepth) ground.capped.add('depth')
    if (performance.now() > deadline) ground.capped.add('time')
    if (depth >= maxDepth || performance.now() > deadline) break
    const fresh = ground.takeFresh()
    await expandGiven(fresh, ground)
    await expandObserved(fresh, ground, seen)
  }
  const rows = [...ground.rows.values()]
  for (const [agent, nodes] of seen.acts) {
    if (!ground.facts.has(keyOf('agent', agent))) continue
    const bare = nodes.filter((node) => !rows.some((row) => covers(row, node)))
    reachUncovered(agent, bare, ground)
  }
  return seen
}

/** Whether an action is a use of a permission, as far as its arguments were disclosed. */
function covers({ agent, tool, map }: Row, node: GraphNode): boolean {
  if (textOf(node, 'agent') !== agent || textOf(node, 'tool') !== tool) return false
  const answer = permits({ [tool]: map }, callOfNode(node))
  return 'unknown' in answer || answer.covered
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

function gravestFirst(a: Reach, b: Reach): number {
  return gravityOf(b) - gravityOf(a) || (keyText(a) < keyText(b) ? -1 : 1)
}

function keyText({ agent, tool, limits: of }: Reach): string {
  return JSON.stringify([agent, tool, of])
}

function told({ to, sentence }: Step, ground: Ground): WitnessStep {
  const fact = ground.facts.get(to)
  return { kind: shown(fact?.kind ?? 'permission'), id: fact?.id ?? to, sentence }
}

/** An agent is one, whatever it was reached with. */
function shown(kind: FactKind): string {
  return kind === 'holder' ? 'agent' : kind
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

const REVOCABLE: ReadonlySet<FactKind> = new Set([
  'link',
  'approval',
  'credential',
  'standing',
  'export',
  'key',
])

/** What parts the start from the gravest permissions in force, in order. */
function chokePoints(start: Fact, rows: readonly Reach[], ground: Ground): ChokePoint[] {
  const gravest = Math.max(0, ...rows.filter(({ exercisable }) => exercisable).map(gravityOf))
  const wanted = rows.filter((row) => row.exercisable && gravityOf(row) === gravest)
  if (wanted.length === 0) return []
  const targets = new Set(
    wanted.map(({ agent, tool, limits: of }) =>
      keyOf('permission', JSON.stringify([agent, tool, ...of])),
    ),
  )
  const steps = [...ground.steps.values()].filter(({ live }) => live)
  const kindOf = (fact: string): FactKind => ground.facts.get(fact)?.kind ?? 'permission'
  const cuts = smallestCut(keyOf(start.kind, start.id), targets, steps, (fact) =>
    REVOCABLE.has(kindOf(fact)),
  )
  const own = REVOCABLE.has(start.kind)
    ? [{ fact: keyOf(start.kind, start.id), cuts: targets.size }]
    : []
  const what = list([...new Set(wanted.map(({ tool }) => toolName(tool)))].slice(0, 3))
  let left = targets.size
  const told = ({ fact, cuts: cut }: Cut, remaining: number): ChokePoint => {
    const { kind, id } = ground.facts.get(fact) ?? start
    const sentence = `${nameOf(kind, id, fact, ground)}: ${remaining} of ${targets.size} of the gravest in force left (${what})`
    return { kind: shown(kind), id, cuts: cut, of: targets.size, sentence }
  }
  return [
    // Whatever hangs on the start goes with it.
    ...own.map((cut) => told(cut, 0)),
    ...cuts.map((cut) => {
      left -= cut.cuts
      return told(cut, left)
    }),
  ]
}

function nameOf(kind: FactKind, id: string, fact: string, ground: Ground): string {
  if (kind === 'standing' || kind === 'export') {
    const [agent = '', tool = ''] = id.split(' ', 2)
    const words = kind === 'standing' ? 'the standing permission for' : 'the export of'
    return `${words} ${toolName(tool)} of ${who(agent)}`
  }
  const into = [...ground.steps.values()].find(({ to }) => to === fact)
  return `${kind} ${id.slice(0, 8)}${into === undefined ? '' : ` (${into.sentence})`}`
}
