import type { Reason } from '../access/audit-entry.ts'
import type { Viewer } from '../access/viewer.ts'

/** What is known of a request before it is executed. */
export interface Asking {
  readonly viewer: Viewer
  readonly seen: Seen
  /** Takes what a query may cost from what its viewer has; says after how many seconds there would be enough, if not. */
  readonly spend: (objects: number) => number | undefined
}

/** What was asked, filled in on the way; for the audit. */
export interface Seen {
  operation?: string
  name?: string
  fields?: readonly string[]
  /** `sha256:` and the digest of the document. */
  document?: string
  /** Why it was refused. */
  reason?: Reason
}
