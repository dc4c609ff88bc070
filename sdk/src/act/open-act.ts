import type { ReceiptStatus } from '@delegraph/link'
import type { SpanIds } from '../evidence/event.ts'
import type { Chain } from '../link/chain.ts'
import type { Proposal } from './proposal.ts'

/** A call under way. */
export interface OpenAct {
  readonly proposal: Proposal
  readonly chain: Chain | undefined
  /** Signed approvals presented so far. */
  readonly approvals: readonly string[]
  /** Ids of its span: fresh ones where no OpenTelemetry SDK is registered. */
  readonly ids: SpanIds
  /** Runs a part of the call inside its span; as often as needed. */
  run<Result>(part: () => Result): Result
  /**
   * Signs a proof that this agent holds the key of the chain, for one request of this call: it goes
   * with the request and nowhere else. The receipt names the last one. Undefined without a chain.
   */
  prove(): string | undefined
  /**
   * Adds an approval that was given while the call was under way, to the next request and to the
   * receipt. Throws `SdkError` `invalid_artefact`.
   */
  present(approval: string): void
  /** Notes content that the call gave back, by its keyed hash (`dataHash`). Throws `invalid_data_hash`. */
  returned(...hashes: readonly string[]): void
  /** Signs the receipt and ends the span; the first time counts. */
  end(status: ReceiptStatus): void
}
