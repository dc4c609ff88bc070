import { MAX_IAT_SKEW } from '@delegraph/link'
import { holds } from '../../verify/holds.ts'
import type { PathLink } from '../../verify/path.ts'
import { touchesLink } from '../../verify/status.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { fact } from '../definition/fact.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D9. An action rests on a link, an approval or a credential outside its window, or after it was
 * withdrawn, or after its task was over.
 *
 * The effective end is the earliest on the path. A renewal helps whoever cites it; a withdrawal after the action is noted and no finding. Misuse is counted in uses and not in seconds.
 * Source: OWASP ASI03.
 */
export const expiredOrRevoked: ActionRule = {
  id: 'D9',
  on: 'action',
  class: 'validity',
  sentence:
    'An action rests on what had expired, was withdrawn, or belonged to a task that was over.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  if (!effect(subject)) return undefined
  const lapse = lapseOfPath(subject) ?? lapseOfApproval(subject) ?? lapseOfCredential(subject)
  if (lapse === undefined) return undefined
  const { action, around } = subject
  const agent = who(action.agent)
  const does = what(action.call)
  const {
    end,
    culprit: { kind, id },
  } = lapse
  const since = around.otherUses.filter(
    (at) => end !== undefined && at >= end && at < action.moment,
  )
  const uses = since.length + 1
  return {
    title: `${agent} did ${does} on ${lapse.word}`,
    facts: [
      fact(lapse.fact, kind, id),
      fact(`${agent} did ${does} on it`, 'action', action.id),
      fact(uses === 1 ? 'it is the first use since' : `it is use ${uses} since`, kind, id),
    ],
    gained: action.agent,
    ...(lapse.holder === undefined || lapse.holder === action.agent ? {} : { from: lapse.holder }),
    culprit: lapse.culprit,
    counterfactual: `with what was in force at that time ${agent} would have been denied ${does}: ${lapse.fact}`,
    remedy: {
      kind: 'link',
      sentence: `a renewal for ${agent} that covers ${toolName(action.tool)}, issued before it`,
      holder: action.agent,
      tool: action.tool,
      ...(action.task === undefined ? {} : { task: action.task }),
    },
    ...(lapse.withdrawn
      ? { adjust: [{ by: 1, reason: 'it had been withdrawn, not merely expired' }] }
      : {}),
    ...(end === undefined ? {} : { timeline: [{ at: end, what: lapse.fact }] }),
    rests: lapse.unsigned ? ['asserted'] : [],
  }
}

interface Lapse {
  readonly word: string
  readonly fact: string
  readonly culprit: {
    readonly kind: 'link' | 'approval' | 'credential'
    readonly id: string
  }
  readonly withdrawn: boolean
  /** Epoch milliseconds. */
  readonly end?: number
  readonly holder?: string
  readonly unsigned?: boolean
}

function lapseOfPath(subject: ActionCase): Lapse | undefined {
  const { action } = subject
  const { status } = action.verdict
  const leaf = action.path.links.at(-1)
  if (leaf === undefined) return undefined
  if (status.state === 'failed') {
    const over = status.code === 'task_completed'
    const withdrawn = withdrawalOf(subject)
    return {
      word: over ? 'a link of a task that was over' : 'a link that had been withdrawn',
      fact: over
        ? `task ${action.task ?? 'unknown'} was over`
        : 'the link, or one above it, had been withdrawn',
      culprit: { kind: 'link', id: withdrawn?.link.hash ?? leaf.hash },
      withdrawn: true,
      ...(withdrawn === undefined ? {} : { end: withdrawn.moment }),
    }
  }
  const late = action.path.links.find(
    ({ expiresAt, signature }) =>
      expiresAt !== undefined && action.at >= expiresAt && signature !== 'invalid',
  )
  if (late !== undefined) {
    return {
      word: 'a link that had expired',
      fact: `the link from ${who(late.delegator)} to ${who(late.delegate)} had expired`,
      culprit: { kind: 'link', id: late.hash },
      withdrawn: false,
      ...(late.expiresAt === undefined ? {} : { end: late.expiresAt * 1000 }),
    }
  }
  const early = action.path.links.find(
    ({ issuedAt, signature }) =>
      issuedAt !== undefined && issuedAt - MAX_IAT_SKEW > action.at && signature !== 'invalid',
  )
  if (early !== undefined) {
    return {
      word: 'a link that was not valid yet',
      fact: 'the link, or one above it, was issued later',
      culprit: { kind: 'link', id: early.hash },
      withdrawn: false,
    }
  }
  return undefined
}

/** The earliest withdrawal on the path, or the end of its task, and the link that it took. */
function withdrawalOf({
  action,
  context,
}: ActionCase): { readonly link: PathLink; readonly moment: number } | undefined {
  const found = context.revocations.flatMap((record) => {
    const link = action.path.links.find((candidate) => touchesLink(candidate, record))
    return link === undefined || record.moment > action.moment
      ? []
      : [{ link, moment: record.moment }]
  })
  return found.sort((a, b) => a.moment - b.moment)[0]
}

function lapseOfApproval({ action }: ActionCase): Lapse | undefined {
  const cited = action.approvals.filter(
    (record) => record.cited && record.decision === 'approve' && holds(record.outcome),
  )
  for (const record of cited) {
    const common = {
      culprit: { kind: 'approval', id: record.hash } as const,
      unsigned: record.outcome.state !== 'ok',
      ...(record.subject === undefined ? {} : { holder: record.subject }),
    }
    const giver = who(record.approver)
    if (record.withdrawn !== undefined && record.withdrawn <= action.moment) {
      const over = record.taskOver === true
      const said = over
        ? `the task that ${giver} approved it for was over`
        : `the approval of ${giver} had been withdrawn`
      return {
        ...common,
        word: over ? 'an approval of a task that was over' : 'an approval that had been withdrawn',
        fact: said,
        withdrawn: true,
        end: record.withdrawn,
      }
    }
    if (action.at >= record.expiresAt) {
      const said = `the approval of ${giver} had expired`
      return {
        ...common,
        word: 'an approval that had expired',
        fact: said,
        withdrawn: false,
        end: record.expiresAt * 1000,
      }
    }
    if (record.issuedAt - MAX_IAT_SKEW > action.at) {
      const said = `the approval of ${giver} was given later`
      return {
        ...common,
        word: 'an approval that had not been given yet',
        fact: said,
        withdrawn: false,
      }
    }
  }
  return undefined
}

function lapseOfCredential({ action }: ActionCase): Lapse | undefined {
  const { credential, flags } = action
  if (credential === undefined) return undefined
  const culprit = { kind: 'credential', id: credential } as const
  if (flags.includes('credential_revoked')) {
    const said = 'the credential that it presented had been taken back'
    return { word: 'a credential that had been taken back', fact: said, culprit, withdrawn: true }
  }
  if (flags.includes('credential_expired')) {
    const said = 'the credential that it presented had expired'
    return { word: 'a credential that had expired', fact: said, culprit, withdrawn: false }
  }
  return undefined
}
