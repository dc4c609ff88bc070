import { findingOfNode } from '../alerts/finding-of-node.ts'
import type { AlertTriage, OwedChange } from '../alerts/index.ts'
import type { TriageRecord } from './record.ts'
import { quietBy } from './standing.ts'
import type { Moved } from './take.ts'

type Move = 'acknowledged' | 'closed' | 'accepted' | 'suppressed' | 'reopened' | 'triaged'

/** What a move is called where changes of findings are told. */
export function eventOfMove({ before, after }: Moved): Move {
  const [was, is] = [quietBy(before.columns), quietBy(after.columns)]
  if (is !== undefined) return was === is ? 'triaged' : is
  if (was !== undefined) return 'reopened'
  const took = after.columns['triage']
  const taken = took === 'acknowledged' || took === 'in_progress'
  return before.columns['triage'] === 'new' && taken ? 'acknowledged' : 'triaged'
}

/** What the channels may have to be told of a move. A new assignee or a comment is nobody's alarm. */
export function alertsOfMove(move: Moved, record: TriageRecord, cursor: string): OwedChange[] {
  const { before, after } = move
  const finding = findingOfNode(after)
  const change = eventOfMove(move)
  if (after.columns['state'] !== 'open' || finding === undefined || change === 'triaged') return []
  const quiet = quietBy(after.columns)
  return [
    {
      change,
      id: before.key,
      finding,
      before,
      cursor,
      triage: wordOf(record),
      ...(quiet === undefined ? {} : { quiet }),
    },
  ]
}

function wordOf(record: TriageRecord): AlertTriage {
  const { by } = record
  const until = 'until' in record && record.until !== undefined ? { until: iso(record.until) } : {}
  if (record.type !== 'triage') return { by, ...until }
  const { reason, assignee } = record
  return {
    by,
    ...(reason === undefined ? {} : { reason }),
    ...(assignee === undefined || assignee === '' ? {} : { assignee }),
    ...until,
  }
}

function iso(at: number): string {
  return new Date(at).toISOString()
}
