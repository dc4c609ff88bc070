import type { GraphNode } from '@delegraph/graph-schema'
import { claimsOf, evidenceNode } from '../evidence/node.ts'
import { presentedIn } from '../evidence/presented.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'
import { callsOfProofs } from './foreign/presented-tokens.ts'
import type { Learned } from './learned.ts'
import { distinct, textOf } from './nodes.ts'

/** What became of links. */
export interface ChangedLinks {
  /** All that may change what an action under them is. */
  readonly links: readonly string[]
  /** Nodes of what arrived: it can add authority. */
  readonly gained: readonly GraphNode[]
  /** Nodes of links that were withdrawn, or whose status is another one: they may also take it away. */
  readonly doubted: readonly GraphNode[]
}

/** Actions that new evidence may change: their own, those under a link, by hash, in the same task. */
export async function touchedActions(
  store: GraphStore,
  learned: readonly Learned[],
  { links, gained, doubted }: ChangedLinks,
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
  const approvals = learned.flatMap(({ evidence }) =>
    evidence.kind === 'approval' || evidence.kind === 'decision' ? [evidence.artefact] : [],
  )
  // A link can only add authority for those who have none yet, so settled paths are left alone.
  const inTask = (await store.find('Action', 'task', tasksOf(gained))).filter(
    (node) => !String(node.columns['authority']).includes('"kind":"chain"'),
  )
  // An action may rest on another path of its task than the one that it cites.
  const inDoubt = await store.find('Action', 'task', tasksOf(doubted))
  const credentials = learned.flatMap(({ evidence }) =>
    evidence.kind === 'credential' ? credentialIn(evidence) : [],
  )
  // Another use of the same approval may have come first.
  const presented = learned.flatMap(({ evidence }) => presentedIn(evidence).approvals)
  const citing = await citingActions(store, distinct([...approvals, ...presented]))
  const boundTo = await actionsOfApprovals(store, links)
  const found = [
    ...(await store.find('Action', 'link', links)),
    ...(await store.find('Action', 'credential', distinct(credentials))),
    ...(await store.find('Action', 'actionHash', distinct([...hashes, ...boundTo]))),
    ...inTask,
    ...inDoubt,
  ]
  // A proof that comes with a second call shows nothing for the first any more.
  const proven = callsOfProofs(await store.find('Evidence', 'token', distinct(proofs)))
  return distinct([...own, ...citing, ...proven, ...found.map((node) => node.key)])
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

/** The credential that a broker's statement is about. */
function credentialIn(evidence: SignedEvidence): string[] {
  const credential = claimsOf(evidence.text)?.['credential']
  return typeof credential === 'string' ? [credential] : []
}
