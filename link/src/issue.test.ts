import { describe, expect, test } from 'vitest'
import { CONTAINER_CLAIM } from './constants.ts'
import { LinkError, type LinkErrorCode } from './errors.ts'
import { issueLink, type NewLink, type NewRoot, narrowLink } from './issue.ts'
import { anchorOf, DEPLOY, IAT, linkBy, party, rootBy, TOOLS } from './testing/party.ts'
import { verifyChain } from './verify/verify-chain.ts'

const anchor = party()
const planner = party()
const worker = party('ES256')
const root = issueLink(rootBy(anchor, planner))

describe('issuing', () => {
  test('a root and a link below it verify', () => {
    const link = narrowLink(root, linkBy(planner, worker))
    const last = narrowLink(link, linkBy(worker, party()))
    const verdict = verifyChain([root.text, link.text, last.text], {
      anchors: [anchorOf(anchor)],
      at: IAT + 20,
    })
    expect(verdict.outcome).toEqual({ state: 'ok' })
    expect(verdict.links.map((one) => one.hash)).toEqual([root.hash, link.hash, last.hash])
    expect(verdict.leaf?.claims).toEqual(last.claims)
  })

  test('a root lives an hour and a link a quarter, or what its parent has left', () => {
    expect(root.claims.exp).toBe(IAT + 3600)
    expect(narrowLink(root, linkBy(planner, worker)).claims.exp).toBe(IAT + 10 + 900)
    const late = narrowLink(root, linkBy(planner, worker, { iat: IAT + 3000 }))
    expect(late.claims.exp).toBe(IAT + 3600)
  })

  test('a lagging clock does not make a link predate its parent', () => {
    expect(narrowLink(root, linkBy(planner, worker, { iat: IAT - 5 })).claims.iat).toBe(IAT)
  })

  test('approvals asked for are handed on for the tools kept', () => {
    const approvals = { [DEPLOY]: { min: 1, approvers: ['https://a.example'], max_age: 60 } }
    const asking = issueLink(rootBy(anchor, planner, { approvals }))
    const link = narrowLink(asking, linkBy(planner, worker))
    expect(link.claims[CONTAINER_CLAIM]?.approvals).toEqual(approvals)
    const other = narrowLink(asking, linkBy(planner, worker, { tools: {} }))
    expect(other.claims[CONTAINER_CLAIM]).toBeUndefined()
  })
})

describe('asked for more than the parent holds, narrowing throws', () => {
  const more: Partial<Record<LinkErrorCode, Partial<NewLink>>> = {
    widens: { tools: { ...TOOLS, 'https://ops.example.com/mcp#delete': {} } },
    outlives: { exp: IAT + 3601 },
    too_deep: { del_max_depth: 4 },
    invalid_claims: { jti: 'link-1' },
    wrong_signer: { signer: worker },
  }
  test.each(Object.entries(more))('%s', (code, change) => {
    expect(thrown(() => narrowLink(root, linkBy(planner, worker, change)))).toBe(code)
  })

  test('where it widens, each problem is named and no value is', () => {
    const tools = {
      [DEPLOY]: { service: { constraint_type: 'exact', value: 'prod-secret' } },
    } as const
    try {
      narrowLink(root, linkBy(planner, worker, { tools }))
      expect.unreachable()
    } catch (error) {
      if (!(error instanceof LinkError)) throw error
      expect(error.problems).toEqual([
        { tool: DEPLOY, argument: 'service', detail: 'widened', reason: 'constraint_wider' },
      ])
      expect(error.message).toContain(DEPLOY)
      expect(error.message).not.toContain('prod-secret')
    }
  })

  test('at the last depth there is no further link', () => {
    const terminal = issueLink(rootBy(anchor, planner, { del_max_depth: 0 }))
    expect(thrown(() => narrowLink(terminal, linkBy(planner, worker)))).toBe('too_deep')
  })

  test('may_act names who may hold the next link', () => {
    const named = issueLink(rootBy(anchor, planner, { may_act: { sub: 'agent:other' } }))
    const code = thrown(() => narrowLink(named, linkBy(planner, worker)))
    expect(code).toBe('delegate_not_permitted')
  })

  test('an approval asked for cannot be weakened', () => {
    const rule = { min: 1, approvers: ['https://a.example'], max_age: 60 }
    const asking = issueLink(rootBy(anchor, planner, { approvals: { [DEPLOY]: rule } }))
    const weaker = { approvals: { [DEPLOY]: { ...rule, max_age: 61 } } }
    expect(thrown(() => narrowLink(asking, linkBy(planner, worker, weaker)))).toBe('widens')
  })
})

describe('a root that no verifier would take is not signed', () => {
  test.each<[LinkErrorCode, Partial<NewRoot>]>([
    ['lifetime_exceeded', { exp: IAT + 25 * 3600 }],
    ['invalid_claims', { exp: IAT }],
    ['invalid_claims', { tools: { deploy: {} } }],
    ['invalid_claims', { sub: '' }],
    ['invalid_claims', { tools: { [DEPLOY]: { a: { constraint_type: 'any', constraints: [] } } } }],
    ['too_deep', { del_max_depth: 16 }],
    ['invalid_json', { sub: '\ud800' }],
    ['too_large', { tools: manyTools() }],
  ])('%s', (code, change) => {
    expect(thrown(() => issueLink(rootBy(anchor, planner, change)))).toBe(code)
  })
})

function manyTools() {
  return Object.fromEntries(
    Array.from({ length: 200 }, (_, index) => [`https://ops.example.com/mcp#tool_${index}`, {}]),
  )
}

function thrown(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof LinkError) return error.code
    throw error
  }
  return 'nothing'
}
