import type { GraphNode } from '@delegraph/graph-schema'
import { evidenceOfLog, evidenceOfSpan, WANTED, WANTED_BODIES } from '../evidence/extract.ts'
import type { GraphEdge, GraphStore } from '../graph/index.ts'
import type { JournalRecord } from '../journal/index.ts'
import { decodeItems } from '../receive/index.ts'
import { Cases, nameOf } from './cases.ts'
import { KEPT, type KeepRules, type Kept, keptBy } from './kept.ts'
import type { HeldKind, RetentionRecord } from './record.ts'

/** What is to go, and what that means. */
export interface Choice {
  readonly bodies: RetentionRecord['bodies']
  readonly count: number
  /** Of the bodies as they came. */
  readonly bytes: number
  readonly links: RetentionRecord['links']
  readonly findings: readonly string[]
  readonly tasks: readonly string[]
  /** Bodies that are old enough and stay, by the strongest reason. */
  readonly kept: Readonly<Partial<Record<Kept, number>>>
  /** Bodies that may go and are left for the next run: one record names only so much. */
  readonly left: number
  /** Whether this node goes with them. */
  isGone(key: string): boolean
}

interface Body {
  readonly seq: number
  readonly receivedAt: number
  readonly name: string
  readonly size: number
}

/** Links and findings that one record names at most. */
const MOST_NAMED = 200_000

/**
 * What may go. Bodies are the smallest thing that goes, cases the smallest that is judged: a body goes
 * with everything that any of its evidence hangs together with, or not at all. Nothing that a finding,
 * a hold, an action that is not settled, or a link, approval or credential that has not expired hangs
 * together with. It is told of the whole graph and of every body, and then of whatever comes.
 */
export class Planning {
  readonly #rules: KeepRules
  readonly #cases = new Cases()
  readonly #bodies: Body[] = []
  readonly #reasons = new Map<string, { readonly key: string; readonly why: Kept }>()
  readonly #links = new Map<string, RetentionRecord['links'][number]>()
  readonly #findings = new Set<string>()
  readonly #tasks = new Set<string>()
  readonly #held = new Set<string>()
  /** A body of each case that was chosen. */
  #chosen: readonly string[] = []
  /** What was told since, and keeps its case. */
  #news: string[] = []

  constructor(rules: KeepRules) {
    this.#rules = rules
  }

  node(node: GraphNode): void {
    if (!this.#cases.node(node)) return
    const { kind, key, columns } = node
    const { task, chain, parent } = columns
    if (typeof task === 'string' && task !== '') this.#tasks.add(task)
    if (kind === 'Finding') this.#findings.add(key)
    if (kind === 'Link') {
      this.#links.set(key, {
        hash: key,
        ...(typeof chain === 'string' ? { chain } : {}),
        ...(typeof parent === 'string' ? { parent } : {}),
      })
    }
    const why = keptBy(node, this.#rules)
    if (why === undefined) return
    this.#reasons.set(`${kind} ${key}`, { key, why })
    this.#news.push(key)
  }

  edge(edge: GraphEdge): void {
    this.#cases.edge(edge)
  }

  body(record: JournalRecord): void {
    if (record.kind !== 'otlp-traces' && record.kind !== 'otlp-logs') return
    const { seq, receivedAt, payload } = record
    const name = `body ${seq}`
    this.#bodies.push({ seq, receivedAt, name, size: payload.length })
    for (const id of evidenceIn(record)) this.#cases.join(name, id)
    this.#news.push(name)
  }

  /** Everything that hangs together with it stays. */
  hold(what: HeldKind, target: string): void {
    const name = nameOf(what, target)
    this.#held.add(name)
    this.#news.push(name)
  }

