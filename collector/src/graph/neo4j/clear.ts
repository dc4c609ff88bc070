import neo4j from 'neo4j-driver'
import { EDGE_KIND_NAMES, edgeEnds, NODE_KIND_NAMES } from '../columns.ts'
import type { NodeKind } from '../store.ts'
import type { Neo4jConnection } from './connection.ts'
import * as statements from './statements.ts'

const AT_ONCE = 1_000

/** Removes all nodes of the tenant, the position first. */
export async function clearGraph(connection: Neo4jConnection): Promise<void> {
  // So that a clearing that is cut off leaves a graph that is filled from the beginning.
  await connection.write([{ statement: statements.DELETE_POSITION, parameters: {} }])
  const parameters = { limit: neo4j.int(AT_ONCE) }
  const deletions = deletionOrder().map((kind) => ({
    statement: statements.deleteNodes(kind),
    parameters,
  }))
  if (await isSmall(connection)) {
    await connection.write(deletions)
    return
  }
  for (const deletion of deletions) {
    let deleted = AT_ONCE
    while (deleted === AT_ONCE) {
      const [rows] = await connection.write([deletion])
      deleted = Number(rows?.[0]?.['n'] ?? 0)
    }
  }
}

async function isSmall(connection: Neo4jConnection): Promise<boolean> {
  const counts = await connection.write(
    NODE_KIND_NAMES.map((kind) => ({
      statement: statements.countNodes(kind, {}),
      parameters: { limit: neo4j.int(AT_ONCE) },
    })),
  )
  return counts.every(([row]) => Number(row?.['n'] ?? 0) < AT_ONCE)
}

/**
 * Nodes that relationships go out from before those that they come in at: a tool with a million
 * calls could not be deleted with all of them in one transaction.
 */
function deletionOrder(): NodeKind[] {
  const order: NodeKind[] = []
  const rest = new Set(NODE_KIND_NAMES)
  while (rest.size > 0) {
    const targets = new Set(
      EDGE_KIND_NAMES.map(edgeEnds)
        .filter(({ from, to }) => from !== to && rest.has(from))
        .map(({ to }) => to),
    )
    const free = [...rest].filter((kind) => !targets.has(kind))
    // Kinds that point at each other have no order: any will do.
    for (const kind of free.length > 0 ? free : [...rest]) {
      order.push(kind)
      rest.delete(kind)
    }
  }
  return order
}
