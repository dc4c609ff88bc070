import type { GraphNode } from '@delegraph/graph-schema'
import { usesInGraph } from '../project/approval-uses.ts'
import { approvalOfNode, hashToken } from '../project/artefacts.ts'
import { distinct, textOf } from '../project/nodes.ts'
import type { ApprovalRecord } from '../verify/approval.ts'
import { holds } from '../verify/holds.ts'
import { pathLinkOf } from '../verify/path.ts'
import type { Asking } from './asking.ts'

/** A yes as it stands at the instant that is asked of. */
export interface StandingApproval {
  readonly node: GraphNode
  readonly record: ApprovalRecord
  /** Given, not over, not withdrawn and not used up. */
  readonly live: boolean
  readonly spent: boolean
}

/** What approvals are worth at `validAt`; those that are no yes are left out. */
export async function approvalsAt(
  nodes: readonly GraphNode[],
  { store, validAt }: Asking,
): Promise<StandingApproval[]> {
  const bound = await store.find(
    'Link',
    'hash',
    distinct(nodes.flatMap((node) => textOf(node, 'link') ?? [])),
  )
  const links = new Map(bound.map((node) => [node.key, pathLinkOf(node)]))
  const tokens = nodes.flatMap((node) => [textOf(node, 'token') ?? '', hashToken(node.key)])
  const hasHappened = ({ columns }: GraphNode): boolean =>
    columns['outcome'] === 'ok' && Number(columns['moment']) <= validAt
  const withdrawn = new Set(
    (await store.find('Revocation', 'token', distinct(tokens)))
      .filter(hasHappened)
      .map((node) => textOf(node, 'token')),
  )
  const tasks = nodes.flatMap((node) => textOf(node, 'task') ?? [])
  const over = new Set(
    (await store.find('Revocation', 'task', distinct(tasks)))
      .filter((node) => hasHappened(node) && textOf(node, 'token') === undefined)
      .map((node) => textOf(node, 'task')),
  )
  const found: StandingApproval[] = []
  for (const node of nodes) {
    const record = approvalOfNode(node, links, false)
    if (record.decision !== 'approve' || !holds(record.outcome)) continue
    const uses = (await usesInGraph(store, [node.key], new Set())).filter(
      ({ moment }) => moment <= validAt,
    )
    const at = validAt / 1000
    const spent = uses.length >= record.uses
    const live =
      record.issuedAt <= at &&
      at < record.expiresAt &&
      !spent &&
      !(record.task !== undefined && over.has(record.task)) &&
      !withdrawn.has(textOf(node, 'token')) &&
      !withdrawn.has(hashToken(node.key))
    found.push({ node, record, live, spent })
  }
  return found
}
