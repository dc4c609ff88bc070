import type { GraphEdge, GraphNode } from '@delegraph/graph-schema'
import type { LinkMemo } from '@delegraph/link'
import { claimsOf, evidenceNode, evidenceOfNode, tokenKey } from '../evidence/node.ts'
import type { Evidence, SignedEvidence } from '../evidence/types.ts'
import { type Finding, findingsOfAction, findingsOfLink, incidentOf } from '../findings/finding.ts'
import { wideningOf } from '../findings/rules/scope-widening.ts'
import type { GraphBatch, GraphStore } from '../graph/index.ts'
import { UNKNOWN_AGENT } from '../verify/action.ts'
import { pathLinkOf, pathTo } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import type { Trust } from '../verify/trust.ts'
import { distinct, exercisedOf, judgeActions, projectAction, textOf, unique } from './actions.ts'
import {
  type Projected,
  projectApproval,
  projectCompletion,
  projectDecision,
  projectRevocation,
  stub,
} from './artefacts.ts'
import { type ChangedFinding, compareFindings, FINDING_EDGES, findingEdges } from './findings.ts'
import { MAX_DESCENDANTS, projectLinks } from './links.ts'

/** One item of evidence with the time it was learned, epoch milliseconds. */
export interface Learned {
  readonly evidence: Evidence
  readonly learnedAt: number
}

export interface StepSettings {
  readonly trust: Trust
  readonly registry: Registry
  readonly memo: LinkMemo
  readonly now: number
  readonly pendingWindow: number
}

export interface StepResult extends GraphBatch {
  readonly changes: readonly ChangedFinding[]
}

/**
 * Takes new evidence into the graph and judges what it touches. The evidence and the links are
 * written here, so that the judging reads them back; what is returned is for the caller to write
 * together with the journal position. Doing a step twice changes nothing.
 */
export async function step(
  store: GraphStore,
  learned: readonly Learned[],
  settings: StepSettings,
): Promise<StepResult> {
  await store.write({
    nodes: unique(learned.map(({ evidence, learnedAt }) => evidenceNode(evidence, learnedAt))),
    edges: [],
  })
  const artefacts = await projectArtefacts(store, learned, settings.trust)
  await store.write({ nodes: artefacts.nodes, edges: artefacts.edges })

  const arrived = learned.flatMap(({ evidence }) =>
    evidence.kind === 'link' ? evidence.artefact : [],
  )
  const withdrawn = await withdrawnLinks(store, artefacts.nodes)
  const { projected, affected } = await projectLinks(
    store,
    distinct(arrived),
    settings.trust,
    settings.memo,
  )
  await store.write(projected)

  const links = projected.nodes.filter((node) => node.kind === 'Link')
  const late = await projectArtefacts(store, await waitingWithdrawals(store, links), settings.trust)
  await store.write(late)
  const touched = distinct([
    ...affected,
    ...withdrawn,
    ...(await withdrawnLinks(store, late.nodes)),
  ])
  const actions = await touchedActions(store, learned, touched, projected)
  return judge(store, actions, touched, settings)
}

/** Judges the named actions and links again and says what changes. */
export async function judge(
  store: GraphStore,
  actions: readonly string[],
  links: readonly string[],
  settings: StepSettings,
): Promise<StepResult> {
  const cases = await judgeActions(store, actions, settings)
  const projected = cases.map(projectAction)
  // Findings on links count the actions that used them, so those are written first.
  await store.write({
    nodes: projected.flatMap((part) => part.nodes),
    edges: projected.flatMap((part) => part.edges),
    cleared: projected.flatMap((part) => part.cleared ?? []),
  })
  const effectOf = (tool: string) => settings.registry.effect(tool)
  const used = cases.flatMap(({ subject }) => subject.action.path.links.map((link) => link.hash))
  const judgedLinks = distinct([...links, ...used])
  const found: Finding[] = [
    ...cases.flatMap(({ subject }) => findingsOfAction(subject, effectOf)),
    ...(await linkFindings(store, judgedLinks, settings)),
  ]
  const subjects = new Set([...cases.map(({ subject }) => subject.action.id), ...judgedLinks])
  const existing = await existingFindings(store, subjects)
  const changes = compareFindings(existing, found, settings.now)
  return {
    nodes: [
      ...changes.map((change) => change.node),
      ...changes.flatMap(({ finding }) =>
        finding === undefined || finding.agent === UNKNOWN_AGENT
          ? []
          : [stub('Agent', 'id', finding.agent)],
      ),
    ],
    edges: changes.flatMap(({ finding }) => (finding === undefined ? [] : findingEdges(finding))),
    cleared: changes.flatMap(({ id }) => FINDING_EDGES.map((kind) => ({ kind, from: id }))),
    changes,
  }
}

