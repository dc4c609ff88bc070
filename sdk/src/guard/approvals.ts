import { type Outcome, outcomeOf } from '@delegraph/graph-schema'
import {
  type ApprovalCase,
  boundedMap,
  countingApprovals,
  type JudgedApproval,
  judgeApprovals,
} from '@delegraph/link'
import type { PresentedApproval } from './parts.ts'
import type { UseStore } from './uses.ts'

export interface ApprovalsJudged {
  readonly outcome: Outcome
  /** Those that the call rests on. */
  readonly counting: readonly PresentedApproval[]
}

/**
 * Judges approvals and, where the call will be executed, uses up those that count, all or none in one
 * step: of two calls with an approval of one call only one passes, however close they come.
 */
export type ApprovalDesk = (
  records: readonly PresentedApproval[],
  about: ApprovalCase,
  executes: boolean,
) => Promise<ApprovalsJudged>

/** A no that was seen stands for as long as it lasts, though only the yes is presented later. */
export function createApprovalDesk(store: UseStore): ApprovalDesk {
  const denials = boundedMap<JudgedApproval>(10_000)
  const keepDenial = (record: PresentedApproval & { readonly actionHash: string }) => {
    const known = denials.get(record.actionHash)
    if (known === undefined || known.expiresAt < record.expiresAt)
      denials.set(record.actionHash, record)
  }
  return async (records, about, executes) => {
    for (const record of records) if (isDenial(record)) keepDenial(record)
    const denied = about.actionHash === undefined ? undefined : denials.get(about.actionHash)
    const spent = new Set<string>()
    // Each round finds at least one more that is spent; a store that finds others is not believed.
    for (let round = 0; round <= records.length; round += 1) {
      const known = records.map((record) => ({ ...record, spent: spent.has(record.useId) }))
      const all: readonly JudgedApproval[] =
        denied === undefined ? known : [...known, { ...denied, cited: false }]
      const outcome = judgeApprovals(all, about)
      const counting = outcome.state === 'ok' ? countingApprovals(known, about) : []
      if (counting.length === 0 || !executes) return { outcome, counting }
      const used = counting.map(({ useId: id, expiresAt: until, uses: limit }) => ({
        id,
        until,
        limit,
      }))
      try {
        const again = await store.consume(used, about.at)
        if (again.length === 0) return { outcome, counting }
        for (const id of again) spent.add(id)
      } catch {
        break
      }
    }
    return { outcome: outcomeOf('use_unknown'), counting: [] }
  }
}

function isDenial(
  record: PresentedApproval,
): record is PresentedApproval & { readonly actionHash: string } {
  const { decision, outcome, actionHash } = record
  return decision === 'deny' && outcome.state === 'ok' && actionHash !== undefined
}
