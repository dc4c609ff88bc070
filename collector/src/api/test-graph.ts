import type {
  Authority,
  FindingBody,
  GraphEdge,
  GraphNode,
  Hop,
  Scalar,
  Verdict,
} from '@delegraph/graph-schema'
import { NOT_APPLICABLE, OK, outcomeOf, outcomeText } from '@delegraph/graph-schema'

/** A graph made by hand for tests: one incident, a branching chain, one whose root is missing. */

export const NOW = Date.UTC(2026, 10, 24, 10, 0, 0)
export const SECOND = NOW / 1000

export const DEPLOY = 'https://tools.example/ops#deploy'
export const READ = 'https://tools.example/ops#read'

export const ROOT = 'root-link-hash'
export const LEAF = 'leaf-link-hash'
export const SIBLING = 'sibling-link-hash'
export const LOOSE = 'loose-link-hash'
export const NEVER = 'never-arrived-hash'
export const ACTION = '0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331'
export const APPROVAL = 'approval-hash'
export const FINDING = 'finding-id'

export function node(
  kind: GraphNode['kind'],
  key: string,
  columns: Readonly<Record<string, unknown>>,
): GraphNode {
  const plain = Object.entries(columns).map(([name, value]): [string, Scalar] => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : (value as Scalar),
  ])
  return { kind, key, columns: Object.fromEntries(plain) }
}

export function link(hash: string, columns: Readonly<Record<string, unknown>>): GraphNode {
  return node('Link', hash, {
    hash,
    depth: 0,
    maxDepth: 3,
    principal: 'person:alice',
    task: 'task-1',
    issuedAt: SECOND,
    expiresAt: SECOND + 900,
    signature: 'valid',
    outcome: 'ok',
    verdict: OK,
    problems: [],
    flags: [],
    audience: [],
    approvals: {},
    text: 'signed.text.here',
    learnedAt: NOW,
    ...columns,
  })
}

const exactly = (value: string) => ({ constraint_type: 'exact', value })

const HOPS: readonly Hop[] = [
  {
    depth: 0,
    link: ROOT,
    delegator: 'person:alice',
    delegate: 'agent:planner',
    granted: [{ tool: DEPLOY, limits: ['env = "staging"'] }],
    signature: 'valid',
    outcome: OK,
    issuedAt: SECOND,
    expiresAt: SECOND + 900,
    covers: true,
  },
  {
    depth: 1,
    link: LEAF,
    delegator: 'agent:planner',
    delegate: 'agent:worker',
    granted: [{ tool: READ, limits: [], change: 'kept' }],
    signature: 'valid',
    outcome: OK,
    covers: false,
  },
]

export const VERDICT: Verdict = {
  chain: OK,
  possession: OK,
  identity: OK,
  status: OK,
  action: outcomeOf('scope_not_granted'),
  approval: outcomeOf('approval_mismatch', 'link'),
  decision: NOT_APPLICABLE,
  effect: OK,
}

const SOURCE = {
  kind: 'approval',
  id: APPROVAL,
  holder: 'agent:planner',
  giver: 'person:alice',
  signature: 'valid',
} as const

const WHY: Authority = {
  kind: 'none',
  sentence: 'planner gave worker a link that does not cover deploy(env "staging")',
  hops: HOPS,
  uncoveredHop: 1,
  source: SOURCE,
}

export const BODY: FindingBody = {
  title: 'worker ran deploy on an approval that alice gave to planner',
  facts: ['one', 'two', 'three'],
  counterfactual: 'worker alone would have been denied: no path of it covers deploy',
  remedy: {
    kind: 'approval',
    sentence: 'alice approves deploy for worker',
    issuer: 'person:alice',
    holder: 'agent:worker',
  },
  hops: HOPS,
  uncoveredHop: 1,
  source: SOURCE,
  principal: 'person:alice',
  owner: 'person:alice',
  verdict: VERDICT,
  severityReasons: ['critical effect'],
  timeline: [{ at: NOW, what: 'alice gave planner a link' }],
  registryVersion: '',
  grade: 'proven',
}

export function finding(id: string, columns: Readonly<Record<string, unknown>> = {}): GraphNode {
  return node('Finding', id, {
    id,
    rule: 'D1',
    class: 'inheritance',
    title: BODY.title,
    severity: 4,
    state: 'open',
    certainty: 'certain',
    grade: 'proven',
    pages: true,
    incident: `incident of ${id}`,
    fingerprint: 'fingerprint-1',
    series: `series of ${id}`,
    agent: 'agent:worker',
    at: NOW,
    body: BODY,
    urgency: 1_400,
    triage: 'new',
    assignee: '',
    reason: '',
    suppressed: false,
    suppressedBy: '',
    raisedAt: NOW,
    updatedAt: NOW,
    ...columns,
  })
}

