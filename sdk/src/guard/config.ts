import type { Outcome } from '@delegraph/graph-schema'
import {
  type Anchor,
  type HolderIdentity,
  MAX_POP_WINDOW,
  NO_TRUST,
  POP_WINDOW,
  type Trust,
  type TrustedIssuer,
  withoutCompromised,
} from '@delegraph/link'
import type { ServiceKey } from '../act/served-receipt.ts'
import type { LinkStore } from '../carriage/link-store.ts'
import type { ResolveBudget } from '../carriage/resolve.ts'
import { SdkError } from '../errors.ts'
import type { Chain } from '../link/chain.ts'
import type { DecisionRequest } from './decision-request.ts'
import type { GuardPolicy } from './policy.ts'
import type { UseStore } from './uses.ts'

export interface GuardConfig {
  /** The enforcement point: URI of the service, as links and proofs name it. */
  readonly audience: string
  /** Whom the service trusts, from its configuration; a collector's whole `Trust` fits too. */
  readonly trust: Partial<Trust> & { readonly anchors: readonly Anchor[] }
  /** `enforce` where absent: what is not in order is refused. `observe`: it is only said. */
  readonly mode?: 'enforce' | 'observe'
  /** Where links are had that come by reference; without it such chains are refused. */
  readonly links?: LinkStore
  readonly linkBudget?: ResolveBudget
  /** Remembers proofs and approvals that were used; in this process alone where absent. */
  readonly uses?: UseStore
  /**
   * Asked whether a chain, or a link of it, was withdrawn (`status` part). Without it nobody is, and
   * a root that names a status list is `status_unknown`. What it throws is `status_unknown` too.
   */
  readonly status?: (chain: Chain, at: number) => Outcome | Promise<Outcome>
  /**
   * Asked who holds a chain: `ok` where something but the word of the delegator says that the key of the
   * last link is that agent's, for instance a workload identity token. Without it, and where it throws,
   * the identity is `identity_asserted`. What has failed is refused; what is
   * asserted only where `trust.holderIdentity` is `require_attested`, and without this everything then is.
   */
  readonly identity?: (chain: Chain, at: number) => Outcome | Promise<Outcome>
  /**
   * Asks a decision point of `trust.pdps`, once everything else but approvals holds: its signed
   * decision on this very call must be yes. A person's approval never stands for it.
   */
  readonly decide?: (request: DecisionRequest) => string | undefined | Promise<string | undefined>
  /**
   * Policies in Cedar, or a decision point of AuthZEN 1.0, asked of every call whose chain holds. They can refuse it;
   * they never stand for what the chain lacks.
   */
  readonly policy?: GuardPolicy
  /** Signs what the guard decided, as evidence; a collector must list the key among its `pdps`. */
  readonly decisions?: ServiceKey
  /** Seconds that a proof may lie away from now; 30 where absent, 60 at most. */
  readonly popWindow?: number
  /** Epoch milliseconds; the system's where absent. */
  readonly clock?: () => number
}

/** The same, complete. */
export interface GuardSettings extends Omit<GuardConfig, 'trust'> {
  readonly anchors: readonly Anchor[]
  readonly approvers: readonly TrustedIssuer[]
  readonly pdps: readonly TrustedIssuer[]
  readonly holderIdentity: HolderIdentity
  readonly mode: 'enforce' | 'observe'
  readonly popWindow: number
  readonly clock: () => number
}

/** Throws `SdkError` `invalid_config`. */
export function settingsOf(config: GuardConfig): GuardSettings {
  const { audience, popWindow = POP_WINDOW } = config
  if (typeof audience !== 'string' || audience === '')
    throw new SdkError('invalid_config', 'a guard needs the URI of its service as audience')
  if (!(popWindow > 0 && popWindow <= MAX_POP_WINDOW))
    throw new SdkError('invalid_config', `popWindow must be at most ${MAX_POP_WINDOW} seconds`)
  if (!Array.isArray(config.trust?.anchors))
    throw new SdkError('invalid_config', 'a guard needs trust.anchors')
  const trust = withoutCompromised({ ...NO_TRUST, ...config.trust })
  const { anchors, approvers, pdps, holderIdentity = 'prefer_attested' } = trust
  const { mode = 'enforce', clock = Date.now } = config
  return { ...config, anchors, approvers, pdps, holderIdentity, mode, popWindow, clock }
}
