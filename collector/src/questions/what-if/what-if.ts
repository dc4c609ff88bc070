import type { Authority, AuthorityKind, GraphNode, Verdict } from '@delegraph/graph-schema'
import { createLinkMemo } from '@delegraph/link'
import { HEADLINE_ORDER } from '../../findings/definition/headline.ts'
import type { GraphStore } from '../../graph/index.ts'
import { callOfNode } from '../../project/action-node.ts'
import { distinct, textOf, unique } from '../../project/nodes.ts'
import { judge, type StepSettings } from '../../project/step.ts'
import { touchedActions } from '../../project/touched.ts'
import { withdrawnLinks } from '../../project/withdrawals.ts'
import { createRegistry, type Registry } from '../../verify/registry.ts'
import { what, who } from '../../verify/words.ts'
import { type Asking, type Missing, type Snapshot, snapshotOf } from '../asking.ts'
import { boundedStore } from '../bounded.ts'
import { type Artefact, type Taken, taken } from './artefact.ts'
import { type Overlay, overlay } from './overlay.ts'
import { type Rest, restOf } from './rest-of.ts'

export type Fate = 'loses' | 'keeps' | 'unknown'

/** What becomes of one executed action where an artefact had been taken back before it. */
export interface ActionFate {
  readonly action: GraphNode
  readonly fate: Fate
  readonly sentence: string
  /** Codes of the rules that would fire on it and do not now, in the order of headlines. */
  readonly rules: readonly string[]
  /** The derivation that remains. */
  readonly by?: string
  /** It was in order, and would have been stopped. */
  readonly legitimateLost: boolean
}

export interface WhatIf {
  readonly snapshot: Snapshot
  /** Newest first. */
  readonly actions: readonly ActionFate[]
  readonly loses: number
  readonly keeps: number
  readonly unknown: number
  readonly legitimateLost: number
  /** Not every action that rests on the artefacts was judged: those that are newest were. */
  readonly capped: boolean
}

/** Actions that are judged again at most. */
export const MAX_JUDGED = 2_000
/** How many at a time. */
const PORTION = 100
/** Milliseconds after which no more are judged. */
const MAX_TIME = 10_000

/**
 * What executed history would have been, had these artefacts been taken back at `since` (epoch
 * milliseconds). The withdrawals are laid over the graph and whatever rests on the artefacts is judged
 * again, by the judge of the projector; nothing is written.
 */
export async function whatIf(
  artefacts: readonly Artefact[],
  since: number,
  asked: Asking,
): Promise<WhatIf | Missing> {
  const { store, isCut } = boundedStore(asked.store)
  const asking = { ...asked, store }
  const all: Taken[] = []
  for (const artefact of artefacts) {
    const one = await taken(artefact, since, asking)
    if (one === undefined) return { missing: `${artefact.kind} ${artefact.id}` }
    all.push(one)
  }
  const over = overlay(asking.store)
  const nodes = unique(all.flatMap((one) => one.nodes))
  await over.write({ nodes, edges: [] })
  const links = await withdrawnLinks(over, nodes)
  const candidates = await candidatesOf(all, nodes, links, since, asking)
  const judged = await judgeAgain(candidates.slice(0, MAX_JUDGED), links, over, {
    trust: asking.trust,
    registry: registryWithout(all, asking.registry),
    memo: createLinkMemo({ max: 1_000 }),
    // What is missing is waited for by the clock of learning, not by that of the question.
    now: asking.knownAt,
    pendingWindow: asking.pendingWindow,
  })
  const lost = new Set(links)
  const ids = judged.map(({ key }) => key)
  const [before, after] = [await rulesOn(ids, asking.store), await rulesOn(ids, over)]
  const actions = judged.flatMap((action) =>
    fateOf(action, {
      over,
      before: before.get(action.key) ?? [],
      after: after.get(action.key) ?? [],
      rest: restOf(action, all, lost, asking.registry),
    }),
  )
  const count = (fate: Fate): number => actions.filter((one) => one.fate === fate).length
  return {
    snapshot: snapshotOf(asking),
    actions,
    loses: count('loses'),
    keeps: count('keeps'),
    unknown: count('unknown'),
    legitimateLost: actions.filter((one) => one.legitimateLost).length,
    capped: candidates.length > judged.length || isCut(),
  }
}

/**
 * Judges the candidates, the newest first, a portion at a time: each is written over the graph before the
 * next is judged, as the projector does it. Gives those that there was time for.
 */
async function judgeAgain(
  candidates: readonly GraphNode[],
  links: readonly string[],
  over: Overlay,
  settings: StepSettings,
): Promise<readonly GraphNode[]> {
  const deadline = performance.now() + MAX_TIME
  // A link says what became of it with the first portion.
  let rest = links
  for (let done = 0; done < candidates.length; done += PORTION) {
    if (performance.now() > deadline) return candidates.slice(0, done)
    const portion = candidates.slice(done, done + PORTION).map(({ key }) => key)
    const { nodes } = await judge(over, portion, rest, settings)
    await over.write({ nodes, edges: [] })
    rest = []
    // Others want to be answered too.
    await new Promise((resolve) => setImmediate(resolve))
  }
  return candidates
}

function registryWithout(all: readonly Taken[], registry: Registry): Registry {
  if (all.every(({ kind }) => kind !== 'export' && kind !== 'standing')) return registry
  const entries = all.reduce((left, one) => one.without(left), registry.entries)
  return createRegistry(registry.version, registry.issuedAt, entries)
}

