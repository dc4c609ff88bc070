import type { GraphNode } from '@delegraph/graph-schema'
import { evidenceOfLog, evidenceOfSpan, WANTED, WANTED_BODIES } from '../evidence/extract.ts'
import type { GraphStore } from '../graph/index.ts'
import type { JournalRecord } from '../journal/index.ts'
import { decodeItems } from '../receive/index.ts'
import { type Cases, casesOf } from './cases.ts'
import { Groups } from './groups.ts'
import { type Hold, holdsIn } from './nodes.ts'
import type { RetentionRecord } from './record.ts'

/** Why something that is old enough stays. */
export type Kept = 'held' | 'finding_open' | 'not_expired' | 'not_settled' | 'newer_evidence'

export interface Plan {
  /** What would be written down; `links` and so on are what goes with the bodies. */
  readonly record: RetentionRecord
  readonly bodies: number
  readonly bytes: number
  readonly chains: number
  /** Bodies that are old enough and stay, by the first reason that holds. */
  readonly kept: Readonly<Partial<Record<Kept, number>>>
}

export interface PlanSettings {
  /** A graph that has the whole journal, judged to the end. */
  readonly store: GraphStore
  readonly records: () => AsyncIterable<JournalRecord>
  /** Evidence received before this is old enough, epoch milliseconds. */
  readonly before: number
  readonly now: number
  /** Open notes do not keep what they rest on. */
  readonly trimNotes: boolean
}

/**
 * What may go. Bodies are the smallest thing that goes, cases the smallest that is judged: a body goes
 * with everything that any of its evidence hangs together with, or not at all. Nothing that an open
 * finding, a hold, an action that is not settled, or a link, approval or credential that has not expired
 * hangs together with.
 */
export async function planRetention(settings: PlanSettings): Promise<Plan> {
  const { store, records, before, now, trimNotes } = settings
  const cases = await casesOf(store)
  const holds = (await holdsIn(store)).filter(({ released }) => released === undefined)
  // One body may carry several cases: they go or stay together.
  const together = new Groups()
  const bodies: Body[] = []
  for await (const record of records()) {
    if (record.kind !== 'otlp-traces' && record.kind !== 'otlp-logs') continue
    const name = `body ${record.seq}`
    bodies.push({ ...record, name, size: record.payload.length })
    for (const id of evidenceIn(record)) together.join(name, cases.of(id))
  }
  const reasons = new Map<string, Kept>()
  for (const [name, nodes] of cases.nodes) {
    const reason = reasonOf(nodes, holds, now, trimNotes)
    if (reason !== undefined) reasons.set(together.of(name), reason)
  }
  for (const { name, receivedAt } of bodies) {
    const group = together.of(name)
    if (receivedAt >= before && !reasons.has(group)) reasons.set(group, 'newer_evidence')
  }
  const old = bodies.filter(({ receivedAt }) => receivedAt < before)
  const gone = old.filter(({ name }) => !reasons.has(together.of(name)))
  const groups = new Set(gone.map(({ name }) => together.of(name)))
  const nodes = nodesOf(cases, together, groups)
  const kept: Partial<Record<Kept, number>> = {}
  for (const { name } of old) {
    const reason = reasons.get(together.of(name))
    if (reason !== undefined) kept[reason] = (kept[reason] ?? 0) + 1
  }
  const record: RetentionRecord = { version: 1, at: now, before, bodies: ranges(gone), ...nodes }
  return {
    record,
    bodies: gone.length,
    bytes: gone.reduce((sum, { size }) => sum + size, 0),
    chains: new Set(record.links.flatMap(({ chain }) => chain ?? [])).size,
    kept,
  }
}

interface Body {
  readonly seq: number
  readonly receivedAt: number
  readonly name: string
  readonly size: number
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

function reasonOf(
  nodes: readonly GraphNode[],
  holds: readonly Hold[],
  now: number,
  trimNotes: boolean,
): Kept | undefined {
  const seconds = now / 1000
  if (nodes.some((node) => holds.some((hold) => isHeld(node, hold)))) return 'held'
  if (nodes.some((node) => isOpen(node) && !(trimNotes && isNote(node)))) return 'finding_open'
  if (nodes.some(({ columns }) => Number(columns['expiresAt'] ?? 0) > seconds)) return 'not_expired'
  if (nodes.some(({ kind, columns }) => kind === 'Action' && columns['settled'] === false)) {
    return 'not_settled'
  }
  return undefined
}

function isOpen({ kind, columns }: GraphNode): boolean {
  return kind === 'Finding' && columns['state'] === 'open'
}

function isNote({ columns }: GraphNode): boolean {
  return columns['class'] === 'exposure' && columns['pages'] === false
}

function isHeld({ kind, key, columns }: GraphNode, { what, target }: Hold): boolean {
  if (what === 'finding') return kind === 'Finding' && key === target
  return columns[what] === target || (what === 'chain' && kind === 'Link' && key === target)
}

/** What goes with these groups, and is worth remembering by name. */
function nodesOf(cases: Cases, together: Groups, groups: ReadonlySet<string>) {
  const links: { hash: string; chain?: string; parent?: string }[] = []
  const findings: string[] = []
  const tasks = new Set<string>()
  for (const [name, nodes] of cases.nodes) {
    if (!groups.has(together.of(name))) continue
    for (const { kind, key, columns } of nodes) {
      const { chain, parent, task } = columns
      if (kind === 'Finding') findings.push(key)
      if (typeof task === 'string') tasks.add(task)
      if (kind !== 'Link') continue
      links.push({
        hash: key,
        ...(typeof chain === 'string' ? { chain } : {}),
        ...(typeof parent === 'string' ? { parent } : {}),
      })
    }
  }
  return { links, findings, tasks: [...tasks] }
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
