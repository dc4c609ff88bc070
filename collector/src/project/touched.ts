import type { GraphNode } from '@delegraph/graph-schema'
import { evidenceNode } from '../evidence/node.ts'
import { presentedIn } from '../evidence/presented.ts'
import type { GraphStore } from '../graph/index.ts'
import { hashOfToken } from './artefacts.ts'
import { actionsDownstream } from './downstream.ts'
import { FLOW_WINDOW } from './flows.ts'
import { callsOfProofs } from './foreign/presented-tokens.ts'
import type { Learned } from './learned.ts'
import { distinct, listOf, textOf } from './nodes.ts'
import { presentersOf } from './secrets.ts'

/** What became of links. */
export interface ChangedLinks {
  /** All that may change what an action under them is. */
  readonly links: readonly string[]
  /** Nodes of what arrived: it can add authority. */
  readonly gained: readonly GraphNode[]
  /** Nodes of links that were withdrawn, or whose status is another one: they may also take it away. */
  readonly doubted: readonly GraphNode[]
}
/** Actions that are judged again at most for the refusals of one batch. */
const MAX_REFUSED = 2_000

/** Actions that new evidence may change: their own, those under a link, by hash, in the same task. */
export async function touchedActions(
  store: GraphStore,
  learned: readonly Learned[],
  { links, gained, doubted }: ChangedLinks,
  artefacts: readonly GraphNode[],
): Promise<string[]> {
  const own: string[] = []
  const hashes: string[] = []
  const proofs: string[] = []
  for (const { evidence } of learned) {
    const columns = evidenceNode(evidence, 0).columns
    if (typeof columns['action'] === 'string') own.push(columns['action'])
    if (evidence.kind === 'foreign' && typeof columns['token'] === 'string')
      proofs.push(columns['token'])
    if (evidence.kind === 'approval' || evidence.kind === 'decision') {
      if (typeof columns['actionHash'] === 'string') hashes.push(columns['actionHash'])
    }
  }
  const approvals = artefacts.flatMap((node) =>
    node.kind === 'Approval' || node.kind === 'Decision' ? [node.key] : [],
  )
  // A yes or a decision on a class of calls may be for calls that never heard of it.
  const about = distinct(artefacts.flatMap((node) => aboutIn(node) ?? []))
  const withdrawn = await withdrawnApprovals(store, artefacts)
  // A link can only add authority for those who have none yet, so settled paths are left alone; who else gave
  // the call matters where a conflict set names it.
  const inTask = (await store.find('Action', 'task', tasksOf(gained))).filter(
    (node) =>
      !String(node.columns['authority']).includes('"kind":"chain"') ||
      textOf(node, 'givers') !== undefined,
  )
  // An action may rest on another path of its task than the one that it cites, or on a yes for a task that is over.
  const over = artefacts.filter((node) => node.kind === 'Revocation' && !textOf(node, 'token'))
  const inDoubt = await store.find('Action', 'task', tasksOf([...doubted, ...over]))
  const credentials = artefacts.flatMap((node) => textOf(node, 'credential') ?? [])
  const moved = artefacts.filter((node) => node.kind === 'Movement')
  // What somebody gave away may be the secret that another call presented.
  const presenting = await presentersOf(
    store,
    distinct(moved.flatMap((node) => listOf(node, 'data'))),
  )
  // Another use of the same approval may have come first.
  const presented = learned.flatMap(({ evidence }) => presentedIn(evidence).approvals)
  const citing = await citingActions(store, distinct([...approvals, ...presented, ...withdrawn]))
  const boundTo = await actionsOfApprovals(store, links)
  const downstream = await actionsDownstream(store, {
    movements: moved,
    data: [],
  })
  const found = [
    ...(await refusedActions(store, artefacts)),
    ...(await flaggedIn(store, tasksOf(gained))),
    ...(await store.find('Action', 'link', links)),
    ...(await store.find('Action', 'about', about)),
    ...(await store.find('Action', 'credential', distinct(credentials))),
    ...(await store.find('Action', 'actionHash', distinct([...hashes, ...boundTo]))),
    ...inTask,
    ...inDoubt,
  ]
  // A proof that comes with a second call shows nothing for the first any more.
  const proven = callsOfProofs(await store.find('Evidence', 'token', distinct(proofs)))
  return distinct([
    ...own,
    ...citing,
    ...downstream,
    ...presenting,
    ...proven,
    ...found.map((node) => node.key),
  ])
}

/** Actions of tasks in which something was found: what was held against somebody may be granted now. */
async function flaggedIn(store: GraphStore, tasks: readonly string[]): Promise<GraphNode[]> {
  const findings = await store.find('Finding', 'task', tasks)
  return store.find(
    'Action',
    'id',
    distinct(findings.flatMap((node) => textOf(node, 'action') ?? [])),
  )
}

/** Actions that a refusal may be held against: of the same tool, within the window after it. */
async function refusedActions(
  store: GraphStore,
  artefacts: readonly GraphNode[],
): Promise<GraphNode[]> {
  const denials = artefacts.filter(
    (node) => node.kind === 'Decision' && textOf(node, 'verdict') === 'deny',
  )
  const tools = distinct(denials.flatMap((node) => textOf(node, 'tool') ?? []))
  if (tools.length === 0) return []
  const since = Math.min(...denials.map((node) => Number(node.columns['at'] ?? 0))) * 1000
  return store.page({
    kind: 'Action',
    where: {
      equals: { tool: tools },
      min: { at: since },
      max: { at: since + FLOW_WINDOW },
    },
    orderBy: 'at',
    direction: 'asc',
    limit: MAX_REFUSED,
  })
}

function tasksOf(nodes: readonly GraphNode[]): string[] {
  return distinct(nodes.flatMap((node) => textOf(node, 'task') ?? []))
}

/** Actions whose spans or receipts name these approvals or decisions. */
async function citingActions(store: GraphStore, artefacts: readonly string[]): Promise<string[]> {
  if (artefacts.length === 0) return []
  return distinct([
    ...(await store.neighbours('USED', 'in', artefacts)),
    ...(await store.neighbours('DECIDED', 'out', artefacts)),
  ])
}

/** Action hashes of the approvals that are bound to these links: whose yes it was is known now. */
async function actionsOfApprovals(store: GraphStore, links: readonly string[]): Promise<string[]> {
  const nodes = await store.find('Approval', 'link', links)
  return nodes.flatMap((node) => textOf(node, 'actionHash') ?? [])
}

function aboutIn(node: GraphNode): string | undefined {
  return textOf(node, 'grants') === undefined ? undefined : textOf(node, 'about')
}

/** Approvals that were taken back: whoever used them is judged again. */
async function withdrawnApprovals(
  store: GraphStore,
  artefacts: readonly GraphNode[],
): Promise<string[]> {
  const tokens = artefacts.flatMap((node) =>
    node.kind === 'Revocation' ? (textOf(node, 'token') ?? []) : [],
  )
  const hashes = tokens.flatMap((token) => hashOfToken(token) ?? [])
  const nodes = [
    ...(await store.find('Approval', 'token', distinct(tokens))),
    ...(await store.find('Approval', 'hash', distinct(hashes))),
  ]
  return nodes.map((node) => node.key)
}
