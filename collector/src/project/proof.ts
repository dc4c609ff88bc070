import type { FindingBody, FlowStep } from '@delegraph/graph-schema'
import type { Trust } from '@delegraph/link'
import { createLinkMemo } from '@delegraph/link'
import { evidenceOfNode } from '../evidence/node.ts'
import type { Evidence, RegistryEvidence } from '../evidence/types.ts'
import type { GraphNode, GraphStore } from '../graph/index.ts'
import { parseTrustText } from '../trust/text.ts'
import { pathLinkOf } from '../verify/path.ts'
import { createRegistry, NO_REGISTRY } from '../verify/registry.ts'
import { answersFor } from '../verify/status.ts'
import { aboutKey, hashToken, keyToken } from './artefacts.ts'
import { spendingWith } from './budget-uses.ts'
import type { Learned } from './learned.ts'
import { distinct, listOf, textOf, unique } from './nodes.ts'
import { registryClaims, registryNodes } from './registry.ts'
import { statusRows } from './status-lists.ts'
import { step } from './step.ts'
import { trustInForce } from './trust-in-force.ts'

/** A finding with the evidence that it rests on: enough to come to it again without the graph. */
export interface Proof {
  readonly format: 'delegraph-finding/1'
  /** The columns of the finding, its body parsed. */
  readonly finding: Readonly<Record<string, unknown>>
  /** Judging time, epoch milliseconds: what was missing by then is missing. */
  readonly judgedAt: number
  /** Milliseconds. */
  readonly pendingWindow: number
  /** The version of the trust roots that it was judged under, where the journal had some. */
  readonly trust?: string
  readonly evidence: readonly Learned[]
}

/** A larger one is not a proof that anybody reads. */
export const MAX_PROOF_EVIDENCE = 20_000

/**
 * Gathers the evidence of a finding: its action, every link and withdrawal of its task, the approvals
 * and decisions of the action with the links that they are bound to, what status lists and trust domains
 * say of those links, what else was done out of their budgets, and the registry.
 */
export async function proofOf(
  store: GraphStore,
  finding: GraphNode,
  settings: { readonly judgedAt: number; readonly pendingWindow: number },
): Promise<Proof> {
  const action = textOf(finding, 'action')
  const actions = action === undefined ? [] : await store.find('Action', 'id', [action])
  const hashes = actions.flatMap((node) => textOf(node, 'actionHash') ?? [])
  const cited = actions.flatMap((node) => [
    ...listOf(node, 'approvals'),
    ...listOf(node, 'decisions'),
  ])
  const approvals = unique([
    ...(await store.find('Approval', 'hash', distinct(cited))),
    ...(await store.find('Approval', 'actionHash', distinct(hashes))),
    ...(await store.find('Approval', 'about', await aboutKeys(store, actions))),
  ])
  const classes = await store.find('Decision', 'about', await aboutKeys(store, actions))
  const named = [
    ...[finding, ...actions].flatMap((node) => textOf(node, 'link') ?? []),
    ...approvals.flatMap((node) => textOf(node, 'link') ?? []),
  ]
  const links = await store.ancestors(distinct(named))
  const tasks = distinct([finding, ...links].flatMap((node) => textOf(node, 'task') ?? []))
  // Whose authority is asked for may rest on any link of the task, and on nothing that was withdrawn; so may that
  // of the calls by which data came, each in its task.
  const came = await store.find('Action', 'id', distinct(flowOf(finding).flatMap(actionIn)))
  const theirs = came.flatMap((node) => textOf(node, 'task') ?? [])
  const ofTask = (await store.find('Link', 'task', distinct([...tasks, ...theirs]))).map(
    ({ key }) => key,
  )
  const held = unique([...links, ...(await store.ancestors(ofTask))])
  const withdrawn = await store.find(
    'Revocation',
    'token',
    distinct([...approvals.flatMap(withdrawnBy), ...held.flatMap(withdrawnBy)]),
  )
  const culprit = textOf(finding, 'culprit') ?? ''
  const artefacts = distinct([
    ...cited,
    culprit,
    ...[...approvals, ...classes, ...withdrawn, ...held].map((node) => node.key),
  ])
  const ofTasks = (await store.find('Evidence', 'task', tasks)).filter(
    (node) => isWhole(finding) || OF_TASK.has(textOf(node, 'kind') ?? ''),
  )
  const spending = await spendingWith(
    store,
    links.map(({ key }) => key),
    new Map(links.map((node) => [node.key, pathLinkOf(node)])),
  )
  const together = distinct([
    ...[...actions, ...spending].map(({ key }) => key),
    // A call that was refused stands for the refusal.
    culprit,
  ])
  const nodes = unique([
    ...(await store.find('Evidence', 'action', together)),
    ...(await store.find('Evidence', 'actionHash', distinct(hashes))),
    ...(await store.find('Evidence', 'artefact', artefacts)),
    ...ofTasks,
    ...(await flowEvidence(store, finding)),
    ...(await credentialEvidence(store, actions)),
    ...(await statusEvidence(store, links)),
    ...(await identityEvidence(store, links)),
    ...(await store.find('Evidence', 'kind', ['registry'])),
  ])
  if (nodes.length > MAX_PROOF_EVIDENCE) {
    throw new RangeError(`the finding rests on ${nodes.length} items, more than a proof may hold`)
  }
  const trust = parseTrustText((await trustInForce(store))?.text)
  return {
    format: 'delegraph-finding/1',
    ...(trust === undefined ? {} : { trust: trust.version }),
    finding: { ...finding.columns, body: JSON.parse(String(finding.columns['body'])) },
    ...settings,
    evidence: nodes.map((node) => ({
      evidence: evidenceOfNode(node),
      learnedAt: Number(node.columns['learnedAt'] ?? 0),
    })),
  }
}

