import type {
  ChainAction,
  ChainApproval,
  ChainDecision,
  ChainLink,
  ChainWithdrawal,
} from '../documents.ts'

/** Parts of a chain with every default filled in. */

export const DEPLOY = 'https://tools.example.com/mcp#deploy'
export const STATUS = 'https://tools.example.com/mcp#status'

const OK = { state: 'OK', code: null, detail: null, meaning: null, text: 'ok' } as const

export function link(hash: string, change: Partial<ChainLink> = {}): ChainLink {
  return {
    hash,
    profile: 'aat-02/strict-1',
    grade: 'SIGNED',
    scopes: [],
    arrived: true,
    parentHash: null,
    depth: 0,
    maxDepth: 3,
    issuer: null,
    holderKey: null,
    purpose: null,
    audience: [],
    delegator: { __typename: 'Agent', id: `agent:above-${hash}`, name: `above-${hash}` },
    delegate: { id: `agent:${hash}`, name: hash },
    granted: [{ tool: STATUS, limits: [], change: null }],
    changes: null,
    approvalNeededFor: [],
    signature: 'VALID',
    verdict: OK,
    problems: [],
    flags: [],
    withdrawals: [],
    issuedAt: '2026-11-24T10:00:00.000Z',
    expiresAt: null,
    ...change,
  }
}

/** A path of so many links, each handing on what it was given. */
export function path(length: number): ChainLink[] {
  return Array.from({ length }, (_, depth) =>
    link(`h${depth}`, {
      depth,
      parentHash: depth === 0 ? null : `h${depth - 1}`,
      delegator:
        depth === 0
          ? { __typename: 'Principal', id: 'person:alice', name: 'alice' }
          : { __typename: 'Agent', id: `agent:h${depth - 1}`, name: `h${depth - 1}` },
      changes: depth === 0 ? null : [{ tool: STATUS, limits: [], change: 'KEPT' }],
    }),
  )
}

export function approval(id: string, change: Partial<ChainApproval> = {}): ChainApproval {
  return {
    id,
    arrived: true,
    tool: DEPLOY,
    decision: 'approve',
    issuedAt: '2026-11-24T10:02:11.000Z',
    expiresAt: null,
    approver: { id: 'person:alice', name: 'alice' },
    subject: { id: 'agent:h0', name: 'h0' },
    verdict: OK,
    withdrawals: [],
    ...change,
  }
}

export function action(id: string, change: Partial<ChainAction> = {}): ChainAction {
  return {
    id,
    traceId: 'trace-1',
    traceLinks: [],
    spanId: id,
    tool: STATUS,
    audience: null,
    at: '2026-11-24T10:04:52.000Z',
    endedAt: null,
    effect: 'OK',
    grade: 'PROVEN',
    flags: [],
    actionHash: null,
    agent: { id: 'agent:h1', name: 'h1' },
    link: { hash: 'h1' },
    arguments: [],
    verdict: {
      chain: OK,
      possession: OK,
      identity: OK,
      status: OK,
      action: OK,
      approval: OK,
      decision: OK,
      effect: OK,
    },
    receipt: { hash: null, state: 'VALID' },
    calledSide: { receipt: null, agreement: 'INDETERMINATE' },
    why: { kind: 'CHAIN', sentence: 'every link covers it', breaksAt: null, source: null },
    approvals: [],
    decisionRecords: [],
    findings: [],
    ...change,
  }
}

/** What alice takes back. */
export function withdrawal(hash: string, change: Partial<ChainWithdrawal> = {}): ChainWithdrawal {
  return {
    hash,
    kind: 'LINK',
    at: '2026-11-24T10:03:00.000Z',
    issuer: 'https://auth.example.com',
    by: { __typename: 'Principal', id: 'person:alice', name: 'alice' },
    verdict: OK,
    ...change,
  }
}

export function decision(id: string, change: Partial<ChainDecision> = {}): ChainDecision {
  return {
    id,
    answer: 'ALLOW',
    at: '2026-11-24T10:04:52.000Z',
    issuer: 'https://tools.example.com',
    policyHash: null,
    signature: 'VALID',
    verdict: { state: 'OK', code: null },
    evaluation: null,
    ...change,
  }
}

/** A call on a link that was taken back before. */
export function lateAction(code: string): ChainAction {
  const { verdict, why } = action('late')
  return action('late', {
    verdict: { ...verdict, status: { ...OK, state: 'FAILED', code, text: `failed: ${code}` } },
    why: { ...why, kind: 'NONE', sentence: `what h1 cites was withdrawn: ${code}` },
  })
}

/** The call that rides on an approval given to another. */
export function ridingAction(): ChainAction {
  return action('ride', {
    tool: DEPLOY,
    why: {
      kind: 'NONE',
      sentence: 'h0 gave h1 a link that does not cover deploy',
      breaksAt: { hash: 'h1', depth: 1 },
      source: {
        kind: 'approval',
        id: 'yes',
        holder: { id: 'agent:h0', name: 'h0' },
        giver: { id: 'person:alice', name: 'alice' },
        signature: 'VALID',
      },
    },
    approvals: [approval('yes')],
  })
}