async function projectArtefacts(
  store: GraphStore,
  learned: readonly Learned[],
  trust: Trust,
): Promise<Projected> {
  const nodes: GraphNode[] = []
  const edges: GraphEdge[] = []
  for (const { evidence, learnedAt } of learned) {
    const part = await projectArtefact(store, evidence, learnedAt, trust)
    nodes.push(...part.nodes)
    edges.push(...part.edges)
  }
  return { nodes, edges }
}

async function projectArtefact(
  store: GraphStore,
  evidence: Evidence,
  learnedAt: number,
  trust: Trust,
): Promise<Projected> {
  switch (evidence.kind) {
    case 'approval':
      return projectApproval(evidence, trust, learnedAt)
    case 'decision':
      return projectDecision(evidence, trust, learnedAt)
    case 'revocation':
      return projectRevocation(evidence, trust, await keysAbove(store, evidence), learnedAt)
    case 'completion':
      return projectCompletion(evidence, await rootNamedBy(store, evidence), learnedAt)
    default:
      return { nodes: [], edges: [] }
  }
}

/** Keys of the holders above the link that a withdrawal names: they may withdraw it too. */
async function keysAbove(store: GraphStore, evidence: SignedEvidence) {
  const token = targetToken(evidence)
  if (token === undefined) return []
  const targets = await store.find('Link', 'token', [token])
  const above = await store.ancestors(targets.map((node) => node.key))
  return above
    .filter((node) => !targets.some((target) => target.key === node.key))
    .flatMap((node) => pathLinkOf(node).holderKey ?? [])
}

async function rootNamedBy(store: GraphStore, evidence: SignedEvidence) {
  const hash = claimsOf(evidence.text)?.['aat_hash']
  if (typeof hash !== 'string') return undefined
  const [node] = await store.find('Link', 'hash', [hash])
  const link = node === undefined ? undefined : pathLinkOf(node)
  return link?.parent === undefined ? link : undefined
}

/** The token of the link that a security event names (RFC 9493, format `jwt_id`). */
function targetToken(evidence: SignedEvidence): string | undefined {
  const subject = claimsOf(evidence.text)?.['sub_id']
  if (typeof subject !== 'object' || subject === null) return undefined
  const { iss, jti } = subject as Record<string, unknown>
  return typeof iss === 'string' && typeof jti === 'string' ? tokenKey(iss, jti) : undefined
}

/** Withdrawals that came before the links they need are judged again when those arrive. */
async function waitingWithdrawals(
  store: GraphStore,
  links: readonly GraphNode[],
): Promise<Learned[]> {
  const tokens = distinct(links.flatMap((node) => textOf(node, 'token') ?? []))
  const tasks = distinct(links.flatMap((node) => textOf(node, 'task') ?? []))
  const found = unique([
    ...(await store.find('Revocation', 'token', tokens)),
    ...(await store.find('Revocation', 'task', tasks)),
  ]).filter((node) => textOf(node, 'outcome') !== 'ok')
  const evidence = await store.find(
    'Evidence',
    'artefact',
    found.map((node) => node.key),
  )
  return evidence.map((node) => ({
    evidence: evidenceOfNode(node),
    learnedAt: Number(node.columns['learnedAt'] ?? 0),
  }))
}

