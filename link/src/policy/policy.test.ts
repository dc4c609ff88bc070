import { createRequire } from 'node:module'
import { describe, expect, it } from 'vitest'
import { callCedar } from './cedar.ts'
import { checkPolicies } from './check.ts'
import { type PolicyFacts, shownApproval } from './facts.ts'
import { loadPolicy } from './policy.ts'
import { PolicyError } from './slip.ts'

const DEPLOY = 'https://tools.example/ops#deploy'
const SERVICE = 'https://tools.example/ops'

const FACTS: Required<PolicyFacts> = {
  tool: DEPLOY,
  agent: 'agent:summarizer',
  user: 'person:alice',
  service: SERVICE,
  chain: {
    verdict: {
      chain: 'ok',
      possession: 'ok',
      identity: 'unknown',
      status: 'ok',
      action: 'ok',
      approval: 'not_applicable',
      decision: 'not_applicable',
    },
    depth: 1,
    scopes: [DEPLOY],
    rootUid: 'root',
    ageSeconds: 60,
    agents: ['agent:planner', 'agent:summarizer'],
  },
  approval: null,
  linkExpires: 1_800_000_000,
  at: 1_790_000_000,
  env: '',
}
const APPROVAL = {
  id: 'approval-hash',
  approver: 'person:alice',
  subject: 'agent:planner',
  tool: DEPLOY,
  uses: 1,
  expires: 1_790_000_600,
}

const ALL = '@id("all") permit(principal, action, resource);'
const OWN = `@id("own-approval")
forbid(principal, action == Action::"${DEPLOY}", resource)
unless { context has approval && context.approval has subject && context.approval.subject == principal };`

