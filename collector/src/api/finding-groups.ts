import type { GroupQuery } from '../graph/index.ts'

/** What groups of findings are told of, and by whom they are led: what their incidents are called by. */
export const FINDING_GROUPS = {
  ...{ kind: 'Finding', distinct: 'incident', span: 'at', lead: 'urgency' },
} as const satisfies Partial<GroupQuery>
