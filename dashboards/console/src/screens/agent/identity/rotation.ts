import type { AgentProfile } from '../documents.ts'

type Key = AgentProfile['keys'][number]

export interface KeyInRotation extends Key {
  /** What its place says of it; undefined of the only key, and of one that no link is bound to. */
  readonly says: 'in use' | 'before that' | undefined
}

/** The one whose last link is newest first; those that no link is bound to last. */
export function inRotation(keys: readonly Key[]): KeyInRotation[] {
  const time = (at: string | null): number =>
    at === null ? Number.NEGATIVE_INFINITY : Date.parse(at)
  const sorted = keys.toSorted(
    (a, b) => time(b.lastLinkAt) - time(a.lastLinkAt) || (a.thumbprint < b.thumbprint ? -1 : 1),
  )
  const used = sorted.filter(({ lastLinkAt }) => lastLinkAt !== null).length
  return sorted.map((key, at) => ({
    ...key,
    says: used < 2 || key.lastLinkAt === null ? undefined : at === 0 ? 'in use' : 'before that',
  }))
}
