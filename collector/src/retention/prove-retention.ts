import { join } from 'node:path'
import { CollectorError } from '../errors.ts'
import { keyColumn } from '../graph/columns.ts'
import type { JournalView } from '../journal/index.ts'
import { Trimmed } from '../journal/trimmed.ts'
import { type BesideSettings, GraphBeside } from './beside.ts'
import { isEdge } from './cases.ts'
import { changeWriter } from './change-file.ts'
import type { GraphChange } from './changes.ts'
import type { KeepRules } from './kept.ts'
import { holdsIn } from './nodes.ts'
import { paced } from './pace.ts'
import { type Choice, Planning } from './planning.ts'
import { type Both, type Compared, compareAll, compareTouched } from './prove.ts'
import { type HeldKind, type RetentionRecord, retentionPayload } from './record.ts'

export interface ProofSettings extends KeepRules {
  /** Only reads: a collector may append meanwhile. */
  readonly view: JournalView
  /** Where the graphs lie that are made. */
  readonly folder: string
  readonly trust: BesideSettings['trust']
  /** Milliseconds. */
  readonly pendingWindow: number
  /** Holds that are no records yet. */
  readonly holds: readonly Held[]
  /** Of one processor, until it has to hurry. */
  readonly share: number
  readonly onProgress: (step: string, done: number, all: number) => void
}

export interface Held {
  readonly what: HeldKind
  readonly target: string
}

/** What is to be written down, and what becomes of the graph then. */
export interface Proposal {
  readonly record: RetentionRecord
  readonly changes: string
  readonly since: ReadonlyMap<string, GraphChange | undefined>
}

/** Who owns the journal. */
export interface Owner {
  /**
   * How far the journal is, asked by whoever has come as far as `at`. Where it is `last`, nothing is
   * appended until a proposal comes or it is asked again.
   */
  next(at: number): Promise<{ readonly lastSeq: number; readonly last: boolean }>
  /** What is appended need not wait any more. */
  release(): void
  /** Writes it down; false where something was appended all the same. */
  commit(proposal: Proposal): Promise<boolean>
}

export type Plan = Pick<Choice, 'bytes' | 'kept' | 'left' | 'findings' | 'tasks'> & {
  readonly bodies: number
  readonly chains: number
  readonly before: number
}

/** How often what was to go may turn out to be in use after all, and a journal to grow in between. */
const ROUNDS = 3
const TRIES = 25

/** What would go now. */
export async function planRetention(settings: ProofSettings): Promise<Plan> {
  await using whole = await GraphBeside.open(settings.folder, 'whole', around(settings))
  const planning = await planningOf(settings, whole)
  return planOf(await planning.choose(whole.store), settings)
}

/**
 * Proves that everything that stays is judged the same without what is to go, on graphs that are made
 * from the journal up to a number while others append; then looks at what came since, and hands the
 * record over in a moment in which nothing comes. What came for a case that was to go keeps it: then it
 * begins again without that case.
 *
 * @throws CollectorError `retention_refused` where something that stays would change, or where evidence
 *   keeps coming for what was to go; nothing is trimmed
 */
export async function proveRetention(settings: ProofSettings, owner: Owner): Promise<Plan> {
  const { view, folder } = settings
  await using whole = await GraphBeside.open(folder, 'whole', around(settings))
  const planning = await planningOf(settings, whole)
  for (let round = 1; round <= ROUNDS; round += 1) {
    const choice = await planning.choose(whole.store)
    if (choice.count === 0) return planOf(choice, settings)
    whole.takeTouched()
    await using without = await GraphBeside.open(folder, `without-${round}`, around(settings))
    const trimmed = new Trimmed()
    trimmed.add({ payload: retentionPayload(recordOf(choice, settings)), seq: view.lastSeq + 1 })
    await without.follow(
      limited(view, trimmed, settings.share),
      progress(settings, 'judging without', view.lastSeq),
    )
    without.takeTouched()
    const both = { whole: whole.store, without: without.store }
    const changes = join(folder, `changes-${round}.ndjson`)
    refuse(await writeChanges(both, choice, changes, settings))
    const since = new Map<string, GraphChange | undefined>()
    for (let tries = 1; ; tries += 1) {
      if (tries > TRIES) throw refusal(['evidence comes faster than it can be looked at'])
      const { lastSeq, last } = await owner.next(view.lastSeq)
      await extend(planning, view, lastSeq, whole, without, trimmed)
      const touched = [whole.takeTouched(), without.takeTouched()] as const
      await retold(planning, whole, touched[0])
      const compared = await compareTouched(both, touched, choice)
      // A case that is in use after all may well look different: it is not to go.
      if (planning.isStale()) {
        owner.release()
        break
      }
      refuse([...compared.values()])
      for (const [id, { change }] of compared) since.set(id, change)
      if (!last) continue
      const proposal = { record: recordOf(choice, settings), changes, since }
      if (await owner.commit(proposal)) return planOf(choice, settings)
    }
  }
  throw refusal(['evidence keeps coming for what was to go; try it later'])
}

