import type { Finding } from '../findings/finding.ts'
import type { FindingMessage } from './channel.ts'
import { cloudEvent } from './cloud-event.ts'

/** A message that says that it is a test, of the lowest severity and of no evidence. */
export function testMessage(settings: {
  readonly channel: string
  /** Of the test: its opening and its withdrawal are one alert. */
  readonly id: string
  readonly closes: boolean
  /** Epoch milliseconds. */
  readonly at: number
}): FindingMessage {
  const { channel, id, closes, at } = settings
  const finding: Finding = {
    id: `test-${id}`,
    rule: 'D1',
    class: 'inheritance',
    severity: 1,
    certainty: 'certain',
    grade: 'observed',
    pages: false,
    incident: `test-${id}`,
    fingerprint: `test-${id}`,
    series: `test-${id}`,
    agent: 'agent:delegraph-test',
    at,
    body: {
      title: `test of the channel ${channel}: nothing happened`,
      facts: ['somebody ran "delegraph alerts test"'],
      hops: [],
      severityReasons: ['1: it is a test'],
      timeline: [],
      registryVersion: '',
      grade: 'observed',
    },
  }
  const change = closes ? 'withdrawn' : 'opened'
  const event = cloudEvent(`${finding.id} ${change}`, finding, { change, at, cursor: '0' })
  return {
    kind: 'finding',
    id: event.id,
    at,
    event,
    finding,
    group: finding.fingerprint,
    closes,
    occurrences: 1,
  }
}
