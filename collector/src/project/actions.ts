import type { Authority, GraphEdge, GraphNode, Scalar } from '@delegraph/graph-schema'
import { canonicalize, type Json, type Trust } from '@delegraph/link'
import { claimsOf, evidenceOfNode } from '../evidence/node.ts'
import type { CallEvidence, SignedEvidence } from '../evidence/types.ts'
import type { ActionCase } from '../findings/rule.ts'
import type { GraphStore } from '../graph/index.ts'
import {
  type ActionInput,
  type JudgedAction,
  judgeAction,
  UNKNOWN_AGENT,
} from '../verify/action.ts'
import { type AuthorityContext, judgeAuthority } from '../verify/authority.ts'
import { type PathLink, pathLinkOf } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import type { RevocationRecord } from '../verify/status.ts'
import { revokedAfterUse } from '../verify/status.ts'
import { spentFor, usesInGraph, usesOf } from './approval-uses.ts'
import {
  approvalOfNode,
  decisionOfNode,
  keyToken,
  type Projected,
  revocationOfNode,
  stub,
} from './artefacts.ts'
import { receiptConflicts } from './conflicts.ts'
import { credentialOfNode } from './credentials.ts'

export interface JudgedCase {
  readonly subject: ActionCase
  readonly learnedAt: number
}

export interface ActionSettings {
  readonly registry: Registry
  readonly trust: Trust
  /** Judging time, epoch milliseconds. */
  readonly now: number
  /** Milliseconds. */
  readonly pendingWindow: number
}

/** Reads everything that the named actions are judged on, in a few reads, and judges them. */
export async function judgeActions(
  store: GraphStore,
  ids: readonly string[],
  settings: ActionSettings,
): Promise<JudgedCase[]> {
  if (ids.length === 0) return []
  const gathered = await gather(store, ids, settings)
  const links = await linksOf(store, gathered)
  const tokens = [...links.values()].flatMap((link) => [
    ...(link.token === undefined ? [] : [link.token]),
    ...[link.holderThumbprint, link.anchorThumbprint].flatMap((key) =>
      key === undefined ? [] : [keyToken(key)],
    ),
  ])
  const tasks = [...new Set([...links.values()].flatMap((link) => link.task ?? []))]
  const [byToken, byTask] = [
    await store.find('Revocation', 'token', [...new Set(tokens)]),
    await store.find('Revocation', 'task', tasks),
  ]
  const revocations = [
    ...unique([...byToken, ...byTask])
      .map(revocationOfNode)
      .filter((record): record is RevocationRecord => record !== undefined),
    ...settings.trust.compromised.map(
      ({ jkt, since }): RevocationRecord => ({ kind: 'revoked', key: jkt, at: since }),
    ),
  ]
  const credentials = (
    await store.find('Credential', 'credential', distinct(gathered.flatMap(credentialsOf)))
  ).map(credentialOfNode)
  const held = heldBy(links)
  const context: AuthorityContext = { links, held, revocations, registry: settings.registry }

  const judgeOne = (entry: Gathered, spent: ReadonlySet<string>): JudgedCase[] => {
    const { id, calls, receipts, learnedAt, approvals, decisions, conflicts, cites } = entry
    const input: ActionInput = {
      id,
      calls,
      receipts,
      links,
      approvals: approvals.map((node) => ({
        ...approvalOfNode(node, links, cites.approvals.has(node.key)),
        spent: spent.has(node.key),
      })),
      decisions: decisions.map(decisionOfNode),
      credentials,
      revocations,
      citedApprovals: [...cites.approvals].sort(),
      citedDecisions: [...cites.decisions].sort(),
      conflicts,
      learnedAt,
      toolServers: settings.trust.toolServers,
      ...settings,
    }
    const action = judgeAction(input)
    if (action === undefined) return []
    const flagged = revokedAfterUse(action.path, action, revocations)
      ? { ...action, flags: [...action.flags, 'revoked_after_use'].sort() }
      : action
    const authority = judgeAuthority(flagged, context)
    const subject = { action: flagged, authority, context, registry: settings.registry }
    return [{ subject, learnedAt }]
  }
  const cases = gathered.map((entry) => ({ entry, judged: judgeOne(entry, NONE_SPENT) }))
  const actions = cases.flatMap(({ judged }) => judged.map(({ subject }) => subject.action))
  const uses = [
    ...usesOf(actions),
    ...(await usesInGraph(
      store,
      distinct(actions.flatMap(({ citedApprovals }) => citedApprovals)),
      new Set(ids),
    )),
  ]
  return cases.flatMap(({ entry, judged }) => {
    const spent = judged.flatMap(({ subject }) => [...spentFor(subject.action, uses)])
    return spent.length === 0 ? judged : judgeOne(entry, new Set(spent))
  })
}

const NONE_SPENT: ReadonlySet<string> = new Set()

