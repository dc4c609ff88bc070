import { OUTCOMES, type Outcome, outcomeText, VERDICT_PARTS } from '@delegraph/graph-schema'
import type { LinkVerdict } from '@delegraph/link'
import { limits, toolName, who } from '../../verify/words.ts'
import { paint } from '../paint.ts'
import type { CaseVerdict, JudgedCall } from './case.ts'
import { type ChainGiven, linksIn } from './chain.ts'

/** A chain for a terminal: hop by hop, what is missing, and what was not checked. */
export function drawChain(verdict: ChainGiven): string {
  return [
    ...drawLinks(verdict.links, verdict),
    '',
    verdictLine(verdict.outcome),
    paint('dim', `not checked: ${verdict.notPerformed.join(', ')}`),
  ].join('\n')
}

/** A case: its chains, each signed text, each call part by part, and what was not checked. */
export function drawCase(verdict: CaseVerdict, texts: readonly string[]): string {
  const others = verdict.texts.filter(({ typ }) => typ !== 'aat+jwt')
  return [
    ...linksIn(texts, verdict.texts).flatMap((path) => [...drawLinks(path), '']),
    ...others.map(
      ({ typ, hash, outcome }) =>
        `  ${typ.padEnd(22)} ${paint('dim', hash.slice(0, 8))}  ${verdictLine(outcome)}`,
    ),
    ...verdict.calls.flatMap(drawCall),
    '',
    verdict.holds ? paint('green', 'holds') : paint('red', 'does not hold'),
    paint('dim', `not checked: ${verdict.notChecked.join('; ')}`),
  ].join('\n')
}

function drawCall(call: JudgedCall): string[] {
  return [
    '',
    `  ${paint('bold', who(call.agent))} called ${paint('bold', toolName(call.tool))}  ${paint('dim', call.id)}  ${call.grade}, ${call.effect}`,
    ...VERDICT_PARTS.map((part) => `    ${part.padEnd(12)} ${verdictLine(call.verdict[part])}`),
    ...(call.flags.length === 0 ? [] : [`    ${'flags'.padEnd(12)} ${call.flags.join(', ')}`]),
    `    ${'allowed'.padEnd(12)} ${call.authority}`,
  ]
}

function drawLinks(links: readonly LinkVerdict[], given?: ChainGiven): string[] {
  return links.flatMap((link, i) => {
    const { claims } = link
    const holder = claims === undefined ? 'unreadable' : who(claims.act.sub)
    const first = i === 0 && claims !== undefined && claims.par_hash === undefined
    const gap = given?.missing !== undefined && given.failedAt === i
    const tools = claims?.authorization_details[0].tools ?? {}
    const granted = Object.entries(tools).map(([tool, map]) => {
      const inside = limits(map)
      return inside.length === 0 ? toolName(tool) : `${toolName(tool)}(${inside.join(', ')})`
    })
    const problems = link.problems.map(
      (problem) =>
        `       ${paint('red', problem.detail)}  ${toolName(problem.tool ?? 'scope')}${problem.argument === undefined ? '' : `.${problem.argument}`}  ${problem.reason.replaceAll('_', ' ')}`,
    )
    return [
      ...(first ? [`${who(claims.sub)} (principal)`] : []),
      ...(gap ? [missingLine(given.missing)] : []),
      `  │  granted ${granted.join(', ') || 'nothing'}`,
      `  └─ ${holder}  ${paint('dim', link.hash?.slice(0, 8) ?? '')}  signature ${link.signature}  ${verdictLine(link.outcome)}`,
      ...problems,
    ]
  })
}

function missingLine(missing: NonNullable<ChainGiven['missing']>): string {
  const { depth, hash } = missing
  return `  ${paint('yellow', `?  the link at depth ${depth}, ${hash.slice(0, 8)}, is not in the file`)}`
}

function verdictLine(outcome: Outcome): string {
  if (!('code' in outcome)) return paint('green', outcome.state.replaceAll('_', ' '))
  const text = `${outcomeText(outcome)}  ${OUTCOMES[outcome.code].meaning}`
  return paint(outcome.state === 'failed' ? 'red' : 'yellow', text)
}
