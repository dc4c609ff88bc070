import type { GraphNode, Outcome } from '@delegraph/graph-schema'
import type { Trust } from '@delegraph/link'
import { claimsOf, evidenceOfNode } from '../evidence/node.ts'
import { presentedIn, textsOf } from '../evidence/presented.ts'
import type { CallEvidence, ForeignEvidence, SignedEvidence } from '../evidence/types.ts'
import type { GraphStore } from '../graph/index.ts'
import { type ActionInput, isAgentId, judgeAction } from '../verify/action.ts'
import type { AuthorityContext } from '../verify/auth.ts'
import { judgeAuthority } from '../verify/authority.ts'
import { type PathLink, pathLinkOf, pathTo } from '../verify/path.ts'
import type { Registry } from '../verify/registry.ts'
import type { RevocationRecord } from '../verify/status.ts'
import { revokedAfterUse } from '../verify/status.ts'
import { spentFor, usesInGraph, usesOf } from './approval-uses.ts'
import { aboutKey, approvalOfNode, hashToken, keyToken, revocationOfNode } from './artefacts.ts'
import { sumsFor } from './budget-uses.ts'
import { receiptConflicts } from './conflicts.ts'
import { credentialOfNode } from './credentials.ts'
import { decisionOfNode } from './decisions.ts'
import { type PresentedToken, presentedTokens } from './foreign/presented-tokens.ts'
import { identitiesFor } from './identities.ts'
import type { JudgedCase } from './judged-case.ts'
import { distinct, textOf, unique } from './nodes.ts'
import { statusOfRoots } from './status-lists.ts'

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
  const found = await gather(store, ids, settings)
  const links = await linksOf(store, found)
  const gathered = await withClasses(store, found, links)
  const approvalNodes = gathered.flatMap((entry) => entry.approvals)
  const tokens = [
    ...approvalNodes.flatMap((node) => [hashToken(node.key), textOf(node, 'token') ?? '']),
    ...linkTokens(links.values()),
  ]
  const tasks = distinct([
    ...[...links.values()].flatMap((link) => link.task ?? []),
    ...approvalNodes.flatMap((node) => textOf(node, 'task') ?? []),
  ])
  const [byToken, byTask] = [
    await store.find('Revocation', 'token', distinct(tokens)),
    await store.find('Revocation', 'task', tasks),
  ]
  const ends = endsOf(unique([...byToken, ...byTask]), settings.registry)
  const revocations = [
    ...unique([...byToken, ...byTask])
      .map((node) => revocationOfNode(node, settings.registry))
      .filter((record): record is RevocationRecord => record !== undefined),
    ...settings.trust.compromised.map(
      ({ jkt, since }): RevocationRecord => ({
        kind: 'revoked',
        key: jkt,
        at: since,
        moment: since * 1000,
      }),
    ),
  ]
  const credentials = (
    await store.find(
      'Credential',
      'credential',
      distinct(
        gathered.flatMap(({ calls, receipts }) =>
          [...calls, ...receipts].flatMap((item) => presentedIn(item).credentials),
        ),
      ),
    )
  ).map(credentialOfNode)
  const held = heldBy(links)
  const { registry } = settings
  const statusLists = await statusOfRoots(store, links.values(), settings.trust)
  const receipts = gathered.flatMap((entry) => entry.receipts)
  const identities = await identitiesFor(store, links.values(), receipts, settings)
  const context: AuthorityContext = { links, held, revocations, statusLists, registry }

  const judgeOne = (
    entry: Gathered,
    spent: ReadonlySet<string> = NONE_SPENT,
    sums?: Outcome,
  ): JudgedCase[] => {
    const { id, calls, receipts, learnedAt, approvals, decisions, conflicts, cites } = entry
    const input: ActionInput = {
      id,
      calls,
      receipts,
      links,
      approvals: approvals.map((node) => ({
        ...approvalOfNode(node, links, cites.approvals.has(node.key)),
        ...ends(node),
        spent: spent.has(node.key),
      })),
      decisions: decisions.map((node) => decisionOfNode(node, cites.decisions.has(node.key))),
      besides: [...approvals, ...decisions].flatMap((node) => textOf(node, 'text') ?? []),
      credentials,
      revocations,
      statusLists,
      identities,
      citedApprovals: [...cites.approvals].sort(),
      citedDecisions: [...cites.decisions].sort(),
      conflicts,
      learnedAt,
      ...(sums === undefined ? {} : { sums }),
      toolServers: settings.trust.toolServers,
      ...(settings.trust.holderIdentity === undefined
        ? {}
        : { holderIdentity: settings.trust.holderIdentity }),
      ...settings,
    }
    const action = judgeAction(input)
    if (action === undefined) return []
    const flagged = revokedAfterUse(action.path, action, revocations, statusLists)
      ? { ...action, flags: [...action.flags, 'revoked_after_use'].sort() }
      : action
    const authority = judgeAuthority(flagged, context)
    const subject = { action: flagged, authority, context, registry }
    const named = askersNamed(calls, receipts)
    return [{ subject, learnedAt, named, tokens: tokensOf(entry, settings.trust) }]
  }
  const cases = gathered.map((entry) => ({ entry, judged: judgeOne(entry) }))
  const actions = cases.flatMap(({ judged }) => judged.map(({ subject }) => subject.action))
  const uses = [
    ...usesOf(actions),
    ...(await usesInGraph(
      store,
      distinct(actions.flatMap(({ citedApprovals }) => citedApprovals)),
      new Set(ids),
    )),
  ]
  const { outcomes, others } = await sumsFor(store, actions, gathered.flatMap(linksCited), links)
  // A call that comes late moves the sums of those that came after it.
  if (others.length > 0) return judgeActions(store, distinct([...ids, ...others]), settings)
  return cases.flatMap(({ entry, judged }) => {
    const spent = judged.flatMap(({ subject }) => [...spentFor(subject.action, uses)])
    const sums = outcomes.get(entry.id)
    return spent.length === 0 && sums === undefined ? judged : judgeOne(entry, new Set(spent), sums)
  })
}

