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

/** Undefined where there is nothing to have a share of, and where not all was counted. */
export function unsignedShare(evidence: {
  readonly proven: Count
  readonly signed: Count
  readonly asserted: Count
  readonly observed: Count
}): { readonly percent: number; readonly of: number } | undefined {
  const { proven, signed, asserted, observed } = evidence
  const all = [proven, signed, asserted, observed]
  const of = all.reduce((sum, { value }) => sum + value, 0)
  if (of === 0 || all.some(({ approximate }) => approximate)) return undefined
  const percent = Math.round(((asserted.value + observed.value) / of) * 100)
  return { percent, of }
}
