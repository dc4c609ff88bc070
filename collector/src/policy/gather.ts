import type { GraphNode, Verdict, VerdictPart } from '@delegraph/graph-schema'
import {
  type PartState,
  POLICY_PARTS,
  type PolicyApproval,
  type PolicyFacts,
  shownApproval,
} from '@delegraph/link/policy'
import type { Filter, GraphStore } from '../graph/index.ts'
import { distinct, listOf, textOf } from '../project/nodes.ts'
import { UNKNOWN_AGENT } from '../verify/action.ts'
import type { ReplayCase } from './replay-case.ts'

export interface Wanted {
  /** How many calls at most, the newest. */
  readonly last: number
  readonly decisions: Filter
  /** Absent where what is asked for is about decisions alone. */
  readonly actions?: Filter
}

/** How much is read at once; between two portions others are answered. */
const PORTION = 200

/**
 * The newest calls as the graph has them: those that a record decided, and those that nobody decided. What the graph does
 * not know of a call is absent in its facts, and nothing is put in its place: arguments, what the place is called that
 * the service ran in, what another decision point said.
 */
export async function gatherCases(
  store: GraphStore,
  wanted: Wanted,
): Promise<{ readonly cases: readonly ReplayCase[]; readonly capped: boolean }> {
  const limit = wanted.last + 1
  const page = { direction: 'desc', orderBy: 'at', limit } as const
  const decided = await store.page({ ...page, kind: 'Decision', where: wanted.decisions })
  const acted =
    wanted.actions === undefined
      ? []
      : await store.page({ ...page, kind: 'Action', where: wanted.actions })
  const calls: Call[] = [
    // One that is for a class of calls is of no single one.
    ...decided
      .filter((node) => textOf(node, 'grants') === undefined)
      .map((decision) => ({ decision })),
    ...acted.filter((node) => listOf(node, 'decisions').length === 0).map((action) => ({ action })),
  ]
  const newest = calls.sort((a, b) => momentOf(b) - momentOf(a)).slice(0, wanted.last)
  const cases: ReplayCase[] = []
  for (let done = 0; done < newest.length; done += PORTION) {
    cases.push(...(await casesOf(newest.slice(done, done + PORTION), store)))
    await new Promise((resolve) => setImmediate(resolve))
  }
  const isCut = decided.length === limit || acted.length === limit || calls.length > wanted.last
  return { cases, capped: isCut }
}

/** One of them at least. */
interface Call {
  readonly decision?: GraphNode
  readonly action?: GraphNode
}

function momentOf({ decision, action }: Call): number {
  const at = Number(action?.columns['at'] ?? 0)
  return decision === undefined ? at : Number(decision.columns['at'] ?? 0) * 1000
}

async function casesOf(calls: readonly Call[], store: GraphStore): Promise<ReplayCase[]> {
  const whole = await withActions(calls, store)
  const leaves = whole.flatMap((call) => linkOf(call) ?? [])
  const links = new Map((await store.ancestors(distinct(leaves))).map((node) => [node.key, node]))
  const hashes = whole.flatMap(({ action }) =>
    action === undefined ? [] : listOf(action, 'approvals'),
  )
  const approvals = new Map(
    (await store.find('Approval', 'hash', distinct(hashes))).map((node) => [node.key, node]),
  )
  const named = distinct([...approvals.values()].flatMap((node) => textOf(node, 'link') ?? []))
  const holders = new Map(
    (await store.find('Link', 'hash', named)).map((node) => [node.key, textOf(node, 'agent')]),
  )
  return whole.map((call) => caseOf(call, { links, approvals, holders }))
}

/** The one call that a record decided, where there is exactly one. */
async function withActions(calls: readonly Call[], store: GraphStore): Promise<readonly Call[]> {
  const hashes = calls.flatMap(({ decision }) =>
    decision === undefined ? [] : (textOf(decision, 'actionHash') ?? []),
  )
  const found = await store.find('Action', 'actionHash', distinct(hashes))
  return calls.map((call) => {
    const { decision } = call
    if (decision === undefined) return call
    const hash = textOf(decision, 'actionHash')
    const [action, ...others] = found.filter(
      (node) =>
        textOf(node, 'actionHash') === hash && listOf(node, 'decisions').includes(decision.key),
    )
    return action === undefined || others.length > 0 ? { decision } : { decision, action }
  })
}

