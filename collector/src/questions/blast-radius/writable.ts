import type { GraphNode } from '@delegraph/graph-schema'
import { permits } from '@delegraph/link'
import { callOfNode } from '../../project/action-node.ts'
import { distinct, textOf } from '../../project/nodes.ts'
import { toolName, who } from '../../verify/words.ts'
import { isExecuted } from '../what-if/what-if.ts'
import type { Fact, Ground, Row } from './ground.ts'
import { writeRule } from './stateful.ts'

/**
 * Rules 3 and 4 by what may be done: a permission that covers a call by which somebody wrote or changed a
 * resource may do so again. Which resource a tool would touch is known of calls that were seen, and of no other.
 */
export async function expandWritable(facts: readonly Fact[], ground: Ground): Promise<void> {
  const rows = facts.flatMap((fact) => {
    const row = ground.rows.get(`${fact.kind} ${fact.id}`)
    return row === undefined ? [] : [{ fact, row }]
  })
  const fresh = distinct(rows.map(({ row }) => row.tool))
  if (fresh.length === 0) return
  const { store, validAt } = ground.asking
  const found = await store.page({
    kind: 'Action',
    where: { equals: { tool: fresh }, min: { at: ground.since }, max: { at: validAt } },
    orderBy: 'at',
    direction: 'desc',
    limit: ground.left('writes') + 1,
  })
  const writes = ground.took('writes', found).filter(isExecuted)
  for (const node of writes) {
    const resource = textOf(node, 'resource')
    const rule = writeRule(node, ground)
    if (resource === undefined || rule === undefined) continue
    const did = rule === 'control' ? 'changed' : 'wrote'
    const by = who(textOf(node, 'agent') ?? 'unknown')
    for (const { fact } of rows.filter(({ row }) => mayDo(row, node)))
      ground.step(fact, ground.fact('resource', resource), {
        ...{ rule, live: true, decided: false },
        sentence: `by ${toolName(textOf(node, 'tool') ?? '')} ${by} ${did} ${resource}`,
      })
  }
}

function mayDo({ tool, map }: Row, node: GraphNode): boolean {
  const answer = permits({ [tool]: map }, callOfNode(node))
  return 'unknown' in answer || answer.covered
}
