import type { GraphNode, Verdict } from '@delegraph/graph-schema'
import type { GraphStore } from '../graph/index.ts'
import type { JudgedAction } from '../verify/action.ts'

/** One execution that consumed an approval. */
export interface ApprovalUse {
  readonly approval: string
  readonly action: string
  /** NumericDate. */
  readonly at: number
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
      const at = Math.floor(Number(node.columns['at'] ?? 0) / 1000)
      uses.push({ approval, action: node.key, at })
    }
  }
  return uses
}

/** The same for actions that were just judged. */
export function usesOf(actions: readonly JudgedAction[]): ApprovalUse[] {
  return actions
    .filter(({ effect, verdict }) => effect === 'ok' && isConsumption(verdict))
    .flatMap(({ id, at, citedApprovals }) =>
      citedApprovals.map((approval) => ({ approval, action: id, at })),
    )
}

/** The approvals of an action that somebody else had consumed before: each is good for one call. */
export function spentFor(
  action: Pick<JudgedAction, 'id' | 'at' | 'citedApprovals'>,
  uses: readonly ApprovalUse[],
): Set<string> {
  const before = uses.filter(
    (use) => use.at < action.at || (use.at === action.at && use.action < action.id),
  )
  return new Set(
    action.citedApprovals.filter((hash) => before.some(({ approval }) => approval === hash)),
  )
}

function consumes(node: GraphNode): boolean {
  if (node.columns['effect'] !== 'ok') return false
  return isConsumption(JSON.parse(String(node.columns['verdict'])) as Verdict)
}

/** Only who proved that he acted, on an approval that fits, uses it up: a stranger burns nothing. */
function isConsumption({ possession, approval }: Verdict): boolean {
  return possession.state === 'ok' && approval.state === 'ok'
}
