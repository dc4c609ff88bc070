import type { FindingBody, GraphNode } from '@delegraph/graph-schema'
import type { DrawnFinding } from './draw-finding.ts'

/** A finding as the command line shows it, from its node. */
export function findingOfNode(node: GraphNode): DrawnFinding & { readonly state: string } {
  const c = node.columns
  const { from, tool } = c
  return {
    id: node.key,
    rule: String(c['rule']),
    severity: Number(c['severity']),
    grade: String(c['grade']),
    certainty: String(c['certainty']),
    pages: c['pages'] === true,
    state: String(c['state']),
    agent: String(c['agent']),
    body: JSON.parse(String(c['body'])) as FindingBody,
    ...(typeof from === 'string' ? { from } : {}),
    ...(typeof tool === 'string' ? { tool } : {}),
  }
}
