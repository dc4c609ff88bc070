import type { Authority, GraphEdge, GraphNode, Scalar } from '@delegraph/graph-schema'
import { canonicalize, type Json } from '@delegraph/link'
import { giversOf } from '../findings/definition/givers.ts'
import { isDataHash, UNKNOWN_AGENT } from '../verify/action.ts'
import { type Call, callWith } from '../verify/call.ts'
import { aboutKey, type Projected, stub } from './artefacts.ts'
import { seenAs } from './instances.ts'
import type { JudgedCase } from './judged-case.ts'
import { distinct, knownColumns, textOf } from './nodes.ts'

const ACTION_EDGES = [
  'BY',
  'ASKED_BY',
  'CALLED',
  'UNDER',
  'USED',
  'PRESENTED',
  'TOOK',
  'RETURNED',
  'SHAPED_BY',
  'DONE_TO',
] as const

/** The node of a judged action and what it hangs on. */
export function projectAction({ subject, learnedAt, named, tokens }: JudgedCase): Projected {
  const { action, authority, registry } = subject
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
    // Absent is not none: nothing was told of them.
    args: action.call.args && canonicalize(action.call.args as Json),
    argNames: action.call.argNames && JSON.stringify(action.call.argNames),
    approvals: JSON.stringify(approvals),
    decisions: JSON.stringify(decisions),
    drivers: JSON.stringify(action.drivers),
    callers: JSON.stringify(action.callers),
    dataIn: JSON.stringify(action.dataIn),
    dataOut: JSON.stringify(action.dataOut),
    resource: action.resource,
    session: action.session,
    purpose: action.purpose,
    onBehalfOf: action.onBehalfOf,
    zone: action.zone,
    control: action.control,
    about: aboutKey(action.agent, action.tool),
    seenAs: seenAs(action.agent, action.facts.instance),
    credential: action.credential,
    givers:
      registry.conflictsOf(action.tool).length === 0
        ? undefined
        : JSON.stringify(giversOf(subject)),
    foreign: tokens.length === 0 ? undefined : canonicalize(tokens as unknown as Json),
    receipt: action.receipt.hash,
    calledReceipt: action.called?.hash,
    at: action.moment,
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
  // Whoever handed on a link whose parent has not arrived is not known yet.
  const askers = action.callers.filter((id) => id !== UNKNOWN_AGENT)
  const shaping = action.drivers.filter(isDataHash)
  // Whoever is named is known, also where signed text says that it was somebody else.
  const agents = distinct([action.agent, action.facts.agent ?? UNKNOWN_AGENT, ...askers, ...named])
  const presented = distinct(tokens.map(({ link }) => link))
  const links = distinct([action.link ?? '', action.facts.link ?? '', ...presented])
  return {
    nodes: [
      ...agents.filter((id) => id !== UNKNOWN_AGENT).map((id) => stub('Agent', 'id', id)),
      ...distinct([action.tool, action.facts.tool ?? action.tool]).map((uri) =>
        stub('Tool', 'uri', uri),
      ),
      ...distinct([...action.dataIn, ...action.dataOut, ...shaping]).map((hash) =>
        stub('Data', 'hash', hash),
      ),
      ...(action.resource === undefined ? [] : [stub('Resource', 'id', action.resource)]),
      ...links.filter((hash) => hash !== '').map((hash) => stub('Link', 'hash', hash)),
      { kind: 'Action', key: action.id, columns: knownColumns(columns), whole: true },
    ],
    cleared: ACTION_EDGES.map((kind) => ({ kind, from: action.id })),
    edges: [
      ...by,
      ...askers.map((id): GraphEdge => ({ kind: 'ASKED_BY', from: action.id, to: id })),
      { kind: 'CALLED', from: action.id, to: action.tool },
      ...link,
      ...action.dataIn.map((hash): GraphEdge => ({ kind: 'TOOK', from: action.id, to: hash })),
      ...action.dataOut.map((hash): GraphEdge => ({ kind: 'RETURNED', from: action.id, to: hash })),
      ...shaping.map((hash): GraphEdge => ({ kind: 'SHAPED_BY', from: action.id, to: hash })),
      ...(action.resource === undefined
        ? []
        : [{ kind: 'DONE_TO' as const, from: action.id, to: action.resource }]),
      ...approvals.map((hash): GraphEdge => ({ kind: 'USED', from: action.id, to: hash })),
      ...presented.map((hash): GraphEdge => ({ kind: 'PRESENTED', from: action.id, to: hash })),
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
  readonly call: Call
  readonly at: number
  readonly effect: string
} {
  return {
    id: node.key,
    agent: textOf(node, 'agent') ?? 'unknown',
    tool: textOf(node, 'tool') ?? '',
    call: callOfNode(node),
    at: Number(node.columns['at'] ?? 0),
    effect: textOf(node, 'effect') ?? 'unknown',
  }
}

/** The call of an action that is in the graph. */
export function callOfNode(node: GraphNode): Call {
  const [args, names] = [textOf(node, 'args'), textOf(node, 'argNames')]
  return callWith(textOf(node, 'tool') ?? '', {
    ...(args === undefined ? {} : { args: JSON.parse(args) as Record<string, Json> }),
    ...(names === undefined ? {} : { argNames: JSON.parse(names) as string[] }),
  })
}
