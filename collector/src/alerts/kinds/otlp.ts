import { DETECTORS } from '@delegraph/graph-schema'
import { severityName } from '../../findings/severity-names.ts'
import type { Delivery, FindingMessage } from '../channel.ts'
import { proofOf, summaryOf } from '../cloud-event.ts'
import { json, post } from '../post.ts'
import { targetOf } from '../target.ts'

const EVENT = 'delegation.finding'

/** Severity numbers of the OpenTelemetry log data model: INFO, INFO3, WARN, ERROR, FATAL. */
const NUMBER = [9, 11, 13, 17, 21] as const

/** Sends OpenTelemetry log events by OTLP over HTTP in JSON, beside the spans that they are about. */
export function otlp(settings: { readonly url: string; readonly bearer?: string }): Delivery {
  const url = targetOf(settings.url, 'url')
  return {
    deliver(message, signal) {
      // A log takes everything, so no channel of this kind has a limit.
      if (message.kind === 'suppressed') return Promise.resolve({ kind: 'delivered' })
      const request = { url, ...json(logsOf(message), settings.bearer), at: message.at }
      return post(request, signal)
    },
  }
}

function logsOf(message: FindingMessage): unknown {
  const { finding, event, trace, link, occurrences } = message
  const proof = proofOf(finding, link)
  const attributes = {
    'delegation.finding.id': finding.id,
    'delegation.finding.group': message.group,
    'delegation.finding.fingerprint': finding.fingerprint,
    'delegation.finding.change': event.data.change,
    'delegation.finding.state': event.data.state,
    'delegation.finding.rule': finding.rule,
    'delegation.finding.rule.name': DETECTORS[finding.rule],
    'delegation.finding.class': finding.class,
    'delegation.finding.severity': finding.severity,
    'delegation.finding.grade': finding.grade,
    'delegation.finding.pages': finding.pages,
    'delegation.finding.agent': finding.agent,
    'delegation.finding.from': finding.from,
    'delegation.finding.tool': finding.tool,
    'delegation.finding.owner': finding.body.owner,
    'delegation.finding.counterfactual': finding.body.counterfactual,
    'delegation.finding.remedy': finding.body.remedy?.sentence,
    'delegation.finding.occurrences': occurrences,
    'delegation.finding.proof': `${proof.export} && ${proof.verify}`,
    'url.full': link,
    'log.record.uid': message.id,
  }
  const record = {
    timeUnixNano: nanoseconds(Date.parse(event.time)),
    observedTimeUnixNano: nanoseconds(message.at),
    severityNumber: NUMBER[finding.severity - 1] ?? 9,
    severityText: severityName(finding.severity),
    eventName: EVENT,
    body: { stringValue: summaryOf(finding) },
    attributes: Object.entries(attributes).flatMap(([key, value]) =>
      value === undefined ? [] : [{ key, value: anyValue(value) }],
    ),
    ...(trace === undefined ? {} : trace),
  }
  return {
    resourceLogs: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'delegraph' } }] },
        scopeLogs: [{ scope: { name: 'delegraph.findings' }, logRecords: [record] }],
      },
    ],
  }
}

function anyValue(value: string | number | boolean): unknown {
  if (typeof value === 'boolean') return { boolValue: value }
  return typeof value === 'number' ? { intValue: String(value) } : { stringValue: value }
}

function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds)) * 1_000_000n)
}
