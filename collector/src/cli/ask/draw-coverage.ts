import type { AgentCoverage } from '../../questions/coverage.ts'
import { who } from '../../verify/words.ts'
import { paint } from '../paint.ts'
import { asked, atMost } from './lines.ts'

const COLUMNS = ['hops', 'proven', 'signed', 'asserted', 'observed', 'dark'] as const

/** A line an agent, the darkest first. */
export function drawCoverage(
  agents: readonly Omit<AgentCoverage, 'rows'>[],
  limit: number,
): string {
  const width = Math.max(8, ...agents.map(({ agent }) => who(agent).length)) + 2
  const sorted = [...agents].sort((a, b) => b.dark - a.dark || (a.agent < b.agent ? -1 : 1))
  const head = `${''.padEnd(width)}${COLUMNS.map((name) => name.padStart(10)).join('')}`
  const lines = sorted.map((one) => {
    const counts = COLUMNS.map((name) => {
      const text = `${one[name]}${name === 'hops' && one.capped ? '+' : ''}`.padStart(10)
      return name === 'dark' && one.dark > 0 ? paint('red', text) : text
    })
    return `  ${paint('bold', who(one.agent).padEnd(width))}${counts.join('')}\n    ${paint('dim', one.sentence)}`
  })
  const [first] = agents
  return [
    `${paint('bold', 'COVERAGE')} hops by the evidence there is for them`,
    '',
    `  ${paint('dim', head)}`,
    ...atMost(lines, limit),
    '',
    ...(first === undefined ? ['no agent is known'] : [asked(first.snapshot)]),
  ].join('\n')
}
