import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import type { Path, PathLink } from './path.ts'

/** A verified withdrawal: of one link and all below it, or of everything granted for a task. */
export interface RevocationRecord {
  readonly kind: 'revoked' | 'task_completed'
  /** Issuer and token id of the link withdrawn. */
  readonly token?: string
  /** Thumbprint of a key withdrawn: every link that it holds, or is the root of, goes with it. */
  readonly key?: string
  readonly task?: string
  /** Hash of the unsigned statement that it takes back. */
  readonly hash?: string
  /** Nobody signed it: it takes back nothing but what nobody signed either. */
  readonly unsigned?: true
  /** NumericDate from which it holds. */
  readonly at: number
  /** Epoch milliseconds, for the order within one second. */
  readonly moment: number
}

/** When an action happened by its own word, and when it was heard of. */
export interface StatusTime {
  /** NumericDate. */
  readonly at: number
  /** NumericDate. */
  readonly heardAt: number
  /** `at` in epoch milliseconds. */
  readonly moment: number
}

/** Seconds after which evidence no longer counts as having been there when it says. */
const MAX_LAG = 900

/**
 * Status of a path at the time of the action. Withdrawal of a link takes everything below it along;
 * one that came after the action leaves it ok. A root that names a status list nobody has answered
 * for is unknown, never fine.
 */
export function judgeStatus(
  path: Path,
  when: StatusTime,
  records: readonly RevocationRecord[],
): Outcome {
  if (path.links.length === 0) return NOT_APPLICABLE
  const touching = records.filter((record) => touches(path, record) && precedes(record, when))
  const first = touching.sort((a, b) => a.at - b.at)[0]
  if (first !== undefined) return outcomeOf(first.kind)
  return path.links.some((link) => link.status !== undefined) ? outcomeOf('status_unknown') : OK
}

/**
 * Whoever holds a key can date what he signs back, so under a withdrawn key only what was heard of
 * in time counts as earlier.
 */
function precedes(record: RevocationRecord, { at, heardAt, moment }: StatusTime): boolean {
  if (record.key === undefined || heardAt - at <= MAX_LAG) return record.moment <= moment
  return record.at <= heardAt
}

/** True where a path was withdrawn only after the action: noted, and no finding. */
export function revokedAfterUse(
  path: Path,
  when: StatusTime,
  records: readonly RevocationRecord[],
): boolean {
  return records.some((record) => touches(path, record) && !precedes(record, when))
}

function touches(path: Path, record: RevocationRecord): boolean {
  return path.links.some(
    (link) =>
      (record.unsigned !== true || link.signature === 'missing') && touchesLink(link, record),
  )
}

/** Whether a withdrawal takes this very link. */
export function touchesLink(link: PathLink, record: RevocationRecord): boolean {
  return (
    (record.hash !== undefined && record.hash === link.hash) ||
    (record.token !== undefined && record.token === link.token) ||
    (record.key !== undefined &&
      (record.key === link.holderThumbprint || record.key === link.anchorThumbprint)) ||
    (record.token === undefined &&
      record.key === undefined &&
      record.hash === undefined &&
      record.task !== undefined &&
      record.task === link.task)
  )
}
