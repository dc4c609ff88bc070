import type { LinkMemo } from '@delegraph/link'
import type { Meter } from '@opentelemetry/api'
import type { GraphNode } from '../graph/index.ts'
import { BUCKETS, inSeconds } from './buckets.ts'

/** What carries an outcome of its own: links, artefacts, answers of status lists. */
const JUDGED: ReadonlySet<string> = new Set<GraphNode['kind']>([
  'Link',
  'Approval',
  'Decision',
  'Revocation',
  'Credential',
  'Identity',
  'StatusList',
])

/** Counts judgements as they are written; one that is made again counts again. */
export function judgementMetrics(meter: Meter): (nodes: readonly GraphNode[]) => void {
  const judged = meter.createCounter('delegraph_judgements', {
    description:
      'Links and artefacts judged, also again, by outcome: ok, or the code that says why not',
  })
  return (nodes) => {
    for (const { kind, columns } of nodes) {
      const { outcome } = columns
      if (typeof outcome !== 'string' || !JUDGED.has(kind)) continue
      const [state = '', code = ''] = outcome.split(':', 2)
      judged.add(1, { kind: kind.toLowerCase(), outcome: state, code })
    }
  }
}

/**
 * A memo that says how often it is asked in vain, and how long a link takes that it does not know:
 * from the question to the answer lies the verification and nothing else.
 */
export function measuredMemo(memo: LinkMemo, meter: Meter): LinkMemo {
  const lookups = meter.createCounter('delegraph_link_memo_lookups', {
    description: 'Verifications of a link asked for, by whether the memo knew the verdict',
  })
  const seconds = meter.createHistogram(
    'delegraph_link_verification_seconds',
    inSeconds('Time to verify one link that the memo did not know', BUCKETS.signature),
  )
  const hit = { result: 'hit' }
  const miss = { result: 'miss' }
  let asked = 0
  return {
    get size() {
      return memo.size
    },
    get(lineage) {
      const known = memo.get(lineage)
      lookups.add(1, known === undefined ? miss : hit)
      if (known === undefined) asked = performance.now()
      return known
    },
    set(lineage, verdict) {
      seconds.record((performance.now() - asked) / 1000)
      memo.set(lineage, verdict)
    },
  }
}
