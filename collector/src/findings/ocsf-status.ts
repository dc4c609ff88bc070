/** Where a finding stands, as OCSF numbers it (`status_id` of Detection Finding, 1.9). Nothing of ours is archived (5) or deleted (6). */
export const OCSF_STATUS = {
  new: { status_id: 1, status: 'New' },
  taken: { status_id: 2, status: 'In Progress' },
  aside: { status_id: 3, status: 'Suppressed' },
  over: { status_id: 4, status: 'Resolved' },
} as const

/** Of a finding by what the graph has: whether it holds, what people said of it, and whether a rule hides it. */
export function ocsfStatusOf(standing: {
  readonly holds: boolean
  readonly triage: string
  readonly suppressed: boolean
}): (typeof OCSF_STATUS)[keyof typeof OCSF_STATUS] {
  const { holds, triage, suppressed } = standing
  if (!holds || triage === 'closed') return OCSF_STATUS.over
  if (suppressed || triage === 'accepted') return OCSF_STATUS.aside
  return triage === 'acknowledged' || triage === 'in_progress' ? OCSF_STATUS.taken : OCSF_STATUS.new
}
