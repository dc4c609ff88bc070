import type { GraphStore } from '../../graph/index.ts'
import { TRIAGE_STATES } from '../../triage/states.ts'

/** How long findings waited for the first word that took them out of `new`. */
export interface TimeToTriage {
  /** That were looked at. */
  readonly findings: number
  /** There are more. */
  readonly capped: boolean
  /** Of how many it is known. */
  readonly known: number
  /** Absent where it is known of none. */
  readonly medianSeconds?: number
}

const MOST = 500
const TAKEN = TRIAGE_STATES.filter((state) => state !== 'new')

/** Looks at the newest findings that were learned since then (epoch milliseconds) and are not new now. */
export async function timeToTriage(store: GraphStore, since: number): Promise<TimeToTriage> {
  const page = await store.page({
    kind: 'Finding',
    where: { equals: { triage: TAKEN }, min: { raisedAt: since } },
    ...{ orderBy: 'raisedAt', direction: 'desc', limit: MOST + 1 },
  })
  const findings = page.slice(0, MOST)
  const ids = findings.map(({ key }) => key)
  const words = Map.groupBy(await store.find('TriageEvent', 'finding', ids), ({ columns }) =>
    String(columns['finding']),
  )
  const waits = findings.flatMap(({ key, columns }) => {
    const taken = (words.get(key) ?? [])
      .filter((word) => word.columns['state'] !== 'new')
      .map((word) => Number(word.columns['at']))
    const wait = Math.min(...taken) - Number(columns['raisedAt'])
    // After a rebuild a finding may be dated later than what was said of it.
    return taken.length > 0 && wait >= 0 ? [wait] : []
  })
  const median = medianOf(waits)
  return {
    findings: findings.length,
    capped: page.length > MOST,
    known: waits.length,
    ...(median === undefined ? {} : { medianSeconds: Math.round(median / 1_000) }),
  }
}

/** Undefined for no numbers; the mean of the two in the middle where there are two. */
export function medianOf(numbers: readonly number[]): number | undefined {
  const sorted = [...numbers].sort((a, b) => a - b)
  const [low, high] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]]
  return low === undefined || high === undefined ? undefined : (low + high) / 2
}
