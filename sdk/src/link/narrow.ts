import {
  type ApprovalRequirements,
  approvalsOf,
  type Budgets,
  boundedMap,
  budgetsOf,
  DEFAULTS,
  type IssuedLink,
  keptEntries,
  narrowLink,
  type ToolGrants,
  uuidv7,
} from '@delegraph/link'
import type { Runtime } from '../act/runtime.ts'
import { SdkError } from '../errors.ts'
import { audienceOfTools } from './audience.ts'
import { type Chain, extended, type Holder } from './chain.ts'

/** What is handed on. Whatever is not named is not granted. */
export interface NewGrant {
  readonly to: Holder
  /** Tool URI to argument constraints; each inside what the parent grants. */
  readonly tools: ToolGrants
  /** URIs of the services that will be called; those of the tool URIs where absent. */
  readonly audience?: string | readonly string[]
  /** 900 where absent; never beyond the parent's. */
  readonly lifetimeSeconds?: number
  /** The deepest link that may follow below the root; the parent's where absent. */
  readonly maxDepth?: number
  /** A short code. */
  readonly purpose?: string
  /** Agent ids that the delegate may name in turn. */
  readonly mayAct?: readonly string[]
  /** Approvals asked for beside those that the parent asks for. */
  readonly approvals?: ApprovalRequirements
  /** The chain whose last link this one renews; it may be no wider than that. */
  readonly replaces?: Chain
  /** Bounds on sums that are tighter than the parent's, or beside them. */
  readonly budgets?: Budgets
}

export type Narrow = (chain: Chain, grant: NewGrant) => Chain

/**
 * Signs a link below the leaf. Signing costs more than a plain call does, so the same grant to the
 * same delegate is handed out again for half of its life.
 */
export function createNarrow(
  runtime: Omit<Runtime, 'recorder'>,
  onNew: (link: IssuedLink) => void,
): Narrow {
  const cache = boundedMap<Chain>(1024)
  return (chain, grant) => {
    const time = Date.now()
    const now = Math.floor(time / 1000)
    if (chain.leaf.exp <= now) throw new SdkError('chain_expired', 'the chain has expired')
    const { replaces, ...rest } = grant
    const key = JSON.stringify([chain.hash, rest, replaces?.hash])
    const known = cache.get(key)
    if (known !== undefined && isFresh(known, now)) return known
    const link = narrowLink(
      { hash: chain.hash, claims: chain.leaf },
      { signer: runtime.key, iat: now, jti: uuidv7(time), ...claimsOf(chain, grant, now) },
    )
    const child = extended(chain, link)
    cache.set(key, child)
    onNew(link)
    return child
  }
}

/** Half of the life left: the delegate must still be able to use it. */
function isFresh({ leaf }: Chain, now: number): boolean {
  return leaf.exp - now >= (leaf.exp - leaf.iat) / 2
}

function claimsOf(chain: Chain, grant: NewGrant, now: number) {
  const { to, purpose, maxDepth, mayAct } = grant
  const audience = grant.audience ?? audienceOfTools(grant.tools)
  return {
    holder: to.jwk,
    act: { sub: to.agent, sub_profile: to.kind ?? ('ai_agent' as const) },
    tools: grant.tools,
    exp: Math.min(chain.leaf.exp, now + (grant.lifetimeSeconds ?? DEFAULTS.derivedLifetime)),
    approvals: { ...keptEntries(approvalsOf(chain.leaf), grant.tools), ...grant.approvals },
    budgets: joined(keptEntries(budgetsOf(chain.leaf), grant.tools), grant.budgets ?? {}),
    ...(audience === undefined ? {} : { aud: audience }),
    ...(purpose === undefined ? {} : { tctx: { purpose } }),
    ...(maxDepth === undefined ? {} : { del_max_depth: maxDepth }),
    ...(mayAct === undefined ? {} : { may_act: { sub: mayAct } }),
    ...(grant.replaces === undefined ? {} : { replaces: grant.replaces.hash }),
  }
}

/** What the parent bounds stays bound, argument by argument; what is named anew takes its place. */
function joined(kept: Budgets, named: Budgets): Budgets {
  const tools = new Set([...Object.keys(kept), ...Object.keys(named)])
  return Object.fromEntries(
    [...tools].map((tool) => {
      const names = new Set([...Object.keys(kept[tool] ?? {}), ...Object.keys(named[tool] ?? {})])
      const entry = (name: string) => ({ ...kept[tool]?.[name], ...named[tool]?.[name] })
      return [tool, Object.fromEntries([...names].map((name) => [name, entry(name)]))]
    }),
  )
}
