import { FINDING_EVENTS } from '../../api/documents.ts'
import type { FindingEvent } from '../../api/finding-feed.ts'
import { usePages } from '../../api/use-pages.ts'

/** So many of those that had been learned when the page opened. */
const EARLIER = 20

const NOW = { first: EARLIER }

/** The newest changes from before, without those that the stream has told as well; none while they load. */
export function useEarlier(told: readonly FindingEvent[]): readonly FindingEvent[] {
  const { nodes } = usePages(FINDING_EVENTS, NOW, ({ findingEvents }) => findingEvents)
  const known = new Set(told.map(({ cursor }) => cursor))
  return nodes.filter(({ cursor }) => !known.has(cursor))
}
