import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { PolicyFacts } from './facts.ts'
import { loadPolicy, type Policy } from './policy.ts'

const ATOMS = [
  'principal == Agent::"agent:a"',
  'resource == Service::"service"',
  'context.user == User::"person:alice"',
  'context.tool like "*deploy"',
  'context.chain.verdict.chain == "ok"',
  'context.chain.verdict.action != "failed"',
  'context.chain.depth > 2',
  'context.chain.scopes.contains("x#deploy")',
  'context.chain.agents.containsAny([Agent::"agent:a", Agent::"agent:c"])',
  'context.chain.ageSeconds * 9007199254740991 * 9007199254740991 > 1',
  'context has approval',
  '(context has approval && context.approval.uses > 1)',
  '(context has approval && context.approval has subject && context.approval.subject == principal)',
  'context.link.expires < datetime("2028-01-01")',
  'context.env.at.toTime() > duration("12h")',
  'context.env.name == "production"',
]

const atom = fc.constantFrom(...ATOMS)
const condition: fc.Arbitrary<string> = fc.letrec<{ one: string }>((tie) => ({
  one: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    atom,
    fc.tuple(tie('one'), tie('one')).map(([a, b]) => `(${a} && ${b})`),
    fc.tuple(tie('one'), tie('one')).map(([a, b]) => `(${a} || ${b})`),
    tie('one').map((a) => `!(${a})`),
    fc
      .tuple(tie('one'), tie('one'), tie('one'))
      .map(([a, b, c]) => `(if ${a} then ${b} else ${c})`),
  ),
})).one
const policy = fc
  .tuple(fc.constantFrom('permit', 'forbid'), fc.constantFrom('when', 'unless'), condition)
  .map(([effect, kind, body]) => `${effect}(principal, action, resource) ${kind} { ${body} };`)

const state = fc.constantFrom('ok', 'failed', 'unknown', 'not_applicable')
const agent = fc.constantFrom('agent:a', 'agent:b')
const verdict = fc.record({
  ...{ chain: state, possession: state, identity: state, status: state },
  ...{ action: state, approval: state, decision: state },
})
const approval = fc.record(
  {
    id: fc.constant('hash'),
    approver: fc.constant('person:alice'),
    subject: agent,
    tool: fc.constant('x#deploy'),
    uses: fc.integer({ min: 1, max: 3 }),
    expires: fc.constant(1_800_000_000),
  },
  { requiredKeys: ['id', 'approver', 'tool', 'uses', 'expires'] },
)
const facts = fc.record({
  tool: fc.constantFrom('x#deploy', 'x#read'),
  agent,
  user: fc.constantFrom('person:alice', 'person:bob'),
  service: fc.constantFrom('service', 'other'),
  chain: fc.record({
    verdict,
    depth: fc.integer({ min: 0, max: 5 }),
    scopes: fc.subarray(['x#deploy', 'x#read']),
    rootUid: fc.constant('root'),
    ageSeconds: fc.constantFrom(0, 4_000),
    agents: fc.subarray(['agent:a', 'agent:b', 'agent:c']),
  }),
  approval: fc.option(approval),
  linkExpires: fc.constantFrom(1_700_000_000, 1_900_000_000),
  at: fc.constantFrom(1_790_000_000, 1_790_030_000),
  env: fc.constantFrom('', 'production'),
})

/** Facts without those at the places that are named. */
function without(all: PolicyFacts, hidden: ReadonlySet<string>): PolicyFacts {
  const kept = (value: object, above: string): object =>
    Object.fromEntries(
      Object.entries(value)
        .filter(([name]) => !hidden.has(`${above}${name}`))
        .map(([name, one]) => [
          name,
          name === 'chain' && above === ''
            ? kept(one as object, 'chain.')
            : name === 'verdict'
              ? kept(one as object, 'verdict.')
              : one,
        ]),
    )
  return kept(all, '') as PolicyFacts
}

const PLACES = [
  ...['agent', 'user', 'service', 'approval', 'linkExpires', 'at', 'env'],
  ...['chain.depth', 'chain.scopes', 'chain.rootUid', 'chain.ageSeconds', 'chain.agents'],
  ...['verdict.chain', 'verdict.possession', 'verdict.action', 'verdict.status'],
]

it('what is decided without some facts is what is decided with them, whatever they are', () => {
  let decided = 0
  fc.assert(
    fc.property(
      fc.array(policy, { minLength: 1, maxLength: 4 }),
      fc.array(facts, { minLength: 1, maxLength: 6 }),
      fc.subarray(PLACES),
      (policies, all, hidden) => {
        const set = usable(policies)
        fc.pre(set !== undefined)
        for (const one of all) {
          const whole = set.ask(one)
          const part = set.ask(without(one, new Set(hidden)))
          expect(whole.decision).not.toBe('unknown')
          if (part.decision === 'unknown') continue
          decided += 1
          expect({ policies, hidden, one, decision: part.decision }).toEqual({
            ...{ policies, hidden, one },
            decision: whole.decision,
          })
        }
      },
    ),
    { numRuns: 150 },
  )
  expect(decided).toBeGreaterThan(50)
})

/** Conditions that contradict themselves make forbids that are refused. */
function usable(policies: readonly string[]): Policy | undefined {
  try {
    return loadPolicy(policies.join('\n'))
  } catch {
    return undefined
  }
}
