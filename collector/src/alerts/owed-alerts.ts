import { createHash } from 'node:crypto'
import type { GraphNode } from '@delegraph/graph-schema'
import { canonicalize, type Json } from '@delegraph/link'
import type { Finding } from '../findings/finding.ts'
import { type Quiet, quietBy } from '../triage/standing.ts'
import { type AlertChange, type AlertTriage, cloudEvent } from './cloud-event.ts'
import { findingOfNode } from './finding-of-node.ts'
import type { AlertRoute } from './route.ts'

/** A change of a finding, as the projector has it. */
export interface OwedChange {
  readonly change: AlertChange
  /** The finding's id. */
  readonly id: string
  /** Absent for a withdrawal. */
  readonly finding?: Finding
  /** What the graph said of it before. */
  readonly before?: GraphNode
  /** Nobody is to be told of it as it is now, and why. */
  readonly quiet?: Quiet
  /** Who says so, or took it on. */
  readonly triage?: AlertTriage
  /** Place in the order learned: the journal's position, a dot, a number. Sorts as text. */
  readonly cursor: string
}

/**
 * The alerts that a change owes to the channels that want it, to be written in the same batch as the
 * change. A finding that a channel was told of and that is no longer for it, that became part of
 * another alert, or that is closed, accepted or suppressed, is closed there.
 *
 * An alert is the same one where finding, content and channel are: how often evidence came, and in
 * which portions, does not matter, so that a rebuild finds what was delivered before. Written again,
 * it is owed again. `now` is when the change was learned, epoch milliseconds.
 */
export function owedAlerts(
  change: OwedChange,
  routes: readonly AlertRoute[],
  now: number,
): GraphNode[] {
  const { quiet } = change
  const finding = quiet === undefined ? change.finding : undefined
  const before = wasTold(change.before) ? findingOfNode(change.before) : undefined
  return routes.flatMap((route) => {
    const old = before !== undefined && route.wants(before) ? before : undefined
    const current = finding !== undefined && route.wants(finding) ? finding : undefined
    const moved = old && current && route.groupOf(old) !== route.groupOf(current)
    const alerts: GraphNode[] = []
    if (old !== undefined && (current === undefined || moved === true)) {
      const end = quiet ?? 'withdrawn'
      const left = finding === undefined ? [end] : ['left', route.groupOf(old)]
      const id = digest(change.id, route.name, ...left)
      alerts.push(alertNode(id, { ...change, change: end }, old, route, now))
    }
    if (current !== undefined && change.change === 'acknowledged') {
      const id = digest(change.id, route.name, 'acknowledged')
      alerts.push(alertNode(id, change, current, route, now))
    } else if (current !== undefined) {
      const id = digest(change.id, route.name, contentOf(current))
      const isNew = change.change === 'updated' && (old === undefined || moved === true)
      alerts.push(
        alertNode(id, isNew ? { ...change, change: 'opened' } : change, current, route, now),
      )
    }
    return alerts
  })
}

function alertNode(
  id: string,
  { change, cursor, triage }: OwedChange,
  finding: Finding,
  route: AlertRoute,
  now: number,
): GraphNode {
  return {
    kind: 'Alert',
    key: id,
    columns: {
      id,
      finding: finding.id,
      channel: route.name,
      group: groupId(route, finding),
      rule: finding.rule,
      severity: finding.severity,
      pages: finding.pages,
      change,
      state: 'owed',
      attempts: 0,
      nextAttemptAt: now,
      cursor,
      body: canonicalize(
        cloudEvent(id, finding, { change, at: now, cursor, triage }) as unknown as Json,
      ),
      learnedAt: now,
    },
  }
}

/** Whether the channels were told of a finding that stood so. */
function wasTold(node: GraphNode | undefined): node is GraphNode {
  return node?.columns['state'] === 'open' && quietBy(node.columns) === undefined
}

/** What a group is called in the graph, where all channels are together. */
export function groupId(route: AlertRoute, finding: Finding): string {
  return `${route.name} ${route.groupOf(finding)}`
}

function contentOf(finding: Finding): string {
  return canonicalize(finding as unknown as Json)
}

function digest(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('base64url').slice(0, 32)
}