interface Known {
  readonly links: ReadonlyMap<string, GraphNode>
  readonly approvals: ReadonlyMap<string, GraphNode>
  /** Agents by the link that they hold. */
  readonly holders: ReadonlyMap<string, string | undefined>
}

function caseOf(call: Call, known: Known): ReplayCase {
  const { decision, action } = call
  const path = pathOf(linkOf(call), known.links)
  const leaf = path?.at(-1)
  const verdict = verdictOf(action)
  const agent = agentOf(call, leaf)
  const tool = column(call, 'tool')
  const link = linkOf(call)
  const chain = leaf && textOf(leaf, 'chain')
  return {
    at: momentOf(call),
    ...present({ decision: decision?.key, action: action?.key, agent, tool, link, chain }),
    ...present({ recorded: recordedOf(call), refusedByPolicy: refusedByPolicy(decision) }),
    chainHolds: chainHolds(verdict, path),
    ...(tool === undefined ? {} : { facts: factsOf(call, { tool, agent, path, verdict, known }) }),
  }
}

function factsOf(
  call: Call,
  about: {
    readonly tool: string
    readonly agent: string | undefined
    readonly path: readonly GraphNode[] | undefined
    readonly verdict: Partial<Verdict> | undefined
    readonly known: Known
  },
): PolicyFacts {
  const { tool, agent, path, verdict, known } = about
  const at = Math.floor(momentOf(call) / 1000)
  // Who cannot be believed says nothing: a guard asks no policy about a chain that does not hold.
  const sound = path?.every((node) => textOf(node, 'outcome') === 'ok') === true ? path : undefined
  const [root] = sound ?? []
  const leaf = sound?.at(-1)
  const issuedAt = root?.columns['issuedAt']
  const tools = leaf && textOf(leaf, 'tools')
  return {
    tool,
    at,
    ...present({
      agent,
      service: column(call, 'audience'),
      user: root && textOf(root, 'principal'),
      linkExpires: numberIn(leaf, 'expiresAt'),
      approval: approvalOf(call, { tool, agent, verdict, known }),
    }),
    chain: {
      verdict: statesOf(verdict),
      ...present({
        depth: sound === undefined ? undefined : sound.length - 1,
        scopes: tools === undefined ? undefined : Object.keys(JSON.parse(tools) as object).sort(),
        rootUid: root?.key,
        ageSeconds: typeof issuedAt === 'number' ? Math.max(0, at - issuedAt) : undefined,
        agents: sound === undefined ? undefined : agentsOf(sound),
      }),
    },
  }
}

/** The parts that were judged; a guard may have known what is unknown here. */
function statesOf(verdict: Partial<Verdict> | undefined): PolicyFacts['chain']['verdict'] {
  // What the decision part says rests on the very record that is asked about.
  const parts = POLICY_PARTS.filter((part) => part !== 'decision')
  return Object.fromEntries(
    parts.flatMap((part): [string, PartState][] => {
      const state = verdict?.[part]?.state
      return state === undefined || state === 'unknown' ? [] : [[part, state]]
    }),
  )
}

/** Null where none counts for it, undefined where that is not known. */
function approvalOf(
  { action }: Call,
  about: {
    readonly tool: string
    readonly agent: string | undefined
    readonly verdict: Partial<Verdict> | undefined
    readonly known: Known
  },
): PolicyApproval | null | undefined {
  const { tool, agent, verdict, known } = about
  const state = verdict?.approval?.state
  if (action === undefined || state === undefined || state === 'unknown') return undefined
  if (state !== 'ok') return null
  const cited = listOf(action, 'approvals')
  const found = cited.map((hash) => approvalIn(known.approvals.get(hash), known))
  const whole = found.flatMap((one) => one ?? [])
  // Of several it is not known which ones the service counted.
  const isOne = cited.length === 1 || whole.every(({ subject }) => subject === agent)
  return whole.length < cited.length || !isOne
    ? undefined
    : (shownApproval(whole, agent === undefined ? { tool } : { agent, tool }) ?? undefined)
}

