import type { InboxSearch } from '../inbox-search.ts'

const NOT_ASIDE: InboxSearch['triage'] = ['NEW', 'ACKNOWLEDGED', 'IN_PROGRESS']

/** Each standing of a finding with the filter that finds what stands so. */
export const STANDS = {
  open: { hidden: 'show' },
  accepted: { tab: 'all', triage: ['ACCEPTED'] },
  closed: { tab: 'closed' },
  withdrawn: { tab: 'withdrawn', triage: NOT_ASIDE },
} as const satisfies Readonly<Record<string, InboxSearch>>
