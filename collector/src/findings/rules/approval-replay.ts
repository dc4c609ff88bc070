import type { ApprovalRecord } from '../../verify/approval.ts'
import { holds } from '../../verify/holds.ts'
import { what, who } from '../../verify/words.ts'
import { coversCall } from '../definition/covers-call.ts'
import { effect } from '../definition/effect.ts'
import { isFor } from '../definition/endorsement.ts'
import { fact } from '../definition/fact.ts'
import { approvalRemedy } from '../definition/remedy.ts'
import { gradesOf } from '../definition/support.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D5. An approval was used more often than it says, for another call, in another task or session, or
 * by an agent that it does not name.
 *
 * What else the agent may do does not matter: the yes was not for this. A failed call uses nothing up.
 * Source: OWASP ASI07, ASI09.
 */
export const approvalReplay: ActionRule = {
  id: 'D5',
  on: 'action',
  class: 'inheritance',
  sentence:
    'An approval was used more often than it says, or for another call, task, session or agent.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action } = subject
  if (!effect(subject)) return undefined
  for (const record of [...action.approvals].sort(byHash)) {
    if (!record.cited || record.decision !== 'approve' || !isSomebodys(record)) continue
    const misuse = misuseOf(record, subject)
    if (misuse !== undefined) return hitOf(record, misuse, subject)
  }
  return undefined
}

interface Misuse {
  readonly short: string
  readonly fact: string
  /** The arguments or the operation are other ones than were approved. */
  readonly differs: boolean
  /** It is somebody else's yes. */
  readonly rides?: true
}

function misuseOf(record: ApprovalRecord, subject: ActionCase): Misuse | undefined {
  const { action } = subject
  if (!coversCall(record, action)) {
    return {
      short: 'for another call',
      fact: `the approval does not cover ${what(action.call)}`,
      differs: true,
    }
  }
  const misuse = (short: string, said: string): Misuse => ({ short, fact: said, differs: false })
  if (record.spent === true) {
    const { uses } = record
    return misuse(
      'once too often',
      `it is good for ${uses === 1 ? 'one call' : `${uses} calls`}, and ${uses === 1 ? 'that one' : 'all of them'} had been made before`,
    )
  }
  if (differs(record.task, action.task)) {
    return misuse(
      'in another task',
      `it was given in task ${record.task} and used in ${action.task}`,
    )
  }
  if (differs(record.session, action.session)) {
    return misuse('in another session', 'it was given in one session and used in another')
  }
  if (record.subject !== action.agent && !isFor(record, subject)) {
    const subjectName = who(record.subject ?? 'unknown')
    const said = `it names ${subjectName} and not ${who(action.agent)}`
    return { short: 'by another agent', fact: said, differs: false, rides: true }
  }
  return undefined
}

function hitOf(record: ApprovalRecord, misuse: Misuse, subject: ActionCase): Hit {
  const { action } = subject
  const user = who(action.agent)
  const does = what(action.call)
  const giver = who(record.approver)
  const holder = record.subject ?? 'unknown'
  return {
    title: `${user} used an approval of ${giver} for ${does}: ${misuse.short}`,
    facts: [
      fact(`${giver} approved ${who(record.tool)} for ${who(holder)}`, 'approval', record.hash),
      fact(`${user} did ${does} and presented that approval`, 'action', action.id),
      fact(misuse.fact, 'approval', record.hash),
    ],
    gained: action.agent,
    ...(holder === action.agent ? {} : { from: holder }),
    source: {
      kind: 'approval',
      id: record.hash,
      holder,
      giver: record.approver,
      signature: record.outcome.state === 'ok' ? 'valid' : 'missing',
    },
    culprit: { kind: 'approval', id: record.hash },
    counterfactual: `${user} alone would have been denied: without that approval nobody had said yes to ${does}`,
    remedy: approvalRemedy(record.approver, subject, 'for this very call'),
    rests: gradesOf(record),
    ...(misuse.differs ? { atLeast: 4 } : {}),
    // Riding on the yes of another agent is what D1 is called after.
    ...(misuse.rides === true ? { behind: 'D1' as const } : {}),
  }
}

/** A yes that does not verify is nobody's: there is none to be replayed. */
function isSomebodys(record: ApprovalRecord): boolean {
  return holds(record.outcome)
}

function differs(given: string | undefined, used: string | undefined): boolean {
  return given !== undefined && used !== undefined && given !== used
}

function byHash(a: ApprovalRecord, b: ApprovalRecord): number {
  return a.hash < b.hash ? -1 : 1
}
