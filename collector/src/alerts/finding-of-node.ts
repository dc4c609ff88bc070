import type {
  Certainty,
  DetectorId,
  FindingBody,
  FindingClass,
  Grade,
  GraphNode,
} from '@delegraph/graph-schema'
import type { Finding } from '../findings/finding.ts'

/** The finding that a node holds; undefined for one that is only named. */
export function findingOfNode(node: GraphNode): Finding | undefined {
  const c = node.columns
  if (typeof c['body'] !== 'string') return undefined
  const optional = ['action', 'link', 'chain', 'task', 'from', 'tool', 'resource'].flatMap(
    (name) => (typeof c[name] === 'string' ? [[name, c[name]]] : []),
  )
  const culprit =
    typeof c['culprit'] === 'string'
      ? { culprit: { kind: String(c['culpritKind']), id: c['culprit'] } }
      : {}
  return {
    id: node.key,
    rule: String(c['rule']) as DetectorId,
    class: String(c['class']) as FindingClass,
    severity: Number(c['severity']),
    certainty: String(c['certainty']) as Certainty,
    grade: String(c['grade']) as Grade,
    pages: c['pages'] === true,
    incident: String(c['incident']),
    fingerprint: String(c['fingerprint']),
    series: String(c['series'] ?? c['fingerprint']),
    agent: String(c['agent']),
    at: Number(c['at']),
    body: JSON.parse(c['body']) as FindingBody,
    ...(typeof c['hops'] === 'number' ? { hops: c['hops'] } : {}),
    ...culprit,
    ...Object.fromEntries(optional),
  }
}
