import type { Result } from './evaluate.ts'
import type { Ratio } from './score/ratio.ts'
import type { PrecisionRecall } from './score/score.ts'

/** Misses and alarms shown by name; `--json` has all. */
const SHOWN = 20

/** The result as a person reads it. */
export function printed(result: Result): string {
  const lines = [
    `${result.file}: ${result.cases} cases, ${result.actions} actions in ${result.seconds} s (${result.cases_per_second} cases a second)`,
    '',
    row('', 'precision', 'recall'),
    pair('cases', result.case),
    pair('actions', result.action),
    pair('actions, every note counted', result.action_with_notes),
    '',
    `pairs both right         ${share(result.pairs)}`,
    `culprit named right      ${share(result.culprit)}`,
    `false alarms per 1000 actions in cases without a violation  ${share(result.false_alarms_per_1000_actions, 1)}`,
    '',
    row('detector', 'recall', 'fired / wrong'),
    ...Object.entries(result.detectors).map(([id, { recall, fired, wrong }]) =>
      row(id, share(recall), `${fired} / ${wrong}`),
    ),
    '',
    row('family', 'precision', 'recall'),
    ...Object.entries(result.families).map(([name, scores]) => pair(name, scores)),
    '',
    row('naive baseline', 'precision', 'recall'),
    ...Object.entries(result.baselines).map(([name, scores]) => pair(name, scores)),
    ...listed(
      'missed',
      result.misses.map(
        (miss) =>
          `${miss.case_id}: expected ${miss.expected.join(' or ')}, got ${miss.got.join(', ') || 'nothing'}`,
      ),
    ),
    ...listed(
      'false alarms',
      result.alarms.map(
        (alarm) => `${alarm.case_id}: ${alarm.got.join(', ')} at ${alarm.at.join(', ')}`,
      ),
    ),
  ]
  return lines.join('\n')
}

function listed(title: string, items: readonly string[]): string[] {
  if (items.length === 0) return []
  const more = items.length > SHOWN ? [`  and ${items.length - SHOWN} more: see --json`] : []
  return [
    '',
    `${title} (${items.length})`,
    ...items.slice(0, SHOWN).map((item) => `  ${item}`),
    ...more,
  ]
}

function pair(name: string, { precision, recall }: PrecisionRecall): string {
  return row(name, share(precision), share(recall))
}

/** `0.981 (0.961-0.991, n 260)`: the value with its 95 % Wilson interval. */
export function share({ value, low, high, n }: Ratio, digits = 3): string {
  if (value === null) return '- (n 0)'
  return `${value.toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)}, n ${n})`
}

function row(name: string, first: string, second: string): string {
  return `${name.padEnd(34)} ${first.padEnd(32)} ${second}`.trimEnd()
}
