import type { IconName } from '../../../shared/icon.tsx'
import type { CloseReason, TriageState } from './documents.ts'

/** How each state is called and drawn. */
export const STATES: Readonly<
  Record<TriageState, { readonly text: string; readonly icon: IconName; readonly tone: string }>
> = {
  NEW: { text: 'new', icon: 'dot', tone: 'new' },
  ACKNOWLEDGED: { text: 'acknowledged', icon: 'eye', tone: 'taken' },
  IN_PROGRESS: { text: 'in progress', icon: 'play', tone: 'taken' },
  CLOSED: { text: 'closed', icon: 'check', tone: 'aside' },
  ACCEPTED: { text: 'accepted', icon: 'pause', tone: 'aside' },
}

export const REASONS: Readonly<Record<CloseReason, string>> = {
  FIXED: 'fixed',
  INTENDED_DELEGATION: 'intended delegation',
  APPROVED_EXCEPTION: 'approved exception',
  TEST_TRAFFIC: 'test traffic',
  DUPLICATE: 'duplicate',
  DETECTOR_WRONG: 'the rule is wrong about it',
}

/** Put aside: reopened before anything else. */
export function isAside(state: TriageState): boolean {
  return state === 'CLOSED' || state === 'ACCEPTED'
}
