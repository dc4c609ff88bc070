import type { GraphNode } from '@delegraph/graph-schema'
import type { PolicyEvaluation } from '@delegraph/link'
import type { Finding } from '../findings/finding.ts'
import type { GraphStore } from '../graph/index.ts'
import { outcomeFrom } from '../verify/path.ts'

/** A signed decision about the action of a finding, whose signature holds. */
export interface AlertDecision {
  /** Hash of the signed text. */
  readonly id: string
  readonly allowed: boolean
  /** Who signed. */
  readonly issuer?: string
  /** Digest of the policy set. */
  readonly policy?: string
  readonly evaluation?: PolicyEvaluation
}

/** More of one call are no news to anybody. */
const MOST = 16

/** What decision points said of the action of a finding, newest first; what nobody is trusted to have signed is left out. */
export async function decisionsOf(
  { action }: Pick<Finding, 'action'>,
  store: GraphStore,
): Promise<readonly AlertDecision[]> {
  if (action === undefined) return []
  const keys = await store.neighbours('DECIDED', 'in', [action])
  const nodes = keys.length === 0 ? [] : await store.find('Decision', 'hash', keys)
  return nodes
    .filter(({ columns }) => outcomeFrom(textIn(columns['outcome'])).state === 'ok')
    .toSorted((a, b) => atOf(b) - atOf(a) || (a.key < b.key ? -1 : 1))
    .slice(0, MOST)
    .map(decisionIn)
}

function decisionIn({ key, columns }: GraphNode): AlertDecision {
  const { issuer, policy, evaluation } = columns
  return {
    id: key,
    allowed: columns['verdict'] === 'allow',
    ...(typeof issuer === 'string' ? { issuer } : {}),
    ...(typeof policy === 'string' ? { policy } : {}),
    ...(typeof evaluation === 'string'
      ? { evaluation: JSON.parse(evaluation) as PolicyEvaluation }
      : {}),
  }
}

function atOf({ columns }: GraphNode): number {
  return Number(columns['at'] ?? 0)
}

function textIn(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined
}
