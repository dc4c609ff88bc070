import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import { judgeCall, judgeCeilings, type ReceiptClaims } from '@delegraph/link'
import type { CallFacts } from '../evidence/types.ts'
import type { Call } from './call.ts'
import { holds } from './holds.ts'
import type { Path, PathLink } from './path.ts'
import type { ReceiptChoice } from './receipt.ts'
import { audienceOutcome, structureOutcome, timeOutcome } from './window.ts'

/** Seconds that a receipt and the start of its span may lie apart. */
export const SPAN_DISTANCE = 60

/** Whether the path cited was in order, structure and time, at `at`, NumericDate. */
export function chainOutcome(path: Path, at: number): Outcome {
  if (!path.complete) {
    const broken = path.links.find((link) => link.outcome.state === 'failed')
    return broken?.outcome ?? outcomeOf('chain_incomplete')
  }
  const structure = structureOutcome(path)
  if (!holds(structure)) return structure
  const time = timeOutcome(path, at)
  return time.state === 'ok' ? structure : time
}

/** Whether the one who acted proved that he holds the key that the link is bound to. */
export function possessionOutcome(
  receipt: ReceiptChoice,
  facts: CallFacts,
  claims: ReceiptClaims | undefined,
  at: number,
  spanSeen: boolean,
  leaf: PathLink | undefined,
): Outcome {
  // The call names one agent and the link that it cites another, and nobody signed either.
  if (leaf?.signature === 'missing' && claims === undefined && differ(facts.agent, leaf.delegate))
    return outcomeOf('holder_binding_failed', 'span')
  if (receipt.outcome.state !== 'ok' || claims === undefined) return receipt.outcome
  if (leaf !== undefined && leaf.signature !== 'missing' && receipt.key === 'registry')
    return outcomeOf('holder_binding_failed')
  if (spanSeen && Math.abs(claims.iat - facts.startedAt / 1000) > SPAN_DISTANCE) {
    return outcomeOf('late_evidence')
  }
  return at === claims.iat ? OK : outcomeOf('late_evidence')
}

/**
 * Whether the link in force covers the call, and the receipt is of the same call as the span. `sums`
 * is what the calls before it say of the budgets of its path.
 */
export function actionOutcome(
  path: Path,
  call: Call,
  facts: CallFacts,
  claims: ReceiptClaims | undefined,
  sums: Outcome = OK,
): Outcome {
  if (claims !== undefined && receiptDiffers(facts, claims)) return outcomeOf('receipt_mismatch')
  const leaf = path.links.at(-1)
  if (leaf === undefined) return NOT_APPLICABLE
  // What was granted for one task is used for another.
  const task = claims?.txn ?? (leaf.signature === 'missing' ? facts.task : undefined)
  if (differ(task, leaf.task)) return outcomeOf('task_altered', 'action')
  const audience = audienceOutcome(path, claims?.aat_aud ?? facts.audience)
  if (audience.state !== 'ok') return audience
  const covered = judgeCall(leaf.tools, call)
  if (covered.state !== 'ok') return covered
  const ceilings = judgeCeilings(
    path.links.map(({ budgets }) => budgets),
    call,
  )
  return ceilings.state === 'ok' ? sums : ceilings
}

function differ(a: string | undefined, b: string | undefined): boolean {
  return a !== undefined && b !== undefined && a !== b
}

/** The span and the signed receipt must speak of the same call; the span may know less. */
function receiptDiffers(facts: CallFacts, claims: ReceiptClaims): boolean {
  const pairs: readonly (readonly [string | undefined, string | undefined])[] = [
    [facts.tool, claims.aat_tool],
    [facts.actionHash, claims.action_hash],
    [facts.audience, claims.aat_aud],
  ]
  return facts.instrumented && pairs.some(([a, b]) => b !== '' && differ(a, b))
}