function askersNamed(
  calls: readonly CallEvidence[],
  receipts: readonly SignedEvidence[],
): string[] {
  const named = [
    ...calls.flatMap(({ facts }) => [...facts.drivers, ...textsOf(facts.delegator)]),
    ...receipts.flatMap(({ text }) => textsOf(claimsOf(text)?.['drivers'])),
  ]
  return distinct(named.filter(isAgentId))
}

/** What the withdrawal of any of these links is looked up by. */
function linkTokens(links: Iterable<PathLink>): string[] {
  return [...links].flatMap((link) => [
    ...(link.token === undefined ? [] : [link.token]),
    ...[link.holderThumbprint, link.anchorThumbprint].flatMap((key) =>
      key === undefined ? [] : [keyToken(key)],
    ),
  ])
}

/**
 * The moment from which an approval is withdrawn, or over with its task. The word of somebody ends only
 * another such word, and that of an agent only its own.
 */
function endsOf(
  revocations: readonly GraphNode[],
  registry: Registry,
): (approval: GraphNode) => { readonly withdrawn?: number; readonly taskOver?: true } {
  const records = revocations.flatMap((node) => {
    const record = revocationOfNode(node, registry)
    return record === undefined ? [] : [{ ...record, token: textOf(node, 'token') }]
  })
  const byToken = Map.groupBy(records, ({ token }) => token)
  // What takes back a whole task, or says that it is over, names no token.
  const byTask = Map.groupBy(records, ({ token, task }) => (token === undefined ? task : ''))
  return (approval) => {
    const unsigned = textOf(approval, 'signature') === 'missing'
    const token = unsigned ? hashToken(approval.key) : (textOf(approval, 'token') ?? '')
    const taken = (byToken.get(token) ?? []).filter(
      ({ agent, ...record }) =>
        (record.unsigned !== true || record.hash !== undefined) &&
        (agent === undefined || agent === textOf(approval, 'approver')),
    )
    const over = (byTask.get(textOf(approval, 'task')) ?? []).filter(
      (record) => record.unsigned !== true || unsigned,
    )
    const first = [...taken, ...over].sort((a, b) => a.moment - b.moment)[0]
    if (first === undefined) return {}
    return { withdrawn: first.moment, ...(over.includes(first) ? { taskOver: true } : {}) }
  }
}