export function action(id: string, columns: Readonly<Record<string, unknown>> = {}): GraphNode {
  return node('Action', id, {
    id,
    trace: id.split('-')[0],
    span: id.split('-')[1] ?? '',
    agent: 'agent:worker',
    tool: DEPLOY,
    about: `agent:worker ${DEPLOY}`,
    audience: 'https://tools.example/ops',
    task: 'task-1',
    chain: ROOT,
    link: LEAF,
    principal: 'person:alice',
    args: { env: 'staging' },
    argNames: ['env', 'note'],
    approvals: [],
    decisions: [],
    drivers: [],
    at: NOW,
    endedAt: NOW + 20,
    effect: 'ok',
    grade: 'proven',
    verdict: VERDICT,
    flags: [],
    authority: WHY,
    settled: true,
    settlesAt: NOW,
    learnedAt: NOW,
    ...columns,
  })
}

export const NODES: readonly GraphNode[] = [
  node('Principal', 'person:alice', { id: 'person:alice', kind: 'person', disabled: false }),
  node('Agent', 'agent:planner', { id: 'agent:planner', owner: 'person:alice', kind: 'agent' }),
  node('Agent', 'agent:worker', { id: 'agent:worker', owner: 'person:alice', kind: 'agent' }),
  node('Key', 'key-of-worker', { thumbprint: 'key-of-worker', jwk: { alg: 'Ed25519' } }),
  link(ROOT, {
    chain: ROOT,
    agent: 'agent:planner',
    tools: { [DEPLOY]: { env: exactly('staging') }, [READ]: {} },
    verdict: { ...OK, delegator: 'person:alice' },
    approvals: { [DEPLOY]: { min: 1, approvers: ['person:alice'], max_age: 300 } },
  }),
  link(LEAF, {
    chain: ROOT,
    parent: ROOT,
    depth: 1,
    agent: 'agent:worker',
    holderKey: 'key-of-worker',
    tools: { [READ]: {} },
    verdict: { ...OK, delegator: 'agent:planner' },
    issuedAt: SECOND + 10,
  }),
  link(SIBLING, {
    chain: ROOT,
    parent: ROOT,
    depth: 1,
    agent: 'agent:tester',
    tools: { [DEPLOY]: {}, [READ]: {} },
    verdict: { ...outcomeOf('not_narrower', 'widened'), delegator: 'agent:planner' },
    outcome: outcomeText(outcomeOf('not_narrower', 'widened')),
    problems: [
      { tool: DEPLOY, argument: 'env', detail: 'widened', reason: 'opened_to_unnamed_arguments' },
    ],
    issuedAt: SECOND + 20,
  }),
  link(LOOSE, {
    parent: NEVER,
    depth: 2,
    agent: 'agent:worker',
    task: 'task-2',
    tools: { [READ]: {} },
    signature: 'unchecked',
    verdict: outcomeOf('chain_incomplete'),
    outcome: outcomeText(outcomeOf('chain_incomplete')),
    issuedAt: SECOND - 100,
  }),
  node('Approval', APPROVAL, {
    hash: APPROVAL,
    approver: 'person:alice',
    issuer: 'https://approvals.example',
    link: ROOT,
    tool: DEPLOY,
    args: { env: 'staging' },
    task: 'task-1',
    decision: 'approve',
    issuedAt: SECOND + 30,
    expiresAt: SECOND + 330,
    outcome: 'ok',
    text: 'signed.text.here',
    learnedAt: NOW,
  }),
  action(ACTION, { approvals: [APPROVAL], receipt: 'receipt-hash' }),
  finding(FINDING, {
    action: ACTION,
    link: LEAF,
    chain: ROOT,
    task: 'task-1',
    from: 'agent:planner',
    tool: DEPLOY,
    culpritKind: 'approval',
    culprit: APPROVAL,
  }),
]

export const EDGES: readonly GraphEdge[] = [
  { kind: 'DERIVED_FROM', from: LEAF, to: ROOT },
  { kind: 'DERIVED_FROM', from: SIBLING, to: ROOT },
  { kind: 'DERIVED_FROM', from: LOOSE, to: NEVER },
  { kind: 'ISSUED_BY', from: LEAF, to: 'agent:planner' },
  { kind: 'ISSUED_BY', from: SIBLING, to: 'agent:planner' },
  { kind: 'USED', from: ACTION, to: APPROVAL },
]

/** A cursor as the projector makes it. */
export function cursor(n: number): string {
  return `${String(n).padStart(16, '0')}.00000000`
}

export function findingEvent(n: number, of = FINDING): GraphNode {
  const columns = { cursor: cursor(n), finding: of, change: 'opened', learnedAt: NOW + n }
  return node('FindingEvent', cursor(n), columns)
}
