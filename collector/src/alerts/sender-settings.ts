import type { GraphNode } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import type { NoProof, ProofFile } from '../project/proof.ts'
import type { Backoff } from './backoff.ts'
import type { Channel } from './channel.ts'
import type { AlertOutcome } from './outbox.ts'

export interface AlertSenderSettings {
  readonly store: GraphStore
  readonly channels: readonly Channel[]
  /** Epoch milliseconds. */
  readonly clock: () => number
  /**
   * Makes the outcome of these alerts durable and gives the number of the record; the graph is marked
   * only after it resolves. It may be called twice for one alert, after a crash or where it failed.
   */
  readonly onOutcome: (alerts: readonly GraphNode[], outcome: AlertOutcome) => Promise<number>
  /** Told of each attempt that failed, and of a store that does not answer. Holds no secret. */
  readonly onError: (error: unknown) => void
  /** Where a person reads a finding: its address with `{id}` for the finding's id. */
  readonly findingUrl?: string
  /** The file that `delegraph export` writes of a finding, for channels that are told of it. */
  readonly proof?: (finding: string) => Promise<ProofFile | NoProof>
  readonly backoff?: Backoff
  /** How often a receiver may refuse an alert before it is given up; 12 where absent. */
  readonly maxRefusals?: number
}
