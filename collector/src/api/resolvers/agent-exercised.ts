import type { GraphNode } from '@delegraph/graph-schema'
import { intOf, textOf } from '../columns.ts'
import { type Count, countOf } from '../connection.ts'
import type { ApiContext } from '../context.ts'
import { fromMilliseconds } from '../instants.ts'
import { LOOKED_AT } from './agent-granted.ts'
import { type AgentRef, agentRef } from './fields.ts'

interface ToolUse {
  readonly tool: string
  readonly uses: () => Promise<Count>
  readonly lastUsedAt: Date | undefined
  readonly lastAction: GraphNode
}

/** What an agent did, tool by tool. */
export async function exercisedBy(
  agent: string,
  { store }: ApiContext,
): Promise<{ readonly tools: readonly ToolUse[]; readonly complete: boolean }> {
  const actions = await store.page({
    kind: 'Action',
    where: { equals: { agent: [agent] } },
    orderBy: 'at',
    direction: 'desc',
    limit: LOOKED_AT + 1,
  })
  const byTool = Map.groupBy(actions.slice(0, LOOKED_AT), (node) => textOf(node, 'tool') ?? '')
  const tools = [...byTool].sort(byName).flatMap(([tool, [newest]]) =>
    newest === undefined
      ? []
      : {
          tool,
          uses: () => countOf(store, 'Action', { equals: { agent: [agent], tool: [tool] } }),
          lastUsedAt: fromMilliseconds(intOf(newest, 'at')),
          lastAction: newest,
        },
  )
  return { tools, complete: actions.length <= LOOKED_AT }
}

interface InheritedTool {
  readonly tool: string
  readonly from: AgentRef | undefined
  readonly uses: number
  readonly lastAt: Date | undefined
  readonly findings: readonly GraphNode[]
}

/** What an agent did on the authority of others: its open findings of inheritance, summed up. */
export async function inheritedBy(
  agent: string,
  { store }: ApiContext,
): Promise<{ readonly tools: readonly InheritedTool[]; readonly complete: boolean }> {
  const findings = await store.page({
    kind: 'Finding',
    where: { equals: { agent: [agent], class: ['inheritance'], state: ['open'] } },
    orderBy: 'at',
    direction: 'desc',
    limit: LOOKED_AT + 1,
  })
  return {
    tools: inheritedTools(findings.slice(0, LOOKED_AT)),
    complete: findings.length <= LOOKED_AT,
  }
}

/** Findings of inheritance, newest first, by tool and by whose authority it was. */
export function inheritedTools(findings: readonly GraphNode[]): InheritedTool[] {
  const groups = Map.groupBy(findings, (node) =>
    JSON.stringify([textOf(node, 'tool') ?? '', textOf(node, 'from') ?? '']),
  )
  return [...groups].sort(byName).flatMap(([, group]) => {
    const [newest] = group
    if (newest === undefined) return []
    return {
      tool: textOf(newest, 'tool') ?? '',
      from: agentRef(textOf(newest, 'from')),
      uses: new Set(group.map((node) => textOf(node, 'action') ?? node.key)).size,
      lastAt: fromMilliseconds(intOf(newest, 'at')),
      findings: group.slice(0, MAX_LISTED),
    }
  })
}

const MAX_LISTED = 100

function byName(a: readonly [string, unknown], b: readonly [string, unknown]): number {
  return a[0] < b[0] ? -1 : 1
}
