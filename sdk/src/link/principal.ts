import { ATTR, EVENT } from '@delegraph/graph-schema'
import {
  type ApprovalRequirements,
  type Budgets,
  DEFAULTS,
  issueLink,
  type LinkClaims,
  type Signer,
  type ToolGrants,
  uuidv7,
} from '@delegraph/link'
import { checkId, checkSigner, collectorAudience } from '../config.ts'
import { createRecorder, type EvidenceOptions, type Stats } from '../evidence/recorder.ts'
import { activeIds } from '../trace/run.ts'
import { audienceOfTools } from './audience.ts'
import { type Chain, chainOf, type Holder } from './chain.ts'
import { revocationOf } from './withdraw.ts'

export interface PrincipalConfig extends EvidenceOptions {
  /** The principal, an opaque id: it becomes `sub` of every link of its chains. */
  readonly id: string
  /** URI of the issuer that verifiers trust for this key. */
  readonly iss: string
  /** Which of the issuer's keys this is. */
  readonly kid: string
  readonly key: Signer
}

/** What a principal grants. */
export interface NewRootGrant {
  readonly to: Holder
  /** Tool URI to argument constraints. */
  readonly tools: ToolGrants
  /** Task id; a fresh one where absent. */
  readonly task?: string
  /** A short code. */
  readonly purpose?: string
  /** 3600 where absent; 24 h at most. */
  readonly lifetimeSeconds?: number
  /** How many further hops may follow; 3 where absent. */
  readonly maxDepth?: number
  /** URIs of the services that will be called; those of the tool URIs where absent. */
  readonly audience?: string | readonly string[]
  /** Agent ids that the delegate may name in turn. */
  readonly mayAct?: readonly string[]
  /** Tool URI to the approval it needs before each call. */
  readonly approvals?: ApprovalRequirements
  /** Tool URI to argument to what its calls may sum up to; a collector adds them up. */
  readonly budgets?: Budgets
  /** Where the link's own status can be asked for. */
  readonly status?: LinkClaims['status']
  /** The chain whose root this one renews. */
  readonly replaces?: Chain
}

/** A person or service that grants authority under a key that verifiers trust. */
export interface Principal extends AsyncDisposable {
  readonly id: string
  readonly stats: Stats
  /** Signs a root link. Throws `LinkError` for a grant that no verifier would take. */
  issue(grant: NewRootGrant): Chain
  /** Withdraws the last link of a chain and all below it; gives the signed event. */
  revoke(chain: Chain): string
  flush(milliseconds?: number): Promise<boolean>
  shutdown(milliseconds?: number): Promise<void>
}

/** Makes a principal, which reports what it signs to a collector where one is given. */
export function createPrincipal(config: PrincipalConfig): Principal {
  const { id, iss, kid, key } = config
  checkId(id, 'id')
  checkId(iss, 'iss')
  checkId(kid, 'kid')
  checkSigner(key)
  const aud = collectorAudience(config)
  const recorder = createRecorder(config, { 'service.name': iss })
  const shutdown = (milliseconds?: number) => recorder.shutdown(milliseconds)
  return {
    id,
    get stats() {
      return recorder.stats
    },
    issue(grant) {
      const link = issueLink({ signer: key, iss, kid, sub: id, ...claimsOf(grant) })
      recorder.link(link, activeIds(undefined))
      return chainOf([link])
    },
    revoke(chain) {
      const text = revocationOf(chain, key, { aud, as: { iss, kid } })
      const attributes = { [ATTR.chainId]: chain.id, [ATTR.linkHash]: chain.hash }
      recorder.event({ name: EVENT.revocation, text, attributes })
      return text
    },
    flush: (milliseconds) => recorder.flush(milliseconds),
    shutdown,
    [Symbol.asyncDispose]: shutdown,
  }
}

function claimsOf(grant: NewRootGrant) {
  const { to, task, purpose, maxDepth, mayAct, approvals, budgets, status } = grant
  const audience = grant.audience ?? audienceOfTools(grant.tools)
  const time = Date.now()
  const iat = Math.floor(time / 1000)
  return {
    jti: uuidv7(time),
    holder: to.jwk,
    act: { sub: to.agent, sub_profile: to.kind ?? ('ai_agent' as const) },
    tools: grant.tools,
    iat,
    exp: iat + (grant.lifetimeSeconds ?? DEFAULTS.rootLifetime),
    ...(task === undefined ? {} : { txn: task }),
    ...(purpose === undefined ? {} : { tctx: { purpose } }),
    ...(maxDepth === undefined ? {} : { del_max_depth: maxDepth }),
    ...(audience === undefined ? {} : { aud: audience }),
    ...(mayAct === undefined ? {} : { may_act: { sub: mayAct } }),
    ...(approvals === undefined ? {} : { approvals }),
    ...(budgets === undefined ? {} : { budgets }),
    ...(status === undefined ? {} : { status }),
    ...(grant.replaces === undefined ? {} : { replaces: grant.replaces.hash }),
  }
}