/** Links that a withdrawal touches, with everything below them. */
async function withdrawnLinks(store: GraphStore, nodes: readonly GraphNode[]): Promise<string[]> {
  const withdrawals = nodes.filter((node) => node.kind === 'Revocation')
  const tokens = distinct(withdrawals.flatMap((node) => textOf(node, 'token') ?? []))
  const tasks = distinct(withdrawals.flatMap((node) => textOf(node, 'task') ?? []))
  const named = unique([
    ...(await store.find('Link', 'token', tokens)),
    ...(await store.find('Link', 'task', tasks)),
  ]).map((node) => node.key)
  const below = await store.descendants(named, MAX_DESCENDANTS)
  return distinct([...named, ...below.map((node) => node.key)])
}

/** Actions that new evidence may change: their own, those under a link, by hash, in the same task. */
async function touchedActions(
  store: GraphStore,
  learned: readonly Learned[],
  links: readonly string[],
  projected: Projected,
): Promise<string[]> {
  const own: string[] = []
  const hashes: string[] = []
  for (const { evidence } of learned) {
    const columns = evidenceNode(evidence, 0).columns
    if (typeof columns['action'] === 'string') own.push(columns['action'])
    if (evidence.kind === 'approval' || evidence.kind === 'decision') {
      if (typeof columns['actionHash'] === 'string') hashes.push(columns['actionHash'])
    }
  }
  const approvals = learned.flatMap(({ evidence }) =>
    evidence.kind === 'approval' || evidence.kind === 'decision' ? [evidence.artefact] : [],
  )
  // A link can only add authority for those who have none yet, so settled paths are left alone.
  const tasks = distinct(projected.nodes.flatMap((node) => textOf(node, 'task') ?? []))
  const inTask = (await store.find('Action', 'task', tasks)).filter(
    (node) => !String(node.columns['authority']).includes('"kind":"chain"'),
  )
  const citing = await citingActions(store, distinct(approvals))
  const boundTo = await actionsOfApprovals(store, links)
  const found = [
    ...(await store.find('Action', 'link', links)),
    ...(await store.find('Action', 'actionHash', distinct([...hashes, ...boundTo]))),
    ...inTask,
  ]
  return distinct([...own, ...citing, ...found.map((node) => node.key)])
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

async function linkFindings(
  store: GraphStore,
  hashes: readonly string[],
  settings: StepSettings,
): Promise<Finding[]> {
  const nodes = (await store.ancestors(hashes)).map(pathLinkOf)
  const links = new Map(nodes.map((link) => [link.hash, link]))
  const failing = hashes.flatMap((hash) => {
    const link = links.get(hash)
    if (link === undefined) return []
    const own = link.outcome.state === 'failed' && link.outcome.detail !== 'above'
    return own || wideningOf(link, settings.registry) !== undefined ? [link] : []
  })
  const direct = Map.groupBy(
    await store.find(
      'Action',
      'link',
      failing.map((link) => link.hash),
    ),
    (node) => textOf(node, 'link'),
  )
  const found: Finding[] = []
  for (const link of failing) {
    // What hangs below a link counts as its use only where the link is real and merely too wide.
    const wide = wideningOf(link, settings.registry) !== undefined
    const below = wide ? await actionsBelow(store, link.hash) : []
    const users = [...(direct.get(link.hash) ?? []), ...below]
    const exercised = users.map(exercisedOf).sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    const subject = { link, path: pathTo(link.hash, links), exercised, registry: settings.registry }
    found.push(...findingsOfLink(subject, (tool) => settings.registry.effect(tool)))
  }
  return found
}

async function actionsBelow(store: GraphStore, link: string): Promise<GraphNode[]> {
  const below = await store.descendants([link], MAX_DESCENDANTS)
  if (below.length === 0) return []
  return store.find(
    'Action',
    'link',
    below.map((node) => node.key),
  )
}

/** What was found before on exactly these subjects. */
async function existingFindings(
  store: GraphStore,
  subjects: ReadonlySet<string>,
): Promise<GraphNode[]> {
  const incidents = [...subjects].map(incidentOf)
  return unique(await store.find('Finding', 'incident', distinct(incidents)))
}
