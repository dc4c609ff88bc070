import type { ArgumentMap } from '@delegraph/link'
import { distinct } from '../../project/nodes.ts'
import { limits } from '../../verify/words.ts'
import type { Asking } from '../asking.ts'
import { boundedStore } from '../bounded.ts'

export const REACH_RULES = ['given', 'callable', 'stateful', 'control'] as const
export type ReachRule = (typeof REACH_RULES)[number]

/**
 * What a start can reach. An `agent` is reached with all that it has; a `holder` with one artefact of its
 * own; by a `call` an agent that acts on its standing permission.
 */
export type FactKind =
  | 'agent'
  | 'holder'
  | 'call'
  | 'link'
  | 'approval'
  | 'credential'
  | 'standing'
  | 'export'
  | 'resource'
  | 'key'
  | 'principal'
  | 'permission'

export interface Fact {
  readonly kind: FactKind
  readonly id: string
}

/** One premise and what follows from it: every fact is derived from a single other one. */
export interface Step {
  readonly from: string
  readonly to: string
  readonly rule: ReachRule
  /** It holds at the instant that is asked of, and not only some time before. */
  readonly live: boolean
  /** An independent decision lies on it. */
  readonly decided: boolean
  readonly sentence: string
}

/** A permission in the hands of an agent. */
export interface Row {
  readonly agent: string
  readonly tool: string
  readonly map: ArgumentMap
  readonly principal?: string
  /** NumericDate. */
  readonly from?: number
  readonly until?: number
}

/** Which ways are followed: by which rules, and through which facts not. */
export interface Follows {
  readonly rules: ReadonlySet<ReachRule>
  /** Keys of facts that are not passed through. */
  readonly avoid: ReadonlySet<string>
  /** Agents through whose hands nothing passes. */
  readonly without: ReadonlySet<string>
  /** Tools that are not used on the way. */
  readonly tools: ReadonlySet<string>
  /** Everything where it is absent. */
  readonly within?: Within
}

/** Which facts matter to a question; what follows from no others is left out. */
export interface Within {
  readonly fact: (kind: FactKind, id: string) => boolean
  readonly permission: (row: Row) => boolean
}

export const FOLLOWS_ALL: Follows = {
  rules: new Set(REACH_RULES),
  avoid: new Set(),
  without: new Set(),
  tools: new Set(),
}

/** What is read at most of each kind for one answer. */
export const CAPS = {
  ...{ links: 5_000, actions: 5_000, asked: 5_000, writes: 5_000 },
  ...{ movements: 5_000, rows: 5_000, credentials: 5_000 },
}

/** Facts and derivations as they are read; what they amount to is for the fixpoint to say. */
export class Ground {
  readonly asking: Asking
  /** Epoch milliseconds. */
  readonly since: number
  readonly facts = new Map<string, Fact>()
  readonly steps = new Map<string, Step>()
  readonly rows = new Map<string, Row>()
  readonly capped = new Set<string>()
  readonly follows: Follows
  readonly #read = new Map<string, number>()
  readonly #isCut: () => boolean
  #fresh: Fact[] = []

  constructor(
    asking: Asking,
    since: number,
    follows: Follows = FOLLOWS_ALL,
    mostNeighbours?: number,
  ) {
    const { store, isCut } = boundedStore(asking.store, mostNeighbours)
    this.asking = { ...asking, store }
    this.since = since
    this.follows = follows
    this.#isCut = isCut
  }

