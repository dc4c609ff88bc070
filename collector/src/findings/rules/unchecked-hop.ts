import { covers } from '../../verify/auth.ts'
import type { DecisionRecord } from '../../verify/decision.ts'
import { mayRestOn } from '../../verify/holds.ts'
import { toolName, what, who } from '../../verify/words.ts'
import { counterfactual } from '../definition/counterfactual.ts'
import { coversCall } from '../definition/covers-call.ts'
import { askers } from '../definition/drivers.ts'
import { effect } from '../definition/effect.ts'
import { authorityFact, type Fact, fact } from '../definition/fact.ts'
import { noAuthority } from '../definition/no-authority.ts'
import { linkRemedy } from '../definition/remedy.ts'
import type { ActionCase, ActionRule, Hit } from '../rule.ts'
import { AFTER_DENIAL } from '../severity.ts'

/**
 * D8. An agent acted on what was handed to it with no decision of an enforcement point for it: only
 * for where it ran. Exposure while the agent had authority of its own; inheritance where it had none,
 * or where a decision let through what only a link above its own covers.
 *
 * A record that nobody instrumented is left to the coverage figures. Source: OWASP ASI03, ASI07, ASI08.
 */
export const uncheckedHop: ActionRule = {
  id: 'D8',
  on: 'action',
  class: 'exposure',
  sentence: 'An agent acted on what was handed to it without a decision of an enforcement point.',
  check,
}

function check(subject: ActionCase): Hit | undefined {
  const { action, authority } = subject
  if (!effect(subject) || action.grade === 'observed' || authority.kind === 'unknown') {
    return undefined
  }
  const decision = action.zone ? undefined : decisionOn(subject)
  const named = decision ?? action.decisions.find(({ cited }) => cited)
  if (!noAuthority(action.agent, subject)) {
    const unchecked = decision === undefined || decision.verdict === 'deny'
    return unchecked && wasHanded(subject) ? exposure(subject, decision, named) : undefined
  }
  const nearest = action.path.links.findLast((link) => covers(link, action.call) === true)
  if (nearest !== undefined && nearest.hash !== action.link)
    return inheritance(subject, decision, nearest.hash)
  return decision?.verdict === 'allow' ? undefined : inheritance(subject, decision, undefined)
}

/** The last decision about this call before it. */
function decisionOn(subject: ActionCase): DecisionRecord | undefined {
  return subject.action.decisions
    .filter((record) => mayRestOn(record.outcome, subject.action) && isAbout(record, subject))
    .sort((a, b) => a.moment - b.moment || (a.hash < b.hash ? -1 : 1))
    .at(-1)
}

/** About whoever acted, in this task, for one of those that asked; one of somebody else is none. */
function isAbout(record: DecisionRecord, subject: ActionCase): boolean {
  const { action } = subject
  const { agent, caller, task, moment } = record
  const asked = askers(subject)
  return (
    (agent === undefined || agent === action.agent) &&
    (task === undefined || task === action.task) &&
    (caller === undefined || asked.length === 0 || asked.includes(caller)) &&
    (record.cited || moment <= action.moment) &&
    (record.grants === undefined || coversCall(record, action))
  )
}

/** Something was handed over: a link, a request, or a place that let it through. */
function wasHanded({ action }: ActionCase): boolean {
  return action.path.links.length > 0 || action.callers.length > 0 || action.zone
}

function exposure(
  subject: ActionCase,
  decision: DecisionRecord | undefined,
  named: DecisionRecord | undefined,
): Hit {
  const { action } = subject
  const does = what(action.call)
  const agent = who(action.agent)
  return {
    title: `nothing checked ${does} by ${agent}${decision === undefined ? '' : ': it had been refused'}`,
    facts: [
      fact(`${agent} did ${does} on what was handed to it`, 'action', action.id),
      factOf(subject, decision),
      fact(`${agent} had authority for it all the same`, 'agent', action.agent),
    ],
    gained: action.agent,
    ...(named === undefined ? {} : { culprit: { kind: 'decision', id: named.hash } as const }),
    remedy: decisionRemedy(subject),
    fixed: decision === undefined ? 2 : 3,
  }
}

function inheritance(
  subject: ActionCase,
  decision: DecisionRecord | undefined,
  above: string | undefined,
): Hit {
  const { action } = subject
  const does = what(action.call)
  const agent = who(action.agent)
  const link = action.path.links.find(({ hash }) => hash === above)
  const source =
    link === undefined
      ? ({ kind: 'zone', id: action.audience, holder: action.agent, signature: 'missing' } as const)
      : ({ kind: 'link', id: link.hash, holder: link.delegate, signature: link.signature } as const)
  return {
    title:
      link === undefined
        ? `${agent} did ${does} with no authority, and nothing stopped it`
        : `${agent} did ${does} on what only ${who(link.delegate)} was given`,
    facts: [authorityFact(subject), factOf(subject, decision)],
    gained: action.agent,
    ...(link === undefined ? {} : { from: link.delegate }),
    source,
    ...(link !== undefined ? { culprit: { kind: 'link', id: link.hash } as const } : {}),
    counterfactual: counterfactual(action.agent, subject, source),
    remedy: linkRemedy(givenBy(subject), action.agent, subject),
    class: 'inheritance',
    ...(decision?.verdict === 'deny' ? { adjust: [{ by: 1, reason: AFTER_DENIAL }] } : {}),
  }
}

function givenBy({ action, registry }: ActionCase): string {
  return action.path.links.at(-1)?.delegator ?? registry.owner(action.agent)?.owner ?? 'its owner'
}

function factOf({ action }: ActionCase, decision: DecisionRecord | undefined): Fact {
  const onAction = (text: string): Fact => fact(text, 'action', action.id)
  if (action.zone)
    return onAction('it was accepted for where it ran, and nothing that was presented was checked')
  if (decision === undefined)
    return onAction('no decision of an enforcement point is recorded for it')
  const issuer = who(decision.issuer)
  const text = decision.verdict === 'deny' ? `${issuer} had refused it` : `${issuer} let it through`
  return fact(text, 'decision', decision.hash)
}

function decisionRemedy({ action }: ActionCase): Hit['remedy'] {
  return {
    kind: 'decision',
    sentence: `a decision of an enforcement point on ${toolName(action.tool)} by ${who(action.agent)}`,
    holder: action.agent,
    tool: action.tool,
    ...(action.task === undefined ? {} : { task: action.task }),
  }
}
