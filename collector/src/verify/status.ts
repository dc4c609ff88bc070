import { NOT_APPLICABLE, OK, type Outcome, outcomeOf } from '@delegraph/graph-schema'
import type { StatusAnswer } from '@delegraph/link'
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
  /** The agent whose word it is, where nobody signed it; absent where whoever says so is no agent. */
  readonly agent?: string
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

/** What is known of the status list that a root names. */
export interface RootStatus {
  /** The anchor lets this host serve its lists. */
  readonly hostListed: boolean
  /** What the list said, in order of `from`: {@link answersFor} of this root. */
  readonly answers: readonly StatusAnswer[]
}

/** By the hash of the root. */
export type StatusLists = ReadonlyMap<string, RootStatus>

const SUSPENDED = 2
const INVALID = 1
const VALID = 0

/**
 * The answers that matter for a root: those that held while it lived, and the first after its end.
 * Later ones say nothing of a link that nobody could use any more, and an entry may have been given
 * to another token by then.
 */
export function answersFor<Answer extends Pick<StatusAnswer, 'from' | 'until'>>(
  root: Pick<PathLink, 'issuedAt' | 'expiresAt'>,
  answers: readonly Answer[],
): Answer[] {
  const { issuedAt = 0, expiresAt = Number.MAX_SAFE_INTEGER } = root
  const inOrder = [...answers].sort((a, b) => a.from - b.from || a.until - b.until)
  const first = inOrder.find((answer) => answer.from > expiresAt)
  return inOrder.filter(
    (answer) => answer === first || (answer.until > issuedAt && answer.from <= expiresAt),
  )
}

/**
 * Status of a path at the time of the action. Withdrawal of a link takes everything below it along;
 * one that came after the action leaves it ok. A root that names a status list nobody has answered
 * for is unknown, never fine.
 */
export function judgeStatus(
  path: Path,
  when: StatusTime,
  records: readonly RevocationRecord[],
  lists: StatusLists,
): Outcome {
  if (path.links.length === 0) return NOT_APPLICABLE
  const touching = records.filter((record) => touches(path, record) && precedes(record, when))
  const first = touching.sort((a, b) => a.at - b.at)[0]
  if (first !== undefined) return outcomeOf(first.kind)
  // Only a root may name a list.
  const root = path.links.find((link) => link.status !== undefined)
  return root === undefined ? OK : listedStatus(root, lists.get(root.hash), when.at)
}

/**
 * What the list says of a root at `at`. INVALID is never undone, so an earlier one decides; else the newest
 * answer that covers the time does. Where none does, a later VALID proves that it was valid then only
 * in a list of one bit, which knows no suspension. In all other cases the status is unknown.
 */
function listedStatus(root: PathLink, list: RootStatus | undefined, at: number): Outcome {
  const { idx = -1 } = root.status ?? {}
  if (list === undefined) return outcomeOf('status_unknown')
  if (!list.hostListed) return outcomeOf('status_unknown', 'host')
  const before = list.answers.filter(({ from }) => from <= at)
  if (before.some((answer) => answer.value(idx) === INVALID)) return outcomeOf('revoked')
  const covering = before.filter(({ until }) => at < until)
  if (covering.length > 0) return worstOf(covering, idx)
  const next = list.answers.find(({ from }) => from > at)
  if (next?.bits === 1 && next.value(idx) === VALID) return OK
  return outcomeOf('status_unknown', list.answers.length === 0 ? undefined : 'stale')
}

/** The newest decides; where two were made in one second, the one that says worse. */
function worstOf(covering: readonly StatusAnswer[], idx: number): Outcome {
  const newest = covering.filter(({ from }) => from === covering.at(-1)?.from)
  const values = newest.map((answer) => answer.value(idx))
  if (values.includes(SUSPENDED)) return outcomeOf('revoked', 'suspended')
  if (values.every((value) => value === VALID)) return OK
  return outcomeOf('status_unknown', values.includes(undefined) ? 'index' : 'value')
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
  lists: StatusLists,
): boolean {
  if (records.some((record) => touches(path, record) && !precedes(record, when))) return true
  return path.links.some(({ hash, status }) =>
    lists
      .get(hash)
      ?.answers.some(({ from, value }) => from > when.at && value(status?.idx ?? -1) === INVALID),
  )
}

function touches(path: Path, record: RevocationRecord): boolean {
  return path.links.some(
    (link, place) =>
      (record.unsigned !== true || isUnsignedWord(record, link, path.links.slice(0, place + 1))) &&
      touchesLink(link, record),
  )
}

/** Somebody's word takes back what nobody signed, and an agent's only what that agent gave, or gave on. */
function isUnsignedWord(
  { agent }: RevocationRecord,
  link: PathLink,
  links: readonly PathLink[],
): boolean {
  if (link.signature !== 'missing') return false
  return agent === undefined || links.some(({ delegator }) => delegator === agent)
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
