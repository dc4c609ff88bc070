import type { GraphNode, GraphStore, Scalar } from '../graph/index.ts'
import { MATCHER, type Matcher, matches } from './matcher.ts'

type Columns = Readonly<Record<string, Scalar>>

/** Why a finding that holds asks for nobody's attention. */
export type Quiet = 'closed' | 'accepted' | 'suppressed'

/** Undefined where it does ask for it. */
export function quietBy(columns: Columns): Quiet | undefined {
  if (columns['triage'] === 'closed' || columns['triage'] === 'accepted') return columns['triage']
  return columns['suppressed'] === true ? 'suppressed' : undefined
}

/** A rule in force. */
export interface ActiveRule {
  readonly id: string
  readonly matcher: Matcher
}

/** The rules that have not ended, oldest first. */
export async function activeRules(store: GraphStore): Promise<ActiveRule[]> {
  const nodes = await store.find('Suppression', 'state', ['active'])
  return nodes
    .sort((a, b) => createdAt(a) - createdAt(b) || (a.key < b.key ? -1 : 1))
    .map((node) => ({ id: node.key, matcher: matcherOf(node) }))
}

export function matcherOf(node: GraphNode): Matcher {
  return MATCHER.parse(JSON.parse(String(node.columns['matcher'])))
}

/** What a finding's node says of its place on the desk. */
export function standingColumns(
  finding: Columns,
  triage: GraphNode | undefined,
  rules: readonly ActiveRule[],
): Record<string, Scalar> {
  return {
    triage: triage?.columns['state'] ?? 'new',
    assignee: triage?.columns['assignee'] ?? '',
    reason: triage?.columns['reason'] ?? '',
    ...suppressionColumns(finding, rules),
  }
}

export function suppressionColumns(
  finding: Columns,
  rules: readonly ActiveRule[],
): Record<string, Scalar> {
  const rule = rules.find(({ matcher }) => matches(matcher, finding))
  return { suppressed: rule !== undefined, suppressedBy: rule?.id ?? '' }
}

/**
 * The same nodes with where people stand: a word may be older than the finding as the graph has it,
 * since after a rebuild findings settle behind the whole journal.
 */
export async function withStanding(
  store: GraphStore,
  findings: readonly GraphNode[],
): Promise<GraphNode[]> {
  if (findings.length === 0) return []
  const ids = findings.map(({ key }) => key)
  const triage = new Map((await store.find('Triage', 'finding', ids)).map((n) => [n.key, n]))
  const rules = await activeRules(store)
  return findings.map((node) => ({
    ...node,
    columns: { ...node.columns, ...standingColumns(node.columns, triage.get(node.key), rules) },
  }))
}

function createdAt(node: GraphNode): number {
  return Number(node.columns['createdAt'])
}
