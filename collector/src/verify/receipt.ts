import { OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  jwkThumbprint,
  type PublicJwk,
  type ReceiptClaims,
  THUMBPRINT_URI_PREFIX,
  verifyReceipt,
} from '@delegraph/link'
import { claimsOf, tokenKey } from '../evidence/node.ts'
import type { SignedEvidence } from '../evidence/types.ts'
import type { PathLink } from './path.ts'
import type { Registry } from './registry.ts'

/** The receipt that an action is judged by, and what may be said of it. */
export interface ReceiptChoice {
  readonly outcome: Outcome
  /** Present where the signature holds. */
  readonly claims?: ReceiptClaims
  readonly hash?: string
  /** Which key verified it: the one the cited link is bound to, or one from the registry. */
  readonly key?: 'link' | 'registry'
  readonly thumbprint?: string
  /** The agent whose registered key signed. */
  readonly agent?: string
  /** Two different receipts carry this receipt's issuer and id. */
  readonly conflict: boolean
}

export interface ReceiptContext {
  readonly id: string
  readonly links: ReadonlyMap<string, PathLink>
  readonly registry: Registry
  readonly conflicts: ReadonlySet<string>
}

/**
 * Picks the receipt that proves most; among equals the smaller digest, so that the order of arrival
 * does not matter. A receipt that verifies under no key of the right holder proves nothing.
 */
export function chooseReceipt(
  receipts: readonly SignedEvidence[],
  context: ReceiptContext,
): ReceiptChoice {
  const judged = [...receipts]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .map((receipt) => judgeReceipt(receipt, context))
  const best = judged.find((choice) => choice.outcome.state === 'ok')
  return best ?? judged[0] ?? { outcome: outcomeOf('receipt_missing'), conflict: false }
}

function judgeReceipt(receipt: SignedEvidence, context: ReceiptContext): ReceiptChoice {
  const { text } = receipt
  if (receipt.truncated) return { outcome: outcomeOf('truncated'), conflict: false }
  if (text === undefined) return { outcome: outcomeOf('oversized'), conflict: false }
  const claimed = claimsOf(text)
  const linkHash = claimed?.['aat_hash']
  if (typeof linkHash === 'string') {
    const link = context.links.get(linkHash)
    // A link that nobody signed binds no key: the registry says whose it is.
    if (link?.signature === 'missing') {
      const agent = link.delegate
      const keys = context.registry.keyOfAgent(agent)
      const choices = keys.map((jwk) => verified(text, jwk, 'registry', agent, context))
      return (
        choices.find(({ outcome }) => outcome.state === 'ok') ??
        choices[0] ?? { outcome: outcomeOf('key_unavailable'), conflict: false }
      )
    }
    if (link === undefined || !link.arrived || link.holderKey === undefined) {
      return { outcome: outcomeOf('key_unavailable'), conflict: false }
    }
    const own = verified(text, link.holderKey, 'link', undefined, context)
    return own.outcome.state === 'ok' ? own : signedByAnother(text, claimed, own, context)
  }
  for (const { jwk, agent } of registeredKeys(claimed, context.registry)) {
    const choice = verified(text, jwk, 'registry', agent, context)
    if (choice.outcome.state === 'ok') return choice
  }
  return { outcome: outcomeOf('key_unavailable'), conflict: false }
}

/** Not the holder's: the registry may know whose it is, and who acted on a link that is not his. */
function signedByAnother(
  text: string,
  claimed: ReturnType<typeof claimsOf>,
  own: ReceiptChoice,
  context: ReceiptContext,
): ReceiptChoice {
  const iss = claimed?.['iss']
  const thumbprint = typeof iss === 'string' ? iss.slice(THUMBPRINT_URI_PREFIX.length) : undefined
  const agent = thumbprint === undefined ? undefined : context.registry.agentOfKey(thumbprint)
  const keys = agent === undefined ? [] : context.registry.keyOfAgent(agent)
  const jwk = keys.find((key) => jwkThumbprint(key) === thumbprint)
  if (jwk === undefined) return own
  const theirs = verified(text, jwk, 'registry', agent, context)
  return theirs.outcome.state === 'ok' ? { ...theirs, outcome: own.outcome } : own
}

function verified(
  text: string,
  jwk: PublicJwk,
  key: 'link' | 'registry',
  agent: string | undefined,
  context: ReceiptContext,
): ReceiptChoice {
  const result = verifyReceipt(text, jwk)
  if (result.claims === undefined || result.outcome.state !== 'ok') {
    return { outcome: result.outcome, conflict: false }
  }
  const { claims } = result
  const conflict = context.conflicts.has(tokenKey(claims.iss, claims.jti))
  const outcome = conflict
    ? outcomeOf('jti_conflict')
    : context.id === actionIdOf(claims)
      ? OK
      : outcomeOf('trace_mismatch')
  return {
    outcome,
    claims,
    ...(result.hash === undefined ? {} : { hash: result.hash }),
    key,
    thumbprint: jwkThumbprint(jwk),
    conflict,
    ...(agent === undefined ? {} : { agent }),
  }
}

/** The span that a receipt names; a receipt without one fits no span. */
function actionIdOf(claims: ReceiptClaims): string | undefined {
  const { trace } = claims
  return trace === undefined ? undefined : `${trace.trace_id}-${trace.span_id}`
}

/** Keys of the agent that the receipt names; the name decides nothing, the signature does. */
function registeredKeys(
  claimed: Readonly<Record<string, unknown>> | undefined,
  registry: Registry,
): { readonly jwk: PublicJwk; readonly agent: string }[] {
  const act = claimed?.['act']
  const sub = typeof act === 'object' && act !== null ? (act as { sub?: unknown }).sub : undefined
  if (typeof sub !== 'string') return []
  return registry.keyOfAgent(sub).map((jwk) => ({ jwk, agent: sub }))
}