/** The tokens by which an approval or a link may have been withdrawn. */
function withdrawnBy(node: GraphNode): string[] {
  const keys = ['holderKey', 'anchor'].flatMap((name) => textOf(node, name) ?? [])
  const token = textOf(node, 'token')
  return [hashToken(node.key), ...(token === undefined ? [] : [token]), ...keys.map(keyToken)]
}

/** A proof as it is written, and the finding that it is about. */
export interface ProofFile {
  readonly text: string
  readonly finding: GraphNode
}

/** Why there is no file: nobody knows the finding, or it rests on more than a proof may hold. */
export type NoProof = 'unknown' | 'too_large'

/**
 * A finding as `delegraph export` writes it and `delegraph verify` reads it: one line of JSON. The same
 * graph gives the same bytes.
 */
export async function proofFile(
  store: GraphStore,
  id: string,
  pendingWindow: number,
): Promise<ProofFile | NoProof> {
  const [finding] = await store.find('Finding', 'id', [id])
  if (finding?.columns['body'] === undefined) return 'unknown'
  try {
    const judgedAt = Number(finding.columns['updatedAt'] ?? 0)
    const proof = await proofOf(store, finding, { judgedAt, pendingWindow })
    return { text: `${JSON.stringify(proof)}\n`, finding }
  } catch (error) {
    if (error instanceof RangeError) return 'too_large'
    throw error
  }
}

/** Evidence of a task that may bear on any of its actions. */
const OF_TASK: ReadonlySet<string> = new Set([
  'link',
  'revocation',
  'completion',
  'approval',
  'decision',
  'asserted',
  'movement',
])

/** Under which what is said of a class of calls is found: whoever acted or handed on, and the tool. */
async function aboutKeys(store: GraphStore, actions: readonly GraphNode[]): Promise<string[]> {
  const keys: string[] = []
  for (const action of actions) {
    const tool = textOf(action, 'tool')
    const path = await store.ancestors([textOf(action, 'link')].flatMap((hash) => hash ?? []))
    for (const node of [action, ...path]) {
      const key = aboutKey(textOf(node, 'agent'), tool)
      if (key !== undefined) keys.push(key)
    }
  }
  return distinct(keys)
}

/** Findings that rest on what others did in the task, too. */
function isWhole(finding: GraphNode): boolean {
  return !['D1', 'D2', 'D6', 'D8', 'D10', 'D12', 'D13', 'D15'].includes(
    textOf(finding, 'rule') ?? '',
  )
}

function flowOf(finding: GraphNode): readonly FlowStep[] {
  const { flow = [] } = JSON.parse(textOf(finding, 'body') ?? '{}') as Partial<FindingBody>
  return flow
}

