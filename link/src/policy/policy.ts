import type { PolicyJson, ResidualResponse, Schema } from '@cedar-policy/cedar-wasm/nodejs'
import { type Cedar, callCedar, openCedar } from './cedar.ts'
import { checkPolicies, type PolicySource } from './check.ts'
import { type CedarRequest, type PolicyFacts, requestFor } from './facts.ts'
import { cannotErr, placedIn, type Residual, residualOf, unknownIn } from './residual.ts'
import { schemaWith } from './schema.ts'
import { PolicyError, type Slip } from './slip.ts'

/** What went wrong while a policy was asked; it says no value of the request. */
export interface PolicyFailure {
  /**
   * `evaluation`: a policy errored, so that Cedar left it out. `request`: what was asked does not fit the schema.
   * `engine`: there was no answer.
   */
  readonly code: 'evaluation' | 'request' | 'engine'
  readonly policy?: string
}

export interface PolicyAnswer {
  /** `unknown` where it hangs on what is not known. Whatever went wrong is a denial. */
  readonly decision: 'allow' | 'deny' | 'unknown'
  /** Names of the policies that decided, sorted; none where nothing permits. */
  readonly policies: readonly string[]
  readonly errors: readonly PolicyFailure[]
  /** Of an unknown answer: what the policies that could decide still ask. */
  readonly residuals: readonly Residual[]
  /** Of an unknown answer: what of the request it hangs on. */
  readonly missing: readonly string[]
}

/** Policies that passed every check, ready to be asked. */
export interface Policy {
  /** Names the set: SHA-256 of its canonical form, base64url. */
  readonly hash: string
  readonly policies: Readonly<Record<string, string>>
  /** Tools that they name. */
  readonly tools: ReadonlySet<string>
  readonly warnings: readonly Slip[]
  /** `cedar/4.13.0`. */
  readonly engine: string
  /**
   * Fails closed: what Cedar calls an error denies, also where another policy permits. Never throws on what it is
   * asked.
   */
  ask(facts: PolicyFacts): PolicyAnswer
}

/** @throws PolicyError `policy_invalid` with all that is wrong, `engine_missing` */
export function loadPolicy(source: PolicySource): Policy {
  const { slips, policies, parsed, tools, hash } = checkPolicies(source)
  if (hash === undefined) {
    const [first] = slips
    const where = first === undefined ? '' : `: line ${first.line}, ${first.message}`
    throw new PolicyError('policy_invalid', `the policy cannot be used${where}`, slips)
  }
  const { cedar } = openCedar()
  const schema = schemaWith(tools, cedar)
  const prepare = preparer(hash, policies, schema)
  return {
    hash,
    policies,
    tools,
    warnings: slips,
    engine: `cedar/${cedar.getCedarVersion()}`,
    ask(facts) {
      try {
        const request = requestFor(facts, tools)
        return request.unknown.length === 0
          ? asked(hash, request, prepare)
          : askedInPart(request, parsed)
      } catch {
        return denied({ code: 'engine' })
      }
    },
  }
}

/** Puts the set where the stateful API finds it, once for each instance of the engine. */
function preparer(
  hash: string,
  policies: Readonly<Record<string, string>>,
  schema: Schema,
): () => boolean {
  let prepared: number | undefined
  return () => {
    const { generation } = openCedar()
    if (prepared === generation) return true
    const answers = callCedar((cedar) => [
      cedar.preparseSchema(hash, schema),
      cedar.preparsePolicySet(hash, { staticPolicies: { ...policies } }),
    ])
    const done = answers?.every(({ type }) => type === 'success') === true
    prepared = done ? generation : undefined
    return done
  }
}

function asked(hash: string, request: CedarRequest, prepare: () => boolean): PolicyAnswer {
  const { principal, action, resource, context } = request
  if (principal === null || resource === null || !prepare()) return denied({ code: 'engine' })
  const answer = callCedar((cedar) =>
    cedar.statefulIsAuthorized({
      ...{ principal, action, resource, context, entities: [] },
      preparsedSchemaName: hash,
      preparsedPolicySetId: hash,
      validateRequest: true,
    }),
  )
  if (answer === undefined) return denied({ code: 'engine' })
  if (answer.type === 'failure') return denied({ code: 'request' })
  const { decision, diagnostics } = answer.response
  const errors = diagnostics.errors.map(({ policyId }) => failed(policyId))
  // Cedar leaves out a policy that errors. Left-out forbids would let calls through.
  if (errors.length > 0) return denied(...errors)
  return { ...EMPTY, decision, policies: [...diagnostics.reason].sort() }
}

/** Cedar takes no unknown under a schema; what is known was made by this package and fits. */
function askedInPart(
  { principal, action, resource, context }: CedarRequest,
  parsed: ReadonlyMap<string, PolicyJson>,
): PolicyAnswer {
  const placed = [...parsed].map(([id, json]): [string, PolicyJson] => [
    id,
    placedIn(context, json),
  ])
  const found = callCedar((cedar) => {
    const answer = cedar.isAuthorizedPartial({
      ...{ principal, action, resource, context: {}, entities: [] },
      policies: { staticPolicies: Object.fromEntries(placed) },
    })
    if (answer.type === 'failure') return denied({ code: 'request' })
    return settledBy(answer.response) ?? unsettled(answer.response, cedar)
  })
  return found ?? denied({ code: 'engine' })
}

function settledBy({
  decision,
  errored,
  mustBeDetermining,
  nontrivialResiduals,
  residuals,
}: ResidualResponse): PolicyAnswer | undefined {
  if (errored.length > 0) return denied(...[...errored].sort().map(failed))
  // A permit that may err is nothing to Cedar where another permits, and a denial here.
  const mayErr = nontrivialResiduals.some((id) => !cannotErr(residuals[id]))
  return decision === null || (decision === 'allow' && mayErr)
    ? undefined
    : { ...EMPTY, decision, policies: [...mustBeDetermining].sort() }
}

function unsettled(
  { residuals, nontrivialResiduals }: ResidualResponse,
  cedar: Cedar,
): PolicyAnswer {
  const left = [...nontrivialResiduals].sort().flatMap((id) => {
    const json = residuals[id]
    return json === undefined ? [] : [{ id, json }]
  })
  return {
    ...EMPTY,
    decision: 'unknown',
    residuals: left.map(({ id, json }) => residualOf(id, json, cedar)),
    missing: [...new Set(left.flatMap(({ json }) => unknownIn(json)))].sort(),
  }
}

const EMPTY = { policies: [], errors: [], residuals: [], missing: [] } as const

function failed(policy: string): PolicyFailure {
  return { code: 'evaluation', policy }
}

function denied(...errors: readonly PolicyFailure[]): PolicyAnswer {
  return { ...EMPTY, decision: 'deny', errors }
}
