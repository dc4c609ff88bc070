import type { GraphNode } from '@delegraph/graph-schema'
import type { Finding } from '../../findings/finding.ts'
import type { FindingMessage } from '../channel.ts'
import { type AlertChange, type AlertTriage, cloudEvent } from '../cloud-event.ts'

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
    series: `series of ${id}`,
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

/** The message of a finding that was opened, for tests. */
export function aMessage(
  more: Partial<FindingMessage> = {},
  finding = aFinding(),
  change: AlertChange = more.closes === true ? 'withdrawn' : 'opened',
  triage?: AlertTriage,
): FindingMessage {
  return {
    kind: 'finding',
    id: 'msg_1',
    at: NOW,
    event: cloudEvent(`alert of ${finding.id}`, finding, { change, at: NOW, cursor: '1', triage }),
    finding,
    group: finding.fingerprint,
    closes: false,
    occurrences: 1,
    ...more,
  }
}
