import type { GraphNode } from '@delegraph/graph-schema'
import type { Finding } from '../findings/finding.ts'

export const NOW = Date.UTC(2026, 10, 24, 10, 0, 0)

/** A finding for tests. */
export function aFinding(id = 'finding-1', more: Partial<Finding> = {}): Finding {
  return {
    id,
    rule: 'D1',
    class: 'inheritance',
    severity: 4,
    certainty: 'certain',
    grade: 'proven',
    pages: true,
    incident: `incident of ${id}`,
    fingerprint: `fingerprint of ${id}`,
    agent: 'agent:worker',
    from: 'agent:planner',
    tool: 'https://tools.example/ops#deploy',
    culprit: { kind: 'approval', id: 'approval-hash' },
    at: NOW,
    body: {
      title: 'worker ran deploy on an approval that alice gave to planner',
      facts: ['one', 'two', 'three'],
      hops: [],
      severityReasons: [],
      timeline: [],
      registryVersion: '',
      grade: 'proven',
    },
    ...more,
  }
}

/** The finding's node, as the projector writes it. */
export function nodeOf(finding: Finding): GraphNode {
  const { body, culprit, ...rest } = finding
  return {
    kind: 'Finding',
    key: finding.id,
    columns: {
      ...rest,
      state: 'open',
      title: body.title,
      body: JSON.stringify(body),
      raisedAt: NOW,
      ...(culprit === undefined ? {} : { culprit: culprit.id, culpritKind: culprit.kind }),
    },
  }
}