/** Adds what was said of a class of calls: it is found by agent and tool, whether or not it is cited. */
async function withClasses(
  store: GraphStore,
  gathered: readonly Gathered[],
  links: ReadonlyMap<string, PathLink>,
): Promise<Gathered[]> {
  const keys = new Map(gathered.map((entry) => [entry.id, aboutKeys(entry, links)]))
  const all = distinct([...keys.values()].flat())
  const approvals = await store.find('Approval', 'about', all)
  const decisions = await store.find('Decision', 'about', all)
  const classes = [...approvals, ...decisions].filter(
    (node) => textOf(node, 'grants') !== undefined,
  )
  if (classes.length === 0) return [...gathered]
  const byKey = Map.groupBy(classes, (node) => textOf(node, 'about') ?? '')
  return gathered.map((entry) => {
    const own = (keys.get(entry.id) ?? []).flatMap((key) => byKey.get(key) ?? [])
    const of = (kind: GraphNode['kind']) => own.filter((node) => node.kind === kind)
    return {
      ...entry,
      approvals: unique([...entry.approvals, ...of('Approval')]),
      decisions: unique([...entry.decisions, ...of('Decision')]),
    }
  })
}

/** Everybody who may be named for this call, with each tool that it may be. */
function aboutKeys(entry: Gathered, links: ReadonlyMap<string, PathLink>): string[] {
  const claims = entry.receipts.map((receipt) => claimsOf(receipt.text))
  const tools = [
    ...entry.calls.map((call) => call.facts.tool),
    ...claims.map((claim) => claim?.['aat_tool']),
  ]
  const cited = [
    ...entry.calls.map((call) => call.facts.link),
    ...claims.map((c) => c?.['aat_hash']),
  ]
  const holders = distinct(cited.filter((hash) => typeof hash === 'string')).flatMap((hash) =>
    pathTo(hash, links).links.map((link) => link.delegate),
  )
  const named = claims.map((claim) => (claim?.['act'] as { sub?: unknown } | undefined)?.sub)
  const agents = [...entry.calls.map((call) => call.facts.agent), ...named, ...holders]
  const texts = (values: readonly unknown[]) =>
    distinct(values.filter((value) => typeof value === 'string'))
  return texts(agents).flatMap((agent) => texts(tools).map((tool) => aboutKey(agent, tool)))
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
  readonly foreign: readonly ForeignEvidence[]
  /** Evidence of the same token ids, whatever call it came with. */
  readonly sharing: readonly GraphNode[]
}

function tokensOf({ id, calls, foreign, sharing }: Gathered, trust: Trust): PresentedToken[] {
  if (foreign.length === 0) return []
  const starts = calls.map(({ facts }) => facts.startedAt)
  const startedAt = starts.length === 0 ? undefined : Math.floor(Math.min(...starts) / 1000)
  const audience = calls.map(({ facts }) => facts.audience).sort()[0]
  return presentedTokens(foreign, { id, startedAt, audience }, sharing, trust)
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
        foreign: items.filter((item): item is ForeignEvidence => item.kind === 'foreign'),
        sharing,
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
    const presented = presentedIn(evidenceOfNode(node))
    for (const hash of presented.approvals) approvals.add(hash)
    for (const hash of presented.decisions) decisions.add(hash)
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
    ...linksCited(entry),
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

/** Links that the spans and receipts of an action name as the one in force. */
function linksCited({ calls, receipts }: Gathered): string[] {
  return [
    ...calls.flatMap((call) => call.facts.link ?? []),
    ...receipts.flatMap((receipt) => textsOf(claimsOf(receipt.text)?.['aat_hash'])),
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