/** The index from an artefact to what rests on it: executed actions since then, newest first. */
async function candidatesOf(
  all: readonly Taken[],
  nodes: readonly GraphNode[],
  links: readonly string[],
  since: number,
  { store, validAt }: Asking,
): Promise<GraphNode[]> {
  const doubted = await store.find('Link', 'hash', links)
  const ids = await touchedActions(store, [], { links, gained: [], doubted }, nodes)
  const owners = all.flatMap(({ kind, id }) =>
    kind === 'export' || kind === 'standing' ? [id.split(' ', 1)[0] ?? ''] : [],
  )
  const ofOwners =
    owners.length === 0
      ? []
      : await store.page({
          kind: 'Action',
          where: { equals: { agent: distinct(owners) }, min: { at: since }, max: { at: validAt } },
          orderBy: 'at',
          direction: 'desc',
          limit: MAX_JUDGED + 1,
        })
  return unique([...(await store.find('Action', 'id', ids)), ...ofOwners])
    .filter((node) => isExecuted(node) && atOf(node) >= since && atOf(node) <= validAt)
    .sort((a, b) => atOf(b) - atOf(a) || (a.key < b.key ? -1 : 1))
}

/** Whether it happened, as far as is known. */
export function isExecuted(node: GraphNode): boolean {
  return ['ok', 'unknown'].includes(textOf(node, 'effect') ?? '')
}

function atOf(node: GraphNode): number {
  return Number(node.columns['at'] ?? 0)
}

/** The open findings on actions. */
async function rulesOn(
  actions: readonly string[],
  store: GraphStore,
): Promise<ReadonlyMap<string, readonly GraphNode[]>> {
  const open = (await store.find('Finding', 'action', actions)).filter(
    ({ columns }) => columns['state'] === 'open',
  )
  return Map.groupBy(open, (node) => textOf(node, 'action') ?? '')
}

/** Found against whoever did it, and not a mere weakness or hint. */
export function isAgainst({ columns }: GraphNode): boolean {
  return columns['class'] === 'inheritance' || columns['class'] === 'validity'
}

interface Judged {
  readonly over: Overlay
  /** What is found on it as it is, and what would be. */
  readonly before: readonly GraphNode[]
  readonly after: readonly GraphNode[]
  /** What the action used of what is taken back; undefined where it used none of it. */
  readonly rest: Rest | undefined
}

function fateOf(action: GraphNode, judged: Judged): ActionFate[] {
  const { over, rest } = judged
  const before = authorityOf(action)
  const after = authorityOf(over.written('Action', action.key) ?? action)
  const rules = newRules(judged)
  const changed = before.kind !== after.kind || before.sentence !== after.sentence
  if (rest === undefined && !changed && rules.length === 0) return []
  const does = `${who(textOf(action, 'agent') ?? 'unknown')} did ${what(callOfNode(action))}`
  const on = rest === undefined ? '' : ` on ${rest.words}`
  const told = (fate: Fate, then: string, by?: string): ActionFate[] => [
    {
      action,
      fate,
      sentence: `${does}${on}: ${then}`,
      rules,
      legitimateLost: fate === 'loses' && HELD.has(before.kind) && !judged.before.some(isAgainst),
      ...(by === undefined ? {} : { by }),
    },
  ]
  if (rest?.kind === 'credential') {
    return rules.length > 0
      ? told('loses', 'the credential would have been refused')
      : told('unknown', 'nothing here tells whether it would have been refused')
  }
  if (HELD.has(after.kind))
    return told('keeps', `it would still hold, ${after.sentence}`, after.sentence)
  if (before.kind === 'unknown' || after.kind === 'unknown') return told('unknown', after.sentence)
  if (HELD.has(before.kind))
    return told(
      'loses',
      isWithdrawn(over, action) ? 'nothing else covers it' : `without it ${after.sentence}`,
    )
  // It had no authority before; whether it would have passed is asked of what it passed on.
  if (rest !== undefined) {
    const passed = before.source?.kind === rest.kind ? 'passed on it' : 'cites it'
    return told('loses', `it had no authority of its own, and ${passed}`)
  }
  return told('keeps', 'it had no authority before, and passed on something else', passedOn(before))
}

const HELD: ReadonlySet<AuthorityKind> = new Set(['chain', 'standing', 'approved', 'public'])

function passedOn({ source, sentence }: Authority): string {
  return source === undefined ? sentence : `${source.kind} ${source.id}`
}

/** Rules that would fire on an action and do not now. */
function newRules({ before, after }: Judged): string[] {
  const rulesOf = (nodes: readonly GraphNode[]) =>
    new Set(nodes.map((node) => textOf(node, 'rule')))
  const [known, then] = [rulesOf(before), rulesOf(after)]
  return HEADLINE_ORDER.filter((rule) => then.has(rule) && !known.has(rule))
}

/** What it cites is gone, so the judge has nothing more to say of it. */
function isWithdrawn(over: Overlay, action: GraphNode): boolean {
  const text = textOf(over.written('Action', action.key) ?? action, 'verdict')
  const { status } = JSON.parse(text ?? '{}') as Partial<Verdict>
  return status?.state === 'failed'
}

/** Why an action was allowed, as it was judged. */
export function authorityOf(action: GraphNode): Authority {
  const text = textOf(action, 'authority')
  return text === undefined
    ? { kind: 'unknown', sentence: 'the action was not judged', hops: [] }
    : (JSON.parse(text) as Authority)
}
