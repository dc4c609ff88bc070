import { shortHash, toolName } from '../../shared/short.ts'
import type { ChokePoint, ReachRow } from './documents.ts'
import type { Subject } from './explore-search.ts'
import { keyOfRow } from './reach-rows.ts'

export interface ReachNode {
  readonly key: string
  /** As the witness has it: agent, link, approval, ..., permission. */
  readonly kind: string
  readonly id: string
  readonly label: string
  /** How it follows from the one before it; empty at the start. */
  readonly sentence: string
  /** Steps from the start. */
  readonly depth: number
  /** Permissions whose path goes through it. */
  readonly rows: readonly ReachRow[]
  readonly choke: ChokePoint | undefined
}

export interface ReachEdge {
  readonly from: string
  readonly to: string
  /** Whether only what was inherited goes this way. */
  readonly isInherited: boolean
}

export interface ReachGraph {
  readonly nodes: readonly ReachNode[]
  readonly edges: readonly ReachEdge[]
  /** Rows that are drawn; the others are in the table. */
  readonly drawn: number
}

/** Beyond this nobody sees a path in it any more. */
export const MAX_NODES = 600

/** The paths to permissions as one picture, gravest first, as far as it stays one that can be read. */
export function reachGraph(
  start: Subject & { readonly name: string },
  rows: readonly ReachRow[],
  chokePoints: readonly ChokePoint[],
  max: number = MAX_NODES,
): ReachGraph {
  const chokes = new Map(chokePoints.map((one) => [`${one.kind} ${one.id}`, one]))
  const first = keyOfNode(start.kind, start.id)
  const nodes = new Map<string, Omit<ReachNode, 'rows'> & { readonly rows: ReachRow[] }>([
    [
      first,
      {
        ...{ key: first, kind: start.kind, id: start.id, label: start.name, sentence: '' },
        ...{ depth: 0, rows: [], choke: chokes.get(first) },
      },
    ],
  ])
  const edges = new Map<string, ReachEdge>()
  let drawn = 0
  for (const row of rows) {
    const steps = row.witness.map((step) => ({ ...step, key: keyOfNode(step.kind, step.id) }))
    const fresh = steps.filter(({ key }) => !nodes.has(key)).length
    if (nodes.size + fresh > max) break
    drawn += 1
    nodes.get(first)?.rows.push(row)
    let from = first
    for (const [index, { key, kind, id, sentence }] of steps.entries()) {
      const label = labelOf(kind, id, sentence, row)
      const known = nodes.get(key)
      if (known === undefined) {
        const choke = chokes.get(key)
        nodes.set(key, { key, kind, id, label, sentence, depth: index + 1, rows: [row], choke })
      } else known.rows.push(row)
      const edge = `${from}\n${key}`
      const isInherited = row.rule !== 'GIVEN' && edges.get(edge)?.isInherited !== false
      edges.set(edge, { from, to: key, isInherited })
      from = key
    }
  }
  return { nodes: [...nodes.values()], edges: [...edges.values()], drawn }
}

function keyOfNode(kind: string, id: string): string {
  return `${kind} ${id}`
}

export function nodeOfRow(row: ReachRow): string {
  return keyOfNode('permission', keyOfRow(row))
}

function labelOf(kind: string, id: string, sentence: string, row: ReachRow): string {
  switch (kind) {
    case 'permission': {
      const inherited = row.rule === 'GIVEN' ? '' : ' (inherited)'
      return `${toolName(row.tool)} by ${row.agent.name}${inherited}`
    }
    case 'agent':
    case 'principal':
      return id.slice(id.indexOf(':') + 1)
    case 'resource':
      return toolName(id)
    case 'key':
      return `key ${shortHash(id)}`
    default:
      return sentence
  }
}

/** All that lies on a path through a node. */
export function throughNode(graph: ReachGraph, key: string): ReadonlySet<string> {
  const node = graph.nodes.find((one) => one.key === key)
  const start = graph.nodes[0]
  if (node === undefined || start === undefined) return new Set()
  const steps = node.rows.flatMap(({ witness }) =>
    witness.map(({ kind, id }) => keyOfNode(kind, id)),
  )
  return new Set([start.key, key, ...steps])
}
