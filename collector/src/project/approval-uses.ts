import type { GraphNode, Verdict } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import type { JudgedAction } from '../verify/action.ts'
import { holds } from '../verify/holds.ts'

/** One execution that consumed an approval. */
export interface ApprovalUse {
  readonly approval: string
  readonly action: string
  /** Epoch milliseconds. */
  readonly moment: number
}

/** Who consumed these approvals, by what is in the graph; `except` are being judged anew. */
export async function usesInGraph(
  store: GraphStore,
  approvals: readonly string[],
  except: ReadonlySet<string>,
): Promise<ApprovalUse[]> {
  const uses: ApprovalUse[] = []
  for (const approval of approvals) {
    const citing = await store.neighbours('USED', 'in', [approval])
    const others = citing.filter((id) => !except.has(id))
    for (const node of await store.find('Action', 'id', others)) {
      if (!consumes(node)) continue
      uses.push({ approval, action: node.key, moment: Number(node.columns['at'] ?? 0) })
    }
  }
  return uses
}

/** The same for actions that were just judged. */
export function usesOf(actions: readonly JudgedAction[]): ApprovalUse[] {
  return actions
    .filter(({ effect, verdict }) => effect === 'ok' && isConsumption(verdict))
    .flatMap(({ id, moment, citedApprovals }) =>
      citedApprovals.map((approval) => ({ approval, action: id, moment })),
    )
}

/** The approvals of an action that others had used up before: each is good for one call unless it says more. */
export function spentFor(
  action: Pick<JudgedAction, 'id' | 'moment' | 'citedApprovals' | 'approvals'>,
  uses: readonly ApprovalUse[],
): Set<string> {
  const before = uses.filter(
    (use) => use.moment < action.moment || (use.moment === action.moment && use.action < action.id),
  )
  const allowed = new Map(action.approvals.map((record) => [record.hash, record.uses]))
  return new Set(
    action.citedApprovals.filter((hash) => {
      const used = before.filter(({ approval }) => approval === hash).length
      return used >= (allowed.get(hash) ?? 1)
    }),
  )
}

function consumes(node: GraphNode): boolean {
  if (node.columns['effect'] !== 'ok') return false
  return isConsumption(JSON.parse(String(node.columns['verdict'])) as Verdict)
}

/** Only who proved that he acted, on an approval that fits, uses it up: a stranger burns nothing. */
function isConsumption({ possession, approval }: Verdict): boolean {
  if (approval.state === 'ok') return possession.state === 'ok'
  // An unsigned yes is used up by unsigned calls: neither proves anything, and both are counted.
  return holds(approval)
}
