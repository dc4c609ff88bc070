import type { StatusAnswer } from '@delegraph/link'

/**
 * Whether an answer has to be remembered. The journal would grow with every question otherwise: an
 * answer that says the same of every entry in use is left out while the one before it still holds when
 * the list is asked next. So there is one record for each change, and one for each window.
 */
export function isNews(
  before: StatusAnswer | undefined,
  answer: StatusAnswer,
  entries: readonly number[],
  askedNext: number,
): boolean {
  if (before === undefined) return true
  if (answer.from === before.from && answer.until === before.until) return differs()
  return before.until <= askedNext || differs()

  function differs(): boolean {
    return (
      answer.bits !== before?.bits || entries.some((idx) => answer.value(idx) !== before.value(idx))
    )
  }
}
