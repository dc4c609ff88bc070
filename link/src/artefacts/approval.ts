import { outcomeOf } from '@delegraph/graph-schema'
import { type ClaimReader, claimReader, HASH, present } from '../claim-reader.ts'
import { LIMITS, TYP } from '../constants.ts'
import { type Fault, fault } from '../fault.ts'
import type { JsonObject } from '../json/parse-canonical.ts'
import type { TrustedIssuer } from '../types.ts'
import {
  type ArtefactKind,
  type ArtefactVerdict,
  type ServiceSigning,
  type SignedArtefact,
  signArtefact,
  verifyArtefact,
} from './artefact.ts'
import {
  actionHashFits,
  type CallClass,
  type DisclosedCall,
  readCallClass,
  readDisclosedCall,
} from './call-claims.ts'

/**
 * A person's answer to one call under one leaf link: used once, short-lived. With `grants` it is for
 * a class of calls of one tool by the agent that `act` names, `uses` times, and names neither leaf
 * link nor call.
 */
export interface ApprovalClaims extends DisclosedCall, CallClass {
  /** The approval service. */
  readonly iss: string
  /** Who answered: an opaque id. */
  readonly sub: string
  /** Who that is; an agent is refused. */
  readonly sub_profile?: 'user' | 'service'
  /** The enforcement point, `''` where the call stays in its process. */
  readonly aud: string
  /** Single use: the enforcement point consumes it before it executes. */
  readonly jti: string
  readonly iat: number
  readonly exp: number
  readonly txn?: string
  /** The leaf link; absent only beside `grants`. */
  readonly aat_hash?: string
  readonly aat_tool: string
  /** The call; absent only beside `grants`. */
  readonly action_hash?: string
  /** How often it may be used; once where absent, and always once without `grants`. */
  readonly uses?: number
  /** It names whoever holds a valid link from its subject that covers the call, too. */
  readonly delegates?: true
  /** Hash of the decision, a denial as a rule, that he had seen. */
  readonly after?: string
  readonly decision: 'approve' | 'deny'
  /** How he proved who he is, RFC 8176. */
  readonly amr: readonly string[]
  readonly acr?: string
  readonly auth_time?: number
  readonly evaluation_id?: string
  /** Hash of what he was shown. */
  readonly disclosure_hash?: string
}

/** Signs an approval as a service. Throws `LinkError` for claims that no verifier would take. */
export function signApproval(
  approval: ServiceSigning<ApprovalClaims>,
): SignedArtefact<ApprovalClaims> {
  return signArtefact(APPROVAL, approval, approval.claims)
}

/**
 * Verifies an approval under the configured approvers; an unknown one is `approver_untrusted`.
 * Expiry, use, link and call are for the caller, who knows the receipt.
 */
export function verifyApproval(
  text: string,
  approvers: readonly TrustedIssuer[],
): ArtefactVerdict<ApprovalClaims> {
  const verdict = verifyArtefact(APPROVAL, text, approvers)
  const { outcome, claims } = verdict
  if (outcome.state !== 'ok' || claims === undefined || mayClaim(claims, approvers)) return verdict
  return { ...verdict, outcome: outcomeOf('approver_untrusted', 'acr') }
}

/** A service that is trusted for some authentication contexts may claim no other. */
function mayClaim({ iss, acr }: ApprovalClaims, approvers: readonly TrustedIssuer[]): boolean {
  return approvers.some(
    (approver) =>
      approver.iss === iss &&
      (approver.acr === undefined || acr === undefined || approver.acr.includes(acr)),
  )
}

const APPROVAL: ArtefactKind<ApprovalClaims> = {
  typ: TYP.approval,
  untrusted: 'approver_untrusted',
  parse: parseApproval,
}

/** One call by one leaf, or a class of calls by an agent that is named: nothing in between. */
function readShape(reader: ClaimReader, claims: ApprovalClaims): void {
  if (claims.grants === undefined) {
    if (claims.aat_hash === undefined) reader.fail('aat_hash')
    if (claims.action_hash === undefined) reader.fail('action_hash')
    for (const name of ['uses', 'delegates', 'act'] as const)
      if (claims[name] !== undefined) reader.fail(name)
    return
  }
  if (claims.act === undefined) reader.fail('act')
  if (claims.uses === 0) reader.fail('uses')
  for (const name of ['aat_hash', 'action_hash', 'args'] as const)
    if (claims[name] !== undefined) reader.fail(name)
}

function parseApproval(payload: JsonObject): ApprovalClaims | Fault {
  const reader = claimReader(payload)
  const tool = reader.text('aat_tool')
  const claims: ApprovalClaims = {
    iss: reader.text('iss'),
    sub: reader.text('sub'),
    aud: reader.raw('aud') === '' ? '' : reader.text('aud'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    exp: reader.int('exp'),
    aat_tool: tool,
    decision: reader.oneOf('decision', ['deny', 'approve']),
    amr: reader.texts('amr'),
    ...present({
      aat_hash: reader.optional('aat_hash', (name) => reader.matching(name, HASH)),
      action_hash: reader.optional('action_hash', (name) => reader.matching(name, HASH)),
      uses: reader.optional('uses', (name) => reader.int(name, 1_000_000)),
      delegates: reader.optional('delegates', (name) => reader.oneOf(name, [true])),
      after: reader.optional('after', (name) => reader.matching(name, HASH)),
      txn: reader.optional('txn', (name) => reader.text(name)),
      acr: reader.optional('acr', (name) => reader.text(name)),
      auth_time: reader.optional('auth_time', (name) => reader.int(name)),
      evaluation_id: reader.optional('evaluation_id', (name) => reader.text(name)),
      disclosure_hash: reader.optional('disclosure_hash', (name) => reader.matching(name, HASH)),
    }),
    ...readDisclosedCall(reader),
    ...readCallClass(reader, tool),
  }
  readShape(reader, claims)
  if (reader.raw('sub_profile') === 'ai_agent') return fault('approver_untrusted', 'ai_agent')
  const profile = reader.optional('sub_profile', (name) => reader.oneOf(name, ['user', 'service']))
  if (reader.fault !== undefined) return reader.fault
  const lifetime = claims.exp - claims.iat
  if (lifetime <= 0) return fault('malformed', 'lifetime')
  const cap = claims.grants === undefined ? LIMITS.approvalLifetime : LIMITS.lifetime
  if (lifetime > cap) return fault('lifetime_exceeded')
  const { aud, action_hash } = claims
  if (action_hash !== undefined && !actionHashFits({ aud, tool, action_hash, disclosed: claims }))
    return fault('approval_mismatch', 'action_hash')
  return profile === undefined ? claims : { ...claims, sub_profile: profile }
}
