import { type Authority, type Grade, type GraphNode, OK, outcomeOf } from '@delegraph/graph-schema'
import { type Flows, type Influence, influencesOn } from '../findings/definition/influence.ts'
import type {
  ControlWrite,
  Denial,
  PriorUse,
  Surroundings,
} from '../findings/definition/surroundings.ts'
import type { ActionCase } from '../findings/rule.ts'
import type { GraphStore } from '../graph/index.ts'
import type { JudgedAction } from '../verify/action.ts'
import { type AuthorityContext, auth } from '../verify/auth.ts'
import type { Registry } from '../verify/registry.ts'
import { callOfNode } from './action-node.ts'
import { aboutKey } from './artefacts.ts'
import { decisionOfNode } from './decisions.ts'
import { FLOW_WINDOW, flowsBehind, momentOf } from './flows.ts'
import { distinct, listOf, textOf, unique } from './nodes.ts'
import { secretsSeen } from './secrets.ts'

/** Changes and earlier uses of one batch that are read at most, the latest first. */
const MAX_EARLIER = 2_000

type Judged = Pick<ActionCase, 'action' | 'context'>

/**
 * What was recorded around actions that are already in the graph: candidates in a few keyed reads of
 * bounded depth and time, for a whole batch at once. What they amount to is for the rules to say.
 */
export async function surroundingsOf(
  store: GraphStore,
  cases: readonly Judged[],
  registry: Registry,
): Promise<ReadonlyMap<string, Surroundings>> {
  if (cases.length === 0) return new Map()
  const actions = cases.map(({ action }) => action)
  const nodes = await store.find('Action', 'id', distinct(actions.map(({ id }) => id)))
  const flows = await flowsBehind(store, nodes)
  const influences = new Map(
    actions.map((action) => [
      action.id,
      influencesOn({ id: action.id, agent: action.agent, at: action.moment }, flows),
    ]),
  )
  const on = (action: JudgedAction): readonly Influence[] => influences.get(action.id) ?? []
  const links = distinct(cases.flatMap(({ context }) => [...context.links.keys()]))
  const denials = await denialsAround(store, actions, links, on)
  const writes = await writesAround(store, cases, on, (agent) => flows.gots.get(agent) ?? [])
  const prior = await priorUses(store, actions, registry, on)
  const secrets = await secretsSeen(store, actions, registry)
  const uses = await otherUses(store, actions)
  return new Map(
    actions.map((action) => [
      action.id,
      {
        influences: on(action),
        denials: denials(action),
        writes: writes(action),
        conflicting: prior(action),
        secret: secrets(action),
        otherUses: uses(action),
      },
    ]),
  )
}

/** Refusals of the same tool: in the task, or of an agent whose data reached the action. */
async function denialsAround(
  store: GraphStore,
  actions: readonly JudgedAction[],
  links: readonly string[],
  influencesOf: (action: JudgedAction) => readonly Influence[],
): Promise<(action: JudgedAction) => Denial[]> {
  const tasks = distinct(actions.flatMap(({ task }) => task ?? []))
  const keys = distinct(
    actions.flatMap((action) =>
      influencesOf(action).map(({ agent }) => aboutKey(agent, action.tool)),
    ),
  )
  const nodes = unique([
    ...(await store.find('Decision', 'task', tasks)),
    ...(await store.find('Decision', 'about', keys)),
    ...(await store.find('Decision', 'link', links)),
  ]).filter((node) => textOf(node, 'verdict') === 'deny')
  const refused = (await store.find('Action', 'task', tasks)).filter(
    (node) => textOf(node, 'effect') === 'denied',
  )
  if (nodes.length + refused.length === 0) return () => []
  const holders = new Map(
    (
      await store.find(
        'Link',
        'hash',
        distinct(nodes.flatMap((node) => textOf(node, 'link') ?? [])),
      )
    ).map((node) => [node.key, node]),
  )
  const records = nodes.map((node): Denial => {
    const record = decisionOfNode(node, false)
    const link = holders.get(record.link ?? '')
    // What it does not say itself it says by the link that was presented.
    const said = link === undefined ? {} : textsIn(link, ['agent', 'chain', 'task'])
    return { ...said, ...record }
  })
  const all = [...records, ...refused.map(refusalOf)]
  return (action) =>
    all
      .filter(({ tool, moment }) => (tool ?? action.tool) === action.tool && moment < action.moment)
      .sort((a, b) => a.moment - b.moment || (a.hash < b.hash ? -1 : 1))
}

/** A call that was refused says as much as the record of the refusal. */
function refusalOf(node: GraphNode): Denial {
  const { tool, args } = callOfNode(node)
  return {
    ...textsIn(node, ['agent', 'task', 'chain']),
    hash: node.key,
    isCall: true,
    issuer: textOf(node, 'audience') ?? tool,
    outcome: gradeOf(node) === 'proven' ? OK : outcomeOf('signature_missing'),
    verdict: 'deny',
    tool,
    ...(args === undefined ? {} : { args }),
    at: Math.floor(momentOf(node) / 1000),
    moment: momentOf(node),
    cited: false,
  }
}

