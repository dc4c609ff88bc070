import { describe, expect, it } from 'vitest'
import { checkPolicies } from './check.ts'
import { POLICY_LIMITS } from './limits.ts'

const slipsOf = (source: Parameters<typeof checkPolicies>[0]) => checkPolicies(source).slips

describe('a check of policies', () => {
  it('points at the slip by line and column, past comments, strings and letters of several bytes', () => {
    const text = `// grüße; (((
@id("ä;(") permit(principal, action, resource);

  permit(principal, action, resource)
  when { context.tool == "ö" && context.dept == 1 };`
    expect(slipsOf(text)).toMatchObject([
      { severity: 'error', code: 'type', line: 5, column: 33, policy: 'policy1' },
    ])
  })

  it.each([
    ['forbid(principal, action, resource) unless { context.approval.uses > 0 };', 'needs_has'],
    [
      'forbid(principal, action, resource) when { context has approval && context.approval.subject == principal };',
      'needs_has',
    ],
    ['permit(principal, action, resource) when { context.tool > 3 };', 'type'],
    ['permit(principal == Person::"u", action, resource);', 'type'],
    ['forbid(principal == User::"u", action, resource);', 'never'],
    [
      'permit(principal, action, resource) when { context.chain.depth < 9007199254740993 };',
      'type',
    ],
    ['permit(principal, action, resource) when { principal.role == "x" };', 'type'],
    ['permit(principal, action, resource) when { context.chain.dept == 1 };', 'type'],
    ['permit(principal, action, resource);; ', 'syntax'],
    ['permit(principal, action, resource)', 'syntax'],
    ['permit(principal == ?principal, action, resource);', 'syntax'],
    ['allow everything', 'syntax'],
    ['permit(principal, action, resource) when { "', 'syntax'],
    ['', 'syntax'],
    ['// nothing\n', 'syntax'],
    ['@id("") permit(principal, action, resource);', 'name'],
    [`@id("${'x'.repeat(129)}") permit(principal, action, resource);`, 'name'],
    [
      '@id("a") permit(principal, action, resource); @id("a") forbid(principal, action, resource);',
      'name',
    ],
    ['permit(principal, action == Action::"any other tool", resource);', 'name'],
  ])('refuses %s', (text, code) => {
    const { slips, hash } = checkPolicies(text)
    expect(slips.filter(({ severity }) => severity === 'error')).toMatchObject([{ code }])
    expect(hash).toBeUndefined()
  })

  it('of an attribute that may be absent says how to test for it', () => {
    const [slip] = slipsOf(
      'forbid(principal, action, resource) unless { context.approval.uses > 0 };',
    )
    expect(slip?.message).toContain('context has approval')
  })

  it('takes any tool, and warns of a policy that no request can meet', () => {
    const text = 'permit(principal, action == Action::"urn:what\\"ever", resource) when { 1 == 2 };'
    const { slips, hash, tools } = checkPolicies(text)
    expect(slips).toMatchObject([{ severity: 'warning', code: 'never' }])
    expect(hash).toBeDefined()
    expect([...tools]).toEqual(['urn:what"ever'])
  })

  const nested = (depth: number) =>
    `permit(principal, action, resource) when { ${'('.repeat(depth)}true${')'.repeat(depth)} };`
  const sum = (terms: number) =>
    `permit(principal, action, resource) when { ${Array(terms).fill('1').join('+')} > 1 };`

  it.each([
    ['a nest of brackets', nested(POLICY_LIMITS.nesting)],
    ['a nest of thousands', nested(5_000)],
    ['a sum of thousands', sum(5_000)],
    [
      'signs without end',
      `permit(principal, action, resource) when { ${'!'.repeat(20_000)}true };`,
    ],
    ['a huge text', ' '.repeat(POLICY_LIMITS.text + 1)],
    ['very many policies', 'permit(principal,action,resource);'.repeat(POLICY_LIMITS.policies + 1)],
  ])('refuses %s before Cedar reads it', (_, text) => {
    expect(slipsOf(text)).toMatchObject([{ code: 'too_large' }])
    // And Cedar is as well as before.
    expect(checkPolicies('permit(principal, action, resource);').hash).toBeDefined()
  })

  it('takes what is just within its limits', () => {
    const last = checkPolicies(nested(POLICY_LIMITS.nesting - 1))
    expect(last.slips).toEqual([])
    expect(checkPolicies(sum(POLICY_LIMITS.tokens / 2 - 10)).hash).toBeDefined()
    const many = Array.from(
      { length: POLICY_LIMITS.policies },
      (_, i) => `@id("p${i}") permit(principal == Agent::"a${i}", action, resource);`,
    )
    expect(Object.keys(checkPolicies(many.join('\n')).policies)).toHaveLength(
      POLICY_LIMITS.policies,
    )
  })

  it('checks policies that are given one by one, each in its own text', () => {
    const slips = slipsOf({
      good: 'permit(principal, action, resource);',
      bad: '\npermit(principal, action, resource) when { context.nothing };',
      two: 'permit(principal, action, resource); permit(principal, action, resource);',
    })
    expect(slips).toMatchObject([
      { policy: 'two', code: 'syntax', line: 1 },
      { policy: 'bad', code: 'type', line: 2, column: 44 },
    ])
  })

  it('keeps names that mean something to JavaScript apart', () => {
    const text = '@id("__proto__") permit(principal, action, resource);'
    const { policies, hash } = checkPolicies(text)
    expect(Object.keys(policies)).toEqual(['__proto__'])
    expect(hash).not.toBe(
      checkPolicies('@id("constructor") permit(principal, action, resource);').hash,
    )
  })
})
