import type { BlastRadius, Reach } from '../../questions/blast-radius/blast-radius.ts'
import { toolName, who } from '../../verify/words.ts'
import { paint } from '../paint.ts'
import { asked, atMost, instant, plural } from './lines.ts'

/** What was reached, what still can be, what inheritance adds to what was granted, and what to take back. */
export function drawBlastRadius(answer: BlastRadius, limit: number): string {
  const { start, rows, granted, reachable, chokePoints, cappedBy, snapshot } = answer
  const exercised = rows.filter((row) => row.exercised)
  const open = rows.filter((row) => row.exercisable)
  const more = reachable.rows - granted.rows
  const name = start.id.slice(0, 60)
  return [
    `${paint('bold', 'BLAST RADIUS')} of ${start.kind} ${name}: ${plural(reachable.rows, 'permission')} of ${plural(reachable.agents, 'agent')}`,
    `  granted ${granted.rows} to ${plural(granted.agents, 'agent')}; ${more === 0 ? 'inheritance adds nothing' : paint('red', `inheritance adds ${more}`)}`,
    '',
    ...section('already exercised', exercised, limit),
    ...section('still exercisable', open, limit),
    ...(chokePoints.length === 0 ? [] : [paint('bold', 'take back, in order')]),
    ...chokePoints.map((point, i) => `  ${i + 1}. ${point.sentence}`),
    ...(chokePoints.length === 0 ? [] : ['']),
    ...(cappedBy.length === 0
      ? []
      : [paint('yellow', `capped by ${cappedBy.join(', ')}: there may be more`), '']),
    asked(snapshot),
  ].join('\n')
}

function section(title: string, rows: readonly Reach[], limit: number): string[] {
  if (rows.length === 0) return [`${paint('bold', title)}: nothing`, '']
  return [
    `${paint('bold', title)} ${paint('dim', `(${rows.length})`)}`,
    ...atMost(rows.map(rowLines), limit),
    '',
  ]
}

const GRAVITY = ['', 'read', 'sensitive read', 'write', 'critical'] as const

function rowLines(row: Reach): string {
  const { agent, tool, limits, rule, decided, effectClass, lastAction, until, witness } = row
  const does = `${toolName(tool)}${limits.length === 0 ? '' : `(${limits.join(', ')})`}`
  const grave = effectClass === undefined ? 'unclassified' : (GRAVITY[effectClass] ?? '')
  const how = rule === 'given' ? 'given' : paint('red', rule)
  const checked = decided ? 'decided on the way' : paint('yellow', 'no decision on the way')
  const used = lastAction === undefined ? '' : `, last used ${instant(lastAction.columns['at'])}`
  const ends = until === undefined ? '' : `, until ${instant(until * 1000)}`
  return [
    `  ${paint('bold', who(agent))} ${does}  ${grave}, ${how}, ${checked}${paint('dim', `${used}${ends}`)}`,
    ...witness.map((step) => `    ${paint('dim', `> ${step.sentence}`)}`),
  ].join('\n')
}
