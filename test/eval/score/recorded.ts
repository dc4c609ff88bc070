import type { Ratio } from './ratio.ts'
import type { Score } from './score.ts'

/** The scores of one file that a change may not lower. */
export interface Recorded {
  readonly precision: number | null
  readonly recall: number | null
  readonly action_precision: number | null
  readonly action_recall: number | null
  readonly pairs: number | null
  readonly culprit: number | null
  /** Per thousand actions: lower is better. */
  readonly false_alarms: number | null
}

export function recordedOf(score: Score): Recorded {
  return {
    precision: rounded(score.case.precision),
    recall: rounded(score.case.recall),
    action_precision: rounded(score.action.precision),
    action_recall: rounded(score.action.recall),
    pairs: rounded(score.pairs),
    culprit: rounded(score.culprit),
    false_alarms: rounded(score.false_alarms_per_1000_actions),
  }
}

/** One sentence for each score that is worse than it was; none where nothing was recorded. */
export function below(
  before: Recorded | undefined,
  result: Score & { readonly file: string },
): string[] {
  if (before === undefined) return []
  const now = recordedOf(result)
  return (Object.keys(before) as (keyof Recorded)[]).flatMap((name) => {
    const [was, is] = [before[name], now[name]]
    if (was === null) return []
    const worse = is === null || (name === 'false_alarms' ? is > was : is < was)
    return worse ? [`${result.file}: ${name} is ${is ?? 'nothing'}, and was ${was}`] : []
  })
}

function rounded({ value }: Ratio): number | null {
  return value === null ? null : Math.round(value * 10_000) / 10_000
}
