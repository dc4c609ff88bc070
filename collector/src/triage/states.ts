/** Where people stand with a finding. */
export const TRIAGE_STATES = ['new', 'acknowledged', 'in_progress', 'closed', 'accepted'] as const
export type TriageState = (typeof TRIAGE_STATES)[number]

/** Why somebody closed or accepted one. */
export const CLOSE_REASONS = [
  'fixed',
  'intended_delegation',
  'approved_exception',
  'test_traffic',
  'duplicate',
  'detector_wrong',
] as const
export type CloseReason = (typeof CLOSE_REASONS)[number]

/** Who says what nobody said: that something came back by itself. */
export const BY_ITSELF = 'delegraph'

/** Whether a state needs a reason: it takes the finding off the list of what is to be looked at. */
export function needsReason(state: TriageState): state is 'closed' | 'accepted' {
  return state === 'closed' || state === 'accepted'
}

/**
 * What is closed or accepted is reopened before anything else is said of it, so that nobody's word is
 * lost on the way; its reason and its time may be corrected.
 */
export function mayFollow(from: TriageState, to: TriageState): boolean {
  return from === to || to === 'new' || !needsReason(from)
}
