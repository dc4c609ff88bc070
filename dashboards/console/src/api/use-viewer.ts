import { useAsk } from './ask.ts'
import { WHO_ASKS } from './documents.ts'
import type { ResultOf } from './graphql.ts'

export type Viewer = ResultOf<typeof WHO_ASKS>['viewer']
export type Role = Viewer['roles'][number]

/** Each of these may what the ones behind it may; the collector decides, the console only offers no more. */
const INCLUDES: Readonly<Record<Role, readonly Role[]>> = {
  ADMIN: ['ADMIN', 'ANALYST', 'VIEWER', 'INGEST'],
  ANALYST: ['ANALYST', 'VIEWER'],
  VIEWER: ['VIEWER'],
  INGEST: ['INGEST'],
  MONITOR: ['MONITOR'],
}

/** Whoever looks at the console; undefined until the collector has said it. */
export function useViewer(): Viewer | undefined {
  const asked = useAsk(WHO_ASKS, {})
  return asked.state === 'answered' ? asked.data.viewer : undefined
}

/** Whether a reader has the role; false where nobody has said who it is. */
export function may(viewer: Viewer | undefined, role: Role): boolean {
  return viewer?.roles.some((own) => INCLUDES[own].includes(role)) === true
}