function approvalIn(node: GraphNode | undefined, { holders }: Known): PolicyApproval | undefined {
  if (node === undefined || textOf(node, 'outcome') !== 'ok') return undefined
  const [approver, tool, link] = [
    textOf(node, 'approver'),
    textOf(node, 'tool'),
    textOf(node, 'link'),
  ]
  const expires = numberIn(node, 'expiresAt')
  if (approver === undefined || tool === undefined || expires === undefined) return undefined
  const subject = textOf(node, 'subject') ?? (link === undefined ? undefined : holders.get(link))
  const uses = textOf(node, 'grants') === undefined ? 1 : (numberIn(node, 'uses') ?? 1)
  return { id: node.key, approver, tool, expires, uses, ...present({ subject }) }
}

/** The links from the root, where every one of them is there. */
function pathOf(
  leaf: string | undefined,
  links: ReadonlyMap<string, GraphNode>,
): readonly GraphNode[] | undefined {
  const path = new Set<GraphNode>()
  let next = leaf
  while (next !== undefined) {
    const node = links.get(next)
    if (node === undefined || path.has(node) || textOf(node, 'outcome') === undefined)
      return undefined
    path.add(node)
    next = textOf(node, 'parent')
  }
  return path.size === 0 ? undefined : [...path].reverse()
}

const ASKED: readonly VerdictPart[] = ['chain', 'possession', 'status', 'action']

/** Whether a guard would have let it go on to its policy. */
function chainHolds(
  verdict: Partial<Verdict> | undefined,
  path: readonly GraphNode[] | undefined,
): ReplayCase['chainHolds'] {
  if (verdict === undefined) {
    const broken = path?.some((node) => textOf(node, 'outcome')?.startsWith('failed')) === true
    return broken ? 'no' : 'unknown'
  }
  const states = ASKED.map((part) => verdict[part]?.state ?? 'unknown')
  const approval = verdict.approval?.state ?? 'unknown'
  // Without a chain there is nothing that a guard could let through.
  if ([...states, approval].includes('failed') || states[0] === 'not_applicable') return 'no'
  const isWhole = states.every((state) => state === 'ok')
  return isWhole && (approval === 'ok' || approval === 'not_applicable') ? 'yes' : 'unknown'
}

function recordedOf({ decision, action }: Call): 'allow' | 'deny' | undefined {
  if (decision !== undefined) {
    const answer = textOf(decision, 'verdict')
    return answer === 'allow' || answer === 'deny' ? answer : undefined
  }
  const effect = action && textOf(action, 'effect')
  return effect === 'ok' ? 'allow' : effect === 'denied' ? 'deny' : undefined
}

function refusedByPolicy(decision: GraphNode | undefined): boolean | undefined {
  const [mode, answer] = [
    decision && textOf(decision, 'policyMode'),
    decision && textOf(decision, 'policyAnswer'),
  ]
  return mode === undefined ? undefined : mode === 'enforce' && answer === 'deny'
}

function verdictOf(action: GraphNode | undefined): Partial<Verdict> | undefined {
  const text = action && textOf(action, 'verdict')
  return text === undefined ? undefined : (JSON.parse(text) as Partial<Verdict>)
}

function agentOf({ decision, action }: Call, leaf: GraphNode | undefined): string | undefined {
  const names = [decision, action, leaf].map((node) => node && textOf(node, 'agent'))
  return names.find((name) => name !== undefined && name !== UNKNOWN_AGENT)
}

function agentsOf(path: readonly GraphNode[]): readonly string[] {
  return path.flatMap((node) => textOf(node, 'agent') ?? [])
}

function linkOf(call: Call): string | undefined {
  return column(call, 'link')
}

/** By the word of the record, else of the call. */
function column({ decision, action }: Call, name: string): string | undefined {
  return (decision && textOf(decision, name)) ?? (action && textOf(action, name))
}

function numberIn(node: GraphNode | undefined, name: string): number | undefined {
  const value = node?.columns[name]
  return typeof value === 'number' ? value : undefined
}

function present<Members extends object>(
  members: Members,
): { [Name in keyof Members]?: Exclude<Members[Name], undefined> } {
  return Object.fromEntries(
    Object.entries(members).filter(([, value]) => value !== undefined),
  ) as never
}
