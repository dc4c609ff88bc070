import type { Paths, Way } from '../../questions/paths/paths.ts'
import type { ReachedBy } from '../../questions/paths/reached-by.ts'
import { paint } from '../paint.ts'
import { asked, atMost, plural } from './lines.ts'

/** The ways from one thing to another, and what to take back so that none is left. */
export function drawPaths(answer: Paths, limit: number): string {
  const { start, to, paths, complete, chokePoints, cappedBy, snapshot } = answer
  const [from, end] = [`${start.kind} ${start.id.slice(0, 60)}`, `${to.kind} ${to.id.slice(0, 60)}`]
  const number = `${plural(paths.length, 'way')}${complete ? '' : ' or more'}`
  return [
    `${paint('bold', 'PATHS')} from ${from} to ${end}: ${paths.length === 0 ? 'none is recorded' : number}`,
    '',
    ...atMost(paths.map(wayLines), limit),
    ...(chokePoints.length === 0 ? [] : [paint('bold', 'take back, in order')]),
    ...chokePoints.map((point, i) => `  ${i + 1}. ${point.sentence}`),
    ...capped(cappedBy),
    '',
    asked(snapshot),
  ].join('\n')
}

/** Who could reach one thing, each with the shortest way. */
export function drawReachedBy(answer: ReachedBy, limit: number): string {
  const { to, reachers, lookedAt, cappedBy, snapshot } = answer
  return [
    `${paint('bold', 'REACHED BY')} ${reachers.length} of ${lookedAt} agents and principals: ${to.kind} ${to.id.slice(0, 60)}`,
    '',
    ...atMost(
      reachers.map(({ start, way }) => `  ${paint('bold', start.id)}\n${wayLines(way)}`),
      limit,
    ),
    ...capped(cappedBy),
    '',
    asked(snapshot),
  ].join('\n')
}

function wayLines({ rule, inForce, decided, steps }: Way): string {
  const how = rule === 'given' ? 'granted' : paint('red', `inherited (${rule})`)
  const holds = inForce ? 'in force' : paint('dim', 'over')
  const checked = decided ? 'decided on the way' : paint('yellow', 'no decision on the way')
  return [
    `  ${how}, ${holds}, ${checked}`,
    ...steps.map(({ sentence }) => `    ${paint('dim', `> ${sentence}`)}`),
  ].join('\n')
}

function capped(by: readonly string[]): string[] {
  return by.length === 0
    ? []
    : ['', paint('yellow', `capped by ${by.join(', ')}: there may be more`)]
}
