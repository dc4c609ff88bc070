import type { TokenIssuer } from './foreign/types.ts'
import { jwkThumbprint } from './jwk.ts'
import type { Anchor, PublicJwk, TrustedIssuer } from './types.ts'

/**
 * Whom a verifier trusts, as plain data: keys that were configured, or fetched from places that
 * were configured. Never from a token.
 */
export interface Trust {
  /** Names this state of the trust roots; kept with verdicts, since keys rotate and audits do not. */
  readonly version: string
  /** Who may issue root links. */
  readonly anchors: readonly Anchor[]
  /** Who may say that a person approved or refused a call. */
  readonly approvers: readonly TrustedIssuer[]
  /** Policy decision points. */
  readonly pdps: readonly TrustedIssuer[]
  /** Transmitters of revocations. */
  readonly setIssuers: readonly TrustedIssuer[]
  /** Who may sign a registry. */
  readonly owners: readonly TrustedIssuer[]
  /** Services that agents call, and that sign receipts of their own; each names its `aud`. */
  readonly toolServers: readonly TrustedIssuer[]
  /** Brokers that issue credentials for one task. */
  readonly credentialIssuers: readonly TrustedIssuer[]
  /** Trust domains whose workload identity tokens bind a key to an agent. */
  readonly workloads: readonly TrustedIssuer[]
  /** Authorization servers whose access tokens are read; none of them grants anything by itself. */
  readonly tokenIssuers: readonly TokenIssuer[]
  /** Keys that are not to be believed from a time on, by thumbprint. */
  readonly compromised: readonly CompromisedKey[]
  /**
   * Whether an agent may act under a name that is the word of its delegator alone: `prefer_attested`,
   * where absent, shows it as such; `require_attested` fails it.
   */
  readonly holderIdentity?: HolderIdentity
}

export type HolderIdentity = 'prefer_attested' | 'require_attested'

/** A key that somebody else may hold since `since`, NumericDate. */
export interface CompromisedKey {
  readonly jkt: string
  readonly since: number
}

export const NO_TRUST: Trust = {
  version: '',
  anchors: [],
  approvers: [],
  pdps: [],
  setIssuers: [],
  owners: [],
  toolServers: [],
  credentialIssuers: [],
  workloads: [],
  tokenIssuers: [],
  compromised: [],
}

/** What a status list said, and when it held. */
export interface StatusAnswer {
  readonly uri: string
  /** Bits of an entry: a list of one bit knows no suspension. */
  readonly bits: 1 | 2 | 4 | 8
  /** Values by index: 0 valid, 1 invalid, 2 suspended; absent where the list has no such index. */
  value(idx: number): number | undefined
  /** NumericDate: it holds from `from` on and no longer at `until`. */
  readonly from: number
  readonly until: number
}

/** A workload identity that was verified: this key belongs to this agent. */
export interface AttestedIdentity {
  readonly sub: string
  readonly jwk: PublicJwk
  readonly jkt: string
  /** The trust domain or issuer that says so. */
  readonly iss: string
  /** NumericDate: it holds from `from` on, any time before where absent, and no longer at `until`. */
  readonly from?: number
  readonly until: number
}

/**
 * The same trust without what may have been signed by somebody else: a key that is compromised since
 * a time counts as retired at that time, whatever it was trusted for.
 */
export function withoutCompromised(trust: Trust): Trust {
  if (trust.compromised.length === 0) return trust
  const since = new Map<string, number>()
  for (const key of trust.compromised)
    since.set(key.jkt, Math.min(key.since, since.get(key.jkt) ?? key.since))
  const bound = <Entry extends TrustedIssuer | Anchor>(entries: readonly Entry[]): Entry[] =>
    entries.map((entry) => {
      const limit = since.get(jwkThumbprint(entry.jwk))
      if (limit === undefined) return entry
      return { ...entry, valid_until: Math.min(limit, entry.valid_until ?? limit) }
    })
  return {
    ...trust,
    anchors: bound(trust.anchors),
    approvers: bound(trust.approvers),
    pdps: bound(trust.pdps),
    setIssuers: bound(trust.setIssuers),
    owners: bound(trust.owners),
    toolServers: bound(trust.toolServers),
    credentialIssuers: bound(trust.credentialIssuers),
    workloads: bound(trust.workloads),
    tokenIssuers: bound(trust.tokenIssuers),
  }
}
