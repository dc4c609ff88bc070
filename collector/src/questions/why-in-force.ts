import type { JudgedSubject } from '../findings/definition/judged-subject.ts'
import { auth, carries } from '../verify/auth.ts'
import { ownApproval } from '../verify/authority.ts'
import type { Path } from '../verify/path.ts'
import { approvalsAt } from './approvals-in-force.ts'
import type { Asking } from './asking.ts'

/**
 * Whether what an action passed on, or what it borrowed, was in force at another instant: the same call by the
 * same agent would have passed on it then. Undefined where it passed on nothing, or where that cannot be told.
 */
export async function isInForce(
  subject: JudgedSubject,
  asking: Asking,
): Promise<boolean | undefined> {
  const { action, authority, registry } = subject
  const at = Math.floor(asking.validAt / 1000)
  switch (authority.kind) {
    case 'public':
      return registry.isPublic(action.call)
    case 'standing':
      return registry.standing(action.agent, action.call, at, action.task, action.purpose)
    case 'approved':
      return isYesInForce([ownApproval(action, registry)?.hash ?? ''], asking)
    case 'none':
      return authority.source?.kind === 'approval'
        ? isYesInForce([authority.source.id], asking)
        : undefined
    case 'chain':
      return isChainInForce(subject, at, asking)
    case 'unknown':
      return undefined
  }
}

async function isChainInForce(
  subject: JudgedSubject,
  at: number,
  asking: Asking,
): Promise<boolean | undefined> {
  const { action, context } = subject
  const path = carryingPath(subject)
  if (path === undefined) return undefined
  const when = { at, heardAt: at, moment: asking.validAt, grade: action.grade }
  const carried = carries(path, action.call, when, context)
  if (carried === 'unknown') return undefined
  // Where a person has to say yes to each use, his yes is part of what it passed on.
  const needed = path.links.some(({ approvals }) => (approvals[action.tool]?.min ?? 0) > 0)
  const yeses = action.approvals.filter(({ cited, decision }) => cited && decision === 'approve')
  if (!carried || !needed || yeses.length === 0) return carried
  return isYesInForce(
    yeses.map(({ hash }) => hash),
    asking,
  )
}

/** The path that carries the call: the one that it cites, else another that the agent holds. */
export function carryingPath({ action, context }: JudgedSubject): Path | undefined {
  const { agent, call, task, purpose, path } = action
  if (carries(path, call, action, context) === true) return path
  const held = auth({ agent, call, task, purpose, when: action }, context)
  return held.state === 'held' && held.by === 'chain' ? held.path : undefined
}

/** All of them were given by then, and each has a use left. */
async function isYesInForce(hashes: readonly string[], asking: Asking): Promise<boolean> {
  const nodes = await asking.store.find('Approval', 'hash', hashes)
  const standing = await approvalsAt(nodes, asking)
  return standing.length > 0 && standing.every(({ live }) => live)
}
