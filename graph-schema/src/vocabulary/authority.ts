import type { AuthoritySource, Hop } from './finding.ts'

/**
 * Why an action was allowed to happen, or where that breaks.
 *
 * `chain`: every link of the path it cites covers it. `standing`: the agent's own permission.
 * `approved`: a fresh approval of this very call for this very agent. `public`: anybody may.
 * `none`: no derivation was found. `unknown`: not enough has arrived, or was disclosed, to say.
 */
export type AuthorityKind = 'chain' | 'standing' | 'approved' | 'public' | 'none' | 'unknown'

export interface Authority {
  readonly kind: AuthorityKind
  /** One plain sentence: `alice granted deploy to planner, planner passed it on to worker`. */
  readonly sentence: string
  readonly hops: readonly Hop[]
  /** Index into `hops` of the first that does not cover the action. */
  readonly uncoveredHop?: number
  /** What the action in fact relied on, where that is somebody else's. */
  readonly source?: AuthoritySource
}