/** Changes of what an action cites, of the agent that made it, of what it read, or by that agent. */
async function writesAround(
  store: GraphStore,
  cases: readonly Judged[],
  influencesOf: (action: JudgedAction) => readonly Influence[],
  gotsOf: (agent: string) => readonly { readonly resource?: string; readonly at: number }[],
): Promise<(action: JudgedAction) => ControlWrite[]> {
  const actions = cases.map(({ action }) => action)
  const contexts = new Map(cases.map(({ action, context }) => [action.id, context]))
  const latest = Math.max(...actions.map(({ moment }) => moment))
  const read = (action: JudgedAction): string[] => [
    ...gotsOf(action.agent).flatMap(({ resource, at }) =>
      resource === undefined || at > action.moment ? [] : [resource],
    ),
    ...influencesOf(action).flatMap(({ resource }) => resource ?? []),
  ]
  const cited = new Map(actions.map((action) => [action.id, new Set(citedBy(action))]))
  const resources = distinct(
    actions.flatMap((action) => [action.agent, ...read(action), ...(cited.get(action.id) ?? [])]),
  )
  const own = await store.page({
    kind: 'Action',
    where: {
      equals: { agent: distinct(actions.map(({ agent }) => agent)), control: [true] },
      min: { at: latest - FLOW_WINDOW },
      max: { at: latest },
    },
    orderBy: 'at',
    direction: 'desc',
    limit: MAX_EARLIER,
  })
  const nodes = unique([...(await store.find('Action', 'resource', resources)), ...own]).filter(
    (node) =>
      node.columns['control'] === true && ['ok', 'unknown'].includes(textOf(node, 'effect') ?? ''),
  )
  const behind = await flowsBehind(
    store,
    nodes.filter((node) => listOf(node, 'drivers').length > 0),
  )
  const yeses = await store.find(
    'Approval',
    'about',
    distinct(nodes.flatMap((node) => textOf(node, 'about') ?? [])),
  )
  return (action) => {
    const seen = new Set(read(action))
    const context = contexts.get(action.id)
    return nodes.flatMap((node): ControlWrite[] => {
      const resource = textOf(node, 'resource') ?? ''
      const agent = textOf(node, 'agent') ?? 'unknown'
      if (node.key === action.id || momentOf(node) >= action.moment) return []
      const bears = cited.get(action.id)?.has(resource)
        ? 'cited'
        : resource === action.agent
          ? 'configured'
          : seen.has(resource)
            ? 'read'
            : agent === action.agent
              ? 'own'
              : undefined
      if (bears === undefined) return []
      const at = momentOf(node)
      const base = { action: node.key, agent, resource, call: callOfNode(node), at }
      const own: ControlWrite = { ...base, grade: gradeOf(node), inOrder: isInOrder(node), bears }
      const steered = context === undefined ? [] : steeredBy(node, behind, yeses, context)
      return [own, ...steered.map((by) => ({ ...own, agent: by, inOrder: false }))]
    })
  }
}

/** Whose data set a change that he might not make himself, and that nobody approved. */
function steeredBy(
  node: GraphNode,
  flows: Flows,
  yeses: readonly GraphNode[],
  context: AuthorityContext,
): string[] {
  const [id, agent, moment] = [node.key, textOf(node, 'agent') ?? 'unknown', momentOf(node)]
  const at = Math.floor(moment / 1000)
  const when = { at, heardAt: at, moment, grade: gradeOf(node) }
  const call = callOfNode(node)
  const isYes = (since: number): boolean =>
    yeses.some((yes) => {
      const given = Number(yes.columns['issuedAt'] ?? 0) * 1000
      const about = textOf(yes, 'about') === textOf(node, 'about')
      return about && textOf(yes, 'outcome') === 'ok' && given + 999 >= since && given <= moment
    })
  const drivers = influencesOn({ id, agent, at: moment }, flows)
    .filter(
      ({ how, agent: by, reachedAt }) => how === 'drives' && by !== agent && !isYes(reachedAt),
    )
    .map((influence) => influence.agent)
  return distinct(drivers).filter(
    (by) => auth({ agent: by, call, task: textOf(node, 'task'), when }, context).state === 'none',
  )
}

/** What an action cites, by hash. */
function citedBy(action: JudgedAction): string[] {
  return [
    ...action.path.links.map(({ hash }) => hash),
    ...action.citedApprovals,
    ...action.citedDecisions,
    ...(action.credential === undefined ? [] : [action.credential]),
    // The point that let it through, and the policy that it went by.
    ...action.decisions.flatMap(({ issuer, policy }) => [issuer, ...(policy ? [policy] : [])]),
  ]
}

/** A change that was itself authorised, or approved by somebody who may. */
function isInOrder(node: GraphNode): boolean {
  const kind = authorityKind(node)
  return kind !== undefined && kind !== 'none'
}

