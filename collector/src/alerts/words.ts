import { DETECTORS } from '@delegraph/graph-schema'
import type { Finding } from '../findings/finding.ts'
import { severityName } from '../findings/severity-names.ts'
import { toolName, who } from '../verify/words.ts'
import type { FindingMessage } from './channel.ts'
import { type AlertData, proofOf, summaryOf, suppressedSummary } from './cloud-event.ts'
import type { SuppressedMessage } from './suppressed-message.ts'

/** What every message for people says, in the order in which it is said. */
export interface Words {
  /** Grade first. */
  readonly headline: string
  /** Each with its name: rule, severity, who gained, from whom. */
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly sentences: readonly string[]
  /** How to get the signed evidence and derive the finding again. */
  readonly proof?: string
  readonly link?: string
}

export function wordsOf(message: FindingMessage): Words {
  const { finding, closes, occurrences, link } = message
  const { data } = message.event
  const { body } = finding
  const said = [body.counterfactual, body.remedy?.sentence].filter((text) => text !== undefined)
  const proof = proofOf(finding, link)
  return {
    headline: closes ? `${ENDED[data.state]}: ${summaryOf(finding)}` : summaryOf(finding),
    facts: [
      ['Rule', `${finding.rule} ${DETECTORS[finding.rule]}`],
      ['Severity', `${finding.severity} ${severityName(finding.severity)}`],
      ['Agent', who(finding.agent)],
      ...(finding.from === undefined ? [] : [['From', who(finding.from)] as const]),
      ...(finding.tool === undefined ? [] : [['Tool', toolName(finding.tool)] as const]),
      ...(body.owner === undefined ? [] : [['Owner', who(body.owner)] as const]),
      ...(occurrences > 1 ? [['Occurrences', String(occurrences)] as const] : []),
    ],
    sentences: closes ? [endSentence(data)] : said,
    proof: `${proof.export}\n${proof.verify}`,
    ...(link === undefined ? {} : { link }),
  }
}

const ENDED: Readonly<Record<AlertData['state'], string>> = {
  open: 'Over',
  withdrawn: 'Withdrawn',
  closed: 'Closed',
  accepted: 'Accepted',
  suppressed: 'Suppressed',
}

function endSentence({ state, triage }: AlertData): string {
  if (triage === undefined) {
    return state === 'withdrawn'
      ? 'It no longer follows from the evidence.'
      : 'Somebody put what is like it aside.'
  }
  const reason = triage.reason === undefined ? '' : `: ${triage.reason.replaceAll('_', ' ')}`
  const until = triage.until === undefined ? '' : `, until ${triage.until}`
  return `${triage.by} ${state} it${reason}${until}.`
}

export function suppressedWords(message: SuppressedMessage): Words {
  return {
    headline: suppressedSummary(message),
    facts: [['Rule', message.rule]],
    sentences: [
      'The rule fired more often than this channel takes. "delegraph findings" lists them all.',
    ],
  }
}

/** `worker: [proven] ...`, cut so that it is at most `longest` UTF-16 units. */
export function clip(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 3).toWellFormed()}...`
}

/** Detector names in the form of Prometheus: `DelegationApprovedActionInheritance`. */
export function alertName({ rule }: Pick<Finding, 'rule'>): string {
  const words = DETECTORS[rule].split('-').map((w) => `${w.charAt(0).toUpperCase()}${w.slice(1)}`)
  return `Delegation${words.join('')}`
}
