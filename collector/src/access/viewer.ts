/** What somebody may do. */
export const ROLES = ['viewer', 'analyst', 'admin', 'ingest', 'monitor'] as const
export type Role = (typeof ROLES)[number]

/** Whoever asks. */
export interface Viewer {
  readonly name: string
  readonly roles: readonly Role[]
  readonly tenant: string
  /** When what he showed ends, epoch milliseconds; absent where it does not. */
  readonly until?: number
  /** Aborts when it ended before that: he signed out, or was away for too long. */
  readonly ended?: AbortSignal
}

/** Each of these may what the ones behind it may. */
const INCLUDES: Readonly<Record<Role, readonly Role[]>> = {
  admin: ['admin', 'analyst', 'viewer', 'ingest'],
  analyst: ['analyst', 'viewer'],
  viewer: ['viewer'],
  ingest: ['ingest'],
  // Of no tenant: numbers of all of them, and nothing that was received.
  monitor: ['monitor'],
}

export function may(viewer: Viewer, role: Role): boolean {
  return viewer.roles.some((own) => INCLUDES[own].includes(role))
}

/** Whoever reaches a loopback address where nobody is asked to say who they are. */
export const LOCAL: Viewer = { name: 'local', roles: ['admin'], tenant: 'default' }