  /** What kept the answer from being whole. */
  get cappedBy(): string[] {
    return [...this.capped, ...(this.#isCut() ? ['neighbours'] : [])].sort()
  }

  /** Takes a fact as given, without a premise. */
  given(kind: FactKind, id: string): Fact {
    return this.#know(this.fact(kind, id))
  }

  /** One that is named here. It is reached when a step leads to it. */
  fact(kind: FactKind, id: string): Fact {
    return this.facts.get(keyOf(kind, id)) ?? { kind, id }
  }

  /**
   * Of two steps between the same facts both are kept where they differ in what they rest on. What is not reached
   * leads nowhere.
   */
  step(from: Fact, to: Fact, what: Omit<Step, 'from' | 'to'>): void {
    const [a, b] = [keyOf(from.kind, from.id), keyOf(to.kind, to.id)]
    if (a === b || !this.facts.has(a) || !this.#isFollowed(to, what.rule)) return
    this.#know(to)
    const key = JSON.stringify([a, b, what.rule, what.live, what.decided])
    if (!this.steps.has(key)) this.steps.set(key, { from: a, to: b, ...what })
  }

  /** A permission that follows from a fact. */
  permit(from: Fact, row: Row, what: Omit<Step, 'from' | 'to'>): void {
    const id = JSON.stringify([row.agent, row.tool, ...limits(row.map)])
    const fact = this.fact('permission', id)
    if (!this.facts.has(keyOf(from.kind, from.id)) || this.isWithout(row.agent)) return
    if (this.follows.tools.has(row.tool) || !this.#isFollowed(fact, what.rule)) return
    if (this.follows.within?.permission(row) === false) return
    const key = keyOf('permission', id)
    const known = this.rows.get(key)
    if (known === undefined && this.rows.size >= CAPS.rows) {
      this.capped.add('rows')
      return
    }
    this.rows.set(key, known === undefined ? row : widest(known, row))
    this.step(from, fact, what)
  }

  /** Whether nothing passes through the hands of an agent. */
  isWithout(agent: string): boolean {
    return this.follows.without.has(agent)
  }

  #isFollowed({ kind, id }: Fact, rule: ReachRule): boolean {
    const { rules, avoid, within } = this.follows
    if (!rules.has(rule) || avoid.has(keyOf(kind, id))) return false
    if (kind !== 'permission' && within?.fact(kind, id) === false) return false
    return !(isActor(kind) && this.isWithout(id))
  }

  #know(fact: Fact): Fact {
    const key = keyOf(fact.kind, fact.id)
    const known = this.facts.get(key)
    if (known !== undefined) return known
    this.facts.set(key, fact)
    this.#fresh.push(fact)
    return fact
  }

  /** Facts that nobody looked behind yet. */
  takeFresh(): Fact[] {
    const fresh = this.#fresh
    this.#fresh = []
    return fresh
  }

  get hasFresh(): boolean {
    return this.#fresh.length > 0
  }

  /** How many more of a kind may be read. */
  left(kind: keyof typeof CAPS): number {
    return Math.max(0, CAPS[kind] - (this.#read.get(kind) ?? 0))
  }

  /** Counts what was read and keeps what is allowed. */
  took<Item>(kind: keyof typeof CAPS, items: readonly Item[]): Item[] {
    const left = this.left(kind)
    if (items.length > left) this.capped.add(kind)
    this.#read.set(kind, (this.#read.get(kind) ?? 0) + Math.min(items.length, left))
    return items.slice(0, left)
  }
}

export function keyOf(kind: FactKind, id: string): string {
  return `${kind} ${id}`
}

/** The agents among facts, each once, with the facts in which it acts. */
export function actorsIn(facts: readonly Fact[]): Map<string, Fact[]> {
  return Map.groupBy(
    facts.filter(({ kind }) => isActor(kind)),
    ({ id }) => id,
  )
}

/** Facts that are an agent, however it was reached. */
export function isActor(kind: FactKind): boolean {
  return kind === 'agent' || kind === 'holder' || kind === 'call'
}

export function idsOf(facts: readonly Fact[], kind: FactKind): string[] {
  return distinct(facts.flatMap((fact) => (fact.kind === kind ? fact.id : [])))
}

/** Two grants of the same: in force while either is. */
function widest(a: Row, b: Row): Row {
  const from = a.from === undefined || b.from === undefined ? undefined : Math.min(a.from, b.from)
  const until =
    a.until === undefined || b.until === undefined ? undefined : Math.max(a.until, b.until)
  const principal = a.principal ?? b.principal
  return {
    ...{ agent: a.agent, tool: a.tool, map: a.map },
    ...(principal === undefined ? {} : { principal }),
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
  }
}
