import {
  POLICY_PARTS,
  type Policy,
  type PolicyAnswer,
  type PolicyFacts,
} from '@delegraph/link/policy'
import { z } from 'zod'
import { CollectorError } from '../../errors.ts'

/** One case that a policy is tested with. */
export interface Fixture {
  readonly name: string
  readonly facts: PolicyFacts
  readonly expect: PolicyAnswer['decision']
  /** Names of the policies that have to decide; any where absent. */
  readonly policies?: readonly string[]
}

export interface Fixtures {
  /** Path of the policies, from the folder of the file. */
  readonly policy: string
  readonly cases: readonly Fixture[]
}

export interface Tested {
  readonly name: string
  readonly passed: boolean
  readonly expected: Pick<Fixture, 'expect' | 'policies'>
  readonly answer: PolicyAnswer
}

const text = z.string().max(1_024)
const time = z.int().nonnegative()
const state = z.enum(['ok', 'failed', 'unknown', 'not_applicable'])
const approval = z.strictObject({
  ...{ id: text, approver: text, tool: text, expires: time },
  subject: text.exactOptional(),
  uses: z.int().min(1).default(1),
})
const chain = z.strictObject({
  verdict: z.partialRecord(z.enum(POLICY_PARTS), state).exactOptional(),
  depth: time.exactOptional(),
  scopes: z.array(text).max(256).exactOptional(),
  rootUid: text.exactOptional(),
  ageSeconds: time.exactOptional(),
  agents: z.array(text).max(256).exactOptional(),
})
const call = z.strictObject({
  tool: text.exactOptional(),
  agent: text.exactOptional(),
  user: text.exactOptional(),
  service: text.exactOptional(),
  chain: chain.exactOptional(),
  approval: approval.nullable().exactOptional(),
  linkExpires: time.exactOptional(),
  at: time.exactOptional(),
  env: text.exactOptional(),
})
const file = z.strictObject({
  policy: text.min(1),
  /** What holds of every case that does not say otherwise. */
  given: call.default({}),
  cases: z
    .array(
      z.strictObject({
        name: text.min(1),
        call: call.default({}),
        expect: z.enum(['allow', 'deny', 'unknown']),
        policies: z.array(text).max(200).exactOptional(),
      }),
    )
    .min(1)
    .max(1_000),
})

/** @throws CollectorError `config_invalid` with the place that is wrong */
export function parseFixtures(input: string): Fixtures {
  let json: unknown
  try {
    json = JSON.parse(input)
  } catch (cause) {
    throw new CollectorError('config_invalid', 'tests of a policy are JSON', { cause })
  }
  const parsed = file.safeParse(json)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const place = issue?.path.join('.') ?? ''
    throw new CollectorError('config_invalid', `${place}: ${issue?.message ?? 'wrong'}`)
  }
  const { policy, given, cases } = parsed.data
  return {
    policy,
    cases: cases.map(({ call: own, ...one }) => {
      const { tool, chain: path, ...facts } = { ...given, ...own }
      if (tool === undefined)
        throw new CollectorError('config_invalid', `${one.name}: a call has a tool`)
      const { verdict = {}, ...rest } = { ...given.chain, ...path }
      const parts = { ...given.chain?.verdict, ...verdict }
      return { ...one, facts: { ...facts, tool, chain: { ...rest, verdict: parts } } }
    }),
  }
}

export function tested(policy: Policy, { name, facts, ...expected }: Fixture): Tested {
  const answer = policy.ask(facts)
  const named = expected.policies === undefined ? undefined : [...expected.policies].sort().join()
  const passed =
    answer.decision === expected.expect &&
    (named === undefined || named === [...answer.policies].sort().join())
  return { name, passed, expected, answer }
}
