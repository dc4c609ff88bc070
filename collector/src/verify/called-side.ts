import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  decodeUnverified,
  isFault,
  type ReceiptClaims,
  type TrustedIssuer,
  verifyReceipt,
} from '@delegraph/link'
import { claimsOf, tokenKey } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'

/** What the service that was called signed about a call: the other half of the acting agent's receipt. */
export interface CalledSide {
  readonly outcome: Outcome
  /** Present where the signature holds. */
  readonly claims?: ReceiptClaims
  readonly hash?: string
}

/** `indeterminate` where one side is missing. */
export type Agreement = 'agree' | 'disagree' | 'indeterminate'

/** A service names its key by `kid`; the holder of a link has none. */
export function isServiceSigned(receipt: SignedEvidence): boolean {
  const decoded = receipt.text === undefined ? undefined : decodeUnverified(receipt.text)
  return decoded !== undefined && !isFault(decoded) && decoded.kid !== undefined
}

/**
 * The service's receipt that proves most; among equals the smaller digest. A key speaks only for the
 * service that the trust roots name beside it: another service's word on the call is none.
 */
export function calledSide(
  receipts: readonly SignedEvidence[],
  context: {
    readonly toolServers: readonly TrustedIssuer[]
    readonly conflicts: ReadonlySet<string>
  },
): CalledSide | undefined {
  const judged = [...receipts]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((receipt) => judge(receipt, context))
  return judged.find(({ outcome }) => outcome.state === 'ok') ?? judged[0]
}

function judge(receipt: SignedEvidence, context: Parameters<typeof calledSide>[1]): CalledSide {
  const { text } = receipt
  if (receipt.truncated) return { outcome: outcomeOf('truncated') }
  if (text === undefined) return { outcome: outcomeOf('oversized') }
  const audience = claimsOf(text)?.['aat_aud']
  const servers = context.toolServers.filter(({ aud }) => aud !== undefined && aud === audience)
  const { claims, outcome, hash } = verifyReceipt(text, servers)
  if (outcome.state !== 'ok' || claims === undefined) return { outcome }
  const conflict = context.conflicts.has(tokenKey(claims.iss, claims.jti))
  return {
    outcome: conflict ? outcomeOf('jti_conflict') : OK,
    claims,
    ...(hash === undefined ? {} : { hash }),
  }
}

/** Whether both sides speak of the same call with the same end. */
export function agreement(
  acting: ReceiptClaims | undefined,
  called: ReceiptClaims | undefined,
): Agreement {
  if (acting === undefined || called === undefined) return 'indeterminate'
  const same =
    acting.action_hash === called.action_hash &&
    acting.aat_tool === called.aat_tool &&
    acting.aat_hash === called.aat_hash &&
    acting.aat_aud === called.aat_aud &&
    bothOr(acting.pop_hash, called.pop_hash) &&
    bothOr(acting.result.out_hash, called.result.out_hash)
  if (!same) return 'disagree'
  const ends = [acting.result.status, called.result.status]
  if (ends.includes('unknown')) return 'indeterminate'
  // Of a refusal the caller may only see that it failed: neither says that it was done.
  return (ends[0] === 'ok') === (ends[1] === 'ok') ? 'agree' : 'disagree'
}

/** What only one side knows is no contradiction. */
function bothOr(a: string | undefined, b: string | undefined): boolean {
  return a === undefined || b === undefined || a === b
}
