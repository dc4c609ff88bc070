import type { GraphChange } from './changes.ts'
import type { Plan, ProofSettings } from './prove-retention.ts'
import type { RetentionRecord } from './record.ts'

/** What a thread that proves is given. */
export interface ThreadSettings extends Omit<ProofSettings, 'view' | 'onProgress'> {
  /** Folder of the journal. */
  readonly dir: string
  readonly lastSeq: number
}

/** What it says. Each but `progress`, `release` and the last one is answered. */
export type FromThread =
  | {
      readonly says: 'progress'
      readonly step: string
      readonly done: number
      readonly all: number
    }
  | { readonly says: 'next'; readonly at: number }
  | { readonly says: 'release' }
  | {
      readonly says: 'commit'
      readonly record: RetentionRecord
      readonly changes: string
      readonly since: ReadonlyMap<string, GraphChange | undefined>
    }
  | { readonly says: 'done'; readonly plan: Plan }
  | { readonly says: 'failed'; readonly code: string; readonly message: string }

/** What it is answered. */
export type ToThread =
  | { readonly lastSeq: number; readonly last: boolean }
  | { readonly committed: boolean }
