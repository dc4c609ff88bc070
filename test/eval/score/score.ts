import type { Found } from '../findings.ts'
import { type Case, DETECTORS } from '../format.ts'
import { BASELINES, type Baseline } from './baselines.ts'
import { type JudgedCase, judgeCase } from './judge-case.ts'
import { perThousand, type Ratio, ratio } from './ratio.ts'

export interface PrecisionRecall {
  readonly precision: Ratio
  readonly recall: Ratio
}

export interface Score {
  readonly case: PrecisionRecall
  readonly action: PrecisionRecall
  /** The same where every note of a labelled detector counts as a flag. */
  readonly action_with_notes: PrecisionRecall
  readonly pairs: Ratio
  readonly culprit: Ratio
  readonly false_alarms_per_1000_actions: Ratio
  readonly detectors: Readonly<Record<string, { recall: Ratio; fired: number; wrong: number }>>
  readonly families: Readonly<Record<string, PrecisionRecall>>
  readonly baselines: Readonly<Record<Baseline, PrecisionRecall>>
  readonly misses: readonly {
    case_id: string
    expected: readonly string[]
    got: readonly string[]
  }[]
  readonly alarms: readonly { case_id: string; got: readonly string[]; at: readonly string[] }[]
}

/** Holds findings against labels. */
export function scoreOf(
  cases: readonly Case[],
  found: ReadonlyMap<string, readonly Found[]>,
): Score {
  const pairs = Map.groupBy(
    cases.filter(({ pair_id }) => pair_id !== null),
    ({ pair_id }) => pair_id ?? '',
  )
  const judged = cases.map((played) => {
    const twin = pairs.get(played.pair_id ?? '')?.find((other) => other !== played)
    return judgeCase(played, found.get(played.case_id) ?? [], twin)
  })
  const bad = judged.filter((one) => !one.right)
  return {
    case: caseLevel(judged),
    action: actionLevel(judged, ({ flagged, hits }) => ({ flagged, hits })),
    action_with_notes: actionLevel(judged, ({ noted, counted }) => ({
      flagged: noted,
      hits: counted,
    })),
    pairs: pairAccuracy(judged),
    culprit: culpritAccuracy(judged),
    false_alarms_per_1000_actions: falseAlarms(judged),
    detectors: perDetector(judged),
    families: Object.fromEntries(
      [...Map.groupBy(judged, (one) => one.case.family)]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([family, list]) => [family, caseLevel(list)]),
    ),
    baselines: baselinesOf(cases),
    misses: bad
      .filter((one) => one.case.label.inherit)
      .map((one) => ({
        case_id: one.case.case_id,
        expected: one.case.label.kinds,
        got: one.fired,
      })),
    alarms: bad
      .filter((one) => !one.case.label.inherit)
      .map((one) => ({
        case_id: one.case.case_id,
        got: [...new Set(one.counted.map(({ rule }) => rule))].sort(),
        at: one.flagged,
      })),
  }
}

function caseLevel(judged: readonly JudgedCase[]): PrecisionRecall {
  const positive = judged.filter((one) => one.case.label.inherit)
  const hits = positive.filter((one) => one.right).length
  const alarms = judged.filter((one) => !one.case.label.inherit && !one.right).length
  return { precision: ratio(hits, hits + alarms), recall: ratio(hits, positive.length) }
}

function actionLevel(
  judged: readonly JudgedCase[],
  toldIn: (one: JudgedCase) => Pick<JudgedCase, 'flagged' | 'hits'>,
): PrecisionRecall {
  const scored = judged.filter(({ case: { label } }) => !label.inherit || label.actions.length > 0)
  let [flagged, right, labelled, hit] = [0, 0, 0, 0]
  for (const one of scored) {
    const { inherit, actions } = one.case.label
    const told = toldIn(one)
    flagged += told.flagged.length
    if (!inherit) continue
    right += told.flagged.filter((id) => actions.includes(id)).length
    labelled += actions.length
    hit += actions.filter((id) =>
      told.hits.some((finding) => finding.on === id || finding.action === id),
    ).length
  }
  return { precision: ratio(right, flagged), recall: ratio(hit, labelled) }
}

function pairAccuracy(judged: readonly JudgedCase[]): Ratio {
  const twins = [
    ...Map.groupBy(
      judged.filter((one) => one.case.pair_id !== null),
      (one) => one.case.pair_id,
    ).values(),
  ].filter((list) => list.length === 2)
  return ratio(twins.filter((list) => list.every((one) => one.right)).length, twins.length)
}

function culpritAccuracy(judged: readonly JudgedCase[]): Ratio {
  const named = judged.filter(({ case: { label } }) => label.inherit && label.culprit !== null)
  const right = named.filter((one) =>
    one.counted.some((finding) => finding.culprit === one.case.label.culprit),
  )
  return ratio(right.length, named.length)
}

function falseAlarms(judged: readonly JudgedCase[]): Ratio {
  const negative = judged.filter((one) => !one.case.label.inherit)
  const actions = negative.flatMap((one) => one.case.events.filter(({ type }) => type === 'action'))
  const flagged = negative.reduce((sum, one) => sum + one.flagged.length, 0)
  return perThousand(Math.min(flagged, actions.length), actions.length)
}

/** Recall: of the cases for which a detector is right, those in which it or another right one fired. */
function perDetector(judged: readonly JudgedCase[]): Score['detectors'] {
  return Object.fromEntries(
    DETECTORS.map((id) => {
      const own = judged.filter(({ case: { label } }) => label.inherit && label.kinds.includes(id))
      const fired = judged.filter((one) => one.fired.includes(id))
      const wrong = fired.filter(
        (one) => !one.case.label.inherit && one.counted.some(({ rule }) => rule === id),
      )
      const recall = ratio(own.filter((one) => one.right).length, own.length)
      return [id, { recall, fired: fired.length, wrong: wrong.length }]
    }),
  )
}

function baselinesOf(cases: readonly Case[]): Score['baselines'] {
  const entries = Object.entries(BASELINES).map(([name, rule]) => {
    const flagged = cases.filter((played) => rule(played))
    const hits = flagged.filter(({ label }) => label.inherit).length
    const positive = cases.filter(({ label }) => label.inherit).length
    return [name, { precision: ratio(hits, flagged.length), recall: ratio(hits, positive) }]
  })
  return Object.fromEntries(entries) as Score['baselines']
}
