import type { EvidenceLogger } from '@delegraph/sdk'
import { trace } from '@opentelemetry/api'
import type { EvidenceEvent } from '../../../sdk/src/evidence/event.ts'

type Mutable = { -readonly [Name in keyof EvidenceEvent]: EvidenceEvent[Name] }

/** Where the log records of a case end up before they are sent: the logger that the SDK is given. */
export class Outbox implements EvidenceLogger {
  readonly events: Mutable[] = []

  emit(record: Parameters<EvidenceLogger['emit']>[0]): void {
    const ids = trace.getSpanContext(record.context)
    const { eventName, body, attributes, timestamp } = record
    this.#push(eventName, body, attributes, timestamp, ids)
  }

  /** A record of somebody who does not use the SDK: a decision point, a broker, a framework, a forger. */
  say(eventName: string, body: string, attributes: EvidenceEvent['attributes'] = {}): void {
    this.#push(eventName, body, attributes, Date.now(), undefined)
  }

  /** Changes the attributes of the last record: what a sender may do who lies beside a signed text. */
  amendLast(attributes: EvidenceEvent['attributes']): void {
    const last = this.events.at(-1)
    if (last !== undefined) last.attributes = { ...last.attributes, ...attributes }
  }

  #push(
    name: string,
    text: string,
    attributes: EvidenceEvent['attributes'],
    time: number,
    ids: EvidenceEvent['ids'],
  ): void {
    const base = { name: name as EvidenceEvent['name'], text, attributes, time }
    const { traceId, spanId } = ids ?? { traceId: '', spanId: '' }
    this.events.push(ids === undefined ? base : { ...base, ids: { traceId, spanId } })
  }
}