function actionIn({ action }: FlowStep): string[] {
  return action === undefined ? [] : [action]
}

/** The movements and calls by which data came to the action. */
async function flowEvidence(store: GraphStore, finding: GraphNode): Promise<GraphNode[]> {
  const flow = flowOf(finding)
  const data = distinct(flow.map((step) => step.data))
  if (data.length === 0) return []
  const movements = [
    ...(await store.neighbours('PUT', 'in', data)),
    ...(await store.neighbours('GOT', 'in', data)),
  ]
  return [
    ...(await store.find('Evidence', 'id', distinct(movements))),
    ...(await store.find('Evidence', 'action', distinct(flow.flatMap(actionIn)))),
  ]
}

/** What brokers signed about the credentials of actions. */
async function credentialEvidence(
  store: GraphStore,
  actions: readonly GraphNode[],
): Promise<GraphNode[]> {
  const used = actions.flatMap((node) => textOf(node, 'credential') ?? [])
  const records = await store.find('Credential', 'credential', distinct(used))
  return store.find('Evidence', 'artefact', distinct(records.map((node) => node.key)))
}

/** What the status lists that these links name answered while it mattered. */
async function statusEvidence(
  store: GraphStore,
  links: readonly GraphNode[],
): Promise<GraphNode[]> {
  const roots = links.map(pathLinkOf).filter((link) => link.status !== undefined)
  const rows = await statusRows(
    store,
    roots.flatMap((root) => root.status?.uri ?? []),
  )
  const ids = roots.flatMap((root) => {
    const own = rows.filter(({ uri }) => uri === root.status?.uri)
    return answersFor(root, own).map(({ id }) => id)
  })
  return store.find('Evidence', 'id', distinct(ids))
}

/** What trust domains say of the keys that hold these links. */
async function identityEvidence(
  store: GraphStore,
  links: readonly GraphNode[],
): Promise<GraphNode[]> {
  const keys = links.flatMap((node) => textOf(node, 'holderKey') ?? [])
  const identities = await store.find('Identity', 'holderKey', distinct(keys))
  return store.find('Evidence', 'artefact', distinct(identities.map((node) => node.key)))
}

/** What is compared: what fired, on what, who gained, on whose authority, and how sure it is. */
export const DERIVED_COLUMNS = [
  'id',
  'rule',
  'class',
  'severity',
  'certainty',
  'grade',
  'action',
  'link',
  'chain',
  'agent',
  'from',
  'tool',
  'culprit',
  'title',
] as const

/**
 * Judges the evidence of a proof in an empty graph, under the trust of whoever asks, and gives the
 * columns in which the finding that comes out differs from the one that was exported; all of them
 * where none comes out. An empty list means that it was derived again.
 */
export async function rederive(proof: Proof, trust: Trust, store: GraphStore): Promise<string[]> {
  const registry = registryIn(proof.evidence.map(({ evidence }) => evidence))
  const text = registry?.text
  if (text !== undefined) {
    const { nodes, edges } = registryNodes(text, 0)
    await store.write({ nodes, edges })
  }
  const claims = text === undefined ? undefined : registryClaims(text)
  const result = await step(
    store,
    proof.evidence.filter(({ evidence }) => evidence.kind !== 'registry'),
    {
      trust,
      registry:
        claims === undefined
          ? NO_REGISTRY
          : createRegistry(claims.version, claims.iat, claims.entries),
      memo: createLinkMemo({ max: MAX_PROOF_EVIDENCE }),
      now: proof.judgedAt,
      pendingWindow: proof.pendingWindow,
    },
  )
  const found = result.changes.find(({ id }) => id === proof.finding['id'])
  return DERIVED_COLUMNS.filter(
    (name) => (found?.node.columns[name] ?? null) !== (proof.finding[name] ?? null),
  )
}

/** The registry signed last; the signature is for the caller to check. */
export function registryIn(evidence: readonly Evidence[]): RegistryEvidence | undefined {
  return evidence
    .filter((item): item is RegistryEvidence => item.kind === 'registry')
    .sort((a, b) => (registryClaims(a.text)?.iat ?? 0) - (registryClaims(b.text)?.iat ?? 0))
    .at(-1)
}
