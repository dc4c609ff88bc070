import { ATTR, GEN_AI, GEN_AI_OPERATION } from '@delegraph/graph-schema'
import type { ActOptions } from '@delegraph/sdk'
import { trace } from '@opentelemetry/api'
import { callAttributes, chainAttributes } from '../../../sdk/src/act/attributes.ts'
import { saidAttributes } from '../../../sdk/src/act/presented.ts'
import type { ActionEvent } from '../format.ts'
import { actingUnder, proposalFor } from './acting.ts'
import { partOf } from './matching.ts'
import type { Actor, Part, Stage } from './stage.ts'

/** Plays a call of a tool. */
export function playAction(stage: Stage, event: ActionEvent): void {
  const actor = stage.actor(event.actor)
  const part = partOf(stage, event)
  const proposal = proposalFor(stage, event, part)
  const out = isUsed(stage, event) ? [stage.content(`result of ${event.id}`)] : []
  if (stage.unsigned) {
    unsigned(stage, event, actor, part, out)
    return
  }
  actingUnder(actor, part, () => {
    const open = actor.sdk.openAct(proposal, optionsOf(stage, event))
    open.returned(...out)
    open.end(event.status)
    stage.names.note(`${open.ids.traceId}-${open.ids.spanId}`, event.id)
  })
}

/** Whether what it gives back goes anywhere. */
function isUsed(stage: Stage, { id }: ActionEvent): boolean {
  return stage.case.events.some((event) => event.type === 'flow' && event.src === id)
}

function optionsOf(stage: Stage, event: ActionEvent): ActOptions {
  const { names } = stage
  const approval = event.approval === null ? undefined : stage.approvals.get(event.approval)?.text
  const decision =
    event.decision === undefined ? undefined : stage.decisions.get(event.decision)?.text
  const shaped = stage.shaping.get(event.id) ?? []
  const { caller, principal, purpose, resource } = event
  return {
    task: names.of(event.task),
    session: names.of(event.session),
    zone: event.zone,
    control: event.control,
    drivers: shaped,
    dataIn: shaped,
    ...(approval === undefined ? {} : { approvals: [approval] }),
    ...(decision === undefined ? {} : { decision }),
    ...(event.cred === null ? {} : { credential: stage.credential(event.cred) }),
    ...(caller === undefined || caller === null ? {} : { caller: names.of(caller) }),
    ...(principal === undefined
      ? {}
      : { onBehalfOf: principal === null ? '' : names.of(principal) }),
    ...(purpose === undefined ? {} : { purpose: names.of(purpose) }),
    ...(resource === undefined ? {} : { resource: targetOf(stage, resource) }),
  }
}

/** What was done to an agent, an artefact or a decision point is done to that very one. */
function targetOf(stage: Stage, resource: string): string {
  const { events } = stage.case
  if (events.some((event) => event.type === 'credential' && event.id === resource))
    return stage.credential(resource)
  if (events.some((event) => event.type === 'decision' && event.by === resource)) {
    const { iss } = stage.world.pdpOf(resource)
    stage.names.note(iss, resource)
    return iss
  }
  const made = stage.approvals.get(resource) ?? stage.decisions.get(resource)
  return made?.hash ?? stage.links.get(resource)?.[0]?.hash ?? stage.names.of(resource)
}

/** The span of a framework that has no key: the same attributes, and nobody's signature. */
function unsigned(
  stage: Stage,
  event: ActionEvent,
  actor: Actor,
  part: Part | undefined,
  out: readonly string[],
): void {
  const proposal = proposalFor(stage, event, part)
  const {
    task,
    session,
    zone,
    control,
    onBehalfOf,
    purpose,
    resource,
    credential,
    caller,
    drivers = [],
  } = optionsOf(stage, event)
  const approval = event.approval === null ? undefined : stage.approvals.get(event.approval)
  const decision = event.decision === undefined ? undefined : stage.decisions.get(event.decision)
  const shaped = drivers
  const said = saidAttributes({
    ...(task === undefined ? {} : { txn: task }),
    ...(session === undefined ? {} : { session }),
    ...(zone === true ? { zone } : {}),
    ...(control === true ? { control } : {}),
    ...(onBehalfOf === undefined ? {} : { on_behalf_of: onBehalfOf }),
    ...(purpose === undefined ? {} : { purpose }),
    ...(resource === undefined ? {} : { resource }),
    ...(shaped.length === 0 ? {} : { data_in: shaped }),
    ...(out.length === 0 ? {} : { data_out: out }),
  })
  const named = caller === undefined ? shaped : [caller, ...shaped]
  const attributes = mutable({
    [GEN_AI.operationName]: GEN_AI_OPERATION.executeTool,
    ...chainAttributes(undefined, actor.product),
    ...callAttributes(proposal, true),
    ...said,
    [ATTR.assertedEffect]: event.status,
    ...(part === undefined ? {} : { [ATTR.linkHash]: part.hash, [ATTR.chainId]: part.root }),
    ...(named.length === 0 ? {} : { [ATTR.drivers]: named }),
    ...(credential === undefined ? {} : { [ATTR.credentialHash]: credential }),
    ...(approval === undefined ? {} : { [ATTR.approvalHash]: [approval.hash] }),
    ...(decision === undefined ? {} : { [ATTR.decisionHash]: [decision.hash] }),
  })
  const span = trace.getTracer('framework').startSpan(`execute_tool ${event.perm}`, { attributes })
  const ids = span.spanContext()
  span.end()
  stage.names.note(`${ids.traceId}-${ids.spanId}`, event.id)
}

function mutable(
  attributes: Readonly<Record<string, string | number | readonly string[]>>,
): Record<string, string | number | string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [
      name,
      typeof value === 'object' ? [...value] : value,
    ]),
  )
}
