import type { Authority, GraphNode } from '@delegraph/graph-schema'
import type { JudgedSubject } from '../findings/definition/judged-subject.ts'
import { judgeActions } from '../project/actions.ts'
import { listOf } from '../project/nodes.ts'
import { ownApproval } from '../verify/authority.ts'
import { what, who } from '../verify/words.ts'
import { type Asking, type Missing, type Snapshot, snapshotOf } from './asking.ts'
import { carryingPath, isInForce } from './why-in-force.ts'

/** From an action to the person whose yes it was. */
export interface Why {
  readonly snapshot: Snapshot
  readonly action: GraphNode
  readonly authority: Authority
  /** Approvals that it cites, whatever their verdict. */
  readonly approvals: readonly GraphNode[]
  /** Whose yes it was; undefined where nobody's was needed, or none is known. */
  readonly yes?: string
  /**
   * Whether what it passed on was in force at the instant that is asked of: the path, the standing permission,
   * an approval with a use left. Undefined where it passed on nothing that is known, or that cannot be told.
   */
  readonly inForce?: boolean
  readonly sentence: string
  /** Open, gravest first. */
  readonly findings: readonly GraphNode[]
}

/** Why an action was allowed, in one answer; judged by what the graph knows. */
export async function why(id: string, asking: Asking): Promise<Why | Missing> {
  const { store, registry, trust, knownAt, validAt, pendingWindow } = asking
  const [action] = await store.find('Action', 'id', [id])
  const judged = await judgeActions(store, [id], {
    ...{ registry, trust, now: knownAt, pendingWindow },
  })
  const subject = judged.find((one) => one.subject.action.id === id)?.subject
  if (action === undefined || subject === undefined) return { missing: `action ${id}` }
  if (subject.action.moment > validAt)
    return { missing: `action ${id} before ${new Date(validAt).toISOString()}` }
  const yes = yesOf(subject)
  const inForce = await isInForce(subject, asking)
  const findings = (await store.find('Finding', 'action', [id]))
    .filter(({ columns }) => columns['state'] === 'open')
    .sort((a, b) => Number(b.columns['urgency'] ?? 0) - Number(a.columns['urgency'] ?? 0))
  return {
    snapshot: snapshotOf(asking),
    action,
    authority: subject.authority,
    approvals: await store.find('Approval', 'hash', listOf(action, 'approvals')),
    sentence: sentenceOf(subject, yes),
    findings,
    ...(yes === undefined ? {} : { yes }),
    ...(inForce === undefined ? {} : { inForce }),
  }
}

/** The principal at the root of the path that carries it, the approver, or the owner of who acted. */
function yesOf(subject: JudgedSubject): string | undefined {
  const { action, authority, registry } = subject
  switch (authority.kind) {
    case 'chain':
      return carryingPath(subject)?.links[0]?.principal
    case 'approved':
      return ownApproval(action, registry)?.approver
    case 'standing':
      return registry.owner(action.agent)?.owner
    case 'none':
      return authority.source?.giver
    case 'public':
    case 'unknown':
      return undefined
  }
}

function sentenceOf({ action, authority }: JudgedSubject, yes: string | undefined): string {
  const did = `${who(action.agent)} ${WORDS[action.effect]} ${what(action.call)}`
  const { kind, sentence, source } = authority
  switch (kind) {
    case 'public':
      return `${did}: ${sentence}, so nobody had to say yes`
    case 'unknown':
      return `${did}: ${sentence}`
    case 'none':
      return source === undefined || yes === undefined
        ? `${did} and nobody's yes covers it: ${sentence}`
        : `${did} on the yes of ${who(yes)}, which was for ${who(source.holder)} and for nobody else: ${sentence}`
    case 'chain':
    case 'approved':
    case 'standing':
      return yes === undefined
        ? `${did}: ${sentence}`
        : `${did}: ${sentence}. The yes was that of ${who(yes)}${approved(action)}`
  }
}

/** Who said yes to the very call beside whoever stands at the root. */
function approved({ approvals, verdict }: JudgedSubject['action']): string {
  const people = approvals
    .filter(({ cited, decision }) => cited && decision === 'approve')
    .map(({ approver }) => who(approver))
  if (verdict.approval.state !== 'ok' || people.length === 0) return ''
  return `; ${[...new Set(people)].join(' and ')} approved this very call`
}

const WORDS = {
  ok: 'did',
  unknown: 'may have done',
  failed: 'tried',
  denied: 'was refused',
} as const
