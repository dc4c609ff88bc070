import { EVENT } from '@delegraph/graph-schema'
import {
  canonicalize,
  type Json,
  LIMITS,
  type ToolGrants,
  textDigest,
  uuidv7,
} from '@delegraph/link'
import type { ApprovalEvent, DecisionEvent, LinkEvent } from '../format.ts'
import { dateOf } from './clock.ts'
import { mapOf } from './permissions.ts'
import type { Artefact, Part, Stage } from './stage.ts'

/** Says something as a framework says it that has no keys; gives what others cite it by. */
export function assertRecord(stage: Stage, record: Record<string, unknown>): string {
  const known = Object.entries({ ...record, iat: stage.clock.seconds, jti: uuidv7(Date.now()) })
  const said = Object.fromEntries(known.filter(([, value]) => value !== undefined))
  const body = canonicalize(said as Json)
  stage.outbox.say(EVENT.asserted, body)
  return textDigest(body)
}

export function assertLink(
  stage: Stage,
  event: LinkEvent,
  tools: ToolGrants,
  parent: Part | undefined,
  unseen?: string,
): Part {
  const { names } = stage
  const { issuer, holder, exp, purpose, principal, redelegable, depth_left } = event
  const depth = parent === undefined ? 0 : parent.depth + 1
  const left = redelegable ? depth_left : 0
  const replaces = event.replaces === undefined ? undefined : stage.links.get(event.replaces)?.[0]
  const again = event.jti === undefined ? undefined : stage.jtis.get(event.jti)
  const hash = assertRecord(stage, {
    type: 'link',
    issuer: names.of(issuer),
    holder: names.of(holder),
    tools,
    parent: parent?.hash ?? unseen,
    task: names.of(event.task),
    exp: exp === undefined ? undefined : dateOf(exp),
    max_depth: left === undefined ? undefined : Math.min(depth + left, LIMITS.depth),
    purpose: purpose === undefined ? undefined : names.of(purpose),
    principal: principal === null ? '' : principal === undefined ? undefined : names.of(principal),
    replaces: replaces?.hash,
  })
  if (event.jti !== undefined && again === undefined) stage.jtis.set(event.jti, hash)
  const task = names.of(event.task)
  return { hash, tools, holder, depth, task, root: parent?.root ?? hash }
}

export function assertApproval(stage: Stage, event: ApprovalEvent): Artefact {
  const { names } = stage
  const { approver, subject, perm, where, uses, delegates, exp, after_denial } = event
  const hash = assertRecord(stage, {
    type: 'approval',
    approver: names.of(approver),
    subject: names.of(subject),
    tool: names.tool(perm),
    grants: mapOf(where),
    uses,
    delegates: delegates ? true : undefined,
    after: after_denial === undefined ? undefined : stage.decisions.get(after_denial)?.hash,
    exp: exp === undefined ? undefined : dateOf(exp),
    task: names.of(event.task),
    session: names.of(event.session),
  })
  return { hash }
}

export function assertDecision(
  stage: Stage,
  event: DecisionEvent,
  link: Part | undefined,
): Artefact {
  const { names } = stage
  const { agent, perm, where, verdict, by } = event
  const hash = assertRecord(stage, {
    type: 'decision',
    by: by === undefined ? undefined : names.of(by),
    agent: names.of(agent),
    tool: names.tool(perm),
    grants: mapOf(where),
    decision: verdict === 'allow',
    caller: event.for === undefined ? undefined : names.of(event.for),
    link: link?.hash,
    task: names.of(event.task),
    session: names.of(event.session),
  })
  return { hash }
}
