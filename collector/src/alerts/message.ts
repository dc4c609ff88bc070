import { createHash } from 'node:crypto'
import type { GraphNode } from '@delegraph/graph-schema'
import type { Finding } from '../findings/finding.ts'
import type { GraphStore } from '../graph/index.ts'
import type { FindingMessage } from './channel.ts'
import type { ProofDetail } from './channel-settings.ts'
import { proofOf } from './cloud-event.ts'
import { decisionsOf } from './decided.ts'
import { closing, type GroupState } from './group-state.ts'
import { eventOf } from './owed-queue.ts'
import type { AlertSenderSettings } from './sender-settings.ts'
import { shippedProof } from './shipped-proof.ts'
import type { SuppressedMessage } from './suppressed-message.ts'

/** What is sent for an alert: its event with what is known only now. */
export async function messageOf(
  alert: GraphNode,
  state: GroupState,
  settings: Pick<AlertSenderSettings, 'store' | 'findingUrl' | 'proof'> & {
    readonly at: number
    readonly detail?: ProofDetail | undefined
  },
): Promise<FindingMessage> {
  const event = eventOf(alert)
  const { finding } = event.data
  const trace = await traceOf(finding, settings.store)
  const decisions = await decisionsOf(finding, settings.store)
  const link = linkOf(finding.id, settings.findingUrl)
  const isNew = !closing(alert) && !state.open.has(finding.id)
  // What has ended does not follow from the evidence any more, or was proven when it was opened.
  const { detail } = settings
  const file =
    detail === undefined || closing(alert) ? undefined : await settings.proof?.(finding.id)
  const shipped =
    detail === undefined || file === undefined ? {} : shippedProof(finding, file, detail)
  const occurrences = Math.max(1, state.occurrences + (isNew ? 1 : 0))
  return {
    kind: 'finding',
    id: event.id,
    at: settings.at,
    event: {
      ...event,
      data: { ...event.data, occurrences, proof: { ...proofOf(finding, link), ...shipped } },
    },
    finding,
    // The name of the channel stands before it.
    group: String(alert.columns['group']).slice(String(alert.columns['channel']).length + 1),
    closes: closing(alert),
    occurrences,
    ...(trace === undefined ? {} : { trace }),
    ...(link === undefined ? {} : { link }),
    ...(decisions.length === 0 ? {} : { decisions }),
  }
}

/** One message for all that was held back; its id is of all of them, so a repetition is the same one. */
export function suppressedMessage(
  rule: string,
  held: readonly GraphNode[],
  at: number,
): SuppressedMessage {
  const findings = [...new Set(held.map((alert) => String(alert.columns['finding'])))]
  const hash = createHash('sha256').update(JSON.stringify(['suppressed', ...held.map(eventId)]))
  return {
    kind: 'suppressed',
    closes: false,
    id: `msg_${hash.digest('base64url').slice(0, 32)}`,
    at,
    learnedAt: Math.max(...held.map(({ columns }) => Number(columns['learnedAt'] ?? 0))),
    rule,
    count: findings.length,
    findings: findings.slice(0, 100),
  }
}

function eventId(alert: GraphNode): string {
  return eventOf(alert).id
}

export function linkOf(finding: string, template: string | undefined): string | undefined {
  return template?.replaceAll('{id}', encodeURIComponent(finding))
}

/** The span of the action, where there is one. */
export async function traceOf(
  finding: Finding,
  store: GraphStore,
): Promise<FindingMessage['trace']> {
  if (finding.action === undefined) return undefined
  const [action] = await store.find('Action', 'id', [finding.action])
  const { trace, span } = action?.columns ?? {}
  return typeof trace === 'string' && typeof span === 'string'
    ? { traceId: trace, spanId: span }
    : undefined
}
