import type { Result } from '../evaluate.ts'
import { share } from '../print.ts'
import type { PrecisionRecall } from './score.ts'

/** The page that shows the scores; no time and no speed, so that it changes with the scores alone. */
export function scoresPage(results: readonly Result[], missing: readonly string[]): string {
  return [
    '# Detection scores',
    '',
    'Written by `npm run eval:scores -- --write`. Each case is played through the SDK, OTLP, the collector and the GraphQL API; the findings that',
    'the API returns are held against the labels. In brackets: 95 % Wilson intervals, and of how many. The naive baselines look at names alone.',
    '',
    'A number on `agentdojo.jsonl` says: third-party actions and verdicts, generated wiring. One on `delegationbench.jsonl` is third-party',
    'throughout. All others are cases of this repository: they show that the rules do what they say, not how well they do elsewhere.',
    '',
    'An action is flagged where a finding of class inheritance or validity is on it; in a case that is labelled with a weakness alone, where the',
    'note of that weakness is. A note beside a violation (that nothing checked an action which was in order, say) accuses nobody: it neither hits',
    'nor misses. The second line counts such notes all the same, wherever their detector is among those labelled.',
    ...(missing.length === 0
      ? []
      : [
          '',
          `Not at hand when this was written: ${missing.map((name) => `\`${name}\``).join(', ')}.`,
        ]),
    '',
    '| file | cases | precision | recall | pairs | culprit | false alarms per 1000 actions |',
    '|---|---|---|---|---|---|---|',
    ...results.map(summary),
    ...results.flatMap(section),
    '',
  ].join('\n')
}

function summary(result: Result): string {
  const { file, cases, pairs, culprit, false_alarms_per_1000_actions: alarms } = result
  const { precision, recall } = result.case
  return cells([
    `\`${file}\``,
    String(cases),
    ...[precision, recall, pairs, culprit].map((value) => share(value)),
    share(alarms, 1),
  ])
}

function section(result: Result): string[] {
  const detectors = Object.entries(result.detectors).filter(
    ([, { recall, fired }]) => recall.n > 0 || fired > 0,
  )
  return [
    '',
    `## ${result.file}`,
    '',
    '| | precision | recall |',
    '|---|---|---|',
    both('cases', result.case),
    both('actions', result.action),
    both('actions, every note counted', result.action_with_notes),
    ...Object.entries(result.baselines).map(([name, scores]) =>
      both(`baseline \`${name}\``, scores),
    ),
    '',
    '| detector | recall, it or another right one | cases it fired in | of these wrongly |',
    '|---|---|---|---|',
    ...detectors.map(([id, { recall, fired, wrong }]) =>
      cells([id, share(recall), String(fired), String(wrong)]),
    ),
  ]
}

function both(name: string, { precision, recall }: PrecisionRecall): string {
  return cells([name, share(precision), share(recall)])
}

function cells(values: readonly string[]): string {
  return `| ${values.join(' | ')} |`
}
