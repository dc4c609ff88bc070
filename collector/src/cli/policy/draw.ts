import type { Slip } from '@delegraph/link/policy'
import type { PolicyReplay } from '../../policy/policy-replay.ts'
import type { Change, Replayed } from '../../policy/replay.ts'
import { sentenceOf } from '../../policy/sentence.ts'
import { asked, atMost, instant, plural } from '../ask/lines.ts'
import { paint } from '../paint.ts'
import type { Tested } from './fixtures.ts'

/** `policy.cedar:3:10 error needs_has ...`, as editors read it. */
export function drawSlip(file: string, slip: Slip): string {
  const { severity, code, policy, line, column, message } = slip
  const word = paint(severity === 'error' ? 'red' : 'yellow', severity)
  const whose = policy === undefined ? '' : `${policy}: `
  return `${file}:${line}:${column} ${word} ${code} ${whose}${message}`
}

export function drawTested({ name, passed, expected, answer }: Tested): string {
  if (passed) return `${paint('green', 'ok')}      ${name}`
  const by = (names: readonly string[] | undefined) =>
    names === undefined || names.length === 0 ? '' : ` by ${names.join(', ')}`
  const wanted = `${expected.expect}${by(expected.policies)}`
  const errs = answer.errors.length === 0 ? '' : `, and errs`
  const hangs = answer.missing.length === 0 ? '' : `, which hangs on ${answer.missing.join(', ')}`
  const got = `${answer.decision}${by(answer.policies)}${errs}${hangs}`
  return `${paint('red', 'not ok')}  ${name}: expected ${wanted}, got ${got}`
}

const MARKS = {
  allow_to_deny: 'red',
  deny_to_allow: 'yellow',
  errored: 'red',
  unknown: 'yellow',
  same: 'green',
} as const satisfies Readonly<Record<Change, string>>
const ORDER: readonly Change[] = ['deny_to_allow', 'errored', 'allow_to_deny', 'unknown']

/** What changes first, and what is not known; what stays is a number. */
export function drawReplay(answer: PolicyReplay, limit: number): string {
  const { calls, counts, diff, againstHash, capped, snapshot } = answer
  const told = ORDER.flatMap((change) => calls.filter((row) => row.change === change))
  const changed = counts.allow_to_deny + counts.deny_to_allow
  const sets =
    againstHash === undefined
      ? []
      : [
          `  policies: ${diff.added.length} added, ${diff.removed.length} removed, ${diff.changed.length} changed`,
        ]
  return [
    `${paint('bold', 'REPLAY')} of ${plural(calls.length, 'call')}: ${plural(changed, 'answer')} would change (${counts.allow_to_deny} to a denial, ${counts.deny_to_allow} to a yes), ${counts.errored} would err, ${counts.unknown} unknown, ${counts.same} the same`,
    ...sets,
    '',
    ...atMost(told.map(rowLines), limit),
    ...(capped ? [paint('yellow', 'capped: the newest calls were looked at, and not all')] : []),
    ...(told.length === 0 ? ['  nothing would change', ''] : ['']),
    asked(snapshot),
  ].join('\n')
}

function rowLines(row: Replayed): string {
  const { call, change, residuals } = row
  const id = (call.action ?? call.decision ?? '').slice(0, 8)
  const mark = paint(MARKS[change], change.replaceAll('_', ' ').padEnd(13))
  const would = residuals.map(
    ({ policy, effect, condition }) =>
      `\n                ${policy} would ${effect} if ${condition}`,
  )
  const when = paint('dim', `\n                ${instant(call.at)}  ${id}`)
  return `  ${mark} ${sentenceOf(row)}${would.join('')}${when}`
}
