import { diffPolicies, type PolicyDiff, type Slip } from '@delegraph/link/policy'
import type { Asking, Snapshot } from '../questions/asking.ts'
import { snapshotOf } from '../questions/asking.ts'
import { gatherCases, type Wanted } from './gather.ts'
import type { Change, Replayed } from './replay.ts'
import { createPolicyThreads, type PolicyThreads } from './thread.ts'

export interface PolicyReplay {
  readonly snapshot: Snapshot
  /** Names of the sets. */
  readonly hash: string
  readonly againstHash?: string
  /** Against nothing where no other text was given: then everything is added. */
  readonly diff: PolicyDiff
  readonly texts: { readonly before: Texts; readonly after: Texts }
  readonly warnings: readonly Slip[]
  /** Newest first. */
  readonly calls: readonly Replayed[]
  readonly counts: Readonly<Record<Change, number>>
  /** There are older calls than those, or there was no time for all of them. */
  readonly capped: boolean
}

export type Texts = Readonly<Record<string, string>>

/** Texts that cannot be used, with all that is wrong with them. */
export interface SlippedPolicies {
  readonly slips: readonly (Slip & { readonly in: 'draft' | 'against' })[]
}

export const REPLAY_LIMITS = {
  /** Calls that are looked at, at most and where nothing else is said. */
  calls: 2_000,
  last: 200,
  /** Characters of a text. */
  text: 24_000,
  /** Milliseconds for the answers. */
  time: 10_000,
} as const

/** What a draft would have answered to the newest calls, and where that is another answer. */
export async function policyReplay(
  { draft, against }: { readonly draft: string; readonly against?: string | undefined },
  wanted: Wanted,
  asking: Asking,
  threads: PolicyThreads = createPolicyThreads(),
): Promise<PolicyReplay | SlippedPolicies> {
  const time = REPLAY_LIMITS.time
  const { cases, capped } = await gatherCases(asking.store, wanted)
  const done = await threads({ draft, against, cases, time })
  const { rows } = done
  if (rows === undefined || done.draft.hash === undefined) {
    const all = [
      ...done.draft.slips.map((slip) => ({ ...slip, in: 'draft' as const })),
      ...(done.against?.slips ?? []).map((slip) => ({ ...slip, in: 'against' as const })),
    ]
    return { slips: all.filter(({ severity }) => severity === 'error') }
  }
  const before = done.against?.policies ?? {}
  const after = done.draft.policies
  const count = (change: Change) => rows.filter((row) => row.change === change).length
  return {
    snapshot: snapshotOf(asking),
    hash: done.draft.hash,
    ...(done.against?.hash === undefined ? {} : { againstHash: done.against.hash }),
    diff: diffPolicies(before, after),
    texts: { before, after },
    warnings: done.draft.slips,
    calls: rows,
    counts: {
      same: count('same'),
      allow_to_deny: count('allow_to_deny'),
      deny_to_allow: count('deny_to_allow'),
      errored: count('errored'),
      unknown: count('unknown'),
    },
    capped: capped || rows.length < cases.length,
  }
}

export function isSlipped(answer: PolicyReplay | SlippedPolicies): answer is SlippedPolicies {
  return 'slips' in answer
}
