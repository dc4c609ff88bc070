import type { FindingBody, Hop } from '@delegraph/graph-schema'
import { severityName } from '../findings/severity-names.ts'
import { toolName, who } from '../verify/words.ts'
import { paint } from './paint.ts'

/** What the drawing of a finding needs besides its body. */
export interface DrawnFinding {
  readonly id: string
  readonly rule: string
  readonly severity: number
  readonly grade: string
  readonly certainty: string
  readonly pages: boolean
  readonly from?: string
  readonly agent: string
  readonly tool?: string
  readonly body: FindingBody
}

/** A finding for a terminal: the sentence, the chain hop by hop, whose yes it was, what would cure it. */
export function drawFinding(finding: DrawnFinding): string {
  const { body } = finding
  const lines = [
    `${paint(['bold', 'red'], 'FINDING')} ${paint('bold', sentence(body.title))}`,
    paint(
      'dim',
      `${finding.rule} · severity ${finding.severity} (${severityName(finding.severity)}) · ${finding.grade} · ${finding.certainty}${finding.pages ? ' · pages' : ''}`,
    ),
    '',
    ...drawHops(body, finding.tool),
    ...drawUse(finding),
    '',
    ...field('why', body.facts),
    ...field('whose yes', yesOf(finding)),
    ...field('alone', body.counterfactual === undefined ? [] : [body.counterfactual]),
    ...field('legitimate with', body.remedy === undefined ? [] : [body.remedy.sentence]),
    ...field('owner to call', body.owner === undefined ? [] : [who(body.owner)]),
  ]
  return lines.join('\n')
}

function drawHops(body: FindingBody, tool: string | undefined): string[] {
  return body.hops.flatMap((hop, i) => {
    const entry =
      i === 0 ? [`  ${paint('bold', who(hop.delegator))} ${paint('dim', '(principal)')}`] : []
    return [...entry, `  ${paint('dim', '│')}  ${grantLine(hop, tool)}`, arrow(hop, body, i)]
  })
}

function arrow(hop: Hop, body: FindingBody, i: number): string {
  const signature =
    hop.signature === 'valid'
      ? paint('green', 'signature holds')
      : paint('red', `signature ${hop.signature}`)
  const verdict =
    hop.outcome.state === 'ok' || !('code' in hop.outcome)
      ? ''
      : paint(
          'red',
          `  ${hop.outcome.code}${hop.outcome.detail === undefined ? '' : `:${hop.outcome.detail}`}`,
        )
  const mark = i === body.uncoveredHop ? paint('yellow', '  <- the permission ends here') : ''
  return `  ${paint('dim', '└─')} ${paint('bold', who(hop.delegate))}  ${paint('dim', `link ${hop.link.slice(0, 8)}`)}  ${signature}${verdict}${mark}`
}

function grantLine(hop: Hop, tool: string | undefined): string {
  const granted = hop.granted.map((grant) => {
    const limits = grant.limits.length === 0 ? '' : `(${grant.limits.join(', ')})`
    const text = `${toolName(grant.tool)}${limits}`
    if (grant.change === 'appeared' || grant.change === 'widened') return paint('red', `+${text}`)
    return grant.tool === tool ? paint('cyan', text) : text
  })
  return `granted ${granted.length === 0 ? 'nothing' : granted.join(', ')}`
}

/** Where the permission that was used entered the picture. */
function drawUse(finding: DrawnFinding): string[] {
  const { source } = finding.body
  if (finding.tool === undefined) return []
  const act = `  ${paint(['bold', 'red'], '!!')} ${who(finding.agent)} did ${paint('bold', toolName(finding.tool))}`
  if (source?.kind !== 'approval') return [act]
  const giver = source.giver === undefined ? 'somebody' : who(source.giver)
  const signature = source.signature === 'valid' ? 'holds' : source.signature
  return [
    `${act}  ${paint('dim', `receipt signed by ${who(finding.agent)}`)}`,
    `     on approval ${paint('dim', source.id.slice(0, 8))} that ${giver} gave to ${who(source.holder)}  ${paint('green', `signature ${signature}`)}${paint(['bold', 'yellow'], '  <- here the permission entered')}`,
  ]
}

function yesOf(finding: DrawnFinding): string[] {
  const { source, principal } = finding.body
  if (source?.giver !== undefined) {
    return [`${who(source.giver)}, for ${who(source.holder)} and for nobody else`]
  }
  return principal === undefined ? [] : [`${who(principal)} began this chain`]
}

function field(name: string, lines: readonly string[]): string[] {
  return lines.map((line, i) => `  ${paint('dim', (i === 0 ? name : '').padEnd(16))}${line}`)
}

function sentence(text: string): string {
  return text.endsWith('.') ? text : `${text}.`
}
