import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import type { Path } from './path.ts'

/** A verified withdrawal: of one link and all below it, or of everything granted for a task. */
export interface RevocationRecord {
  readonly kind: 'revoked' | 'task_completed'
  /** Issuer and token id of the link withdrawn. */
  readonly token?: string
  /** Thumbprint of a key withdrawn: every link that it holds goes with it. */
  readonly key?: string
  readonly task?: string
  /** NumericDate from which it holds. */
  readonly at: number
}

/**
 * Status of a path at the time of the action. Withdrawal of a link takes everything below it along;
 * one that came after the action leaves it ok.
 */
export function judgeStatus(path: Path, at: number, records: readonly RevocationRecord[]): Outcome {
  if (path.links.length === 0) return NOT_APPLICABLE
  const touching = records.filter((record) => touches(path, record) && record.at <= at)
  const first = touching.sort((a, b) => a.at - b.at)[0]
  return first === undefined ? OK : outcomeOf(first.kind)
}

/** True where a path was withdrawn only after the action: noted, and no finding. */
export function revokedAfterUse(
  path: Path,
  at: number,
  records: readonly RevocationRecord[],
): boolean {
  return records.some((record) => touches(path, record) && record.at > at)
}

function touches(path: Path, record: RevocationRecord): boolean {
  return path.links.some(
    (link) =>
      (record.token !== undefined && record.token === link.token) ||
      (record.key !== undefined && record.key === link.holderThumbprint) ||
      (record.token === undefined &&
        record.key === undefined &&
        record.task !== undefined &&
        record.task === link.task),
  )
}
