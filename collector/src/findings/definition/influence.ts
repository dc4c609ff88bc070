import { type FlowStep, type Grade, weakerGrade } from '@delegraph/graph-schema'

/** Data that an agent gave away: returned by a call, written to a place, sent to somebody. */
export interface Put {
  /** Keyed hash of the content. */
  readonly data: string
  readonly agent: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly grade: Grade
  /** The call that returned it, and who had asked for that call. */
  readonly action?: string
  readonly askedBy?: readonly string[]
  readonly resource?: string
  readonly task?: string
  readonly session?: string
}

/** Data that came to an agent, or into one call of it. */
export interface Got {
  readonly data: string
  readonly agent: string
  /** Epoch milliseconds. */
  readonly at: number
  readonly grade: Grade
  /** The call that it shaped; absent where it reached the agent alone. */
  readonly action?: string
  readonly resource?: string
  /** Who gave it, by the word of the receiver. */
  readonly from?: string
  readonly task?: string
  readonly session?: string
}

export interface Flows {
  /** Who gave away a content, by its hash. */
  readonly puts: ReadonlyMap<string, readonly Put[]>
  /** What came to an agent, by agent. */
  readonly gots: ReadonlyMap<string, readonly Got[]>
}

/** One agent whose data reached an action. */
export interface Influence {
  readonly agent: string
  /** `drives`: it set an argument or the choice of operation. `reaches`: the actor had got it before. */
  readonly how: 'drives' | 'reaches'
  /** When it was given away, and when it reached the actor or the action; epoch milliseconds. */
  readonly putAt: number
  readonly reachedAt: number
  readonly grade: Grade
  /** Task and session of whoever gave it away. */
  readonly task?: string
  readonly session?: string
  /** The call that returned it, and who had asked for that call. */
  readonly action?: string
  readonly askedBy?: readonly string[]
  /** Where it lay. */
  readonly resource?: string
  /** From the writer to the action. */
  readonly path: readonly FlowStep[]
}

/** The action whose influences are asked for. */
export interface Reached {
  readonly id: string
  readonly agent: string
  /** Epoch milliseconds. */
  readonly at: number
}

/** Hops that a slice goes back, and influences that it gives at most. */
export const SLICE = { depth: 8, size: 200 } as const

/**
 * Whose data reached an action: the backward closure over recorded flows, each hop no later than the
 * one after it. Content that nobody is recorded to have given away influences nothing. The
 * strongest way of each agent, call and place is kept.
 */
export function influencesOn(action: Reached, flows: Flows): Influence[] {
  const found = new Map<string, Influence>()
  const seen = new Set<string>()
  let front: Pending[] = startOf(action, flows)
  for (let depth = 0; depth < SLICE.depth && front.length > 0; depth += 1) {
    const next: Pending[] = []
    for (const pending of front) {
      for (const put of putsOf(pending.got, flows)) {
        if (put.at > pending.got.at || put.action === action.id) continue
        const influence = influenceOf(pending, put)
        const key = JSON.stringify([put.agent, put.action, put.resource, put.task, put.session])
        const known = found.get(key)
        if (known === undefined || isStronger(influence, known)) found.set(key, influence)
        const visited = JSON.stringify([put.agent, put.at, put.action, pending.how])
        if (seen.has(visited) || seen.size > SLICE.size * SLICE.depth) continue
        seen.add(visited)
        next.push(...before(put, pending, influence.path, flows))
      }
    }
    front = next
  }
  return [...found.values()].sort(byTime).slice(0, SLICE.size)
}

interface Pending {
  readonly got: Got
  readonly how: Influence['how']
  /** Absent where it is not known: then it counts from when the content was given away. */
  readonly reachedAt?: number
  readonly grade: Grade
  readonly path: readonly FlowStep[]
}

