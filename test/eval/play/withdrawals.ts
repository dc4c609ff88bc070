import { EVENT } from '@delegraph/graph-schema'
import { LIMITS, SESSION_REVOKED, signCredential, signRevocation, uuidv7 } from '@delegraph/link'
import { SdkError } from '@delegraph/sdk'
import type { CredentialEvent, RevokeEvent, TaskEndEvent } from '../format.ts'
import { dateOf } from './clock.ts'
import type { Part, Stage } from './stage.ts'
import { assertRecord } from './unsigned.ts'

const COLLECTOR = 'urn:delegraph:collector'

export function playCredential(stage: Stage, event: CredentialEvent): void {
  const { issued_to, perms, exp } = event
  const credential = stage.credential(event.id)
  const issuedTo = issued_to.map((agent) => stage.names.of(agent))
  const tools = perms?.map(({ perm }) => stage.names.tool(perm))
  const end = exp === undefined ? stage.clock.seconds + LIMITS.lifetime : dateOf(exp)
  const said = {
    credential,
    issued_to: issuedTo,
    exp: end,
    ...(tools === undefined ? {} : { tools }),
  }
  if (stage.unsigned) assertRecord(stage, { type: 'credential', ...said })
  else brokered(stage, { event: 'issued', ...said })
}

function brokered(
  stage: Stage,
  said: { readonly event: 'issued' | 'revoked'; readonly credential: string } & object,
): void {
  const { iss, kid, key } = stage.world.broker
  const { text } = signCredential({
    signer: key,
    kid,
    claims: { iss, aud: COLLECTOR, jti: uuidv7(Date.now()), iat: stage.clock.seconds, ...said },
  })
  stage.outbox.say(EVENT.credential, text)
}

export function playRevoke(stage: Stage, event: RevokeEvent): void {
  const { what, id, by } = event
  if (what === 'credential') {
    const credential = stage.credential(id)
    if (stage.unsigned) assertRecord(stage, { type: 'credential', event: 'revoked', credential })
    else brokered(stage, { event: 'revoked', credential })
    return
  }
  const hashes =
    what === 'link'
      ? (stage.links.get(id) ?? []).map((part) => part.hash)
      : [stage.approvals.get(id)?.hash ?? '']
  for (const part of what === 'link' ? (stage.links.get(id) ?? []) : []) {
    if (part.chain !== undefined) revokeLink(stage, part, by)
  }
  const text = what === 'approval' ? stage.approvals.get(id)?.text : undefined
  if (text !== undefined) stage.approver(by).revoke(text)
  const isSigned =
    what === 'link' ? stage.links.get(id)?.[0]?.chain !== undefined : text !== undefined
  if (isSigned) return
  for (const hash of hashes)
    assertRecord(stage, { type: 'withdrawal', what, id: hash, by: stage.names.of(by) })
}

/** An agent withdraws what it gave; for everybody else the owners' transmitter says it. */
function revokeLink(stage: Stage, part: Part, by: string): void {
  const actor = stage.actors.get(by)
  if (part.chain === undefined) return
  try {
    if (actor !== undefined) {
      actor.sdk.revoke(part.chain)
      return
    }
  } catch (error) {
    if (!(error instanceof SdkError)) throw error
  }
  const { iss, kid, key } = stage.world.revoker
  const { leaf } = part.chain
  // Whoever may not withdraw it signs with his own key, and is not believed.
  const signer = actor === undefined ? key : actor.key
  const { text } = signRevocation({
    signer,
    kid,
    claims: {
      ...{ iss, aud: COLLECTOR, jti: uuidv7(Date.now()), iat: stage.clock.seconds },
      sub_id: { format: 'jwt_id', iss: leaf.iss, jti: leaf.jti },
      events: { [SESSION_REVOKED]: { initiating_entity: 'admin' } },
    },
  })
  stage.outbox.say(EVENT.revocation, text)
}

/** The holder of a root ends its task; a task without a signed root ends by somebody's word. */
export function playTaskEnd(stage: Stage, event: TaskEndEvent): void {
  const task = stage.names.of(event.task)
  const roots = [...stage.links.values()]
    .flat()
    .filter((part) => part.depth === 0 && part.task === task && part.chain !== undefined)
  for (const { chain, holder } of roots)
    if (chain !== undefined) stage.actors.get(holder)?.sdk.complete(chain)
  if (roots.length === 0) assertRecord(stage, { type: 'withdrawal', what: 'task', id: task })
}
