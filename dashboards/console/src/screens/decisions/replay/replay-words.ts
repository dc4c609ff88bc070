import type { Word } from '../../../shared/link-words.ts'
import type { ReplayChangeName } from '../decisions-search.ts'

export type ChangeValue = 'SAME' | 'ALLOW_TO_DENY' | 'DENY_TO_ALLOW' | 'ERRORED' | 'UNKNOWN'

const WORDS: Readonly<Record<ChangeValue, Word>> = {
  ALLOW_TO_DENY: { text: 'would be denied', tone: 'bad' },
  DENY_TO_ALLOW: { text: 'would be allowed', tone: 'unknown' },
  ERRORED: { text: 'would err, and deny', tone: 'bad' },
  UNKNOWN: { text: 'not known', tone: 'unknown' },
  SAME: { text: 'the same', tone: 'good' },
}

/** What a draft would have made of a call. A yes where there was a no is no good news. */
export function changeWord(change: ChangeValue): Word {
  return WORDS[change]
}

export const CHANGE_LABELS: Readonly<Record<ReplayChangeName, string>> = {
  deny_to_allow: 'would be allowed',
  errored: 'would err',
  allow_to_deny: 'would be denied',
  unknown: 'not known',
  same: 'the same',
}

/** What is asked for: one kind of change, or whatever is not the same. */
export function changesOf(change: ReplayChangeName | undefined): readonly ChangeValue[] {
  if (change === undefined) return ['DENY_TO_ALLOW', 'ERRORED', 'ALLOW_TO_DENY', 'UNKNOWN']
  return [change.toUpperCase() as ChangeValue]
}

interface Decided {
  readonly by: 'POLICY' | 'CHAIN'
  readonly after: 'ALLOW' | 'DENY' | null
  readonly policies: readonly string[]
  readonly missing: readonly string[]
}

/** What decided, or what it hangs on. */
export function decidedBy({ by, after, policies, missing }: Decided): string {
  if (after === null) return `hangs on ${missing.join(', ')}`
  if (by === 'CHAIN') return 'the chain, which no policy lifts'
  return policies.length === 0 ? 'nothing permits it' : policies.join(', ')
}

/** Where a line and a column are in a text, as an index; the end where it has no such place. */
export function indexOf(text: string, line: number, column: number): number {
  const lines = text.split('\n')
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0)
  return Math.min(before + column - 1, text.length)
}