function startOf(action: Reached, flows: Flows): Pending[] {
  return (flows.gots.get(action.agent) ?? [])
    .filter((got) => got.action === action.id || (got.action === undefined && got.at <= action.at))
    .flatMap((got): Pending[] => {
      if (got.action === undefined) {
        return [{ got, how: 'reaches', grade: got.grade, path: [], reachedAt: got.at }]
      }
      // How it came is told where the agent got it; the call tells that it shaped it.
      const arrivals = arrivalsOf(got, flows)
      const common = { how: 'drives', path: [] } as const
      if (arrivals.length === 0) return [{ ...common, got, grade: got.grade }]
      return arrivals.map((arrival) => ({
        ...common,
        got: { ...arrival, grade: got.grade },
        grade: got.grade,
        reachedAt: arrival.at,
      }))
    })
}

/** When and whence the agent got what shaped its call; nothing where only the call tells of it. */
function arrivalsOf({ data, agent, at }: Got, { gots }: Flows): Got[] {
  return (gots.get(agent) ?? []).filter(
    (got) => got.data === data && got.action === undefined && got.at <= at,
  )
}

/** Who gave the content, and whoever the receiver says it came from. */
function putsOf(got: Got, { puts }: Flows): readonly Put[] {
  const known = (puts.get(got.data) ?? []).filter((put) => put.at <= got.at)
  if (got.from === undefined || known.some(({ agent }) => agent === got.from)) return known
  const { data, at, grade, task, session } = got
  const said: Put = {
    data,
    agent: got.from,
    at,
    grade,
    ...(task === undefined ? {} : { task }),
    ...(session === undefined ? {} : { session }),
  }
  return [...known, said]
}

function influenceOf(pending: Pending, put: Put): Influence {
  const { got, how, reachedAt = put.at } = pending
  const resource = put.resource ?? got.resource
  const place = resource === undefined ? {} : { resource }
  const called = put.action === undefined ? {} : { action: put.action }
  const gave: FlowStep = {
    at: put.at,
    agent: put.agent,
    did: 'gave',
    data: put.data,
    ...place,
    ...called,
  }
  const took: FlowStep = { at: got.at, agent: got.agent, did: 'got', data: got.data, ...place }
  return {
    agent: put.agent,
    how,
    putAt: put.at,
    reachedAt,
    grade: weakest([pending.grade, put.grade]),
    ...place,
    ...called,
    ...(put.askedBy === undefined ? {} : { askedBy: put.askedBy }),
    ...(put.task === undefined ? {} : { task: put.task }),
    ...(put.session === undefined ? {} : { session: put.session }),
    path: [gave, took, ...pending.path],
  }
}

/** What had reached whoever gave the data: into the call that returned it, or to the agent before. */
function before(put: Put, pending: Pending, path: readonly FlowStep[], flows: Flows): Pending[] {
  return (flows.gots.get(put.agent) ?? [])
    .filter((got) => got.at <= put.at && (got.action === undefined || got.action === put.action))
    .map((got) => ({
      got,
      how: pending.how,
      reachedAt: pending.reachedAt ?? put.at,
      grade: weakest([pending.grade, put.grade, got.grade]),
      path,
    }))
}

/** The later one counts: what was approved before it was not approved knowing it. */
function isStronger(a: Influence, b: Influence): boolean {
  if (a.how !== b.how) return a.how === 'drives'
  if (a.reachedAt !== b.reachedAt) return a.reachedAt > b.reachedAt
  return a.path.length < b.path.length
}

/** Where it lay on its way; what one agent says to another lies nowhere. */
export function placesOf({ path }: Influence): string[] {
  return [...new Set(path.flatMap(({ resource }) => resource ?? []))]
}

function byTime(a: Influence, b: Influence): number {
  return a.reachedAt - b.reachedAt || a.putAt - b.putAt || (a.agent < b.agent ? -1 : 1)
}

/** A chain of facts is as good as the weakest of them. */
export function weakest(grades: readonly [Grade, ...Grade[]]): Grade {
  return grades.reduce(weakerGrade)
}
