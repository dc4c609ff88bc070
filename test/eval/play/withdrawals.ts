import { EVENT } from '@delegraph/graph-schema'
import {
  decodeUnverified,
  isFault,
  LIMITS,
  type RevocationClaims,
  SESSION_REVOKED,
  type Signer,
  signCredential,
  signRevocation,
  uuidv7,
} from '@delegraph/link'
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
  else stage.clock.inTime(event, () => brokered(stage, { event: 'issued', ...said }))
}

/** Signed by the broker; or as if by it, with a key that nobody takes for the broker's. */
function brokered(
  stage: Stage,
  said: { readonly event: 'issued' | 'revoked'; readonly credential: string } & object,
  signer: Signer = stage.world.broker.key,
): void {
  const { iss, kid } = stage.world.broker
  const { text } = signCredential({
    signer,
    kid,
    claims: { iss, aud: COLLECTOR, jti: uuidv7(Date.now()), iat: stage.clock.seconds, ...said },
  })
  stage.outbox.say(EVENT.credential, text)
}

export function playRevoke(stage: Stage, event: RevokeEvent): void {
  const { what, id, by } = event
  if (what === 'credential') {
    const [credential, who] = [stage.credential(id), stage.names.of(by)]
    const said = { event: 'revoked', credential } as const
    if (stage.unsigned) assertRecord(stage, { type: 'credential', ...said, by: who })
    else brokered(stage, said, mayReturn(stage, event) ? undefined : stage.actors.get(by)?.key)
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
  if (text !== undefined) revokeApproval(stage, event, text)
  const isSigned =
    what === 'link' ? stage.links.get(id)?.[0]?.chain !== undefined : text !== undefined
  if (isSigned) return
  for (const hash of hashes)
    assertRecord(stage, { type: 'withdrawal', what, id: hash, by: stage.names.of(by) })
}

/** Brokers listen to all who are no agents, and to an agent that has the credential. */
function mayReturn(stage: Stage, { id, by }: RevokeEvent): boolean {
  const holders = stage.case.events.flatMap((event) =>
    event.type === 'credential' && event.id === id ? event.issued_to : [],
  )
  return !stage.actors.has(by) || holders.includes(by) || id === `cred:${by}`
}

/** The service takes it back for whoever gave it, and for all who are no agents. */
function revokeApproval(stage: Stage, { id, by }: RevokeEvent, text: string): void {
  const stranger = stage.actors.get(by)
  const isGiver = stage.case.events.some(
    (event) => event.type === 'approval' && event.id === id && event.approver === by,
  )
  if (stranger === undefined || isGiver) {
    stage.approver(by).revoke(text)
    return
  }
  const decoded = decodeUnverified(text)
  if (isFault(decoded)) return
  const { iss, jti } = decoded.payload
  const sub_id = { format: 'jwt_id', iss: String(iss), jti: String(jti) } as const
  sayRevoked(stage, stranger.key, { sub_id })
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
  const { leaf } = part.chain
  // Whoever may not withdraw it signs with his own key, and is not believed.
  const signer = actor === undefined ? stage.world.revoker.key : actor.key
  sayRevoked(stage, signer, { sub_id: { format: 'jwt_id', iss: leaf.iss, jti: leaf.jti } })
}

function sayRevoked(
  stage: Stage,
  signer: Signer,
  what: Pick<RevocationClaims, 'sub_id' | 'txn'>,
): void {
  const { iss, kid } = stage.world.revoker
  const { text } = signRevocation({
    signer,
    kid,
    claims: {
      ...{ iss, aud: COLLECTOR, jti: uuidv7(Date.now()), iat: stage.clock.seconds },
      ...what,
      events: { [SESSION_REVOKED]: { initiating_entity: 'admin' } },
    },
  })
  stage.outbox.say(EVENT.revocation, text)
}

/**
 * The holder of a root ends its task; one without a signed root ends by the owners' transmitter where
 * something was signed in it, and else by somebody's word.
 */
export function playTaskEnd(stage: Stage, event: TaskEndEvent): void {
  const task = stage.names.of(event.task)
  const roots = [...stage.links.values()]
    .flat()
    .filter((part) => part.depth === 0 && part.task === task && part.chain !== undefined)
  for (const { chain, holder } of roots)
    if (chain !== undefined) stage.actors.get(holder)?.sdk.complete(chain)
  if (roots.length > 0) return
  const isSigned = stage.case.events.some(
    (other) => other.type === 'approval' && other.task === event.task,
  )
  if (isSigned && !stage.unsigned) sayRevoked(stage, stage.world.revoker.key, { txn: task })
  assertRecord(stage, { type: 'withdrawal', what: 'task', id: task })
}
