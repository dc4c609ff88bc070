import type { AlertMessage, Delivery, FindingMessage } from '../channel.ts'
import { json, post } from '../post.ts'
import { targetOf } from '../target.ts'
import { alertName, clip, suppressedWords, wordsOf } from '../words.ts'

/** Documented limits. Source: PagerDuty, Events API v2. */
const SUMMARY = 1_024
const DEDUP_KEY = 255
const MAX_BYTES = 512 * 1024

const SEVERITY = ['info', 'info', 'warning', 'error', 'critical'] as const

/** Triggers, acknowledges and resolves by Events API v2; the group is what PagerDuty deduplicates by. */
export function pagerduty(settings: {
  readonly url: string
  readonly routingKey: string
}): Delivery {
  const url = targetOf(settings.url, 'url')
  return {
    deliver(message, signal) {
      const event = { routing_key: settings.routingKey, ...eventOf(message) }
      return post({ url, ...json(event), at: message.at, maxBytes: MAX_BYTES }, signal)
    },
  }
}

function eventOf(message: AlertMessage): object {
  if (message.kind === 'finding') return findingEvent(message)
  const dedup = { dedup_key: clip(`delegraph suppressed ${message.rule}`, DEDUP_KEY) }
  if (message.closes) return { event_action: 'resolve', ...dedup }
  const { headline, sentences } = suppressedWords(message)
  return {
    event_action: 'trigger',
    ...dedup,
    client: 'Delegraph',
    payload: {
      summary: clip(headline, SUMMARY),
      source: 'delegraph',
      severity: 'warning',
      timestamp: new Date(message.at).toISOString(),
      class: message.rule,
      custom_details: { count: message.count, hint: sentences.join(' ') },
    },
  }
}

function findingEvent(message: FindingMessage): object {
  const { finding, closes, group, link } = message
  const dedup = { dedup_key: clip(group, DEDUP_KEY) }
  if (closes) return { event_action: 'resolve', ...dedup }
  if (message.event.data.change === 'acknowledged') return { event_action: 'acknowledge', ...dedup }
  const { headline, facts, sentences, proof } = wordsOf(message)
  return {
    event_action: 'trigger',
    ...dedup,
    client: 'Delegraph',
    ...(link === undefined ? {} : { client_url: link, links: [{ href: link, text: 'Finding' }] }),
    payload: {
      summary: clip(headline, SUMMARY),
      source: finding.agent,
      severity: SEVERITY[finding.severity - 1] ?? 'warning',
      timestamp: new Date(finding.at).toISOString(),
      component: finding.tool ?? 'delegation',
      group: finding.chain ?? finding.incident,
      class: alertName(finding),
      custom_details: {
        ...Object.fromEntries(facts),
        Grade: finding.grade,
        Why: sentences.join(' '),
        Finding: finding.id,
        Proof: proof,
      },
    },
  }
}