/** Earlier uses that a conflict rule may keep apart from an action. */
async function priorUses(
  store: GraphStore,
  actions: readonly JudgedAction[],
  registry: Registry,
  influencesOf: (action: JudgedAction) => readonly Influence[],
): Promise<(action: JudgedAction) => PriorUse[]> {
  const watched = actions.filter(({ tool }) => registry.conflictsOf(tool).length > 0)
  if (watched.length === 0) return () => []
  const latest = Math.max(...watched.map(({ moment }) => moment))
  const candidates = await store.page({
    kind: 'Action',
    where: {
      equals: { tool: distinct(watched.flatMap(({ tool }) => registry.conflictsOf(tool))) },
      min: { at: latest - FLOW_WINDOW },
      max: { at: latest },
    },
    orderBy: 'at',
    direction: 'desc',
    limit: MAX_EARLIER,
  })
  const approvals = await store.find(
    'Approval',
    'hash',
    distinct(candidates.flatMap((node) => listOf(node, 'approvals'))),
  )
  const approvers = new Map(approvals.map((node) => [node.key, textOf(node, 'approver')]))
  return (action) =>
    candidates.flatMap((node): PriorUse[] => {
      const agent = textOf(node, 'agent')
      const yeses = listOf(node, 'approvals').flatMap((hash) => approvers.get(hash) ?? [])
      const root = giverIn(node, yeses, registry)
      const tool = textOf(node, 'tool')
      const executed = ['ok', 'unknown'].includes(textOf(node, 'effect') ?? '')
      if (agent === undefined || root === undefined || tool === undefined || !executed) return []
      if (momentOf(node) >= action.moment || registry.conflict(tool, action.tool) === undefined)
        return []
      const task = textOf(node, 'task')
      const flowed = influencesOf(action).some((influence) => influence.action === node.key)
      const owner = registry.owner(agent)?.owner
      const group =
        agent === action.agent ||
        (owner !== undefined &&
          owner === registry.owner(action.agent)?.owner &&
          task === action.task)
      if (!group) return []
      const link = textOf(node, 'link')
      return [
        {
          action: node.key,
          agent,
          tool,
          root,
          at: momentOf(node),
          grade: gradeOf(node),
          givers: listOf(node, 'givers'),
          flowed,
          ...(task === undefined ? {} : { task }),
          ...(link === undefined ? {} : { link }),
        },
      ]
    })
}

/** Who approved it, the owner where it was the agent's own permission, or the principal at the root of its chain. */
function giverIn(
  node: GraphNode,
  approvers: readonly string[],
  registry: Registry,
): string | undefined {
  const kind = authorityKind(node)
  if (kind === 'approved') return approvers[0]
  if (kind === 'standing') return registry.owner(textOf(node, 'agent') ?? '')?.owner
  return textOf(node, 'link') === undefined ? undefined : textOf(node, 'principal')
}

function authorityKind(node: GraphNode): Authority['kind'] | undefined {
  return (JSON.parse(textOf(node, 'authority') ?? '{}') as Partial<Authority>).kind
}

/** When others used the same link, approval or credential, where an end is the matter. */
async function otherUses(
  store: GraphStore,
  actions: readonly JudgedAction[],
): Promise<(action: JudgedAction) => number[]> {
  const ended = actions.filter(hasEnded)
  if (ended.length === 0) return () => []
  const links = distinct(ended.flatMap(({ link }) => link ?? []))
  const credentials = distinct(ended.flatMap(({ credential }) => credential ?? []))
  const approvals = distinct(ended.flatMap(({ citedApprovals }) => citedApprovals))
  const citing = await store.neighbours('USED', 'in', approvals)
  const nodes = unique([
    ...(await store.find('Action', 'link', links)),
    ...(await store.find('Action', 'credential', credentials)),
    ...(await store.find('Action', 'id', citing)),
  ]).filter((node) => textOf(node, 'effect') === 'ok')
  return (action) =>
    nodes
      .filter(
        (node) =>
          node.key !== action.id &&
          (textOf(node, 'link') === action.link ||
            (action.credential !== undefined && textOf(node, 'credential') === action.credential) ||
            listOf(node, 'approvals').some((hash) => action.citedApprovals.includes(hash))),
      )
      .map(momentOf)
      .sort((a, b) => a - b)
}

/** Something that it cites had come to its end. */
export function hasEnded({ verdict, flags }: JudgedAction): boolean {
  const { chain, status, approval } = verdict
  return (
    [chain, status, approval].some((part) => part.state === 'failed' && ENDS.has(part.code)) ||
    flags.some((flag) => flag === 'credential_expired' || flag === 'credential_revoked')
  )
}

const ENDS: ReadonlySet<string> = new Set([
  'expired',
  'revoked',
  'task_completed',
  'approval_expired',
])

function gradeOf(node: GraphNode): Grade {
  return (textOf(node, 'grade') as Grade | undefined) ?? 'observed'
}

function textsIn(node: GraphNode, names: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = textOf(node, name)
      return text === undefined ? [] : [[name, text]]
    }),
  )
}
