import { EVENT } from '@delegraph/graph-schema'
import {
  type DecisionClaims,
  signDecision,
  signingInputHash,
  textDigest,
  uuidv7,
} from '@delegraph/link'
import type { Proposal } from '@delegraph/sdk'
import type { ActionEvent, DecisionEvent } from '../format.ts'
import { proposalFor, proposed } from './acting.ts'
import { lastHeld, partOf, sameArguments, satisfies } from './matching.ts'
import { isExact, mapOf } from './permissions.ts'
import type { Part, Stage } from './stage.ts'
import { assertDecision } from './unsigned.ts'

/** The point that decides where a case names none. */
export const USUAL_POINT = 'pdp'

/** Plays a decision: on one call where that is the next one it fits, and else on a class of calls. */
export function playDecision(stage: Stage, event: DecisionEvent): void {
  const actions = letThrough(stage, event)
  const [only] = actions
  const link = only === undefined ? undefined : partOf(stage, only)
  const head = link ?? lastHeld(stage, event.agent, event.task, event.perm)
  const made = stage.unsigned
    ? assertDecision(stage, event, head)
    : signed(stage, event, head, callOf(stage, event, actions, head))
  if (event.id !== undefined) {
    stage.decisions.set(event.id, made)
    stage.names.note(made.hash, event.id)
  }
}

/**
 * The actions that a decision is about: those that name it, else those that follow, fit, and went as it says. A
 * refusal that none of them heeded is about those that were made in spite of it.
 */
export function letThrough(stage: Stage, event: DecisionEvent): ActionEvent[] {
  const later = stage.actions().filter((action) => action.seq > event.seq)
  const named = later.filter((action) => event.id !== undefined && action.decision === event.id)
  if (named.length > 0) return named
  const fitting = later.filter(
    (action) =>
      action.decision === undefined &&
      action.actor === event.agent &&
      action.perm === event.perm &&
      action.task === event.task &&
      satisfies(action.where, event.where),
  )
  const refused = event.verdict === 'deny'
  const heeded = fitting.filter(({ status }) => (status === 'denied') === refused)
  return refused && heeded.length === 0 ? fitting : heeded
}

/** The one call that a decision is about; undefined where it is about several, or about more than one could be. */
function callOf(
  stage: Stage,
  event: DecisionEvent,
  actions: readonly ActionEvent[],
  head: Part | undefined,
): Proposal | undefined {
  const { agent, perm, where } = event
  if (!isExact(where) || actions.length > 1) return undefined
  const [action] = actions
  if (action === undefined) return proposed(stage, agent, perm, where, head)
  const isThat = action.actor === agent && action.perm === perm
  if (!isThat) return proposed(stage, agent, perm, where, head)
  return sameArguments(action.where, where)
    ? proposalFor(stage, action, partOf(stage, action))
    : undefined
}

function signed(
  stage: Stage,
  event: DecisionEvent,
  head: Part | undefined,
  call: Proposal | undefined,
) {
  const { names, world, clock } = stage
  const { agent, perm, where, verdict, by = USUAL_POINT } = event
  const { iss, kid, key } = world.pdpOf(by)
  const tool = names.tool(perm)
  const claims: Omit<DecisionClaims, 'jti'> & { jti: string } = {
    iss,
    aud: 'urn:delegraph:collector',
    jti: uuidv7(Date.now()),
    iat: clock.seconds,
    txn: names.of(event.task),
    session: names.of(event.session),
    evaluation_id: uuidv7(Date.now()),
    request_hash: textDigest(`${names.of(event.agent)} ${event.seq}`),
    act: { sub: names.of(agent) },
    aat_tool: tool,
    decision: verdict === 'allow',
    ...(head === undefined ? {} : { aat_hash: head.hash }),
    ...(event.for === undefined ? {} : { caller: names.of(event.for) }),
    ...(call === undefined
      ? { grants: mapOf(where) }
      : {
          action_hash: call.hash,
          args: call.disclosed,
          arg_names: call.argNames,
          rest: call.rest,
          ...(call.audience === '' ? {} : { aat_aud: call.audience }),
        }),
  }
  const { text } = signDecision({ signer: key, kid, claims })
  stage.outbox.say(EVENT.decision, text)
  return { text, hash: signingInputHash(text) ?? '' }
}
