import { loadPolicy, PolicyError, type PolicySource } from '@delegraph/link/policy'
import { SdkError } from '../errors.ts'
import { factsOf } from './policy-facts.ts'
import type { PolicyDesk } from './policy-result.ts'

/** Policies in Cedar, asked in this process. Needs the package `@cedar-policy/cedar-wasm`. */
export interface CedarPolicy {
  /** One text, in which `@id("...")` names the policies, or each by its name. */
  readonly source: PolicySource
  /** `enforce` where absent. `observe`: what it would have said is recorded, and nothing is refused for it. */
  readonly mode?: 'observe' | 'enforce'
  /** What `context.env.name` is to the policies; `''` where absent. */
  readonly env?: string
}

/** @throws SdkError `invalid_config` where the policy cannot be used, or its engine is not installed */
export function cedarDesk(policy: CedarPolicy): PolicyDesk {
  const { mode = 'enforce', env = '' } = policy
  const set = load(policy.source)
  return (about) => {
    const facts = factsOf(about, env)
    if (facts === undefined) return undefined
    const start = performance.now()
    const answer = set.ask(facts)
    const latency = Math.max(0, Math.round((performance.now() - start) * 1000))
    return { ...answer, mode, hash: set.hash, engine: set.engine, latency }
  }
}

function load(source: PolicySource) {
  try {
    return loadPolicy(source)
  } catch (cause) {
    if (cause instanceof PolicyError) throw new SdkError('invalid_config', cause.message, { cause })
    throw cause
  }
}