  /** What goes by all that it was told so far, the oldest first. */
  async choose(store: GraphStore): Promise<Choice> {
    const { before } = this.#rules
    const kept = await this.#keptCases(store)
    const old = this.#bodies.filter(({ receivedAt }) => receivedAt < before)
    const named = this.#namedByCase()
    const gone = new Set<string>()
    const chosen: Body[] = []
    let [names, left] = [0, 0]
    for (const body of old) {
      const root = this.#cases.of(body.name)
      if (kept.has(root)) continue
      if (!gone.has(root)) {
        const own = named.get(root) ?? 0
        if (names + own > MOST_NAMED && gone.size > 0) {
          left += 1
          continue
        }
        names += own
        gone.add(root)
      }
      chosen.push(body)
    }
    const counts: Partial<Record<Kept, number>> = {}
    for (const { name } of old) {
      const why = kept.get(this.#cases.of(name))
      if (why !== undefined) counts[why] = (counts[why] ?? 0) + 1
    }
    this.#chosen = [
      ...new Map(chosen.map((body) => [this.#cases.of(body.name), body.name])).values(),
    ]
    this.#news = []
    const isGone = (key: string): boolean => gone.has(this.#cases.of(key))
    return {
      bodies: ranges(chosen),
      count: chosen.length,
      bytes: chosen.reduce((sum, { size }) => sum + size, 0),
      links: [...this.#links.values()].filter(({ hash }) => isGone(hash)),
      findings: [...this.#findings].filter(isGone),
      tasks: [...this.#tasks].filter((task) => isGone(nameOf('task', task))),
      kept: counts,
      left,
      isGone,
    }
  }

  /** Whether something was told since that keeps a case which was chosen. */
  isStale(): boolean {
    const chosen = new Set(this.#chosen.map((name) => this.#cases.of(name)))
    return this.#news.some((id) => chosen.has(this.#cases.of(id)))
  }

  async #keptCases(store: GraphStore): Promise<Map<string, Kept>> {
    const kept = new Map<string, Kept>()
    const keep = (id: string, why: Kept): void => {
      const root = this.#cases.of(id)
      const known = kept.get(root)
      if (known === undefined || KEPT.indexOf(why) < KEPT.indexOf(known)) kept.set(root, why)
    }
    const closed = await this.#closedLong(store)
    for (const { key, why } of this.#reasons.values()) {
      if (why !== 'finding_closed' || !closed.has(key)) keep(key, why)
    }
    for (const name of this.#held) keep(name, 'held')
    for (const { name, receivedAt } of this.#bodies) {
      if (receivedAt >= this.#rules.before) keep(name, 'newer_evidence')
    }
    return kept
  }

  /** Findings that were closed so long ago that they keep nothing; none unless that is asked for. */
  async #closedLong(store: GraphStore): Promise<Set<string>> {
    if (!this.#rules.trimClosed) return new Set()
    const keys = [...this.#reasons.values()].flatMap(({ key, why }) =>
      why === 'finding_closed' ? [key] : [],
    )
    const words = await store.find('Triage', 'finding', keys)
    return new Set(
      words
        .filter(({ columns }) => Number(columns['updatedAt']) < this.#rules.before)
        .map(({ key }) => key),
    )
  }

  #namedByCase(): Map<string, number> {
    const counts = new Map<string, number>()
    for (const key of [...this.#links.keys(), ...this.#findings]) {
      const root = this.#cases.of(key)
      counts.set(root, (counts.get(root) ?? 0) + 1)
    }
    return counts
  }
}

function evidenceIn(record: JournalRecord): string[] {
  try {
    return [...decodeItems(record, WANTED, WANTED_BODIES)].flatMap((item) =>
      [...(item.kind === 'span' ? evidenceOfSpan(item.span) : evidenceOfLog(item.log))].map(
        ({ id }) => id,
      ),
    )
  } catch {
    // It cannot be read any more: it is of no case.
    return []
  }
}

function ranges(bodies: readonly Body[]): [number, number][] {
  const result: [number, number][] = []
  for (const { seq } of bodies) {
    const last = result.at(-1)
    if (last !== undefined && last[1] === seq - 1) last[1] = seq
    else result.push([seq, seq])
  }
  return result
}