interface Gathered {
  readonly id: string
  readonly calls: readonly CallEvidence[]
  readonly receipts: readonly SignedEvidence[]
  readonly learnedAt: number
  readonly approvals: readonly GraphNode[]
  readonly decisions: readonly GraphNode[]
  readonly conflicts: ReadonlySet<string>
  readonly cites: Citations
}

async function gather(
  store: GraphStore,
  ids: readonly string[],
  settings: ActionSettings,
): Promise<Gathered[]> {
  const nodes = await store.find('Evidence', 'action', ids)
  const byAction = Map.groupBy(nodes, (node) => String(node.columns['action']))
  const cited = new Map<string, Citations>()
  for (const id of ids) cited.set(id, citations(byAction.get(id) ?? []))
  const all = [...cited.values()]
  const hashes = [...new Set(all.flatMap((entry) => [...entry.hashes]))]
  const approvals = unique([
    ...(await store.find(
      'Approval',
      'hash',
      distinct(all.flatMap((entry) => [...entry.approvals])),
    )),
    ...(await store.find('Approval', 'actionHash', hashes)),
  ])
  const decisions = unique([
    ...(await store.find(
      'Decision',
      'hash',
      distinct(all.flatMap((entry) => [...entry.decisions])),
    )),
    ...(await store.find('Decision', 'actionHash', hashes)),
  ])
  const tokens = distinct(nodes.flatMap((node) => textOf(node, 'token') ?? []))
  const sharing = await store.find('Evidence', 'token', tokens)
  const conflicts = await receiptConflicts(store, sharing, settings)

  return ids.flatMap((id) => {
    const own = byAction.get(id)
    const cites = cited.get(id)
    if (own === undefined || cites === undefined) return []
    const items = own.map(evidenceOfNode)
    const named = (node: GraphNode): boolean => cites.hashes.has(textOf(node, 'actionHash') ?? '')
    return [
      {
        id,
        calls: items.filter((item): item is CallEvidence => item.kind === 'span'),
        receipts: items.filter((item): item is SignedEvidence => item.kind === 'receipt'),
        learnedAt: Math.min(...own.map((node) => Number(node.columns['learnedAt'] ?? 0))),
        approvals: approvals.filter((node) => cites.approvals.has(node.key) || named(node)),
        decisions: decisions.filter((node) => cites.decisions.has(node.key) || named(node)),
        conflicts,
        cites,
      },
    ]
  })
}

/** What the spans and receipts of one action name by hash. */
interface Citations {
  readonly approvals: ReadonlySet<string>
  readonly decisions: ReadonlySet<string>
  /** Its action hash; more than one only where span and receipt differ. */
  readonly hashes: ReadonlySet<string>
}

function citations(nodes: readonly GraphNode[]): Citations {
  const approvals = new Set<string>()
  const decisions = new Set<string>()
  const hashes = new Set<string>()
  for (const node of nodes) {
    const item = evidenceOfNode(node)
    if (item.kind === 'span') {
      for (const hash of item.facts.approvals) approvals.add(hash)
      for (const hash of item.facts.decisions) decisions.add(hash)
    } else if (item.kind === 'receipt') {
      const claims = claimsOf(item.text)
      for (const hash of textsOf(claims?.['apr_hash'])) approvals.add(hash)
      for (const hash of textsOf(claims?.['dec_hash'])) decisions.add(hash)
    }
    const hash = textOf(node, 'actionHash')
    if (hash !== undefined) hashes.add(hash)
  }
  return { approvals, decisions, hashes }
}

/**
 * The links that matter: what is cited, what approvals are bound to, and what the agents of the same
 * tasks hold, each with everything above it.
 */
async function linksOf(
  store: GraphStore,
  gathered: readonly Gathered[],
): Promise<Map<string, PathLink>> {
  const cited = gathered.flatMap((entry) => [
    ...entry.calls.flatMap((call) => call.facts.link ?? []),
    ...entry.receipts.flatMap((receipt) => textsOf(claimsOf(receipt.text)?.['aat_hash'])),
    ...entry.approvals.flatMap((approval) => textOf(approval, 'link') ?? []),
  ])
  const first = await store.ancestors(distinct(cited))
  const tasks = distinct([
    ...first.flatMap((node) => textOf(node, 'task') ?? []),
    ...gathered.flatMap((entry) => entry.calls.flatMap((call) => call.facts.task ?? [])),
  ])
  const inTask = await store.find('Link', 'task', tasks)
  const missing = inTask.filter((node) => !first.some((known) => known.key === node.key))
  const second = await store.ancestors(missing.map((node) => node.key))
  return new Map([...first, ...second].map((node) => [node.key, pathLinkOf(node)]))
}