describe('a policy', () => {
  it('decides by agent, tool, service, chain and approval, and names what decided', () => {
    const policy = loadPolicy(`${ALL}\n${OWN}`)
    const ask = (facts: Partial<PolicyFacts>) => policy.ask({ ...FACTS, ...facts })
    const none = { errors: [], residuals: [], missing: [] }
    expect(ask({})).toEqual({ decision: 'deny', policies: ['own-approval'], ...none })
    expect(ask({ tool: 'https://tools.example/ops#read' })).toEqual({
      decision: 'allow',
      policies: ['all'],
      ...none,
    })
    expect(ask({ approval: { ...APPROVAL, subject: 'agent:summarizer' } }).decision).toBe('allow')
    expect(policy.engine).toMatch(/^cedar\/\d+\.\d+\.\d+$/)
  })

  it('an approval for planner does not help summarizer', () => {
    const policy = loadPolicy(`${ALL}\n${OWN}`)
    expect(policy.ask({ ...FACTS, approval: APPROVAL })).toMatchObject({
      decision: 'deny',
      policies: ['own-approval'],
    })
    const { subject: _, ...nobodys } = APPROVAL
    expect(policy.ask({ ...FACTS, approval: nobodys }).decision).toBe('deny')
  })

  it('where nothing permits denies, and names nothing', () => {
    const policy = loadPolicy('permit(principal == Agent::"agent:other", action, resource);')
    expect(policy.ask(FACTS)).toMatchObject({ decision: 'deny', policies: [], errors: [] })
  })

  it('denies where a forbid errors, though Cedar itself leaves it out and allows', () => {
    const errs = `@id("late") forbid(principal, action, resource)
      when { context.chain.ageSeconds * 9007199254740991 * 9007199254740991 > 1 };`
    const policy = loadPolicy(`${ALL}\n${errs}`)
    expect(policy.ask(FACTS)).toEqual({
      decision: 'deny',
      policies: [],
      errors: [{ code: 'evaluation', policy: 'late' }],
      residuals: [],
      missing: [],
    })
    expect(policy.warnings).toMatchObject([{ code: 'may_error', policy: 'late' }])
    const raw = callCedar((cedar) =>
      cedar.isAuthorized({
        principal: { type: 'Agent', id: 'a' },
        action: { type: 'Action', id: 'x' },
        resource: { type: 'Service', id: 's' },
        context: { n: 3 },
        policies: {
          staticPolicies: {
            all: ALL,
            late: 'forbid(principal, action, resource) when { context.n * 9223372036854775807 > 1 };',
          },
        },
        entities: [],
      }),
    )
    expect(raw).toMatchObject({ type: 'success', response: { decision: 'allow' } })
    // The same where not all is known.
    const { env: _, ...some } = FACTS
    expect(policy.ask(some)).toMatchObject({ decision: 'deny', errors: [{ policy: 'late' }] })
  })

  it('denies a request that does not fit the schema, and says none of its values', () => {
    const policy = loadPolicy(ALL)
    const facts = { ...FACTS, chain: { ...FACTS.chain, depth: 'secret' as unknown as number } }
    const answer = policy.ask(facts)
    expect(answer).toMatchObject({ decision: 'deny', errors: [{ code: 'request' }] })
    expect(JSON.stringify(answer)).not.toContain('secret')
    expect(policy.ask({ ...FACTS, at: Number.NaN })).toMatchObject({
      decision: 'deny',
      errors: [{ code: 'engine' }],
    })
  })

  it('answers unknown where it hangs on what is not known, and says what would have to be true', () => {
    const policy = loadPolicy(`${ALL}\n${OWN}`)
    const { approval: _, ...some } = FACTS
    expect(policy.ask(some)).toEqual({
      decision: 'unknown',
      policies: [],
      errors: [],
      missing: ['context.approval'],
      residuals: [
        {
          policy: 'own-approval',
          effect: 'forbid',
          condition:
            '!((context has approval) && (context.approval has subject) && (context.approval.subject == Agent::"agent:summarizer"))',
        },
      ],
    })
    // What does not hang on it is decided.
    expect(policy.ask({ ...some, tool: 'x#read' })).toMatchObject({
      decision: 'allow',
      policies: ['all'],
    })
  })

  it('tells nothing of an agent, a service and a part of the verdict that are not known', () => {
    const policy = loadPolicy(`permit(principal, action, resource == Service::"${SERVICE}")
      when { context.chain.verdict.possession == "ok" };
      forbid(principal == Agent::"agent:evil", action, resource);`)
    const { agent: _, service: __, ...some } = FACTS
    expect(policy.ask(some).decision).toBe('unknown')
    const { possession: ___, ...verdict } = FACTS.chain.verdict
    const facts = { ...FACTS, chain: { ...FACTS.chain, verdict } }
    expect(policy.ask(facts)).toMatchObject({
      decision: 'unknown',
      missing: ['context.chain.verdict.possession'],
    })
    expect(policy.ask({ ...facts, agent: 'agent:evil' })).toMatchObject({
      decision: 'deny',
      policies: ['policy1'],
    })
  })

  it('decides by what is known however much else is not', () => {
    const policy = loadPolicy(`permit(principal, action, resource)
      when { context.chain.scopes.contains("${DEPLOY}") && context.env.at < datetime("2030-01-01") };
      forbid(principal, action, resource) when { context.env.name == "production" && context.chain.depth > 3 };
      forbid(principal, action, resource)
        unless { context has approval && context.approval.uses == 1 };`)
    const { env: _, user: __, ...some } = FACTS
    expect(policy.ask({ ...some, approval: APPROVAL })).toMatchObject({
      decision: 'allow',
      policies: ['policy0'],
    })
    expect(policy.ask(some)).toMatchObject({ decision: 'deny', policies: ['policy2'] })
    const deep = { ...some, approval: APPROVAL, chain: { ...FACTS.chain, depth: 4 } }
    expect(policy.ask(deep)).toMatchObject({
      decision: 'unknown',
      missing: ['context.env.name'],
      residuals: [{ policy: 'policy1', condition: 'context.env.name == "production"' }],
    })
  })

  it('is named by what is in it, however it was given', () => {
    const text = loadPolicy(`// why\n${ALL}\n\n${OWN}\n`)
    expect(text.hash).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(loadPolicy({ all: ALL, 'own-approval': OWN }).hash).toBe(text.hash)
    expect(loadPolicy({ 'own-approval': OWN, all: ALL }).hash).toBe(text.hash)
    expect(loadPolicy({ all: ALL }).hash).not.toBe(text.hash)
  })

  it('that cannot be used is refused when it is loaded, with all that is wrong', () => {
    const load = () => loadPolicy('permit(principal, action, resource) wen { true };')
    expect(load).toThrow(PolicyError)
    expect(load).toThrow(/line 1, invalid policy condition: wen/)
  })

  it('is answered by a fresh engine after one that trapped', () => {
    const policy = loadPolicy(ALL)
    const deep = `permit(principal, action, resource) when { ${'('.repeat(2_000)}true${')'.repeat(2_000)} };`
    expect(callCedar((cedar) => cedar.policyToJson(deep))).toBeUndefined()
    expect(policy.ask(FACTS).decision).toBe('allow')
    const { env: _, ...some } = FACTS
    expect(policy.ask(some).decision).toBe('allow')
  })
})

describe('the approval that a policy sees', () => {
  const facts = { agent: 'agent:summarizer', tool: DEPLOY }
  it('is that of whoever acts where there is one, in whatever order they came', () => {
    const own = { ...APPROVAL, id: 'z', subject: 'agent:summarizer' }
    const elsewhere = { ...APPROVAL, id: 'a', tool: 'x#other', subject: 'agent:summarizer' }
    expect(shownApproval([APPROVAL, own, elsewhere], facts)).toBe(own)
    expect(shownApproval([elsewhere, APPROVAL], facts)).toBe(APPROVAL)
    expect(shownApproval([APPROVAL, elsewhere], facts)).toBe(APPROVAL)
    expect(shownApproval([], facts)).toBeNull()
  })
})

it('ships the engine whose version the documents name', () => {
  const { version } = createRequire(import.meta.url)('@cedar-policy/cedar-wasm/nodejs')
    .getCedarVersion
    ? { version: callCedar((cedar) => cedar.getCedarVersion()) }
    : { version: undefined }
  expect(version).toBe('4.13.0')
  expect(checkPolicies(ALL).slips).toEqual([])
})
