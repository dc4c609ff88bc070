import { claimsOf } from './node.ts'
import type { Evidence } from './types.ts'

/** What a span or a receipt says was presented with its call, by hash. */
export interface Presented {
  readonly approvals: readonly string[]
  readonly decisions: readonly string[]
  readonly credentials: readonly string[]
}

/** Nothing for evidence of any other kind. Nothing of a receipt is verified here. */
export function presentedIn(evidence: Evidence): Presented {
  if (evidence.kind === 'span') {
    const { approvals, decisions, credential } = evidence.facts
    return { approvals, decisions, credentials: textsOf(credential) }
  }
  if (evidence.kind !== 'receipt') return NOTHING
  const claims = claimsOf(evidence.text)
  return {
    approvals: textsOf(claims?.['apr_hash']),
    decisions: textsOf(claims?.['dec_hash']),
    credentials: textsOf(claims?.['credential']),
  }
}

const NOTHING: Presented = { approvals: [], decisions: [], credentials: [] }

/** A text or a list of them. */
export function textsOf(value: unknown): string[] {
  return [value].flat().filter((item): item is string => typeof item === 'string')
}
