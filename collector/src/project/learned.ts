import type { Evidence } from '../evidence/types.ts'

/** One item of evidence with the time it was learned, epoch milliseconds. */
export interface Learned {
  readonly evidence: Evidence
  readonly learnedAt: number
}
