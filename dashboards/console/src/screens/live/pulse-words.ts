import type { Word } from '../../shared/link-words.ts'
import { counted } from '../../shared/short.ts'

/** `0.4`, `12`: one decimal where it is few. */
export function perSecond(count: number, seconds: number): string {
  const rate = count / seconds
  return (
    rate > 0 && rate < 10 ? Math.max(0.1, Math.round(rate * 10) / 10) : Math.round(rate)
  ).toLocaleString('en-GB')
}

/** That nothing waits is said in words, and never left out. */
export function lagWord(records: number): Word {
  return records === 0
    ? { text: 'nothing waits', tone: 'good' }
    : { text: `${counted(records, 'record')} not in the graph yet`, tone: 'unknown' }
}

interface Count {
  readonly value: number
  readonly approximate: boolean
}

/** A share of actions; of none there is no share, and of what was not counted whole it is not known. */
export type Share =
  | { readonly kind: 'known'; readonly percent: number; readonly of: number }
  | { readonly kind: 'none' }
  /** There are this many at least. */
  | { readonly kind: 'uncounted'; readonly atLeast: number }

export function unsignedShare(evidence: {
  readonly proven: Count
  readonly signed: Count
  readonly asserted: Count
  readonly observed: Count
}): Share {
  const { proven, signed, asserted, observed } = evidence
  const all = [proven, signed, asserted, observed]
  const of = all.reduce((sum, { value }) => sum + value, 0)
  if (all.some(({ approximate }) => approximate)) return { kind: 'uncounted', atLeast: of }
  if (of === 0) return { kind: 'none' }
  const percent = Math.round(((asserted.value + observed.value) / of) * 100)
  return { kind: 'known', percent, of }
}