/** Hashes of the credentials that spans and receipts name. */
function credentialsOf({ calls, receipts }: Gathered): string[] {
  return [
    ...calls.flatMap(({ facts }) => facts.credential ?? []),
    ...receipts.flatMap(({ text }) => textsOf(claimsOf(text)?.['credential'])),
  ]
}

function heldBy(links: ReadonlyMap<string, PathLink>): Map<string, string[]> {
  const held = new Map<string, string[]>()
  for (const link of links.values()) {
    if (!link.arrived) continue
    held.set(link.delegate, [...(held.get(link.delegate) ?? []), link.hash])
  }
  return held
}

const ACTION_EDGES = ['BY', 'CALLED', 'UNDER', 'USED'] as const

/** The node of a judged action and what it hangs on. */
export function projectAction({ subject, learnedAt }: JudgedCase): Projected {
  const { action, authority } = subject
  const approvals = action.citedApprovals
  const decisions = distinct([
    ...action.citedDecisions,
    ...action.decisions.map((record) => record.hash),
  ])
  const columns: Record<string, Scalar | undefined> = {
    id: action.id,
    trace: action.facts.trace,
    span: action.facts.span,
    agent: action.agent,
    tool: action.tool,
    audience: action.audience,
    task: action.task,
    chain: action.chain,
    link: action.link,
    actionHash: action.actionHash,
    principal: action.principal,
    args: canonicalize((action.call.args ?? {}) as Json),
    argNames: JSON.stringify(action.call.argNames ?? Object.keys(action.call.args ?? {}).sort()),
    approvals: JSON.stringify(approvals),
    decisions: JSON.stringify(decisions),
    drivers: JSON.stringify(action.drivers),
    credential: action.credential,
    receipt: action.receipt.hash,
    calledReceipt: action.called?.hash,
    at: action.at * 1000,
    endedAt: action.facts.endedAt,
    effect: action.effect,
    grade: action.grade,
    verdict: canonicalize(action.verdict as unknown as Json),
    flags: JSON.stringify(action.flags),
    authority: authorityText(authority),
    settled: action.settled,
    settlesAt: action.settlesAt,
    learnedAt,
  }
  const link: GraphEdge[] =
    action.link === undefined ? [] : [{ kind: 'UNDER', from: action.id, to: action.link }]
  const by: GraphEdge[] =
    action.agent === UNKNOWN_AGENT ? [] : [{ kind: 'BY', from: action.id, to: action.agent }]
  // Whoever is named is known, also where signed text says that it was somebody else.
  const agents = distinct([action.agent, action.facts.agent ?? UNKNOWN_AGENT])
  const links = distinct([action.link ?? '', action.facts.link ?? ''])
  return {
    nodes: [
      ...agents.filter((id) => id !== UNKNOWN_AGENT).map((id) => stub('Agent', 'id', id)),
      ...distinct([action.tool, action.facts.tool ?? action.tool]).map((uri) =>
        stub('Tool', 'uri', uri),
      ),
      ...links.filter((hash) => hash !== '').map((hash) => stub('Link', 'hash', hash)),
      { kind: 'Action', key: action.id, columns: known(columns), whole: true },
    ],
    cleared: ACTION_EDGES.map((kind) => ({ kind, from: action.id })),
    edges: [
      ...by,
      { kind: 'CALLED', from: action.id, to: action.tool },
      ...link,
      ...approvals.map((hash): GraphEdge => ({ kind: 'USED', from: action.id, to: hash })),
      ...decisions.map((hash): GraphEdge => ({ kind: 'DECIDED', from: hash, to: action.id })),
    ],
  }
}

function authorityText(authority: Authority): string {
  return canonicalize(authority as unknown as Json)
}

export function exercisedOf(node: GraphNode): {
  readonly id: string
  readonly agent: string
  readonly tool: string
  readonly at: number
  readonly effect: string
} {
  return {
    id: node.key,
    agent: textOf(node, 'agent') ?? 'unknown',
    tool: textOf(node, 'tool') ?? '',
    at: Number(node.columns['at'] ?? 0),
    effect: textOf(node, 'effect') ?? 'unknown',
  }
}

export function textOf(node: GraphNode, name: string): string | undefined {
  const value = node.columns[name]
  return typeof value === 'string' ? value : undefined
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value]
  return Array.isArray(value)
    ? value.filter((item): item is string => typeof item === 'string')
    : []
}

export function distinct(values: readonly string[]): string[] {
  return [...new Set(values)].sort()
}

export function unique(nodes: readonly GraphNode[]): GraphNode[] {
  return [...new Map(nodes.map((node) => [node.key, node])).values()].sort((a, b) =>
    a.key < b.key ? -1 : 1,
  )
}

function known(columns: Readonly<Record<string, Scalar | undefined>>): Record<string, Scalar> {
  return Object.fromEntries(
    Object.entries(columns).filter((entry): entry is [string, Scalar] => entry[1] !== undefined),
  )
}

export type { JudgedAction }