function around({ trust, pendingWindow, now }: ProofSettings): BesideSettings {
  return { trust, pendingWindow, clock: () => now }
}

/** Tells the planning of everything up to here. */
async function planningOf(settings: ProofSettings, whole: GraphBeside): Promise<Planning> {
  const { view, share } = settings
  const planning = new Planning(settings)
  await whole.follow(
    limited(view, new Trimmed(), share),
    progress(settings, 'judging', view.lastSeq),
  )
  for await (const item of paced(whole.store.dump(), share)) {
    if (isEdge(item)) planning.edge(item)
    else planning.node(item)
  }
  for await (const record of paced(view.read(1), share)) planning.body(record)
  for (const { what, target, released } of await holdsIn(whole.store)) {
    if (released === undefined) planning.hold(what, target)
  }
  for (const { what, target } of settings.holds) planning.hold(what, target)
  return planning
}

/** Takes in what came since, without resting: somebody may be waiting. */
async function extend(
  planning: Planning,
  view: JournalView,
  lastSeq: number,
  whole: GraphBeside,
  without: GraphBeside,
  trimmed: Trimmed,
): Promise<void> {
  const from = view.lastSeq + 1
  if (lastSeq < from) return
  view.extend(lastSeq)
  await whole.follow(view)
  await without.follow(limited(view, trimmed, 1))
  for await (const record of view.read(from)) planning.body(record)
}

/** What the graph says of what was written to it. */
async function retold(
  planning: Planning,
  { store }: GraphBeside,
  { nodes, edges }: ReturnType<GraphBeside['takeTouched']>,
): Promise<void> {
  for (const [kind, all] of Map.groupBy(nodes.values(), (node) => node.kind)) {
    const keys = all.map(({ key }) => key)
    for (const node of await store.find(kind, keyColumn(kind), keys)) planning.node(node)
  }
  for (const { kind, from } of edges.values()) {
    for (const to of await store.neighbours(kind, 'out', [from])) planning.edge({ kind, from, to })
  }
  for (const { what, target, released } of await holdsIn(store)) {
    if (released === undefined) planning.hold(what, target)
  }
}

/** The journal without what is to go, at a pace. */
function limited(view: JournalView, trimmed: Trimmed, share: number) {
  return {
    lastSeq: view.lastSeq,
    retentions: view.retentions,
    async *read(from: number) {
      for await (const record of paced(view.read(from), share)) {
        if (!trimmed.has(record.seq)) yield record
      }
    },
  }
}

async function writeChanges(
  both: Both,
  choice: Choice,
  path: string,
  { share }: ProofSettings,
): Promise<Compared[]> {
  const file = changeWriter(path)
  const different: Compared[] = []
  for await (const compared of paced(compareAll(both, choice), share)) {
    if (compared.change !== undefined) await file.write(compared.change)
    if (compared.difference !== undefined && different.length < MOST_SAID) different.push(compared)
  }
  await file.end()
  return different
}

const MOST_SAID = 10

function refuse(compared: readonly Compared[]): void {
  const different = compared.flatMap(({ difference }) => difference ?? [])
  if (different.length > 0) throw refusal(different.slice(0, MOST_SAID))
}

function refusal(why: readonly string[]): CollectorError {
  return new CollectorError('retention_refused', `nothing was trimmed: ${why.join('; ')}`)
}

function recordOf(choice: Choice, { now, before }: KeepRules): RetentionRecord {
  const { bodies, links, findings, tasks } = choice
  return { version: 1, at: now, before, bodies, links, findings: [...findings], tasks: [...tasks] }
}

function planOf(choice: Choice, { before }: KeepRules): Plan {
  const { count, bytes, links, kept, left, findings, tasks } = choice
  const chains = new Set(links.flatMap(({ chain }) => chain ?? [])).size
  return { bodies: count, bytes, chains, findings, tasks, kept, left, before }
}

function progress(
  { onProgress }: ProofSettings,
  step: string,
  all: number,
): (position: number) => void {
  return (position) => onProgress(step, position, all)
}
