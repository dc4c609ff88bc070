import { outcomeOf } from '@delegraph/graph-schema'
import { claimReader, HASH, present } from '../claim-reader.ts'
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
import { actionHashFits, type DisclosedCall, readDisclosedCall } from './call-claims.ts'

/**
 * A person's answer to one call under one leaf link: used once, short-lived. A yes to more than
 * one call is a link, not an approval.
 */
export interface ApprovalClaims extends DisclosedCall {
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
  readonly aat_hash: string
  readonly aat_tool: string
  readonly action_hash: string
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

function parseApproval(payload: JsonObject): ApprovalClaims | Fault {
  const reader = claimReader(payload)
  const claims: ApprovalClaims = {
    iss: reader.text('iss'),
    sub: reader.text('sub'),
    aud: reader.raw('aud') === '' ? '' : reader.text('aud'),
    jti: reader.text('jti'),
    iat: reader.int('iat'),
    exp: reader.int('exp'),
    aat_hash: reader.matching('aat_hash', HASH),
    aat_tool: reader.text('aat_tool'),
    action_hash: reader.matching('action_hash', HASH),
    decision: reader.oneOf('decision', ['deny', 'approve']),
    amr: reader.texts('amr'),
    ...present({
      txn: reader.optional('txn', (name) => reader.text(name)),
      acr: reader.optional('acr', (name) => reader.text(name)),
      auth_time: reader.optional('auth_time', (name) => reader.int(name)),
      evaluation_id: reader.optional('evaluation_id', (name) => reader.text(name)),
      disclosure_hash: reader.optional('disclosure_hash', (name) => reader.matching(name, HASH)),
    }),
    ...readDisclosedCall(reader),
  }
  if (reader.raw('sub_profile') === 'ai_agent') return fault('approver_untrusted', 'ai_agent')
  const profile = reader.optional('sub_profile', (name) => reader.oneOf(name, ['user', 'service']))
  if (reader.fault !== undefined) return reader.fault
  const lifetime = claims.exp - claims.iat
  if (lifetime <= 0) return fault('malformed', 'lifetime')
  if (lifetime > LIMITS.approvalLifetime) return fault('lifetime_exceeded')
  const { aud, aat_tool: tool, action_hash } = claims
  if (!actionHashFits({ aud, tool, action_hash, disclosed: claims }))
    return fault('approval_mismatch', 'action_hash')
  return profile === undefined ? claims : { ...claims, sub_profile: profile }
}
