import { may, type Role, useViewer } from '../api/use-viewer.ts'
import { useAsOf } from '../app/as-of.ts'

/** Why the reader may not change something that needs a role, as a sentence; undefined where he may. */
export function useRefusal(role: Role): string | undefined {
  const viewer = useViewer()
  const asOf = useAsOf()
  if (asOf !== undefined) return 'The past cannot be changed: go back to now for that.'
  if (viewer === undefined) return 'It is not known yet who you are.'
  return may(viewer, role) ? undefined : `To change this needs the role ${role.toLowerCase()}.`
}
