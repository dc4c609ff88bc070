import type { Span } from '@opentelemetry/api'
import type { Attributes, AttributeValue } from '../evidence/event.ts'

/**
 * The first attribute that a recording span does not hold in full. OpenTelemetry's limits cut and
 * drop without a word, and a cut signed text reads like a forged one.
 */
export function cutAttribute(span: Span, attributes: Attributes): string | undefined {
  const kept = span.isRecording() && 'attributes' in span ? span.attributes : undefined
  if (typeof kept !== 'object' || kept === null) return undefined
  return Object.keys(attributes).find((key) => !isWhole(attributes[key], Reflect.get(kept, key)))
}

function isWhole(set: AttributeValue | undefined, held: unknown): boolean {
  if (typeof set === 'string') return typeof held === 'string' && held.length === set.length
  if (typeof set !== 'object') return held !== undefined
  return (
    Array.isArray(held) &&
    held.length === set.length &&
    set.every((item, index) => isWhole(item, held[index]))
  )
}
