import { what, who } from '../../verify/words.ts'
import { effect } from '../definition/effect.ts'
import { fact } from '../definition/fact.ts'
import { gradesOf } from '../definition/support.ts'
import type { ControlWrite } from '../definition/surroundings.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'

/**
 * D16. An agent wrote the policy, link, approval, credential or configuration that an action of its
 * own rests on, or one that governs the agent that acted, and was not entitled to write it.
 *
 * A change that was itself authorised, or that somebody accountable approved, grants nothing to
 * oneself. An agent that approves its own call is the same in one step. Source: OWASP ASI03, ASI10;
 * ATLAS AML.T0081.
 */
export const selfGranted: ActionRule = {
  id: 'D16',
  on: 'action',
  class: 'inheritance',
  sentence: 'An agent wrote what its own action, or that of an agent it configured, rests on.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  if (!effect(subject)) return undefined
  return ownApproval(subject) ?? ownLink(subject) ?? ownWrite(subject)
}

function ownWrite(subject: ActionCase): Hit | undefined {
  const { action, around } = subject
  const write = [...around.writes]
    .sort((a, b) => a.at - b.at || (a.action < b.action ? -1 : 1))
    .find((candidate) => grants(candidate, subject) && isOwn(candidate, subject))
  if (write === undefined) return undefined
  const writer = who(write.agent)
  const does = what(action.call)
  return {
    title: `${writer} wrote ${write.resource}, and ${who(action.agent)} did ${does} on it`,
    facts: [
      fact(
        `${writer} did ${what(write.call)} and changed ${write.resource}`,
        'action',
        write.action,
      ),
      fact(`nothing entitled ${writer} to that, and nobody approved it`, 'agent', write.agent),
      fact(`${who(action.agent)} did ${does} afterwards`, 'action', action.id),
    ],
    gained: write.agent,
    ...(write.agent === action.agent ? {} : { from: action.agent }),
    source: { kind: 'state', id: write.resource, holder: write.agent, signature: 'missing' },
    culprit: { kind: 'state', id: write.resource },
    counterfactual: `without what ${writer} wrote itself ${does} rests on nothing that ${writer} was given`,
    remedy: {
      kind: 'approval',
      sentence: `an approval of ${what(write.call)} by somebody other than ${writer} before it was used`,
      holder: write.agent,
      tool: write.call.tool,
      ...(action.task === undefined ? {} : { task: action.task }),
    },
    atLeast: 4,
    rests: [write.grade],
    timeline: [{ at: write.at, what: `${writer} changed ${write.resource}` }],
  }
}

/** By whoever acted, or by somebody who configured him. */
function isOwn(write: ControlWrite, { action, around }: ActionCase): boolean {
  if (write.agent === action.agent || write.bears !== 'cited') return true
  return around.writes.some(
    (other) =>
      other.agent === write.agent &&
      !other.inOrder &&
      (other.bears === 'configured' || other.bears === 'read'),
  )
}

function grants(write: ControlWrite, { action, authority }: ActionCase): boolean {
  if (write.inOrder || write.at >= action.moment || write.action === action.id) return false
  if (write.bears === 'own') return write.agent === action.agent && authority.kind === 'none'
  return true
}

/** A root link from whoever acted to itself: nobody else stands at its root. */
function ownLink({ action, authority }: ActionCase): Hit | undefined {
  const [root] = action.path.links
  if (root === undefined || root.delegator !== action.agent || root.parent !== undefined) {
    return undefined
  }
  if (authority.kind !== 'none' && authority.kind !== 'unknown') return undefined
  const agent = who(action.agent)
  const does = what(action.call)
  return {
    title: `${agent} did ${does} on a link that it gave itself`,
    facts: [
      fact(`${agent} stands at the root of the link that it cites`, 'link', root.hash),
      fact(`${agent} did ${does} on it`, 'action', action.id),
    ],
    gained: action.agent,
    source: { kind: 'link', id: root.hash, holder: action.agent, signature: root.signature },
    culprit: { kind: 'link', id: root.hash },
    counterfactual: `${agent} alone would have been denied: nobody but ${agent} granted ${does}`,
    remedy: {
      kind: 'link',
      sentence: `a root link to ${agent} from a principal`,
      holder: action.agent,
      tool: action.tool,
      ...(action.task === undefined ? {} : { task: action.task }),
    },
    atLeast: 4,
    rests: root.signature === 'missing' ? ['asserted'] : [],
  }
}

/** The approver is whoever acted, or configured it: that endorses nothing, and was presented all the same. */
function ownApproval({ action, around }: ActionCase): Hit | undefined {
  const makers = around.writes
    .filter(({ bears, inOrder }) => bears === 'configured' && !inOrder)
    .map((write) => write.agent)
  const own = action.approvals.find(
    ({ cited, decision, approver }) =>
      cited && decision === 'approve' && [action.agent, ...makers].includes(approver),
  )
  if (own === undefined) return undefined
  const isMaker = own.approver !== action.agent
  const [agent, approver] = [who(action.agent), who(own.approver)]
  const does = what(action.call)
  return {
    title: isMaker
      ? `${approver} configured ${agent} and approved its ${does}`
      : `${agent} approved its own ${does}`,
    facts: [
      fact(`${agent} did ${does}`, 'action', action.id),
      fact(
        `the approval that it presented names ${approver} as its approver`,
        'approval',
        own.hash,
      ),
      ...(isMaker
        ? [
            fact(
              `${approver} had configured ${agent}, and nothing entitled it to that`,
              'agent',
              own.approver,
            ),
          ]
        : []),
    ],
    gained: own.approver,
    ...(isMaker ? { from: action.agent } : {}),
    source: {
      kind: 'approval',
      id: own.hash,
      holder: action.agent,
      giver: own.approver,
      signature: own.outcome.state === 'ok' ? 'valid' : 'missing',
    },
    culprit: { kind: 'approval', id: own.hash },
    counterfactual: `${agent} alone would have been denied: nobody but ${approver} said yes to ${does}`,
    remedy: {
      kind: 'approval',
      sentence: `an approval of ${does} by a person other than ${approver}`,
      holder: action.agent,
      tool: action.tool,
      ...(action.task === undefined ? {} : { task: action.task }),
    },
    atLeast: 4,
    rests: gradesOf(own),
  }
}
